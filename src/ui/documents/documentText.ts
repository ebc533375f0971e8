import { formatCount } from '../../core/text/formatNumber.ts';

/**
 * Builds a read-only document: headings are at the margin, our own facts are indented by two spaces, and untrusted text
 * by four. Untrusted text can therefore pass for neither, whatever it contains. Does not depend on vscode; outline and
 * folding are parsed from the text.
 */
export class DocumentText {
	private readonly lines: string[] = [];

	/** Adds a heading, `# title`, `## title` and so on, with `level` 1 to 4. The title is put on one line. */
	heading(level: number, title: string): this {
		if (this.lines.length > 0) {
			this.lines.push('');
		}
		this.lines.push(`${'#'.repeat(level)} ${title.replace(/[\s\u0000-\u001f]+/gu, ' ').trim()}`);
		return this;
	}

	/** Adds a line `  name: value`, or nothing if there is no value. */
	fact(name: string, value: string | number | boolean | null | undefined): this {
		if (value !== null && value !== undefined && value !== '') {
			const [first = '', ...rest] = String(value).split(lineEnds);
			this.lines.push(`  ${name}: ${first}`);
			if (rest.length > 0) {
				this.text(rest.join('\n'));
			}
		}
		return this;
	}

	/**
	 * Adds text unchanged but indented; every kind of line end becomes a line break. Very long texts are cut, with a
	 * note.
	 */
	text(text: string): this {
		const shown =
			text.length > longest
				? `${text.slice(0, longest)}\n… ${formatCount(text.length - longest)} more characters are not shown here`
				: text;
		for (const line of shown.split(lineEnds)) {
			this.lines.push(line === '' ? '' : `    ${line}`);
		}
		return this;
	}

	/**
	 * Adds rows of cells in aligned columns; the first row is the heading. The columns in `right` are right-aligned.
	 */
	table(rows: readonly (readonly string[])[], right: readonly number[] = []): this {
		const widths = (rows[0] ?? []).map((_, column) =>
			Math.min(60, Math.max(...rows.map((row) => [...(row[column] ?? '')].length))),
		);
		for (const row of rows) {
			const cells = row.map((cell, column) => {
				const flat = cell.replace(/[\s\u0000-\u001f]+/gu, ' ');
				return right.includes(column) ? flat.padStart(widths[column] ?? 0) : flat.padEnd(widths[column] ?? 0);
			});
			this.lines.push(`    ${cells.join('  ').trimEnd()}`);
		}
		return this;
	}

	toString(): string {
		return `${this.lines.join('\n')}\n`;
	}
}

/** Everything that an editor may treat as a line end. */
const lineEnds = /\r\n|[\n\r\u2028\u2029\u0085]/;

/** VS Code does not hand documents above 50 MB to extensions, and nobody reads a text this long. */
const longest = 1_000_000;

export interface Heading {
	readonly level: number;
	readonly title: string;
	/**
	 * 0-based line numbers, inclusive: the heading's own line, and the last line before the next heading of the same or
	 * a higher level.
	 */
	readonly from: number;
	readonly to: number;
	readonly children: readonly Heading[];
}

/** Parses a document's headings into a tree. */
export function headings(lines: readonly string[]): Heading[] {
	interface Open {
		level: number;
		title: string;
		from: number;
		to: number;
		children: Open[];
	}
	const roots: Open[] = [];
	const open: Open[] = [];
	const close = (level: number, before: number) => {
		while (open.length > 0 && (open.at(-1)?.level ?? 0) >= level) {
			const done = open.pop();
			if (done) {
				done.to = lastUsed(lines, done.from, before);
			}
		}
	};
	lines.forEach((line, at) => {
		const match = /^(#{1,4}) (.*)$/.exec(line);
		if (match) {
			const level = match[1]?.length ?? 1;
			close(level, at - 1);
			const heading: Open = { level, title: match[2] ?? '', from: at, to: at, children: [] };
			(open.at(-1)?.children ?? roots).push(heading);
			open.push(heading);
		}
	});
	close(0, lines.length - 1);
	return roots;
}

/** Returns the last line of [from, to] that is not empty. */
function lastUsed(lines: readonly string[], from: number, to: number): number {
	let last = to;
	while (last > from && (lines[last] ?? '').trim() === '') {
		last--;
	}
	return last;
}
