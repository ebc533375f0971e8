import type { RowProblem } from '../core/questions/imported.ts';
import type { StudentTemplate } from '../core/questions/studentTemplate.ts';
import { normaliseSubject } from '../core/skills/skill.ts';

/** A parsed JSON object from a file, with arbitrary values. */
export type Row = Readonly<Record<string, unknown>>;

export function isRow(value: unknown): value is Row {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a copy of the row without these fields. */
export function rowWithout(row: Row, ...names: readonly string[]): Row {
	return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

const maxQuestion = 100_000;
export const maxText = 1_000_000;
export const maxName = 200;
/** Excerpt lengths: long enough to repair a row that was set aside, and to find one that was imported. */
const excerptAside = 2_000;
const excerptImported = 300;

/**
 * Collects the problems of rows, and reads single fields with the limits that all formats share. One object serves a
 * whole file.
 */
export class RowReader {
	line = 0;
	source = '';
	/** Fields of the current row whose values are not whole. */
	truncated: ReadonlySet<string> = new Set();
	/** The questions of a batch by the identifiers of its requests. */
	requests: ReadonlyMap<string, string> = new Map();
	/** Fields that were read, as the file names them. */
	readonly used = new Set<string>();
	private problems: RowProblem[] = [];

	constructor(
		readonly file: string,
		/** Overrides the file's own subject. */
		private readonly subjectOption: string | undefined,
		/** Used if the file does not name a subject. */
		private readonly subjectOfFolder: string | undefined,
		/** Number of logs of other seeds before this one: its answers are numbered after theirs. */
		readonly seed = 0,
		/** The student's prompt, whose system text and instruction are no part of a question. */
		readonly template?: StudentTemplate,
	) {}

	/** Returns the question that a request of a batch asks. */
	questionOf(identifier: unknown): string | undefined {
		return this.requests.get(String(identifier));
	}

	/** Sets aside the row, or the answer in it that `field` names. */
	aside(field: string, message: string): null {
		this.problems.push({
			file: this.file,
			line: this.line,
			field,
			message,
			excerpt: flat(this.source.slice(0, excerptAside)),
		});
		return null;
	}

	/** Records that the row is imported without this field. */
	without(field: string, message: string): undefined {
		this.problems.push({
			file: this.file,
			line: this.line,
			field,
			message,
			excerpt: flat(this.source.slice(0, excerptImported)),
			kept: true,
		});
	}

	drain(): RowProblem[] {
		const drained = this.problems;
		this.problems = [];
		return drained;
	}

	/** Reads a question's text; returns `null` and sets the row aside if it is invalid. */
	question(value: unknown, field: string): string | null {
		if (value === undefined || value === null) {
			return this.aside(field, 'the question is missing');
		}
		if (typeof value !== 'string') {
			return this.aside(field, `the question must be text, not ${kindOf(value)}`);
		}
		if (value.trim() === '') {
			return this.aside(field, 'the question is empty');
		}
		if (value.length > maxQuestion) {
			return this.aside(
				field,
				`the question is ${value.length} characters long; at most ${maxQuestion} are read`,
			);
		}
		return value;
	}

	/** Reads a final answer from a string or a number: 27.0 is `27`. A list of one element stands for that element. */
	finalAnswer(value: unknown, field: string): string | undefined {
		if (typeof value === 'string') {
			const text = value.trim();
			if (text === '') {
				return undefined;
			}
			if (text.length <= maxQuestion) {
				return text;
			}
			return this.without(field, `a final answer of ${text.length} characters; at most ${maxQuestion} are read`);
		}
		if (typeof value === 'number') {
			// JSON.parse has already rounded the number, so the digits as written are lost.
			return Math.abs(value) > Number.MAX_SAFE_INTEGER
				? this.without(field, 'a number too large to be read exactly; write it as text, in quotes')
				: String(value);
		}
		if (value === undefined || value === null) {
			return undefined;
		}
		if (Array.isArray(value) && value.length === 1 && !Array.isArray(value[0])) {
			return this.finalAnswer(value[0], field);
		}
		return this.without(field, `a final answer must be text or a number, not ${kindOf(value)}`);
	}

	/** Reads an optional long text. */
	text(value: unknown, field: string): string | undefined {
		if (typeof value === 'string') {
			if (value.trim() === '') {
				return undefined;
			}
			if (value.length <= maxText) {
				return value;
			}
			return this.without(field, `text of ${value.length} characters; at most ${maxText} are read`);
		}
		return value === undefined || value === null
			? undefined
			: this.without(field, `text is expected, not ${kindOf(value)}`);
	}

	/** Reads `Level 5`, `5` or 5; `Level ?` means unknown. */
	level(value: unknown, field: string): number | undefined {
		if (value === undefined || value === null || value === '') {
			return undefined;
		}
		const level = levelOf(value);
		if (level === undefined) {
			return undefined;
		}
		return Number.isInteger(level) && level >= 1 && level <= 10
			? level
			: this.without(field, `a level is a whole number from 1 to 10, or "Level 3"; found ${brief(value)}`);
	}

	/** Returns the subject that applies to this row, in one spelling. */
	subject(value: unknown, field: string): string | undefined {
		if (this.subjectOption !== undefined) {
			return this.subjectOption === '' ? undefined : normaliseSubject(this.subjectOption);
		}
		if (typeof value === 'string' && value.trim() !== '') {
			return value.length <= maxName
				? normaliseSubject(value)
				: this.without(field, `a subject of ${value.length} characters; at most ${maxName} are read`);
		}
		if (value !== undefined && value !== null && typeof value !== 'string') {
			this.without(field, `a subject must be text, not ${kindOf(value)}`);
		}
		return this.subjectOfFolder;
	}

	/** Reads a skill name, a list of skill names, or a comma-separated string of snake_case names. */
	skills(value: unknown, field: string): string[] | undefined {
		const list = typeof value === 'string' ? [value] : value;
		if (list === undefined || list === null) {
			return undefined;
		}
		if (
			!Array.isArray(list) ||
			!list.every((name): name is string => typeof name === 'string' && name.length <= maxName)
		) {
			return this.without(field, `skills must be a list of names of at most ${maxName} characters`);
		}
		const names = [...new Set(list.map((name) => name.trim()).filter((name) => name !== ''))];
		return names.length === 0 ? undefined : names;
	}
}

/** Returns the number in a level; `undefined` if the level is unknown, NaN if it is not a level. */
function levelOf(value: unknown): number | undefined {
	if (typeof value === 'number') {
		return value;
	}
	const match = typeof value === 'string' ? /^\s*(?:level\s*)?(\d{1,4}|\?)\s*$/i.exec(value) : null;
	if (match === null) {
		return Number.NaN;
	}
	return match[1] === '?' ? undefined : Number(match[1]);
}

/** Returns the kind of a JSON value, for messages. */
export function kindOf(value: unknown): string {
	if (value === null) {
		return 'null';
	}
	if (Array.isArray(value)) {
		return 'a list';
	}
	if (typeof value === 'object') {
		return 'an object';
	}
	return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}

/** Shortens a value for a message. */
export function brief(value: unknown): string {
	if (typeof value === 'string') {
		return JSON.stringify(value.slice(0, 40));
	}
	return typeof value === 'object' ? kindOf(value) : String(value);
}

/** Returns a copy that does not keep the text it was cut from in memory. */
function flat(text: string): string {
	return Buffer.from(text, 'utf8').toString('utf8');
}
