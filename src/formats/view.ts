import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import { StatError } from '../core/errors/statError.ts';
import type { Found } from './fieldRoles.ts';
import { generatedOf, numberedList } from './generated.ts';
import type { Ours, View } from './ours.ts';
import { ours, sourcesOf } from './ours.ts';
import { withoutTemplate } from './promptText.ts';
import { questionKey } from './questionKey.ts';
import { reference } from './reference.ts';
import { readSamples } from './samples.ts';
import type { Reads, RowFormat } from './rowFormat.ts';
import type { Row, RowReader } from './rowReader.ts';
import { brief } from './rowReader.ts';

/**
 * How one tool writes a row. {@link formatOf} makes a {@link RowFormat} of it, so that all formats share one reader and
 * a mapping overrides any field of any of them.
 */
export interface RowView {
	readonly name: string;
	readonly looksFor: string;
	readonly describe?: RowFormat['describe'];
	/** Whether its rows are written to train on: their answers are solutions unless the user names a student. */
	readonly isTraining?: boolean;
	/** Whether files of this format contain student answers. */
	readonly hasAnswers: boolean;
	fits(row: Row, reads: Reads): boolean;
	/** Returns the row in our fields; `null` if it was set aside or merged with another. */
	view(row: Row, reader: RowReader, reads: Reads): View | null;
	/** Returns the number of the row's first sample, if it has no field for it. Default: repeated questions count. */
	firstSample?(question: ImportedQuestion, row: Row, count: number, reader: RowReader): number;
}

/** The field names that a mapping may use (keys), and the field of ours that each stands for. */
const mappable: Readonly<Record<string, Ours>> = {
	question: 'question',
	text: 'question',
	gold: 'gold',
	answer: 'gold',
	solution: 'solution',
	subject: 'subject',
	level: 'level',
	skills: 'skills',
	skill: 'skills',
	response: 'response',
	responses: 'response',
	sample: 'sample',
	verdict: 'verdict',
	correct: 'verdict',
	extracted: 'extracted',
	stepScores: 'stepScores',
	finish: 'finish',
	student: 'student',
};

/** Our names, for help and messages. */
export const mappableFields: readonly string[] = Object.keys(mappable);

export interface MappedField {
	readonly field: Ours;
	readonly path: string;
	readonly keys: readonly string[];
}

/** Parses a mapping (our field → the file's field, a dotted path). Throws StatError for a field that is none of ours. */
export function readMapping(mapping: Readonly<Record<string, string>>): readonly MappedField[] {
	return Object.entries(mapping).map(([name, path]) => {
		const field = Object.hasOwn(mappable, name) ? mappable[name] : undefined;
		if (field === undefined) {
			throw new StatError('formats.mappedField', { field: brief(name), fields: mappableFields.join(', ') });
		}
		return { field, path, keys: path.split('.') };
	});
}

/** Returns the value at a mapped path, also of a field whose own name holds dots; `undefined` if there is none. */
function valueAt(row: Row, { path, keys }: MappedField): unknown {
	return Object.hasOwn(row, path) ? row[path] : follow(row, keys);
}

/** Whether a row has a mapped field, empty or not. */
export function isThere(row: Row, field: MappedField): boolean {
	return valueAt(row, field) !== undefined;
}

/** Follows a path through objects and lists; `*` stands for every element of a list or numbered object. */
function follow(value: unknown, keys: readonly string[]): unknown {
	let at = value;
	for (const [place, key] of keys.entries()) {
		if (typeof at !== 'object' || at === null) {
			return undefined;
		}
		if (key === '*') {
			const elements = Array.isArray(at) ? (at as readonly unknown[]) : numberedList(at as Row);
			const found = elements?.map((element) => follow(element, keys.slice(place + 1)));
			return found?.every((one) => one === undefined) === true ? undefined : found;
		}
		if (!Object.hasOwn(at, key)) {
			return undefined;
		}
		at = (at as Readonly<Record<string, unknown>>)[key];
	}
	return at;
}

function mapped(view: View, row: Row, mapping: readonly MappedField[]): View {
	const fields: { [field in Ours]?: Found } = {};
	for (const field of mapping) {
		fields[field.field] = { value: valueAt(row, field), from: field.path };
	}
	return { ...view, ...fields };
}

const essential: ReadonlySet<string> = new Set<Ours>(['question', 'gold', 'lateGold', 'response']);

/** Leaves out what the Hub's row viewer had truncated; without its question or answer, the row is set aside. */
function wholeCells(view: View, reader: RowReader): View | null {
	if (reader.truncated.size === 0) {
		return view;
	}
	const whole: { [field in Ours]?: Found | undefined } = { ...view };
	for (const field of ours) {
		const found = view[field];
		const cut =
			found &&
			sourcesOf(found).find(
				(name) => reader.truncated.has(name) || reader.truncated.has(name.split('.')[0] ?? ''),
			);
		if (cut !== undefined && essential.has(field)) {
			return reader.aside(
				cut,
				'this cell was truncated by the Hub’s row viewer; download the file of the dataset',
			);
		}
		if (cut !== undefined) {
			whole[field] = reader.without(cut, 'this cell was truncated by the Hub’s row viewer');
		}
	}
	return whole;
}

