import { isDialogue, dialogueOf, textOfContent, textOfMessage } from './dialogue.ts';
import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';

/** What a model wrote to one question: a text each sample, with what is known about how it ended. */
export interface Generated {
	/** Texts; a place that holds no text keeps what was found, so that it is reported under its number. */
	readonly texts: readonly unknown[];
	/** Parallel to `texts`; `undefined` if nothing is known. */
	readonly finishes: readonly unknown[] | undefined;
}

const textFields: readonly string[] = [
	...['text', 'generated_text', 'generation', 'response', 'completion', 'output', 'content', 'output_text', 'answer'],
	...['prediction', 'value'],
];

/**
 * Reads the shapes in which tools write answers: a text, a list of texts (also of lists: the outputs of several
 * requests), `{text, finish_reason}` (vLLM), `{text, meta_info}` (SGLang), `{message: {content}}` and `{choices: […]}`
 * (OpenAI), a list of turns, an object whose keys are numbers, and lists of any of these.
 */
export function generatedOf(value: unknown): Generated {
	const list = listOf(value);
	const pieces = list.map(pieceOf);
	const finishes = pieces.map(({ finish }) => finish);
	return {
		texts: pieces.map(({ text }) => text),
		finishes: finishes.some((finish) => finish !== undefined) ? finishes : undefined,
	};
}

/** Returns the samples in a value, each as it was written. */
function listOf(value: unknown): readonly unknown[] {
	if (isDialogue(value)) {
		return [value];
	}
	if (Array.isArray(value)) {
		const list = value as readonly unknown[];
		return list.some((entry) => Array.isArray(entry) && !isDialogue(entry)) ? list.flat() : list;
	}
	if (isRow(value)) {
		const inside = value['choices'] ?? value['outputs'];
		if (Array.isArray(inside) && inside.some(isRow)) {
			return inside as readonly unknown[];
		}
		const numbered = numberedList(value);
		if (numbered !== undefined) {
			return numbered;
		}
	}
	return [value];
}

/** Returns the values of an object whose keys are 0, 1, 2 and so on; `undefined` for other objects. */
export function numberedList(value: Row): readonly unknown[] | undefined {
	const keys = Object.keys(value);
	return keys.length > 0 && keys.every((key, place) => key === String(place))
		? keys.map((key) => value[key])
		: undefined;
}

function pieceOf(value: unknown): { readonly text: unknown; readonly finish?: unknown } {
	if (isDialogue(value)) {
		return { text: dialogueOf(value)?.answer ?? value };
	}
	if (!isRow(value)) {
		return { text: value };
	}
	const finish = value['error'] === undefined || value['error'] === null ? finishOf(value) : 'error';
	const message = value['message'];
	if (isRow(message)) {
		return { text: textOfMessage(message), finish };
	}
	if ('role' in value || 'reasoning_content' in value) {
		return { text: textOfMessage(value), finish };
	}
	for (const name of textFields) {
		const text = textOfContent(value[name]);
		if (text !== undefined) {
			return { text, finish };
		}
	}
	return { text: value, finish };
}

/** vLLM and OpenAI write `finish_reason`, SGLang `meta_info.finish_reason.type`, Inspect and Anthropic `stop_reason`. */
function finishOf(value: Row): unknown {
	const about = isRow(value['meta_info']) ? value['meta_info'] : value;
	const reason = about['finish_reason'] ?? about['stop_reason'];
	return isRow(reason) ? reason['type'] : (reason ?? undefined);
}
