/** The name closest to `written`, or undefined where none is within a third of its length in edits (at least two). */
export function nearestName(written: string, names: readonly string[]): string | undefined {
	const within = Math.max(2, Math.floor(written.length / 3));
	const [nearest] = names
		.map((name) => ({ name, distance: name.startsWith(written) ? 0 : editDistance(written, name) }))
		.filter(({ distance }) => distance <= within)
		.sort((one, other) => one.distance - other.distance);
	return nearest?.name;
}

/** Levenshtein: the fewest characters inserted, deleted or replaced to make one text from the other. */
function editDistance(from: string, to: string): number {
	let row = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (let at = 0; at < from.length; at++) {
		const next = [at + 1];
		for (let column = 0; column < to.length; column++) {
			next.push(
				Math.min(
					(next[column] ?? 0) + 1,
					(row[column + 1] ?? 0) + 1,
					(row[column] ?? 0) + (from[at] === to[column] ? 0 : 1),
				),
			);
		}
		row = next;
	}
	return row[to.length] ?? 0;
}
