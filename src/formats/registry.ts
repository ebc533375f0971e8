import { StatError } from '../core/errors/statError.ts';
import { competition } from './competition.ts';
import { evalScope } from './evalScope.ts';
import { gsm8k } from './gsm8k.ts';
import { inspectLog } from './inspectLog.ts';
import { lightEval } from './lightEval.ts';
import { lmEval } from './lmEval.ts';
import { math } from './math.ts';
import { mathArena } from './mathArena.ts';
import { batch } from './openAiBatch.ts';
import { openCompass } from './openCompass.ts';
import { plain } from './plain.ts';
import { qwenMath } from './qwenMath.ts';
import type { Reads, RowFormat } from './rowFormat.ts';
import type { Row } from './rowReader.ts';
import { isRow, RowReader } from './rowReader.ts';
import { alpaca, messages, segments, trl } from './trainingData.ts';
import type { MappedField, RowView } from './view.ts';
import { formatOf, isThere, readMapping } from './view.ts';

/**
 * Row formats, most specific first: the one that best fits the first rows wins, and the earlier one on a tie. `part` is
 * the part of a log whose verdicts are used (a filter, a scorer).
 */
function rowFormats(part?: string): readonly RowView[] {
	return [
		...[
			lmEval(part),
			inspectLog(part),
			evalScope,
			lightEval,
			openCompass,
			mathArena,
			batch,
			qwenMath,
			gsm8k,
			math,
			competition,
		],
		...[messages, segments, trl, alpaca, plain],
	];
}

/** Formats that let the user select one part, written `NAME:PART`. */
const inParts: ReadonlySet<string> = new Set(['lm-eval', 'inspect']);

/**
 * Returns the format of a file: the requested one, or the one that its first rows look like. Where no row looks like
 * any, the names of all their fields together may: a table's first rows may have empty cells. A mapping of the question
 * makes it plain, whatever else its rows look like.
 */
export function chooseFormat(
	file: string,
	requested: string | undefined,
	mapping: Readonly<Record<string, string>> | undefined,
	reads: Reads,
	firstRows: readonly Row[],
	columns: readonly string[] = [],
): RowFormat {
	const [name, part] = requested?.includes(':')
		? [requested.slice(0, requested.indexOf(':')), requested.slice(requested.indexOf(':') + 1)]
		: [requested, undefined];
	if (part !== undefined && !inParts.has(name ?? '')) {
		throw new StatError('formats.noPart', { formats: [...inParts].join(' and ') });
	}
	const fields = mapping && readMapping(mapping);
	checkMapped(file, fields ?? [], firstRows, columns);
	const formats = rowFormats(part).filter(({ hasAnswers }) => reads === 'questions' || hasAnswers);
	if (requested !== undefined) {
		const found = formats.find((format) => format.name === name);
		if (!found) {
			throw new StatError('formats.noFormat', {
				format: requested,
				reads,
				formats: formats.map(({ name }) => name).join(', '),
			});
		}
		return formatOf(found, fields);
	}
	const isMapped = fields?.some(({ field }) => field === 'question') === true;
	const best =
		(isMapped ? undefined : bestOf(formats, firstRows, reads)) ??
		bestOf([plain].map(withMapping(fields)), firstRows, reads) ??
		bestOf(formats.map(withMapping(fields)), [together(firstRows, columns)], reads);
	if (best) {
		return formatOf(best, fields);
	}
	throw failure(file, reads, firstRows, columns, fields, formats);
}

/**
 * Throws if none of the first rows has a mapped field, which is then misspelt. A missing question or response ends in
 * an error of its own.
 */
function checkMapped(
	file: string,
	fields: readonly MappedField[],
	firstRows: readonly Row[],
	columns: readonly string[],
): void {
	const missing = fields.find(
		(field) =>
			!['question', 'response'].includes(field.field) &&
			!columns.includes(field.path) &&
			!firstRows.some((row) => isThere(row, field)),
	);
	if (missing && firstRows.length > 0) {
		throw new StatError('formats.mappedMissing', {
			file,
			field: missing.field,
			path: missing.path.slice(0, 80),
			found: namesOf(together(firstRows, columns)),
		});
	}
}

/** Returns the names of a row's fields, for a message. */
function namesOf(row: Row): string {
	const found = Object.keys(row)
		.slice(0, 20)
		.map((name) => name.slice(0, 40));
	return found.length > 0 ? found.join(', ') : 'no fields';
}

/** A format that also fits rows in which the mapped fields are found. */
function withMapping(fields: readonly MappedField[] | undefined): (format: RowView) => RowView {
	return (format) => ({ ...format, fits: (row, reads) => formatOf(format, fields).fits(row, reads) });
}

function bestOf(formats: readonly RowView[], rows: readonly Row[], reads: Reads): RowView | undefined {
	let best: RowView | undefined;
	let bestCount = 0;
	for (const format of formats) {
		const count = rows.filter((row) => format.fits(row, reads)).length;
		if (count > bestCount) {
			best = format;
			bestCount = count;
		}
	}
	return best;
}

/** Returns one row with every field of these rows and columns: the first value of each that is not null. */
function together(rows: readonly Row[], columns: readonly string[]): Row {
	const row = Object.create(null) as Record<string, unknown>;
	for (const one of rows) {
		for (const [name, value] of Object.entries(one)) {
			row[name] ??= value;
		}
	}
	for (const name of columns) {
		row[name] ??= 'x';
	}
	return row;
}

function failure(
	file: string,
	reads: Reads,
	firstRows: readonly Row[],
	columns: readonly string[],
	fields: readonly MappedField[] | undefined,
	formats: readonly RowView[],
): StatError {
	if (firstRows[0] && 'skill_dict' in firstRows[0]) {
		return new StatError('formats.skillBank', { file });
	}
	const whole = together(firstRows, columns);
	if (isRow(whole['eval']) && 'status' in whole && !Array.isArray(whole['samples'])) {
		return new StatError('formats.noInspectSamples', { file });
	}
	const shown = namesOf(whole);
	const view = formatOf(plain, fields).view(whole, new RowReader(file, undefined, undefined), reads);
	const question = typeof view?.question?.value === 'string' ? view.question.from : undefined;
	if (reads === 'answers' && question !== undefined && view?.response === undefined) {
		return new StatError('formats.noResponseField', { file, question, found: shown });
	}
	if (question === undefined && (view?.response !== undefined || view?.gold !== undefined)) {
		return new StatError('formats.noQuestionField', {
			file,
			other: view.response?.from ?? view.gold?.from ?? '',
			found: shown,
		});
	}
	return new StatError('formats.unknown', {
		file,
		reads,
		found: shown,
		formats: formats.map(({ name }) => name).join(', '),
	});
}
