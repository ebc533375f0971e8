import { spokenPart } from '../text/answerMarks.ts';

/** Position of a step in the answer, [start, end) in UTF-16 units. */
export type StepRange = readonly [number, number];

/** "Step 3:", "**Step 3.**" or "## Step 3" at the start of a line. */
const stepHeading = /^[ \t]{0,40}(?:#{1,6}[ \t]{0,40})?(?:(?:\*\*|__)[ \t]{0,40})?step[ \t]{0,40}\d+\b/i;
/** "3." or "3)" at the start of a paragraph. */
const numbered = /^[ \t]*(?:\*\*|__)?\d{1,3}[.)](?=[\s*])/;
/** A paragraph that states the final answer ends the last step instead of continuing it. */
const conclusion = /\\boxed\b|\\fbox\b|\b(?:final answer|the answer is|therefore|thus|hence)\b/i;

/**
 * Splits an answer into steps. The paper does not define the split. Ours breaks at blank lines and keeps numbered steps
 * whole: an unnumbered paragraph after a numbered one belongs to it, except for a conclusion after the last one. "Step
 * n" headings separate steps even without a blank line. Thoughts before the answer are not steps unless the text
 * contains nothing else. With `count`, the number of step scores in a log, the first split with that many steps is
 * used; the candidates are the above, every blank line, every line, and then the same over the text including its
 * thoughts. If none fits, the first one is used.
 */
export function splitSteps(text: string, count?: number): StepRange[] {
	const { start, end } = spokenPart(text);
	const spoken = text.slice(start, end);
	if (spoken.length === text.length || spoken.trim() === '') {
		return splitWhole(text, count);
	}
	const found = splitWhole(spoken, count).map(([from, to]): StepRange => [from + start, to + start]);
	if (count !== undefined && found.length !== count) {
		const withThoughts = splitWhole(text, count);
		return withThoughts.length === count ? withThoughts : found;
	}
	return found;
}

function splitWhole(text: string, count: number | undefined): StepRange[] {
	const pieces = paragraphs(text);
	const whole = keepNumberedWhole(text, pieces);
	if (count === undefined || whole.length === count) {
		return whole;
	}
	const byBlankLine =
		pieces.filter(({ joined }) => !joined).length === pieces.length
			? pieces.map(({ range }) => range)
			: paragraphsOnly(text);
	if (byBlankLine.length === count) {
		return byBlankLine;
	}
	const lines = lineRanges(text).filter(([start, end]) => start < end);
	return lines.length === count ? lines : whole;
}

interface Piece {
	readonly range: StepRange;
	/** Whether a "Step n" heading, and not a blank line, separates this piece from the previous one. */
	readonly joined: boolean;
}

/** Returns the ranges of the trimmed lines without line ends, and an empty range for a blank line. */
function lineRanges(text: string): StepRange[] {
	const ranges: [number, number][] = [];
	let start = 0;
	while (start <= text.length) {
		const newline = text.indexOf('\n', start);
		const end = newline === -1 ? text.length : newline;
		ranges.push(trimmed(text, start, end));
		start = end + 1;
	}
	return ranges;
}

function trimmed(text: string, start: number, end: number): [number, number] {
	while (start < end && /\s/.test(text.charAt(start))) {
		start += 1;
	}
	while (end > start && /\s/.test(text.charAt(end - 1))) {
		end -= 1;
	}
	return [start, end];
}

function paragraphs(text: string): Piece[] {
	return group(text, (line) => stepHeading.test(line));
}

function paragraphsOnly(text: string): StepRange[] {
	return group(text, () => false).map(({ range }) => range);
}

function group(text: string, startsAnew: (line: string) => boolean): Piece[] {
	const pieces: { range: [number, number]; joined: boolean }[] = [];
	let blank = true;
	for (const [start, end] of lineRanges(text)) {
		if (start === end) {
			blank = true;
			continue;
		}
		const open = pieces.at(-1);
		if (blank || !open) {
			pieces.push({ range: [start, end], joined: false });
		} else if (startsAnew(text.slice(start, Math.min(end, start + 40)))) {
			pieces.push({ range: [start, end], joined: true });
		} else {
			open.range[1] = end;
		}
		blank = false;
	}
	return pieces;
}

function keepNumberedWhole(text: string, pieces: readonly Piece[]): StepRange[] {
	const starts = pieces.map(({ range: [start, end] }) => {
		const head = text.slice(start, Math.min(end, start + 40));
		return stepHeading.test(head) || numbered.test(head);
	});
	// A single number may just be a "2." in a sentence, so numbered steps count only if there are at least two of them.
	if (starts.filter(Boolean).length < 2) {
		return pieces.map(({ range }) => range);
	}
	const lastNumbered = starts.lastIndexOf(true);
	const steps: [number, number][] = [];
	let inNumbered = false;
	let concluded = false;
	pieces.forEach(({ range: [start, end] }, index) => {
		const step = steps.at(-1);
		concluded ||= index > lastNumbered && conclusion.test(text.slice(start, end));
		if (starts[index] || !inNumbered || concluded || !step) {
			steps.push([start, end]);
		} else {
			step[1] = end;
		}
		inNumbered ||= starts[index] === true;
	});
	return steps;
}
