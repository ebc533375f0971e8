import { TextMap } from './textMap.ts';

/**
 * A stretch of Markdown that may be a question or an answer: a paragraph, the content of a fence, or the text of a
 * heading.
 */
export interface Stretch {
	/** Its lines, as [from, to). */
	readonly from: number;
	readonly to: number;
	readonly kind: 'paragraph' | 'fence' | 'heading';
	/** Whether it follows the previous stretch with no heading, fence or rule in between. */
	readonly joined: boolean;
}

interface Line {
	readonly start: number;
	/** Where its content begins, after any `>` and a fence's indentation. */
	readonly content: number;
	readonly end: number;
	readonly fenced: boolean;
}

/** CommonMark's backslash escapes, and the entities that people write by hand. */
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

/** Splits a Markdown text into lines and stretches in one pass; offsets refer to the source. */
export class MarkdownText {
	readonly stretches: readonly Stretch[];
	private readonly lines: readonly Line[];

	constructor(private readonly source: string) {
		({ lines: this.lines, stretches: this.stretches } = scan(source));
	}

	/** Returns the stretches whose lines touch [from, to). */
	within(from: number, to: number): Stretch[] {
		return this.stretches.filter((stretch) => stretch.from < to && stretch.to > from);
	}

	/** Returns the start of a line; for a line past the last one, the end of the text. */
	offset(line: number): number {
		return this.lines[line]?.start ?? this.source.length;
	}

	/**
	 * Returns the content of lines [from, to), joined by `eol`, without `>` and a fence's indentation. With
	 * `unescaped`, `\*` becomes `*` and `&lt;` becomes `<` outside fences, as Markdown renders them; otherwise they
	 * stay as written.
	 */
	view(
		from: number,
		to: number,
		{ unescaped = false, eol = '\n' }: { readonly unescaped?: boolean; readonly eol?: string } = {},
	): TextMap {
		const pieces: (readonly [number, number, string])[] = [];
		const lines = this.lines.slice(from, to);
		for (const [index, { content, end, fenced }] of lines.entries()) {
			const line = this.source.slice(content, end);
			let at = 0;
			for (const match of unescaped && !fenced ? line.matchAll(escapes) : []) {
				pieces.push(
					[content + at, content + match.index, line.slice(at, match.index)],
					[
						content + match.index,
						content + match.index + match[0].length,
						match[1] ?? entities[match[2] ?? ''] ?? '',
					],
				);
				at = match.index + match[0].length;
			}
			pieces.push([content + at, end, line.slice(at)]);
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
 * Returns the ways to read a stretch as a question: as written and as rendered, without a list or heading marker and
 * without a label ("**Question 3:** …").
 */
export function readings(text: string): string[] {
	const shown = text.replace(
		escapes,
		(_, character: string | undefined, entity: string | undefined) => character ?? entities[entity ?? ''] ?? '',
	);
	const unmarked = (value: string): string => value.replace(/^\s*(?:[-*+]|\d{1,4}[.)]|#{1,6})\s+/, '');
	const unlabelled = (value: string): string => value.replace(/^\s*(?:\*\*|__)?[^\n:]{1,40}:(?:\*\*|__)?\s*/, '');
	const all = [text, shown].flatMap((value) => [
		value,
		unmarked(value),
		unlabelled(value),
		unlabelled(unmarked(value)),
	]);
	return [...new Set(all.map((reading) => reading.trim()))].filter((reading) => reading !== '');
}

/** Returns where a line's text ends: before its line feed, and before the carriage return if there is one. */
function endOfLine(source: string, start: number, feed: number): number {
	if (feed < 0) {
		return source.length;
	}
	return feed > start && source.charCodeAt(feed - 1) === 13 ? feed - 1 : feed;
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
		const end = endOfLine(source, start, feed);
		const number = lines.length;
		const quoted = /^(?: {0,3}> ?)*/.exec(source.slice(start, Math.min(end, start + 60)))?.[0].length ?? 0;
		const body = source.slice(start + quoted, end);
		const opening = /^(\s*)(`{3,}|~{3,})([^`]*)$/.exec(body);
		if (fence) {
			const closes =
				opening !== null && (opening[2] ?? '').startsWith(fence.mark) && (opening[3] ?? '').trim() === '';
			const indent = Math.min(fence.indent, body.length - body.trimStart().length);
			lines.push({ start, content: start + quoted + (closes ? 0 : indent), end, fenced: true });
			if (closes) {
				stretches.push({ from: fence.from, to: number, kind: 'fence', joined: false });
				fence = undefined;
			}
		} else {
			const isHeading = /^ {0,3}#{1,6}(?:\s|$)/.test(body);
			lines.push({ start, content: start + quoted, end, fenced: opening !== null });
			const isBreak = /^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,}|=+ *)$/.test(body);
			if (opening || isHeading || isBreak || body.trim() === '') {
				endParagraph(number);
				joined &&= body.trim() === '';
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
		// This fence has no closing line yet, because someone is still typing it.
		stretches.push({ from: fence.from, to: lines.length, kind: 'fence', joined: false });
	}
	return { lines, stretches: stretches.filter(({ from, to }) => to > from) };
}
