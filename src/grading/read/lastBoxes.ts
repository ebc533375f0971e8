/** Between boxes of one list: separators, words that join, mathematics delimiters. */
const joins =
	/^(?:\s|[,;$&]|\\[()[\],;:! ]|\\\\|\\q?quad|\\text\s*\{\s*(?:,?\s*and|,?\s*or|,)\s*\}|and\b|or\b|\\(?:text|mbox)\{\s*\})*$/;

interface Box {
	readonly start: number;
	readonly end: number;
	readonly content: string;
}

/**
 * The content of the last \boxed{…} or \fbox{…}; of several in a row, joined by commas. One pass: braces are matched
 * with a stack, so a megabyte of them costs a megabyte of steps. A box that is never closed does not count.
 */
export function lastBoxes(text: string): { answer: string; end: number } | undefined {
	if (!/\\(?:f?box(?:ed)?)/.test(text)) {
		return undefined;
	}
	const boxes = closedBoxes(text);
	const last = boxes.at(-1);
	if (last === undefined) {
		return undefined;
	}
	const row = [last];
	for (let i = boxes.length - 2; i >= 0; i--) {
		const before = boxes[i] as Box;
		const next = row[0] as Box;
		const gap = text.slice(before.end, next.start);
		if (gap.length > 60 || !joins.test(gap) || gap.includes('\n\n') || before.content === next.content) {
			break;
		}
		row.unshift(before);
	}
	return { answer: row.map((box) => unwrapped(box.content)).join(', '), end: last.end };
}

/** All outermost closed boxes with something in them, in order of their ends. */
function closedBoxes(text: string): Box[] {
	const marks: number[] = [];
	const starts: number[] = [];
	const boxes: Box[] = [];
	for (let at = 0; at < text.length; at++) {
		const c = text.charCodeAt(at);
		if (c === 0x7b) {
			marks.push(-1);
			starts.push(at);
		} else if (c === 0x7d) {
			const mark = marks.pop();
			const start = starts.pop();
			if (mark !== undefined && start !== undefined && mark >= 0) {
				const content = text.slice(start + 1, at).trim();
				if (content !== '') {
					// An outer box takes the place of those inside it.
					while ((boxes.at(-1)?.start ?? -1) > mark) {
						boxes.pop();
					}
					boxes.push({ start: mark, end: at + 1, content });
				}
			}
		} else if (c === 0x5c) {
			const name = text.startsWith('boxed', at + 1)
				? 'boxed'
				: text.startsWith('fbox', at + 1)
					? 'fbox'
					: undefined;
			if (name === undefined) {
				at++;
				continue;
			}
			const start = at;
			at += name.length;
			while (text[at + 1] === ' ') {
				at++;
			}
			if (text[at + 1] === '{') {
				marks.push(start);
				starts.push(++at);
				continue;
			}
			const bare = /^[^\s${}\\]+/.exec(text.slice(at + 1, at + 41))?.[0].replace(/[.,;]$/, '');
			if (bare !== undefined && bare !== '') {
				boxes.push({ start, end: at + 1 + bare.length, content: bare });
			}
		}
	}
	return boxes;
}

/** \boxed{\boxed{3}} */
function unwrapped(content: string): string {
	const inner = /^\\(?:boxed|fbox)\s*\{([^{}]*)\}$/.exec(content);
	return inner?.[1]?.trim() ?? content;
}
