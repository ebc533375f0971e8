import type { Found } from './fieldRoles.ts';
import { pythonList } from './pythonList.ts';
import { isRow } from './rowReader.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The choices under a question. */
export interface Options {
	readonly from: string;
	readonly texts: readonly string[];
	/** The label of each, `A` to `Z` or as the file has it. */
	readonly labels: readonly string[];
}

/**
 * Reads the choices of a question: a list of texts (with or without `A)` in front), `{A: text, …}`,
 * `{text: […], label: […]}`, a list of `{label, text}`, or one text. `undefined` if there are none.
 */
export function optionsOf({ value, from }: Found): Options | undefined {
	if (isRow(value) && Array.isArray(value['text'])) {
		const labels = Array.isArray(value['label']) ? (value['label'] as readonly unknown[]).map(String) : undefined;
		return fromTexts(value['text'], from, labels);
	}
	if (isRow(value)) {
		return fromTexts(Object.values(value), from, Object.keys(value));
	}
	if (typeof value === 'string') {
		return optionsInText(value.trim(), from);
	}
	if (!Array.isArray(value)) {
		return undefined;
	}
	const list = value as readonly unknown[];
	const objects = list.filter(isRow);
	if (objects.length > 0 && objects.length === list.length) {
		const texts = objects.map((option) => option['text'] ?? option['content'] ?? option['value']);
		const labels = objects.map((option) => option['label'] ?? option['key'] ?? option['id']);
		return fromTexts(texts, from, labels.every((label) => typeof label === 'string') ? labels : undefined);
	}
	return fromTexts(list, from);
}

/** A list as pandas prints it, or all choices in one text: `A) 3 B) 4`. */
function optionsInText(text: string, from: string): Options | undefined {
	const printed = text.startsWith('[') ? pythonList(text) : null;
	if (printed !== null) {
		return fromTexts(printed, from);
	}
	return text === ''
		? undefined
		: { from, texts: [text.replace(/(^|\s)\(?([A-H])\) ?/g, '$1($2) ').trim()], labels: [] };
}

function fromTexts(list: readonly unknown[], from: string, labels?: readonly string[]): Options | undefined {
	const isText = list.every((text) => typeof text === 'string' || typeof text === 'number');
	if (list.length < 2 || list.length > letters.length || !isText) {
		return undefined;
	}
	const texts = list.map((text) => String(text).trim());
	const own = texts.map((text) => /^\(?([A-Z])\s{0,2}[).:]\s{0,4}/.exec(text));
	if (own.every((match, place) => match?.[1] === letters[place])) {
		return {
			from,
			texts: texts.map((text, place) => text.slice(own[place]?.[0].length ?? 0)),
			labels: labelsFor(texts),
		};
	}
	return { from, texts, labels: labels?.length === texts.length ? labels : labelsFor(texts) };
}

function labelsFor(texts: readonly string[]): string[] {
	return texts.map((_, place) => letters[place] ?? '');
}

/** Columns A, B, C, D (CMMLU, C-Eval, spreadsheets) are the choices of a question. */
export function optionColumns(row: Readonly<Record<string, unknown>>): Options | undefined {
	if (!Object.hasOwn(row, 'A')) {
		return undefined;
	}
	const labels: string[] = [];
	const texts: string[] = [];
	for (const letter of letters) {
		const value = Object.hasOwn(row, letter) ? row[letter] : undefined;
		if (typeof value !== 'string' && typeof value !== 'number') {
			break;
		}
		labels.push(letter);
		texts.push(String(value).trim());
	}
	return labels.length < 2 ? undefined : { from: labels.join(', '), texts, labels };
}

/**
 * Joins the parts of a question as the Qwen2.5-Math evaluator does, so that questions and logs of it meet: what leads
 * to the question before it, the choices after it as `Answer Choices: (A) …`. A part that stands in the question
 * already is not repeated.
 */
export function joinParts(question: Found, leads: readonly Found[], options: Options | undefined): Found {
	if (typeof question.value !== 'string') {
		return question;
	}
	let text = question.value.trim();
	const from = [question.from];
	for (const lead of leads.toReversed()) {
		const before = typeof lead.value === 'string' ? lead.value.trim() : '';
		if (before !== '' && !text.includes(before)) {
			const isBody = lead.from.toLowerCase() === 'body';
			text = `${isBody && /[\p{L}\p{N}]$/u.test(before) ? `${before}.` : before}${isBody ? ' ' : '\n\n'}${text}`;
			from.unshift(lead.from);
		}
	}
	if (options !== undefined && !hasOptions(text, options)) {
		text = `${text}\nAnswer Choices: ${options.texts
			.map((option, place) =>
				options.labels[place] === undefined ? option : `(${options.labels[place]}) ${option}`,
			)
			.join(' ')}`;
		from.push(options.from);
	}
	return from.length === 1 ? question : { value: text, from: from.join(' + ') };
}

function hasOptions(question: string, { texts, labels }: Options): boolean {
	const marked = (label: string) => [`${label})`, `${label}.`, `${label}:`].some((mark) => question.includes(mark));
	return texts.every((text) => question.includes(text)) && labels.every(marked);
}

/**
 * Returns the label of the choice that a reference names by its place, from 0. `null` if it may be a place as well as
 * the value of another choice; otherwise the reference is no place and `undefined` is returned.
 */
export function labelAt(gold: Found, options: Options, isPlace: boolean): string | null | undefined {
	const { value } = gold;
	const isWhole =
		typeof value === 'number'
			? Number.isInteger(value)
			: typeof value === 'string' && /^\d{1,2}$/.test(value.trim());
	const place = Number(value);
	if (!isWhole || place < 0 || place >= options.labels.length) {
		return undefined;
	}
	const asValue = options.texts.findIndex((text) => text === String(place));
	if (asValue >= 0 && asValue !== place && !isPlace) {
		return typeof value === 'number' ? null : undefined;
	}
	return options.labels[place];
}
