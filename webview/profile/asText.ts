import type { Column } from './columns.ts';
import type { Row } from './numbers.ts';

export const copyFormats = ['Markdown', 'TSV', 'CSV'] as const;
export type CopyFormat = (typeof copyFormats)[number];

/** Returns the rows as text; a cell that a spreadsheet would read as a formula is quoted as text. */
export function asText(rows: readonly Row[], columns: readonly Column[], format: CopyFormat): string {
	const titles = columns.map(({ title }) => title);
	const cells = rows.map((row) => columns.map((column) => column.text(row)));
	switch (format) {
		case 'Markdown': {
			const rule = `| ${columns.map(({ numeric }) => (numeric ? '---:' : '---')).join(' | ')} |`;
			return [markdownLine(titles), rule, ...cells.map(markdownLine), ''].join('\n');
		}
		case 'TSV':
			return [...[titles, ...cells].map((row) => row.map((cell) => oneLine(inert(cell))).join('\t')), ''].join(
				'\n',
			);
		case 'CSV':
			return [...[titles, ...cells].map((row) => row.map((cell) => csvCell(inert(cell))).join(',')), ''].join(
				'\r\n',
			);
	}
}

function markdownLine(row: readonly string[]): string {
	return `| ${row.map((cell) => oneLine(cell.replace(/[\\|`*_<>[\]]/g, '\\$&'))).join(' | ')} |`;
}

function csvCell(text: string): string {
	return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ');
}

/** Returns a string that no spreadsheet reads as a formula. */
function inert(cell: string): string {
	return /^[=+@\t\r]|^-(?!\d)/.test(cell) && !/^[+−-]?\d/.test(cell) ? `'${cell}` : cell;
}
