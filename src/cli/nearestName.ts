/**
 * Returns the name closest to `written`. Returns undefined if no name can be reached with a number of edits up to a
 * third of its length (at least two).
 */
export function nearestName(written: string, names: readonly string[]): string | undefined {
	const within = Math.max(2, Math.floor(written.length / 3));
	const [nearest] = names
		.map((name) => ({ name, distance: name.startsWith(written) ? 0 : editDistance(written, name) }))
		.filter(({ distance }) => distance <= within)
		.sort((one, other) => one.distance - other.distance);
	return nearest?.name;
}

/**
 * Returns the Levenshtein distance: the smallest number of characters to insert, delete or replace to turn one string
 * into the other.
 */
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