/** Returns a format whose rows are read through a view, with the user's mapping over it. */
export function formatOf(tool: RowView, mapping: readonly MappedField[] | undefined): RowFormat {
	const seen = new Map<string, number>();
	const viewOf = (row: Row, reader: RowReader, reads: Reads): View | null => {
		const view = tool.view(row, reader, reads);
		return view === null ? null : wholeCells(mapping === undefined ? view : mapped(view, row, mapping), reader);
	};
	const question = (view: View, reader: RowReader): ImportedQuestion | null => questionOf(view, reader, mapping);
	return {
		name: tool.name,
		looksFor: tool.looksFor,
		isTraining: tool.isTraining === true,
		view: viewOf,
		fits: (row, reads) => tool.fits(row, reads) || (mapping !== undefined && fitsMapped(row, reads, mapping)),
		question(row, reader) {
			const view = viewOf(row, reader, 'questions');
			return view === null ? null : question(view, reader);
		},
		...(tool.hasAnswers || mapping?.some(({ field }) => field === 'response')
			? {
					answers(row: Row, reader: RowReader): ImportedAnswers | null {
						const view = viewOf(row, reader, 'answers');
						const asking = view === null ? null : question(view, reader);
						if (view === null || asking === null) {
							return null;
						}
						return answersOf(tool, row, view, asking, reader, seen);
					},
				}
			: {}),
		...(tool.describe ? { describe: tool.describe } : {}),
	};
}

function fitsMapped(row: Row, reads: Reads, mapping: readonly MappedField[]): boolean {
	const has = (field: Ours) =>
		mapping.some(
			(mapped) => mapped.field === field && valueAt(row, mapped) !== undefined && valueAt(row, mapped) !== null,
		);
	return has('question') && (reads === 'questions' || has('response'));
}

/** Reads the question of a row that was brought into our fields; sets the row aside if it has none. */
export function questionOf(view: View, reader: RowReader, mapping?: readonly MappedField[]): ImportedQuestion | null {
	const { question, level, subject, skills } = view;
	const isMapped = mapping?.some(({ field }) => field === 'question') === true;
	if (isMapped && (question?.value === undefined || question.value === null)) {
		return reader.aside(question?.from ?? '', 'the question is missing here; check the mapping');
	}
	for (const field of ours) {
		const found = view[field];
		if (found !== undefined && found.value !== undefined && found.value !== null && !reader.used.has(found.from)) {
			reader.used.add(found.from);
		}
	}
	const { template } = reader;
	const prompt = question?.value;
	const text = reader.question(
		typeof prompt === 'string' && template !== undefined ? withoutTemplate(prompt, template) : prompt,
		question?.from ?? 'question',
	);
	if (text === null) {
		return null;
	}
	return {
		text,
		line: reader.line,
		...reference(view, reader),
		level: reader.level(level?.value, level?.from ?? 'level'),
		subject: reader.subject(subject?.value, subject?.from ?? 'subject'),
		skills: reader.skills(skills?.value, skills?.from ?? 'skills'),
	};
}

function answersOf(
	tool: RowView,
	row: Row,
	view: View,
	question: ImportedQuestion,
	reader: RowReader,
	seen: Map<string, number>,
): ImportedAnswers | null {
	const { response } = view;
	const generated = generatedOf(response?.value);
	const at = (found: Found | undefined, name: string) => ({ value: found?.value, field: found?.from ?? name });
	const isUnreadable =
		generated.texts.length === 1 && typeof generated.texts[0] !== 'string' && !Array.isArray(response?.value);
	const samples = readSamples(
		reader,
		{
			value: isUnreadable ? response?.value : generated.texts,
			field: response?.from ?? 'response',
		},
		{
			verdicts: at(view.verdict, 'verdict'),
			extracted: at(view.extracted, 'extracted'),
			stepScores: at(view.stepScores, 'step_scores'),
			finishes:
				view.finish === undefined
					? { value: generated.finishes, field: response?.from ?? 'response' }
					: at(view.finish, 'finish_reason'),
		},
	);
	if (samples === null) {
		return null;
	}
	const count = generated.texts.length;
	const first =
		tool.firstSample === undefined || view.sample !== undefined
			? numberedFrom(view.sample, reader, question, count, seen)
			: tool.firstSample(question, row, count, reader);
	return first === null
		? null
		: {
				question,
				line: reader.line,
				samples:
					first === 0 ? samples : samples.map((sample) => ({ ...sample, sample: sample.sample + first })),
			};
}

/**
 * Returns the number of the row's first sample: the row's own, else the number of the question's answers before it. In
 * a log of one seed, these are the answers of the seeds before it too.
 */
function numberedFrom(
	found: Found | undefined,
	reader: RowReader,
	question: ImportedQuestion,
	count: number,
	seen: Map<string, number>,
): number | null {
	if (found !== undefined && found.value !== undefined && found.value !== null) {
		const { value, from } = found;
		// Inspect counts epochs from 1.
		const least = from === 'epoch' ? 1 : 0;
		const sample =
			typeof value === 'number' || (typeof value === 'string' && /^\d{1,7}$/.test(value))
				? Number(value) - least
				: Number.NaN;
		return Number.isInteger(sample) && sample >= 0 && sample < 1_000_000
			? sample
			: reader.aside(from, `a sample number is a whole number from ${least}; found ${brief(value)}`);
	}
	const key = questionKey(question.text);
	const next = seen.get(key) ?? reader.seed * count;
	seen.set(key, next + count);
	return next;
}
