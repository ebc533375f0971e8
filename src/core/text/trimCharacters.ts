/**
 * Returns `text` without any of `characters` at its end. Linear, unlike a pattern that tries every position in a run.
 */
export function trimEndOf(text: string, characters: string): string {
	let end = text.length;
	while (end > 0 && characters.includes(text[end - 1] as string)) {
		end--;
	}
	return text.slice(0, end);
}

/** Returns `text` without any of `characters` at either end. Linear. */
export function trimCharacters(text: string, characters: string): string {
	let start = 0;
	while (start < text.length && characters.includes(text[start] as string)) {
		start++;
	}
	return trimEndOf(text.slice(start), characters);
}
