/** Returns the last lines of an import's summary. */
export function leftOut({
	skipped,
	conflicts,
}: {
	readonly skipped: number;
	readonly conflicts: readonly unknown[];
}): string {
	const rows = skipped > 0 ? `; ${skipped} rows were set aside ("set-aside" lists them)` : '';
	const fields = conflicts.length > 0 ? `; ${conflicts.length} conflicts, what was known first stays` : '';
	return rows + fields;
}

/** Formats rows in aligned columns; numbers are right-aligned. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
	const widths: number[] = [];
	for (const row of rows) {
		row.forEach((cell, column) => {
			widths[column] = Math.max(widths[column] ?? 0, String(cell).length);
		});
	}
	return rows
		.map((row) =>
			row
				.map((cell, column) =>
					typeof cell === 'number'
						? String(cell).padStart(widths[column] ?? 0)
						: cell.padEnd(widths[column] ?? 0),
				)
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** Returns untrusted text on one line of at most `length` characters. */
export function oneLine(text: string, length = 120): string {
	const line = text.replace(/\s+/gu, ' ').trim();
	return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
