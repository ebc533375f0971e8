/** Delimiters of formulas, as pairs. `$` and `$$` both open and close. */
const delimiters: readonly { readonly open: string; readonly close: string; readonly oneLine: boolean }[] = [
	{ open: '$$', close: '$$', oneLine: false },
	{ open: '\\[', close: '\\]', oneLine: false },
	{ open: '$', close: '$', oneLine: true },
	{ open: '\\(', close: '\\)', oneLine: true },
];

/**
 * Returns the last formula of a text, or its right side if it is an equation; `undefined` if there is no formula or a
 * number follows it. Searches from the end, in linear time.
 */
export function lastDisplay(text: string): string | undefined {
	let last: { start: number; end: number; content: string } | undefined;
	for (const { open, close, oneLine } of delimiters) {
		const end = text.lastIndexOf(close);
		const start = end < open.length ? -1 : text.lastIndexOf(open, end - open.length);
		const content = text.slice(start + open.length, end);
		if (start < 0 || content.trim() === '' || (oneLine && content.includes('\n'))) {
			continue;
		}
		if (last === undefined || end + close.length > last.end) {
			last = { start, end: end + close.length, content };
		}
	}
	if (last === undefined || /\d/.test(text.slice(last.end))) {
		return undefined;
	}
	const content = last.content.trim();
	const sides = content.split('=');
	const answer = (sides.length > 1 && !/[<>]|\\[lg]eq?\b/.test(content) ? sides.at(-1) : content)?.trim() ?? '';
	return answer === '' ? undefined : answer;
}
