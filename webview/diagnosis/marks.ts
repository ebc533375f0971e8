import { newElement } from '../kit/newElement.ts';
import { visibleControls } from '../kit/richText.ts';

/** An annotated passage: [start, end) in a text, with its description for screen readers and tooltips. */
export interface MarkedSpan {
	readonly start: number;
	readonly end: number;
	readonly label: string;
}

/** A piece of the rendered text: part of a text node, or a formula, which is either marked as a whole or not marked. */
interface Piece {
	readonly node: Text | Element;
	/** Its characters, as returned by {@link plain}. */
	readonly text: string;
	/** For text: the offset of each of those characters in the node. */
	readonly at: readonly number[];
}

/**
 * Marks annotated passages in an element rendered from `source` (Markdown with formulas, or raw text). The rendered
 * text is compared without white space and markup, so a quote is found even through formulas and emphasis. A passage
 * that is not found gets no mark, but its words are in the list beside the answer.
 */
export function markSpans(element: HTMLElement, source: string, spans: readonly MarkedSpan[]): void {
	for (const span of spans) {
		const quote = plain(visibleControls(source.slice(span.start, span.end))).text;
		const pieces = piecesOf(element);
		const shown = pieces.map(({ text }) => text).join('');
		// The same words may also occur earlier, so the occurrences before the passage are counted in the source.
		const place = nth(
			shown,
			quote,
			occurrences(plain(visibleControls(source.slice(0, span.start))).text + quote, quote) - 1,
		);
		if (quote !== '' && place >= 0) {
			wrap(pieces, place, place + quote.length, span.label);
		}
	}
}

/** Removes white space and the characters that Markdown removes; `at` contains the offsets of the remaining ones. */
function plain(text: string): { readonly text: string; readonly at: readonly number[] } {
	const at: number[] = [];
	let rest = '';
	for (let index = 0; index < text.length; index++) {
		const unit = text.charAt(index);
		if (!/[\s\\$*_`#~]/.test(unit)) {
			at.push(index);
			rest += unit;
		}
	}
	return { text: rest, at };
}

function piecesOf(element: HTMLElement): Piece[] {
	const pieces: Piece[] = [];
	const visit = (node: Node): void => {
		if (node instanceof Element && (node.classList.contains('sr') || node.classList.contains('mark-word'))) {
			return;
		}
		const source = node instanceof Element ? formulaSource(node) : null;
		if (node instanceof Element && source !== null) {
			pieces.push({ node, text: plain(source).text, at: [] });
		} else if (node instanceof Text) {
			pieces.push({ node, ...plain(node.data) });
		} else {
			node.childNodes.forEach(visit);
		}
	};
	element.childNodes.forEach(visit);
	return pieces;
}

/** Returns a formula's source: its text until it is rendered, and after that the source in KaTeX's MathML. */
function formulaSource(element: Element): string | null {
	return element.classList.contains('formula') ? (element.querySelector('annotation') ?? element).textContent : null;
}

function occurrences(text: string, quote: string): number {
	let count = 0;
	for (let at = text.indexOf(quote); quote !== '' && at >= 0; at = text.indexOf(quote, at + 1)) {
		count++;
	}
	return count;
}

function nth(text: string, quote: string, before: number): number {
	let at = text.indexOf(quote);
	for (let count = 0; count < before && at >= 0; count++) {
		at = text.indexOf(quote, at + 1);
	}
	return at;
}

/**
 * Marks [from, to) of the pieces' characters, separately in each text node and formula; only the first mark has the
 * description.
 */
function wrap(pieces: readonly Piece[], from: number, to: number, label: string): void {
	let offset = 0;
	let first = true;
	for (const { node, text, at } of pieces) {
		const [start, end] = [Math.max(0, from - offset), Math.min(text.length, to - offset)];
		offset += text.length;
		if (start >= end) {
			continue;
		}
		let marked: Node = node;
		if (node instanceof Text) {
			const [begin, stop] = [at[start] ?? 0, (at[end - 1] ?? 0) + 1];
			marked = node.splitText(begin);
			(marked as Text).splitText(stop - begin);
		}
		const mark = newElement('mark', { class: 'annotated', title: label });
		marked.parentNode?.replaceChild(mark, marked);
		if (first) {
			mark.appendChild(newElement('span', { class: 'sr' }, `[${label}: `));
		}
		mark.appendChild(marked);
		if (offset >= to) {
			mark.appendChild(newElement('span', { class: 'sr' }, ']'));
		}
		first = false;
	}
}
