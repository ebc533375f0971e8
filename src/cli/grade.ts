import { createReadStream } from 'node:fs';
import type { Verdict } from '../core/questions/answer.ts';
import type { Grade, Grader } from '../core/ports/grader.ts';
import { messageOf } from '../core/errors/statError.ts';
import { createGrader } from '../grading/createGrader.ts';
import { readLines } from '../grading/read/readLines.ts';

/** Maximum number of disagreements with --against that are listed; the rest are only counted. */
const mostListed = 1000;
/** Number of rows compared at once, enough to keep reading while the worker is busy with one of them. */
const window = 64;

interface Row {
	readonly line: number;
	readonly gold?: string;
	readonly answer?: string;
	readonly grade: Promise<Grade>;
}

/**
 * Implements `stat-studio grade`: reads JSONL `{gold, answer}` from `input` and writes one `{equal}` per row to
 * `output`, in order. An unreadable row is reported on `errors` with its line number and graded as unsure, so row n of
 * the output always belongs to row n of the input. Returns the exit code: 0 done, 1 `--against` could not be read, 130
 * cancelled.
 */
export async function grade(options: {
	against?: string;
	dist: string;
	input: NodeJS.ReadableStream;
	output: NodeJS.WritableStream;
	errors: NodeJS.WritableStream;
	signal: AbortSignal;
}): Promise<number> {
	const { output, errors, signal } = options;
	const grader = createGrader({ dist: options.dist });
	const others = options.against === undefined ? undefined : new OtherVerdicts(options.against);
	const pending: Row[] = [];
	const flush = async (keep: number): Promise<void> => {
		while (pending.length > keep) {
			const row = pending.shift() as Row;
			const { equal, reason } = await row.grade;
			await write(output, `${JSON.stringify(reason === undefined ? { equal } : { equal, reason })}\n`);
			await others?.compare(row, equal);
		}
	};
	let bad = 0;
	try {
		let line = 0;
		for await (const text of readLines(options.input)) {
			line++;
			if (signal.aborted) {
				return 130;
			}
			if (text.trim() === '') {
				continue;
			}
			const pair = readPair(text);
			if (typeof pair === 'string') {
				bad++;
				errors.write(`stdin:${line}: ${pair}; this row is unsure\n`);
				pending.push({ line, grade: Promise.resolve({ equal: null, reason: pair }) });
			} else {
				pending.push({ line, ...pair, grade: gradeNow(grader, pair.gold, pair.answer) });
			}
			await flush(window);
		}
		await flush(0);
		if (bad > 0) {
			errors.write(`${bad} ${bad === 1 ? 'row' : 'rows'} could not be read\n`);
		}
		await others?.summarise(errors);
		return signal.aborted ? 130 : 0;
	} catch (error) {
		if (error instanceof AgainstError) {
			errors.write(`${error.message}\n`);
			return 1;
		}
		throw error;
	} finally {
		await grader.dispose();
	}
}

/**
 * Both sides may be whole responses, but the gold is read as one only if it contains an answer marker (\boxed, ####).
 */
async function gradeNow(grader: Grader, gold: string, answer: string): Promise<Grade> {
	const expected = /\\f?box|####/.test(gold) ? (await grader.extractInTime(gold)).answer : gold;
	const extracted = await grader.extractInTime(answer);
	if (expected === null) {
		return { equal: null, reason: 'no gold answer found' };
	}
	if (extracted.answer === null) {
		return { equal: null, reason: extracted.cutOff === true ? 'cut off before an answer' : 'no answer found' };
	}
	return grader.equivalent(expected, extracted.answer);
}

function readPair(text: string): { gold: string; answer: string } | string {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return 'not JSON; expected an object {"gold": …, "answer": …}';
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return 'expected an object {"gold": …, "answer": …}';
	}
	const fields: string[] = [];
	for (const name of ['gold', 'answer']) {
		const field: unknown = (value as Record<string, unknown>)[name];
		if (typeof field !== 'string' && !(typeof field === 'number' && Number.isFinite(field))) {
			return `field "${name}" ${field === undefined ? 'is missing' : 'is no text or number'}`;
		}
		fields.push(String(field));
	}
	return { gold: fields[0] as string, answer: fields[1] as string };
}

function write(output: NodeJS.WritableStream, text: string): Promise<void> | undefined {
	return output.write(text) ? undefined : new Promise((resolve) => output.once('drain', resolve));
}

class AgainstError extends Error {}

/** The file is opened when the first line is requested, so that a missing file is reported as an error on that line. */
async function* linesOf(file: string): AsyncGenerator<string> {
	yield* readLines(createReadStream(file));
}

/** Reads the verdicts of another grader in step with the rows, one per row. */
class OtherVerdicts {
	private readonly file: string;
	private readonly lines: AsyncIterator<string>;
	private line = 0;
	private rows = 0;
	private missing = 0;
	private readonly listed: string[] = [];
	private disagreements = 0;
	private readonly unsure = { here: 0, there: 0 };

	constructor(file: string) {
		this.file = file;
		this.lines = linesOf(file);
	}

	async compare(row: Row, ours: Verdict): Promise<void> {
		const theirs = await this.next();
		if (theirs === undefined) {
			this.missing++;
			return;
		}
		this.rows++;
		if (theirs === null || ours === null) {
			this.unsure[ours === null ? 'here' : 'there']++;
		}
		if (theirs !== ours) {
			this.disagreements++;
			if (this.listed.length < mostListed) {
				this.listed.push(
					`row ${row.line}: ${ours} here, ${theirs} there: gold ` +
						`${JSON.stringify(clip(row.gold))}, answer ${JSON.stringify(clip(row.answer))}`,
				);
			}
		}
	}

	async summarise(errors: NodeJS.WritableStream): Promise<void> {
		const more = await this.next();
		this.listed.forEach((line) => errors.write(`${line}\n`));
		if (this.disagreements > this.listed.length) {
			errors.write(`… and ${this.disagreements - this.listed.length} more\n`);
		}
		errors.write(
			`${this.disagreements} of ${this.rows} rows disagree with ${this.file} (unsure here ` +
				`${this.unsure.here}, there ${this.unsure.there})\n`,
		);
		if (this.missing > 0 || more !== undefined) {
			errors.write(
				this.missing > 0
					? `${this.file} has ${this.missing} rows fewer than stdin: those were not compared\n`
					: `${this.file} has more rows than stdin: check that both are of the same run\n`,
			);
		}
	}

	/** Returns undefined if there are no more rows. */
	private async next(): Promise<Verdict | undefined> {
		for (;;) {
			let next: IteratorResult<string>;
			try {
				next = await this.lines.next();
			} catch (error) {
				throw new AgainstError(`cannot read ${this.file}: ${messageOf(error)}`);
			}
			if (next.done === true) {
				return undefined;
			}
			this.line++;
			if (next.value.trim() === '') {
				continue;
			}
			let value: unknown;
			try {
				value = JSON.parse(next.value);
			} catch {
				value = undefined;
			}
			const verdict = typeof value === 'object' && value !== null && 'equal' in value ? value.equal : value;
			if (verdict !== true && verdict !== false && verdict !== null) {
				throw new AgainstError(`${this.file}:${this.line}: expected true, false, null or {"equal": …}`);
			}
			return verdict;
		}
	}
}

function clip(text: string | undefined): string {
	if (text === undefined) {
		return '';
	}
	return text.length > 120 ? `…${text.slice(-120)}` : text;
}
