/** What a crash writer stores with a question: long enough for the segments. */
export function solutionOf(name: string): string {
	return `${name} `.repeat(300);
}
