import { formatCount } from '../../core/text/formatNumber.ts';

/**
 * A read-only document under construction: headings at the margin, our facts indented by two spaces, other people's
 * texts by four. Their text can therefore pass for neither, whatever it holds. No vscode here; outline and folding are
 * parsed from the text.
 */
export class DocumentText {
	private readonly lines: string[] = [];

	/** `# title`, `## title` … with `level` 1 to 4. The title is put on one line. */
	heading(level: number, title: string): this {
		if (this.lines.length > 0) {
			this.lines.push('');
		}
		this.lines.push(`${'#'.repeat(level)} ${title.replace(/[\s\u0000-\u001f]+/gu, ' ').trim()}`);
		return this;
	}

	/** `  name: value`; omitted without a value. */
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

	/** Text as it is, indented; every kind of line end becomes a line break. Very long texts are cut, with a note. */
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

	/** Rows of cells in aligned columns; the first row is the heading. Columns named in `right` are right-aligned. */
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

/** Everything an editor may treat as a line end. */
const lineEnds = /\r\n|[\n\r\u2028\u2029\u0085]/;

/** VS Code hands extensions no document above 50 MB, and nobody reads a text this long. */
const longest = 1_000_000;

export interface Heading {
	readonly level: number;
	readonly title: string;
	/**
	 * 0-based lines, inclusive: the heading's own line, and the last one before the next heading of its level or above.
	 */
	readonly from: number;
	readonly to: number;
	readonly children: readonly Heading[];
}

/** A document's headings as a tree. */
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

/** The last line of [from, to] that is not empty. */
function lastUsed(lines: readonly string[], from: number, to: number): number {
	let last = to;
	while (last > from && (lines[last] ?? '').trim() === '') {
		last--;
	}
	return last;
}
