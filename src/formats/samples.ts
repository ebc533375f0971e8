import { endingOf } from '../core/text/finishReason.ts';
import type { ImportedSample } from '../core/questions/imported.ts';
import type { RowReader } from './rowReader.ts';
import { kindOf, maxText } from './rowReader.ts';

const maxSamples = 10_000;

interface Field {
	readonly value: unknown;
	readonly field: string;
}

/**
 * Reads a row's responses with their parallel lists. An invalid response is set aside on its own, as `code[3]`. A list
 * shorter than the responses covers the first ones; a longer list cannot be matched and is omitted.
 */
export function readSamples(
	reader: RowReader,
	responses: Field,
	beside: {
		readonly verdicts: Field;
		readonly extracted: Field;
		readonly stepScores: Field;
		readonly finishes?: Field | undefined;
	},
): ImportedSample[] | null {
	const { value, field } = responses;
	const texts = typeof value === 'string' ? [value] : value;
	if (!Array.isArray(texts)) {
		return reader.aside(
			field,
			value === undefined || value === null
				? 'the student’s answer is missing'
				: `the student’s answer must be text or a list of texts, not ${kindOf(value)}`,
		);
	}
	if (texts.length === 0) {
		return reader.aside(field, 'the list of answers is empty');
	}
	if (texts.length > maxSamples) {
		return reader.aside(field, `${texts.length} answers to one question; at most ${maxSamples} are read`);
	}
	const verdicts = parallel(reader, beside.verdicts, texts.length);
	const extracted = parallel(reader, beside.extracted, texts.length);
	const stepScores = readStepScores(reader, beside.stepScores, texts.length);
	const finishes = beside.finishes && parallel(reader, beside.finishes, texts.length);
	const samples: ImportedSample[] = [];
	for (let sample = 0; sample < texts.length; sample++) {
		const text: unknown = texts[sample];
		const ending = endingOf(finishes?.[sample]);
		if (typeof text !== 'string') {
			reader.aside(`${field}[${sample}]`, `an answer must be text, not ${kindOf(text)}`);
		} else if (text.length > maxText) {
			reader.aside(`${field}[${sample}]`, `an answer of ${text.length} characters; at most ${maxText} are read`);
		} else if (ending === 'failed') {
			reader.aside(`${field}[${sample}]`, 'the log says that this request failed, so its text is no answer');
		} else {
			samples.push({
				sample,
				text,
				logVerdict: readVerdict(verdicts?.[sample]),
				logExtracted: readExtracted(extracted?.[sample]),
				stepScores: stepScores?.[sample],
				...(ending === 'cut' ? { truncated: true } : {}),
			});
		}
	}
	return samples.length > 0 ? samples : null;
}

/** Verdicts that tools write as text; NeMo-Skills has a judge's `Judgement: Yes`. */
const verdictTexts = new Map([
	...['c', 'correct', 'true', 'judgement: yes', 'judgment: yes'].map((text) => [text, true] as const),
	...['i', 'incorrect', 'false', 'judgement: no', 'judgment: no'].map((text) => [text, false] as const),
]);

function readVerdict(value: unknown): boolean | undefined {
	if (value === true || value === 1) {
		return true;
	}
	if (typeof value === 'string') {
		return verdictTexts.get(value.slice(-100).trim().split('\n').at(-1)?.toLowerCase() ?? '');
	}
	return value === false || value === 0 ? false : undefined;
}

function readExtracted(value: unknown): string | undefined {
	if (typeof value === 'number') {
		return String(value);
	}
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function parallel(reader: RowReader, { value, field }: Field, length: number): readonly unknown[] | undefined {
	if (value === undefined || value === null) {
		return undefined;
	}
	if (!Array.isArray(value)) {
		return typeof value === 'object'
			? reader.without(field, `a list beside the answers is expected, not ${kindOf(value)}`)
			: [value];
	}
	return value.length <= length
		? value
		: reader.without(
				field,
				`${value.length} entries for ${length} answers; they cannot be matched and were left out`,
			);
}

/** Reads step scores: `[[…], […]]` per sample, or `[…]` for sample 0. */
function readStepScores(
	reader: RowReader,
	{ value, field }: Field,
	length: number,
): (number[] | undefined)[] | undefined {
	if (value === undefined || value === null) {
		return undefined;
	}
	if (!Array.isArray(value)) {
		return reader.without(field, `a list of step scores is expected, not ${kindOf(value)}`);
	}
	if (value.length === 0) {
		return undefined;
	}
	const perSample: readonly unknown[] = value.some((entry) => Array.isArray(entry)) ? value : [value];
	if (perSample.length > length) {
		return reader.without(
			field,
			`step scores of ${perSample.length} answers for ${length}; they cannot be matched and were left out`,
		);
	}
	return perSample.map((scores, sample) => {
		if (scores === undefined || scores === null || (Array.isArray(scores) && scores.length === 0)) {
			return undefined;
		}
		if (!isScores(scores)) {
			return reader.without(
				field,
				`the step scores of answer ${sample} must be numbers from 0 to 1 (null, NaN and others are ` +
					'not); they were left out',
			);
		}
		return scores;
	});
}

function isScores(value: unknown): value is number[] {
	if (!Array.isArray(value)) {
		return false;
	}
	for (const score of value) {
		if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
			return false;
		}
	}
	return true;
}
