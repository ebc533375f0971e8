/** Longest run of one kind of characters that a common tokenizer encodes as one token. */
const longest = { letters: 16, digits: 3, others: 32 };

type Kind = 'letters' | 'digits' | 'others' | 'space';

/**
 * Returns a number of tokens that no common tokenizer undercuts: words, groups of digits and runs of other characters
 * are never joined into one token. For English and LaTeX it is about three quarters of the true number. Linear.
 */
export function leastTokens(text: string): number {
	let count = 0;
	for (let start = 0; start < text.length;) {
		const kind = kindAt(text, start);
		let end = start + 1;
		while (end < text.length && kindAt(text, end) === kind) {
			end++;
		}
		const length = end - start;
		if (kind === 'others') {
			// A single character may be joined to the word after it (`\frac`, `(x`).
			count += length === 1 && kindAt(text, end) === 'letters' ? 0 : Math.ceil(length / longest.others);
		} else if (kind !== 'space') {
			count += Math.ceil(length / longest[kind]);
		}
		start = end;
	}
	return count;
}

function kindAt(text: string, index: number): Kind {
	const code = text.charCodeAt(index);
	if (code <= 0x20) {
		return 'space';
	}
	if (code >= 0x30 && code <= 0x39) {
		return 'digits';
	}
	// An apostrophe may be inside a word. Scripts other than ASCII count as letters.
	const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x27 || code > 0x7f;
	return isLetter ? 'letters' : 'others';
}
