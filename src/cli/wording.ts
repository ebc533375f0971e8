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

/** Returns the line of an import's summary on its fields and reference answers. */
export function fieldsLine({
	fields,
	rows = 0,
	references = 0,
}: {
	readonly fields?: { readonly used: readonly string[]; readonly unused: readonly string[] } | undefined;
	readonly rows?: number | undefined;
	readonly references?: number | undefined;
}): string {
	const list = (names: readonly string[]) =>
		names
			.slice(0, 20)
			.map((name) => oneLine(name, 60))
			.join(', ') + (names.length > 20 ? `, and ${names.length - 20} more` : '');
	const used = fields && fields.used.length > 0 ? `\nfields read: ${list(fields.used)}` : '';
	const unused = fields && fields.unused.length > 0 ? `; not used: ${list(fields.unused)}` : '';
	return `${used}${unused}\n${references} of ${rows} rows have a reference answer`;
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

/** Formats seconds as hours and minutes, for people. */
export function formatDuration(seconds: number): string {
	if (seconds < 90) {
		return `${Math.ceil(seconds)} s`;
	}
	return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
