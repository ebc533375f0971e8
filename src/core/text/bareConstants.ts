/**
 * Replaces `NaN`, `Infinity` and `-Infinity` outside strings with null: Python writes them, but JSON has no such
 * numbers. It does not use a regular expression, which would overflow the stack on strings of several megabytes.
 */
export function withoutBareConstants(text: string): string {
	let result = '';
	let at = 0;
	while (at < text.length) {
		const open = text.indexOf('"', at);
		const outside = text.slice(at, open < 0 ? text.length : open);
		result += outside.replace(/-?\b(?:NaN|Infinity)\b/g, 'null');
		if (open < 0) {
			break;
		}
		let close = text.indexOf('"', open + 1);
		while (close > 0 && isEscaped(text, close)) {
			close = text.indexOf('"', close + 1);
		}
		if (close < 0) {
			return text; // An unclosed string: the text is not JSON for another reason.
		}
		result += text.slice(open, close + 1);
		at = close + 1;
	}
	return result;
}

function isEscaped(text: string, at: number): boolean {
	let backslashes = 0;
	while (text[at - 1 - backslashes] === '\\') {
		backslashes++;
	}
	return backslashes % 2 === 1;
}
