import { TextMap } from './textMap.ts';

/**
 * A stretch of a Markdown text that may be a question or an answer: a paragraph, what a fence holds, a heading's words.
 */
export interface Stretch {
	/** Its lines, [from, to). */
	readonly from: number;
	readonly to: number;
	readonly kind: 'paragraph' | 'fence' | 'heading';
	/** Follows the stretch before it without a heading, a fence or a rule between. */
	readonly joined: boolean;
}

interface Line {
	readonly start: number;
	/** Where its content begins, behind `>` and a fence's own indent. */
	readonly content: number;
	readonly end: number;
	readonly fenced: boolean;
}

/** CommonMark's backslash escapes and the entities people write by hand. */
const escapes = /\\([!-/:-@[-`{-~])|&(lt|gt|amp|quot|apos|nbsp|#39);/g;
const entities: Readonly<Record<string, string>> = {
	lt: '<',
	gt: '>',
	amp: '&',
	quot: '"',
	apos: "'",
	nbsp: '\u00a0',
	'#39': "'",
};

/** A Markdown text by lines and stretches. One pass; offsets are the source's. */
export class MarkdownText {
	readonly stretches: readonly Stretch[];
	private readonly lines: readonly Line[];

	constructor(private readonly source: string) {
		({ lines: this.lines, stretches: this.stretches } = scan(source));
	}

	/** The stretches whose lines touch [from, to). */
	within(from: number, to: number): Stretch[] {
		return this.stretches.filter((stretch) => stretch.from < to && stretch.to > from);
	}

	/** Where a line begins; past the last one, where the text ends. */
	offset(line: number): number {
		return this.lines[line]?.start ?? this.source.length;
	}

	/**
	 * What lines [from, to) say: without `>` and a fence's indent, joined by `eol`. `unescaped`: outside of fences `\*`
	 * is `*` and `&lt;` is `<`, as Markdown shows it; else as it was written.
	 */
	view(
		from: number,
		to: number,
		{ unescaped = false, eol = '\n' }: { readonly unescaped?: boolean; readonly eol?: string } = {},
	): TextMap {
		const pieces: (readonly [number, number, string])[] = [];
		const lines = this.lines.slice(from, to);
		for (const [index, { content, end, fenced }] of lines.entries()) {
			const words = this.source.slice(content, end);
			let at = 0;
			for (const match of unescaped && !fenced ? words.matchAll(escapes) : []) {
				pieces.push(
					[content + at, content + match.index, words.slice(at, match.index)],
					[
						content + match.index,
						content + match.index + match[0].length,
						match[1] ?? entities[match[2] ?? ''] ?? '',
					],
				);
				at = match.index + match[0].length;
			}
			pieces.push([content + at, end, words.slice(at)]);
			const next = lines[index + 1];
			if (next) {
				pieces.push([end, next.content, eol]);
			}
		}
		const map = new TextMap(pieces.map(([, , text]) => text).join(''));
		let here = 0;
		for (const [there, thereEnd, { length }] of pieces) {
			if (length > 0) {
				map.add(there, thereEnd, here, here + length);
				here += length;
			}
		}
		return map;
	}
}

/**
 * What a stretch may say as a question: as written and as shown; without a list's or heading's mark, without a label
 * ("**Question 3:** …").
 */
export function readings(text: string): string[] {
	const shown = text.replace(
		escapes,
		(_, character: string | undefined, entity: string | undefined) => character ?? entities[entity ?? ''] ?? '',
	);
	const unmarked = (words: string): string => words.replace(/^\s*(?:[-*+]|\d{1,4}[.)]|#{1,6})\s+/, '');
	const unlabelled = (words: string): string => words.replace(/^\s*(?:\*\*|__)?[^\n:]{1,40}:(?:\*\*|__)?\s*/, '');
	const all = [text, shown].flatMap((words) => [
		words,
		unmarked(words),
		unlabelled(words),
		unlabelled(unmarked(words)),
	]);
	return [...new Set(all.map((words) => words.trim()))].filter((words) => words !== '');
}

function scan(source: string): { lines: Line[]; stretches: Stretch[] } {
	const lines: Line[] = [];
	const stretches: Stretch[] = [];
	let fence: { readonly mark: string; readonly indent: number; readonly from: number } | undefined;
	let paragraph = -1;
	let joined = false;
	const endParagraph = (to: number): void => {
		if (paragraph >= 0) {
			stretches.push({ from: paragraph, to, kind: 'paragraph', joined });
			joined = true;
		}
		paragraph = -1;
	};
	for (let start = 0; start <= source.length;) {
		const feed = source.indexOf('\n', start);
		const next = feed < 0 ? source.length + 1 : feed + 1;
		const end = feed < 0 ? source.length : feed > start && source.charCodeAt(feed - 1) === 13 ? feed - 1 : feed;
		const number = lines.length;
		const quoted = /^(?: {0,3}> ?)*/.exec(source.slice(start, Math.min(end, start + 60)))?.[0].length ?? 0;
		const words = source.slice(start + quoted, end);
		const opening = /^(\s*)(`{3,}|~{3,})([^`]*)$/.exec(words);
		if (fence) {
			const closes =
				opening !== null && (opening[2] ?? '').startsWith(fence.mark) && (opening[3] ?? '').trim() === '';
			const indent = Math.min(fence.indent, words.length - words.trimStart().length);
			lines.push({ start, content: start + quoted + (closes ? 0 : indent), end, fenced: true });
			if (closes) {
				stretches.push({ from: fence.from, to: number, kind: 'fence', joined: false });
				fence = undefined;
			}
		} else {
			const isHeading = /^ {0,3}#{1,6}(?:\s|$)/.test(words);
			lines.push({ start, content: start + quoted, end, fenced: opening !== null });
			const isBreak = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,}|=+ *)$/.test(words);
			if (opening || isHeading || isBreak || words.trim() === '') {
				endParagraph(number);
				joined &&= words.trim() === '';
				if (opening) {
					fence = { mark: opening[2] ?? '', indent: (opening[1] ?? '').length, from: number + 1 };
				} else if (isHeading) {
					stretches.push({ from: number, to: number + 1, kind: 'heading', joined: false });
				}
			} else if (paragraph < 0) {
				paragraph = number;
			}
		}
		start = next;
	}
	endParagraph(lines.length);
	if (fence) {
		// One that is still being typed.
		stretches.push({ from: fence.from, to: lines.length, kind: 'fence', joined: false });
	}
	return { lines, stretches: stretches.filter(({ from, to }) => to > from) };
}
