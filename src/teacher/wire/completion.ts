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
	const reasoning = textOf(message.reasoning_content ?? message.reasoning);
	if (content.trim() !== '' || reasoning.trim() === '') {
		return content;
	}
	return `<think>\n${reasoning}`;
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

/**
 * Reasons why a reply ended, in the terms of OpenAI, vLLM, SGLang, OpenRouter, Mistral, Gemini, Anthropic, Cohere and
 * others.
 */
const endings: readonly (readonly [RegExp, 'cut' | 'filtered' | 'failed'])[] = [
	[
		/^(?:length|max_?(?:output_|completion_|new_)?(?:tokens?|length)|(?:model|token)_(?:length|limit)|.*context_window.*)$/,
		'cut',
	],
	[
		/^(?:content_?filter(?:ed)?|safety|recitation|blocklist|prohibited_content|spii|sensitive|refusal|error_toxic)$/,
		'filtered',
	],
	[
		/^(?:error|abort(?:ed)?|cancell?ed|time_?out|network_error|(?:internal_)?server_error|insufficient_system_resource)$/,
		'failed',
	],
];

/** Returns why a choice ended. `whole`: the model stopped by itself, or the server does not say. */
export function endOf({ finish_reason: reason, error }: Choice): 'whole' | 'cut' | 'filtered' | 'failed' {
	if (error !== undefined && error !== null) {
		return 'failed';
	}
	const name = typeof reason === 'string' ? reason.toLowerCase() : '';
	return endings.find(([pattern]) => pattern.test(name))?.[1] ?? 'whole';
}
