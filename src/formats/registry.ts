import { StatError } from '../core/errors/statError.ts';
import { competition } from './competition.ts';
import { gsm8k } from './gsm8k.ts';
import { inspectLog } from './inspectLog.ts';
import { lmEval } from './lmEval.ts';
import { math } from './math.ts';
import { plain } from './plain.ts';
import { qwenMath } from './qwenMath.ts';
import type { Reads, RowFormat } from './rowFormat.ts';
import type { Row } from './rowReader.ts';

/**
 * Row formats, most specific first: the one that best fits the first rows wins, and the earlier one on a tie. `part` is
 * the part of a log whose verdicts are used (a filter, a scorer).
 */
function rowFormats(mapping: Readonly<Record<string, string>> | undefined, part?: string): readonly RowFormat[] {
	return [lmEval(part), inspectLog(part), qwenMath, gsm8k, math, competition, plain(mapping)];
}

/** Formats that let the user select one part, written `NAME:PART`. */
const inParts: ReadonlySet<string> = new Set(['lm-eval', 'inspect']);

/**
 * Returns the format of a file: the requested one, plain if there is a mapping, or the one that the first rows look
 * like.
 */
export function chooseFormat(
	file: string,
	requested: string | undefined,
	mapping: Readonly<Record<string, string>> | undefined,
	reads: Reads,
	firstRows: readonly Row[],
): RowFormat {
	const [name, part] = requested?.includes(':')
		? [requested.slice(0, requested.indexOf(':')), requested.slice(requested.indexOf(':') + 1)]
		: [requested, undefined];
	if (part !== undefined && !inParts.has(name ?? '')) {
		throw new StatError('formats.noPart', { formats: [...inParts].join(' and ') });
	}
	const formats = rowFormats(mapping, part).filter(({ answers }) => reads === 'questions' || answers !== undefined);
	if (mapping && requested !== undefined && requested !== 'plain') {
		throw new StatError('formats.mappingNeedsPlain', { format: requested });
	}
	if (requested !== undefined) {
		const found = formats.find((format) => format.name === name);
		if (!found) {
			throw new StatError('formats.noFormat', {
				format: requested,
				reads,
				formats: formats.map(({ name }) => name).join(', '),
			});
		}
		return found;
	}
	const candidates = mapping ? formats.filter(({ name }) => name === 'plain') : formats;
	let best: RowFormat | undefined;
	let bestCount = 0;
	for (const format of candidates) {
		const count = firstRows.filter((row) => format.fits(row, reads)).length;
		if (count > bestCount) {
			best = format;
			bestCount = count;
		}
	}
	if (best) {
		return best;
	}
	if (firstRows[0] && 'skill_dict' in firstRows[0]) {
		throw new StatError('formats.skillBank', { file });
	}
	const found = Object.keys(firstRows[0] ?? {})
		.slice(0, 12)
		.map((name) => name.slice(0, 40));
	throw new StatError('formats.unknown', {
		file,
		reads,
		found: found.length > 0 ? found.join(', ') : 'no fields',
		formats: candidates.map(({ name, looksFor }) => `${name} (${looksFor})`).join('; '),
	});
}
