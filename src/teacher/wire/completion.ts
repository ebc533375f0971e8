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
	} | null;
	readonly error?: unknown;
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
