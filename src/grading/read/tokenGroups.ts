import type { Token } from './tokens.ts';

const openers = new Set(['(', '[', '{', '\\{', '⟨', '⌊', '⌈']);
const closers = new Set([')', ']', '}', '\\}', '⟩', '⌋', '⌉']);

export const isMark = (token: Token | undefined, mark: string): boolean =>
	token?.kind === 'mark' && token.mark === mark;
export const isCommand = (token: Token | undefined, name: string): boolean =>
	token?.kind === 'command' && token.name === name;
const opens = (token: Token): boolean => (token.kind === 'mark' && openers.has(token.mark)) || token.kind === 'begin';
const closes = (token: Token): boolean => (token.kind === 'mark' && closers.has(token.mark)) || token.kind === 'end';

function depthChange(token: Token): -1 | 0 | 1 {
	if (opens(token)) {
		return 1;
	}
	return closes(token) ? -1 : 0;
}

/**
 * Splits at tokens that satisfy the test and are outside all brackets. Any closing bracket ends any opening one: [0,
 * 1).
 */
export function splitAt(tokens: readonly Token[], test: (token: Token) => boolean): Token[][] {
	const parts: Token[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		depth += depthChange(token);
		if (depth === 0 && test(token)) {
			parts.push([]);
		} else {
			(parts.at(-1) as Token[]).push(token);
		}
	}
	return parts;
}

/** Returns the index of the token that closes the bracket at `start`, or −1. */
export function groupEnd(tokens: readonly Token[], start: number): number {
	let depth = 0;
	for (let i = start; i < tokens.length; i++) {
		const token = tokens[i] as Token;
		depth += depthChange(token);
		if (depth === 0) {
			return opens(tokens[start] as Token) ? i : -1;
		}
	}
	return -1;
}

/** Returns the tokens without full stops, commas and quotes at either end. */
export function trimTokens(tokens: readonly Token[]): readonly Token[] {
	let start = 0;
	let end = tokens.length;
	const loose = (token: Token | undefined): boolean =>
		token?.kind === 'mark' && ['.', ',', ';', '"', ':', '?', '\\\\', '&', '#'].includes(token.mark);
	while (start < end && loose(tokens[start])) {
		start++;
	}
	while (end > start && loose(tokens[end - 1])) {
		end--;
	}
	return tokens.slice(start, end);
}
