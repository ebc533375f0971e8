import { startsWith } from '../../core/text/patterns.ts';
import { groupEnd, isMark, splitAt } from './tokenGroups.ts';
import type { Token } from './tokens.ts';

/** An answer without the words around it. */
export interface Core {
	readonly tokens: readonly Token[];
	/** The condition under which the answer holds, as text: "for all x", "x > 0". */
	readonly condition?: string;
	/** What was omitted, if that might matter. */
	readonly doubts: readonly string[];
}

const conditions = startsWith([
	/for (?:all|any|every|each|some|integers?|real|natural|positive|nonzero|non-zero)\b|for$/,
	/where\b|when\b|whenever\b|if\b|such that\b|with$|with (?:equality|domain)\b|provided\b|given\b|assuming\b/,
	/on the (?:domain|interval)\b|and permutations\b|up to\b|mod(?:ulo)?\b/,
]);
const explanations =
	/^(?:since|because|as (?:it|we|the|required|desired)|so|hence|thus|therefore|which|but|not|rather|instead|by|from)\b/;
const remarks =
	/^(?:since|because|as|where|note|about|approximately|approx|roughly|nearest|rounded|or about|see|using|by|from)\b/;

/**
 * Removes what students write around an answer: a remark in brackets after it, a condition, an explanation, and
 * whatever comes before "⟹". Answers that consist only of words are unchanged.
 */
export function withoutSurroundings(all: readonly Token[]): Core {
	let tokens = all;
	const doubts: string[] = [];
	let condition: string | undefined;
	const implied = splitAt(tokens, isImplication);
	const last = implied.at(-1);
	if (implied.length > 1 && last !== undefined && last.length > 0) {
		tokens = last;
		doubts.push('a step before the answer');
	}
	if (!tokens.some((token) => token.kind === 'text') && !tokens.some(isQuantifier)) {
		return { tokens, doubts };
	}
	if (isQuantifier(tokens[0])) {
		const parts = splitAt(tokens, (token) => isMark(token, ',') || isMark(token, ':'));
		if (parts.length > 1) {
			condition = textOfAll(parts[0] as readonly Token[]);
			tokens = tokens.slice((parts[0] as readonly Token[]).length + 1);
		}
	}
	let depth = 0;
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at] as Token;
		if (
			isMark(token, '(') &&
			at > 0 &&
			groupEnd(tokens, at) === lastOf(tokens) &&
			remarks.test(phraseAt(tokens, at + 1))
		) {
			tokens = tokens.slice(0, at);
			break;
		}
		depth += depthChange(token);
		if (depth !== 0 || at === 0 || !tokens.slice(0, at).some(isMathematics)) {
			continue;
		}
		const phrase = token.kind === 'text' ? phraseAt(tokens, at) : '';
		if (isQuantifier(token) || conditions.test(phrase)) {
			condition = textOfAll(tokens.slice(at));
			tokens = tokens.slice(0, at);
			break;
		}
		if (explanations.test(phrase)) {
			doubts.push('words after the answer');
			tokens = tokens.slice(0, at);
			break;
		}
	}
	return { tokens, ...(condition === undefined ? {} : { condition }), doubts };
}

/** Returns what follows the last "is", "are" or "equals" outside brackets; undefined if there is none. */
export function afterCopula(tokens: readonly Token[]): readonly Token[] | undefined {
	let from: number | undefined;
	let depth = 0;
	tokens.forEach((token, at) => {
		depth += depthChange(token);
		if (depth === 0 && token.kind === 'text' && /(?:^| )(?:is|are|was|be|equals|equal to)$/.test(token.text)) {
			from = at + 1;
		}
	});
	return from === undefined || from >= tokens.length ? undefined : tokens.slice(from);
}

/** Separates a label before a formula ("Probability:") from what follows it. */
export function withoutLabel(tokens: readonly Token[]): { label: string; rest: readonly Token[] } | undefined {
	const colon = tokens.findIndex((token) => isMark(token, ':'));
	const label = tokens.slice(0, Math.max(0, colon));
	const rest = tokens.slice(colon + 1);
	return label.length > 0 &&
		label.every((token) => token.kind === 'text') &&
		textOfAll(label).length > 2 &&
		rest.some(isMathematics)
		? { label: textOfAll(label), rest }
		: undefined;
}

const isImplication = (token: Token): boolean =>
	token.kind === 'command' && (token.name === 'implies' || token.name === 'Rightarrow' || token.name === 'iff');
const isQuantifier = (token: Token | undefined): boolean =>
	token?.kind === 'command' && (token.name === 'forall' || token.name === 'exists');
const isMathematics = (token: Token): boolean =>
	token.kind === 'number' || token.kind === 'letter' || token.kind === 'command' || token.kind === 'begin';
const opens = (token: Token): boolean =>
	(token.kind === 'mark' && ['(', '[', '{', '\\{'].includes(token.mark)) || token.kind === 'begin';
const closes = (token: Token): boolean =>
	(token.kind === 'mark' && [')', ']', '}', '\\}'].includes(token.mark)) || token.kind === 'end';
function depthChange(token: Token): -1 | 0 | 1 {
	if (opens(token)) {
		return 1;
	}
	return closes(token) ? -1 : 0;
}
/** Returns the index of the last token that is not a full stop. */
const lastOf = (tokens: readonly Token[]): number => {
	let last = tokens.length - 1;
	while (last > 0 && isMark(tokens[last], '.')) {
		last--;
	}
	return last;
};

/** Returns the text that begins here: up to four consecutive text tokens, joined by spaces. */
function phraseAt(tokens: readonly Token[], at: number): string {
	const words: string[] = [];
	for (let token = tokens[at]; token?.kind === 'text' && words.length < 4; token = tokens[++at]) {
		words.push(token.text);
	}
	return words.join(' ');
}

function textOfAll(tokens: readonly Token[]): string {
	return tokens
		.map((token) => {
			switch (token.kind) {
				case 'text':
					return token.text;
				case 'number':
					return token.digits;
				case 'mark':
					return token.mark;
				default:
					return token.name;
			}
		})
		.join(' ')
		.trim();
}
