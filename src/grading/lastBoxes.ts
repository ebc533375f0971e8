/** Between boxes of one list: separators, words that join, mathematics delimiters. */
const joins = /^(?:\s|[,;$&]|\\[()[\],;:! ]|\\\\|\\q?quad|\\text\s*\{\s*(?:,?\s*and|,?\s*or|,)\s*\}|and\b|or\b|\\(?:text|mbox)\{\s*\})*$/;

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
	return { answer: row.map((box) => box.content).join(', '), end: last.end };
}

/** All outermost closed boxes with something in them, in order of their ends. */
function closedBoxes(text: string): Box[] {
	const marks: number[] = [];
	const starts: number[] = [];
	const boxes: Box[] = [];
	const opening = /\\(?:boxed|fbox)\s*(\{?)|\\[^]|[{}]/g;
	for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
		const token = match[0];
		if (token === '{') {
			marks.push(-1);
			starts.push(match.index);
		} else if (token === '}') {
			const mark = marks.pop();
			const start = starts.pop();
			if (mark !== undefined && start !== undefined && mark >= 0) {
				const content = text.slice(start + 1, match.index).trim();
				if (content !== '') {
					// An outer box takes the place of those inside it.
					while ((boxes.at(-1)?.start ?? -1) > mark) {
						boxes.pop();
					}
					boxes.push({ start: mark, end: match.index + 1, content: unwrapped(content) });
				}
			}
		} else if (match[1] === '{') {
			marks.push(match.index);
			starts.push(match.index + token.length - 1);
		} else if (match[1] === '') {
			const bare = /^[^\s${}\\]+/.exec(text.slice(opening.lastIndex, opening.lastIndex + 40))?.[0].replace(/[.,;]$/, '');
			if (bare !== undefined && bare !== '') {
				boxes.push({ start: match.index, end: opening.lastIndex + bare.length, content: bare });
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
