import path from 'node:path';

/** What tools call the number of a run in a file's name or folder: NeMo-Skills writes `output-rs0.jsonl`. */
const numbered = /(^|[^A-Za-z])(rs|seed|run|rollout|sample|repeat|trial|attempt)([-_]?)(\d{1,6})(?!\d)/gi;

interface Numbered {
	/** The path without the number. */
	readonly family: string;
	readonly isFromZero: boolean;
	readonly number: number;
}

function numberIn(file: string): Numbered | undefined {
	const full = path.resolve(file);
	const last = [...full.matchAll(numbered)].at(-1);
	if (last === undefined) {
		return undefined;
	}
	const [all, before = '', kind = '', separator = '', digits = ''] = last;
	const family = `${full.slice(0, last.index)}${before}${kind}${separator}#${full.slice(last.index + all.length)}`;
	return { family, isFromZero: kind.toLowerCase() === 'rs', number: Number(digits) };
}

/**
 * Returns the number of files before this one that hold the answers of other seeds to the same questions, so that each
 * seed is a sample of its own. `beside`: all files of the import. The seeds of NeMo-Skills count from 0, also where a
 * file is imported alone.
 */
export function seedOf(file: string, beside: readonly string[]): number {
	const own = numberIn(file);
	if (own === undefined) {
		return 0;
	}
	if (own.isFromZero) {
		return own.number < 10_000 ? own.number : 0;
	}
	const others = new Set<number>();
	for (const other of beside) {
		const found = numberIn(other);
		if (found?.family === own.family && found.number < own.number) {
			others.add(found.number);
		}
	}
	return others.size;
}
