import type { Ending } from '../../core/text/finishReason.ts';
import { endingOf } from '../../core/text/finishReason.ts';

/** The fields of a chat completion that are read. Any may be missing or of another type, because servers differ. */
export interface Completion {
	readonly object?: unknown;
	readonly choices?: readonly Choice[] | null;
	readonly usage?: {
		readonly prompt_tokens?: number;
		readonly completion_tokens?: number;
		readonly total_tokens?: number;
		readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
		readonly completion_tokens_details?: { readonly reasoning_tokens?: number } | null;
		/** USD, from gateways such as OpenRouter and LiteLLM. */
		readonly cost?: unknown;
		/** OpenRouter: the request was paid with the user's own key, so `cost` is only the gateway's fee. */
		readonly is_byok?: unknown;
		readonly cost_details?: { readonly upstream_inference_cost?: unknown } | null;
	} | null;
	readonly error?: unknown;
	readonly service_tier?: unknown;
}

export interface Choice {
	readonly message?: MessageFields | null;
	/** Set in the events of a stream. */
	readonly delta?: MessageFields | null;
	readonly finish_reason?: unknown;
	readonly error?: unknown;
}

interface MessageFields {
	readonly content?: unknown;
	readonly refusal?: unknown;
	/** Two names for a thought that the server has separated from the answer. */
	readonly reasoning_content?: unknown;
	readonly reasoning?: unknown;
}

/**
 * Returns the text of a message. If the server took all of it for a thought, the result is an open thought, as the
 * model wrote it: it was cut off, or its end was not recognised.
 */
export function textOfMessage(message: MessageFields): string {
	const content = textOf(message.content);
	const reasoning = thoughtOf(message);
	if (content.trim() !== '' || reasoning.trim() === '') {
		return content;
	}
	return `<think>\n${reasoning}`;
}

/** Returns a thought that the server has separated from the answer; empty if there is none. */
export function thoughtOf(message: MessageFields): string {
	return textOf(message.reasoning_content ?? message.reasoning);
}

/** Returns a string, or the text parts of a list. */
export function textOf(content: unknown): string {
	if (typeof content === 'string') {
		return content;
	}
	return Array.isArray(content) ? content.map(textOfPart).join('') : '';
}

function textOfPart(part: unknown): string {
	if (typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string') {
		return part.text;
	}
	return '';
}

/** Returns why a choice ended. */
export function endOf({ finish_reason: reason, error }: Choice): Ending {
	return error === undefined || error === null ? endingOf(reason) : 'failed';
}

const highestCost = 10_000;

/**
 * Returns what a gateway says that a reply costs, in USD: `usage.cost` (OpenRouter, LiteLLM) or LiteLLM's header.
 * `undefined` if it says nothing, or something that is no amount.
 */
export function costOf({ usage }: Completion, headers: { get(name: string): string | null }): number | undefined {
	const header = headers.get('x-litellm-response-cost')?.trim();
	const named = usage?.cost ?? (header === undefined || header === '' ? undefined : Number(header));
	const upstream = usage?.is_byok === true ? usage.cost_details?.upstream_inference_cost : 0;
	const isAmount = (value: unknown): value is number =>
		typeof value === 'number' && value >= 0 && value <= highestCost;
	return isAmount(named) ? named + (isAmount(upstream) ? upstream : 0) : undefined;
}
