import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import { StatError } from '../core/errors/statError.ts';
import { readQuestion } from './math.ts';
import { questionKey } from './questionKey.ts';
import { readSamples } from './qwenMath.ts';
import { answerFields, questionFields } from './reference.ts';
import type { RowFormat } from './rowFormat.ts';
import { firstOf } from './rowFormat.ts';
import type { Row, RowReader } from './rowReader.ts';
import { brief } from './rowReader.ts';

const responseFields: readonly string[] = [
	'responses',
	'response',
	'completions',
	'completion',
	'outputs',
	'output',
	'generations',
	'generation',
	'generated_text',
	'model_answer',
	'model_output',
	'student_answer',
	'prediction',
];
const sampleFields: readonly string[] = ['sample', 'sample_index', 'sample_id', 'sample_idx', 'epoch'];
const verdictFields: readonly string[] = ['correct', 'is_correct', 'score', 'scores'];
const extractedFields: readonly string[] = ['extracted', 'pred', 'extracted_answer'];
const stepScoreFields: readonly string[] = ['step_scores', 'stepScores'];
const finishFields: readonly string[] = ['finish_reasons', 'finish_reason'];

/** The field names that a mapping may use (keys), and the field that each one stands for (values). */
const mappable: Readonly<Record<string, string>> = {
	question: 'question',
	text: 'question',
	gold: 'answer',
	answer: 'answer',
	solution: 'solution',
	subject: 'subject',
	level: 'level',
	skills: 'skills',
	skill: 'skills',
	response: 'responses',
	responses: 'responses',
	sample: 'sample',
	verdict: 'correct',
	correct: 'correct',
	extracted: 'extracted',
	stepScores: 'step_scores',
};

/**
 * Reads JSON or JSON Lines with one question per row, in well-known fields or as specified by `mapping` (our field →
 * dotted path). Rows that repeat a question without sample numbers are numbered in file order, which takes a few bytes
 * of memory per question.
 */
export function plain(mapping: Readonly<Record<string, string>> | undefined): RowFormat {
	const paths =
		mapping &&
		Object.entries(mapping).map(([field, path]) => {
			const target = Object.hasOwn(mappable, field) ? mappable[field] : undefined;
			if (target === undefined) {
				throw new StatError('formats.mappedField', {
					field: brief(field),
					fields: Object.keys(mappable).join(', '),
				});
			}
			return { target, path, keys: path.split('.') };
		});
	const mapped = (row: Row): Row => {
		if (!paths) {
			return row;
		}
		const result: Record<string, unknown> = {};
		for (const { target, path, keys } of paths) {
			result[target] = Object.hasOwn(row, path) ? row[path] : follow(row, keys);
		}
		return result;
	};
	const seen = new Map<string, number>();
	const named = (field: string) => paths?.find(({ target }) => target === field)?.path ?? field;
	return {
		name: 'plain',
		looksFor: paths
			? `the mapped fields ${paths.map(({ path }) => path).join(', ')}`
			: `one of ${questionFields.join(', ')} with, for questions, one of ${answerFields.join(', ')} or ` +
				`solution; for answers, one of ${responseFields.join(', ')}`,
		fits(row, reads) {
			const fields = mapped(row);
			return (
				typeof firstOf(fields, questionFields).value === 'string' &&
				(reads === 'questions' || firstOf(fields, responseFields).value !== undefined)
			);
		},
		question: (row, reader) => readMapped(mapped(row), reader, paths && named),
		answers(row, reader): ImportedAnswers | null {
			const fields = mapped(row);
			const question = readMapped(fields, reader, paths && named);
			if (question === null) {
				return null;
			}
			const responses = firstOf(fields, responseFields);
			const verdicts = firstOf(fields, verdictFields);
			const extracted = firstOf(fields, extractedFields);
			const stepScores = firstOf(fields, stepScoreFields);
			const finishes = firstOf(fields, finishFields);
			const samples = readSamples(
				reader,
				{ value: responses.value, field: named(responses.name) },
				{
					verdicts: { value: verdicts.value, field: named(verdicts.name) },
					extracted: { value: extracted.value, field: named(extracted.name) },
					stepScores: { value: stepScores.value, field: named(stepScores.name) },
					finishes: { value: finishes.value, field: finishes.name },
				},
			);
			if (samples === null) {
				return null;
			}
			const first = firstSample(
				fields,
				reader,
				question,
				Array.isArray(responses.value) ? responses.value.length : 1,
				seen,
			);
			return first === null
				? null
				: {
						question,
						line: reader.line,
						samples:
							first === 0
								? samples
								: samples.map((sample) => ({ ...sample, sample: sample.sample + first })),
					};
		},
	};
}

function readMapped(
	row: Row,
	reader: RowReader,
	named: ((field: string) => string) | undefined,
): ImportedQuestion | null {
	if (named && firstOf(row, questionFields).value === undefined) {
		return reader.aside(named('question'), 'the question is missing here; check the mapping');
	}
	return readQuestion(row, reader);
}

/** Returns the number of the row's first sample. */
function firstSample(
	row: Row,
	reader: RowReader,
	question: ImportedQuestion,
	count: number,
	seen: Map<string, number>,
): number | null {
	const { name, value } = firstOf(row, sampleFields);
	if (value !== undefined) {
		// Inspect counts epochs from 1.
		const sample =
			typeof value === 'number' || (typeof value === 'string' && /^\d{1,7}$/.test(value))
				? Number(value) - (name === 'epoch' ? 1 : 0)
				: Number.NaN;
		return Number.isInteger(sample) && sample >= 0 && sample < 1_000_000
			? sample
			: reader.aside(
					name,
					`a sample number is a whole number from ${name === 'epoch' ? 1 : 0}; found ${brief(value)}`,
				);
	}
	const key = questionKey(question.text);
	const next = seen.get(key) ?? 0;
	seen.set(key, next + count);
	return next;
}

function follow(row: Row, keys: readonly string[]): unknown {
	let value: unknown = row;
	for (const key of keys) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
			return undefined;
		}
		value = (value as Readonly<Record<string, unknown>>)[key];
	}
	return value;
}
