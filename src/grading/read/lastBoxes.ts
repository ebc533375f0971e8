/** Text between boxes of the same list: separators, conjunctions, mathematics delimiters. */
const joins =
	/^(?:\s|[,;$&]|\\[()[\],;:! ]|\\\\|\\q?quad|\\text\s*\{\s*(?:,?\s*and|,?\s*or|,)\s*\}|and\b|or\b|\\(?:text|mbox)\{\s*\})*$/;

interface Box {
	readonly start: number;
	readonly end: number;
	/** `undefined` if the box is never closed. */
	readonly content: string | undefined;
}

/** Content of a text's last box. An `empty` or `open` box is not an answer; an open box was cut off. */
export type LastBoxes =
	| { readonly state: 'closed'; readonly answer: string; readonly end: number }
	| { readonly state: 'empty' | 'open'; readonly end: number };

/** Words before an empty box which show that it repeats an instruction: "within \boxed{}". */
const instruction = /\b(?:within|inside|in|into|using|with|by|put|place|enclose|write|use|an?|the)[\s$\\(`"'*]{1,6}$/i;
/** The placeholder that an instruction puts into the box. */
const placeholder = /^(?:(?:\\text\s?\{)?\s?(?:your |the )?(?:final )?answer(?: here)?\s?\}?|\.\.\.|…|\\[lc]?dots)$/i;

/**
 * Returns the content of the last \boxed{…}, \fbox{…} or \framebox{…}; several in a row are joined by commas. Takes one
 * pass and linear time, because braces are matched with a stack.
 */
export function lastBoxes(text: string): LastBoxes | undefined {
	if (!/\\(?:f?box(?:ed)?|framebox)/.test(text)) {
		return undefined;
	}
	const boxes = outermostBoxes(text).filter((box) => !isEcho(text, box));
	const last = boxes.at(-1);
	if (last === undefined) {
		return undefined;
	}
	if (last.content === undefined || last.content === '') {
		return { state: last.content === undefined ? 'open' : 'empty', end: last.end };
	}
	const row = [last];
	for (let i = boxes.length - 2; i >= 0; i--) {
		const before = boxes[i] as Box;
		const next = row[0] as Box;
		const gap = text.slice(before.end, next.start);
		if (
			!before.content ||
			gap.length > 60 ||
			!joins.test(gap) ||
			gap.includes('\n\n') ||
			before.content === next.content
		) {
			break;
		}
		row.unshift(before);
	}
	return {
		state: 'closed',
		answer: row.map((box) => unwrapped(box.content ?? '')).join(', '),
		end: last.end,
	};
}

function isEcho(text: string, { start, content }: Box): boolean {
	return (
		content !== undefined &&
		(content === '' || placeholder.test(content)) &&
		(content !== '' || instruction.test(text.slice(Math.max(0, start - 30), start)))
	);
}

const names = ['boxed', 'fbox', 'framebox'];

/** Returns all outermost boxes in the order of their ends. The content of a box that is never closed is `undefined`. */
function outermostBoxes(text: string): Box[] {
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
				// An outer box replaces the boxes inside it.
				while ((boxes.at(-1)?.start ?? -1) > mark) {
					boxes.pop();
				}
				boxes.push({ start: mark, end: at + 1, content: text.slice(start + 1, at).trim() });
			}
		} else if (c === 0x5c) {
			// \\boxed occurs if the text's backslashes were doubled.
			const doubled = text.charCodeAt(at + 1) === 0x5c ? 1 : 0;
			const first = text.charCodeAt(at + 1 + doubled);
			const mayBe = first === 0x62 || first === 0x66;
			const name = mayBe ? names.find((each) => text.startsWith(each, at + 1 + doubled)) : undefined;
			if (name === undefined) {
				at++;
				continue;
			}
			const start = at;
			at += name.length + doubled;
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
	const open = marks.filter((mark) => mark >= 0).at(-1);
	return open === undefined || open < (boxes.at(-1)?.start ?? -1)
		? boxes
		: [...boxes, { start: open, end: text.length, content: undefined }];
}

/** Unwraps nested boxes: \boxed{\boxed{3}}. */
function unwrapped(content: string): string {
	const inner = /^\\(?:boxed|fbox)\s*\{([^{}]*)\}$/.exec(content);
	return inner?.[1]?.trim() ?? content;
}
