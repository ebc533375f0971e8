/** Number of unclosed boxes tried before giving up, so that hostile text takes linear time. */
const attempts = 8;

/** Returns the content of the last balanced `\boxed{…}` (or `\fbox{…}`) in a worked solution; `\boxed 5` gives `5`. */
export function lastBoxed(text: string): string | undefined {
	let before = text.length;
	for (let attempt = 0; attempt < attempts && before >= 0; attempt++) {
		const at = Math.max(text.lastIndexOf('\\boxed', before), text.lastIndexOf('\\fbox', before));
		if (at < 0) {
			return undefined;
		}
		const found = boxAt(text, at + (text.startsWith('\\boxed', at) ? 6 : 5));
		if (found !== undefined) {
			return found;
		}
		before = at - 1;
	}
	return undefined;
}

function boxAt(text: string, from: number): string | undefined {
	let at = from;
	while (text[at] === ' ') {
		at++;
	}
	if (text[at] !== '{') {
		return /^[0-9A-Za-z]+/.exec(text.slice(at, at + 40))?.[0];
	}
	let depth = 0;
	for (let end = at; end < text.length; end++) {
		const code = text.charCodeAt(end);
		if (code === 0x5c) {
			end++; // The next character is escaped.
		} else if (code === 0x7b) {
			depth++;
		} else if (code === 0x7d && --depth === 0) {
			return text.slice(at + 1, end).trim();
		}
	}
	return undefined;
}

/**
 * Returns everything after the last `####`. GSM8K ends a worked solution with `#### 72`, which some copies do not put
 * on its own line.
 */
export function afterHashes(text: string): string | undefined {
	const at = text.lastIndexOf('####');
	if (at < 0 || (at > 0 && !/\s/.test(text[at - 1] ?? ''))) {
		return undefined;
	}
	const lines = text
		.slice(at + 4)
		.trim()
		.split('\n');
	const [answer = ''] = lines;
	// MetaMath says it once more below.
	const isLast = lines.length === 1 || (lines.length === 2 && /^\s{0,20}the answer is/i.test(lines[1] ?? ''));
	return answer.trim() === '' || !isLast ? undefined : answer.trim();
}

/** Returns a GSM8K solution without its calculator annotations `<<16-3=13>>` and its `####` line. */
export function withoutAnnotations(text: string): string {
	const at = text.lastIndexOf('####');
	return (at < 0 ? text : text.slice(0, at)).replace(/<<[^<>\n]{0,200}>>/g, '').trim();
}
