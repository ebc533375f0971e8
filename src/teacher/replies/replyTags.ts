import { spokenPart } from '../../core/text/answerMarks.ts';

/** One set of the teacher's tags, as a map from tag name (lower case) to content. */
export type TagSet = ReadonlyMap<string, string>;

interface Token {
	readonly name: string;
	readonly closing: boolean;
	readonly start: number;
	readonly end: number;
}

/** Returns the reply without code fences and without its thoughts. An unclosed thought never reached an answer. */
export function visibleReply(text: string): string {
	const { start, end } = spokenPart(text);
	return text
		.slice(start, end)
		.replace(/^[ \t]{0,8}(?:```|~~~)[\w-]{0,20}[ \t]{0,8}$/gm, '')
		.trim();
}

/** Returns what the teacher said outside of its thoughts, with the fences of its blocks of code. */
export function wholeReply(text: string): string {
	const { start, end } = spokenPart(text);
	const spoken = text.slice(start, end).trim();
	const [open, close] = ['<solution>', '</solution>'];
	return spoken.startsWith(open) && spoken.endsWith(close) ? spoken.slice(open.length, -close.length).trim() : spoken;
}

/**
 * Returns the tag sets of a reply, in order. A set ends where one of its tags recurs, so an echo of the requested form
 * and the actual answer are two sets. Tolerates any case, white space in tags, missing closing tags, Markdown emphasis
 * around tags, and tags quoted inside another tag's text, which count as text. Without any tags, `Judge: …` lines
 * count. Takes linear time in the reply's length, whatever it contains.
 */
export function tagSets(reply: string, names: readonly string[]): TagSet[] {
	const text = visibleReply(reply);
	const tokens = tokensOf(text, names);
	const sets: TagSet[] = [];
	let current = new Map<string, string>();
	for (let index = 0; index < tokens.length;) {
		const token = tokens[index];
		if (!token || token.closing) {
			index++;
			continue;
		}
		const end = endOf(tokens, index);
		const endToken = tokens[end];
		const content = withoutEmphasis(text.slice(token.end, endToken?.start));
		const closed = endToken?.closing === true;
		index = closed ? end + 1 : end;
		// `<judge>incorrect<judge>`: the second tag was meant to close the first and is empty.
		if (content === '' && !closed) {
			continue;
		}
		if (current.has(token.name)) {
			sets.push(current);
			current = new Map();
		}
		current.set(token.name, content);
	}
	sets.push(current);
	return sets.filter((set) => set.size > 0);
}

/**
 * Returns the index of the token that ends the element opened at `start`: its closing tag or, if the same tag opens
 * again first, the next opening tag.
 */
function endOf(tokens: readonly Token[], start: number): number {
	const name = tokens[start]?.name;
	for (let index = start + 1; index < tokens.length; index++) {
		const token = tokens[index];
		if (token?.name === name) {
			if (token?.closing) {
				return index;
			}
			break;
		}
	}
	for (let index = start + 1; index < tokens.length; index++) {
		if (!tokens[index]?.closing) {
			return index;
		}
	}
	return tokens.length;
}

function tokensOf(text: string, names: readonly string[]): Token[] {
	const alternatives = names.join('|');
	const tokens = matches(text, new RegExp(`<\\s{0,3}(/?)\\s{0,3}(${alternatives})s?\\s{0,3}>`, 'gi'));
	return tokens.some((token) => !token.closing)
		? tokens
		: matches(text, new RegExp(`^[ \\t>*_#-]{0,8}()(${alternatives})s?[*_ ]{0,4}:`, 'gim'));
}

function matches(text: string, pattern: RegExp): Token[] {
	return [...text.matchAll(pattern)].map((match) => ({
		name: (match[2] ?? '').toLowerCase(),
		closing: match[1] === '/',
		start: match.index,
		end: match.index + match[0].length,
	}));
}

function withoutEmphasis(content: string): string {
	return content
		.trim()
		.replace(/^(?:\*\*|__|`){1,4}/, '')
		.replace(/(?:\*\*|__|`){1,4}$/, '')
		.trim();
}
