/**
 * Returns the solution that a crash writer stores with a question, which is long enough to be stored in the segments.
 */
export function solutionOf(name: string): string {
	return `${name} `.repeat(300);
}
