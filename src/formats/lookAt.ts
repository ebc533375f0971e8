import type { FileLook, ImportKind, LookOptions } from '../core/ports/files.ts';
import { StatError } from '../core/errors/statError.ts';
import { batchRequests } from './batchRequests.ts';
import { containerOf, fileRows } from './fileRows.ts';
import { shapeOf } from './jsonRows.ts';
import { looked, soundRow, unwrapped } from './readRows.ts';
import { chooseFormat } from './registry.ts';
import type { RowFormat } from './rowFormat.ts';
import type { Row } from './rowReader.ts';
import { isRow, RowReader } from './rowReader.ts';
import { readSkillBank } from './skillBank.ts';
import type { Ours, View } from './ours.ts';

/** Finds out from its first rows what a file is: its kind, its format and the field behind each of ours. */
export async function lookAt(file: string, options: LookOptions): Promise<FileLook> {
	const container = await containerOf(file);
	if (options.kind === undefined || options.kind === 'skills') {
		const isBank = container === 'json' && options.mapping === undefined && (await looksLikeBank(file, options));
		if (isBank) {
			return { file, kind: 'skills', format: 'skill-bank', container, mapping: {}, isTraining: false };
		}
	}
	let columns: readonly string[] | undefined;
	const values: unknown[] = [];
	let problem: string | undefined;
	for await (const block of fileRows(file, options.signal)) {
		columns ??= block.columns;
		values.push(...block.rows.map(({ value }) => value));
		const bad = block.rows.find((row) => row.problem !== null);
		problem ??= bad && `line ${bad.line}: ${bad.problem}`;
		if (values.filter(isRow).length >= looked) {
			break;
		}
	}
	const first = values.map(unwrapped).filter(isRow).slice(0, looked);
	if (first.length === 0 && columns === undefined) {
		throw problem === undefined
			? new StatError('formats.noRows', { file })
			: new StatError('formats.noSoundRow', { file, problem });
	}
	const choose = (reads: 'questions' | 'answers') =>
		chooseFormat(file, options.format, options.mapping, reads, first, columns);
	const reader = new RowReader(file, options.subject, undefined);
	reader.requests = first[0] === undefined ? new Map() : await batchRequests(file, first[0], options);
	const kind = options.kind ?? kindOf(choose, first, reader, options.student !== undefined);
	const format = choose(kind === 'answers' ? 'answers' : 'questions');
	const views = first
		.map((row, place) => soundRow({ line: place + 1, value: row, text: '', problem: null }, reader))
		.flatMap((row) => {
			const view = row && format.view(row, reader, kind === 'answers' ? 'answers' : 'questions');
			return view ? [view] : [];
		});
	const described = first[0] && kind === 'answers' ? await format.describe?.(file, first[0]) : undefined;
	const student = described?.student ?? oneStudent(views);
	return {
		file,
		kind,
		format: format.name,
		container,
		mapping: mappingOf(views, kind),
		isTraining: format.isTraining,
		...(student === undefined ? {} : { student }),
		...(described?.benchmark === undefined ? {} : { benchmark: described.benchmark }),
	};
}

/** A bank is one object of skills: its first question is found under one. */
async function looksLikeBank(file: string, options: LookOptions): Promise<boolean> {
	if ((await shapeOf(file)) !== 'object') {
		return false;
	}
	const reader = new RowReader(file, undefined, undefined);
	for await (const { rows, problems, skills = [] } of readSkillBank(file, reader, options.signal)) {
		if (rows.length > 0 || problems.length > 0 || skills.length > 0) {
			return problems.length === 0;
		}
	}
	return false;
}

/**
 * Rows with answers are answers, unless they are written to train on and nothing of an evaluation is in them: then the
 * answers are solutions. Rows that all name skills are a skill bank.
 */
function kindOf(
	choose: (reads: 'questions' | 'answers') => RowFormat,
	first: readonly Row[],
	reader: RowReader,
	hasStudent: boolean,
): ImportKind {
	let answers: RowFormat;
	try {
		answers = choose('answers');
	} catch (error) {
		if (!(error instanceof StatError)) {
			throw error;
		}
		const format = choose('questions');
		const views = first.map((row) => format.view(row, reader, 'questions'));
		return views.length > 0 && views.every((view) => view?.skills !== undefined) ? 'skills' : 'questions';
	}
	const views = first.map((row) => answers.view(row, reader, 'answers'));
	return hasStudent ||
		(!answers.isTraining && answers.name !== 'plain') ||
		views.some((view) => view !== null && isEvaluation(view))
		? 'answers'
		: 'questions';
}

const marks: readonly Ours[] = [
	'gold',
	'lateGold',
	'sample',
	'verdict',
	'extracted',
	'stepScores',
	'finish',
	'student',
];

/** Whether a row says more of an answer than its text, or holds several. */
function isEvaluation(view: View): boolean {
	return (
		marks.some((mark) => view[mark] !== undefined) ||
		// Lists and objects are what servers and evaluators write.
		(view.response !== undefined && typeof view.response.value !== 'string')
	);
}

/** Returns the field of the file behind each of ours, by the first rows. */
function mappingOf(views: readonly View[], kind: ImportKind): Record<string, string> {
	const mapping: Record<string, string> = {};
	for (const view of views) {
		for (const [field, found] of Object.entries(view)) {
			const isAnswers = [
				'response',
				'sample',
				'verdict',
				'extracted',
				'stepScores',
				'finish',
				'student',
			].includes(field);
			if (
				found !== undefined &&
				found.value !== undefined &&
				found.value !== null &&
				(kind === 'answers' || !isAnswers)
			) {
				mapping[field === 'lateGold' ? 'gold' : field] ??= found.from;
			}
		}
	}
	return mapping;
}

/** Returns the student that all rows name; `undefined` if they name none or several. */
function oneStudent(views: readonly View[]): string | undefined {
	const names = new Set(views.map(({ student }) => (typeof student?.value === 'string' ? student.value : undefined)));
	const [name] = names;
	return names.size === 1 && name !== undefined && name.length <= 200 ? name : undefined;
}
