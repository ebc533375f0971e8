/**
 * How a reply ended. `cut`: by a token limit; `failed`: what there is of its text is no reply; `whole`: the model stopped
 * by itself, or nothing is said.
 */
export type Ending = 'whole' | 'cut' | 'filtered' | 'failed';

/** Why a reply ended, in the words of OpenAI, vLLM, SGLang, OpenRouter, Mistral, Gemini, Anthropic, Cohere and others. */
const endings: readonly (readonly [RegExp, Exclude<Ending, 'whole'>])[] = [
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

/** Reads a `finish_reason`. */
export function endingOf(reason: unknown): Ending {
	const name = typeof reason === 'string' ? reason.toLowerCase() : '';
	return endings.find(([pattern]) => pattern.test(name))?.[1] ?? 'whole';
}
