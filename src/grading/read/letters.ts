import { functionNames, unitAbbreviations, wordConstants } from './vocabulary.ts';

type LetterToken =
	| { kind: 'letter'; name: string }
	| { kind: 'command'; name: string }
	| { kind: 'text'; text: string }
	| { kind: 'relation'; name: 'in' }
	| { kind: 'mark'; mark: string };

const shortWords = new Set([
	'odd',
	'even',
	'yes',
	'no',
	'all',
	'none',
	'not',
	'is',
	'of',
	'to',
	'the',
	'per',
	'are',
	'at',
	'any',
	'red',
	'one',
	'two',
	'six',
	'ten',
	'boy',
	'cat',
	'dog',
	'new',
	'cup',
	'day',
	'ways',
	'min',
	'max',
	'sec',
	'hrs',
	'mph',
	'cups',
	'men',
	'mon',
	'tue',
	'wed',
	'thu',
	'fri',
	'sat',
	'sun',
	'dna',
	'usd',
	'eur',
	'may',
	'end',
	'mod',
	'sq',
	'pct',
	'if',
	'an',
	'on',
	'by',
	'as',
	'or',
	'and',
]);

/** Whether the letters are in order: abc, xyz and pqrs are products of variables rather than words. */
function alphabetical(run: string): boolean {
	for (let i = 1; i < run.length; i++) {
		if ((run[i] as string) <= (run[i - 1] as string)) {
			return false;
		}
	}
	return true;
}

/** Length of the longest run of letters that may be a product of variables. */
const longestProduct = 6;

/**
 * Splits a run of bare letters into a function, a word, or adjacent variables. `ambiguous` means that it may be a
 * product or a word; `asProduct` reads it as a product.
 */
export function splitLetters(
	run: string,
	afterNumber: boolean,
	asProduct: boolean,
): { tokens: LetterToken[]; ambiguous: boolean } {
	const tokens = read(run, afterNumber);
	const first = tokens[0];
	const isWord = tokens.length === 1 && first?.kind === 'text' && !shortWords.has(run.toLowerCase());
	const isProduct = tokens.length > 2 && tokens.every((token) => token.kind === 'letter');
	const ambiguous = run.length <= longestProduct && (isWord || isProduct) && !(afterNumber && isUnit(run));
	return ambiguous && asProduct
		? { tokens: [...run].map((c) => ({ kind: 'letter', name: c })), ambiguous }
		: { tokens, ambiguous };
}

const isUnit = (run: string): boolean => unitAbbreviations.has(run.toLowerCase());

function read(run: string, afterNumber: boolean): LetterToken[] {
	const lower = run.toLowerCase();
	if (lower === 'or' || lower === 'and') {
		return [{ kind: 'mark', mark: lower }];
	}
	const constant = wordConstants.get(run) ?? wordConstants.get(lower);
	if (constant !== undefined) {
		return [{ kind: 'command', name: constant }];
	}
	if (functionNames.has(lower) && !(lower === 'sec' && afterNumber) && !(lower === 'min' && afterNumber)) {
		return [{ kind: 'command', name: lower }];
	}
	if (run.length === 1) {
		return [{ kind: 'letter', name: run }];
	}
	if (afterNumber && isUnit(run)) {
		return [{ kind: 'text', text: lower }];
	}
	if (shortWords.has(lower) || /^[A-Z]{2,}$/.test(run) || /^[A-Z][a-z]+$/.test(run)) {
		return /^[A-Z]{2,}$/.test(run) ? [{ kind: 'text', text: run }] : [{ kind: 'text', text: lower }];
	}
	for (const name of functionNames) {
		// Splits a function name followed by at most two letters, such as sinx or lnab.
		if (name.length >= 2 && lower.startsWith(name) && run.length - name.length <= 2) {
			return [
				{ kind: 'command', name },
				...[...run.slice(name.length)].map((c): LetterToken => ({ kind: 'letter', name: c })),
			];
		}
	}
	if (lower.endsWith('pi') && run.length <= 4) {
		return [...read(run.slice(0, -2), false), { kind: 'command', name: 'pi' }];
	}
	if (lower.startsWith('pi') && run.length <= 3) {
		return [{ kind: 'command', name: 'pi' }, ...read(run.slice(2), false)];
	}
	if (run.length <= 2 || (run.length <= 6 && alphabetical(run)) || (run.length === 3 && !/[aeiou]/.test(run))) {
		return [...run].map((c) => ({ kind: 'letter', name: c }));
	}
	return [{ kind: 'text', text: lower }];
}
