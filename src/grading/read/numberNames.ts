import { startsWith } from '../../core/text/patterns.ts';

const numbers = new Map(
	[
		'zero',
		'one',
		'two',
		'three',
		'four',
		'five',
		'six',
		'seven',
		'eight',
		'nine',
		'ten',
		'eleven',
		'twelve',
		'thirteen',
		'fourteen',
		'fifteen',
		'sixteen',
		'seventeen',
		'eighteen',
		'nineteen',
	].map((word, n): [string, number] => [word, n]),
);
const tens = new Map(
	['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map((word, n): [string, number] => [
		word,
		20 + 10 * n,
	]),
);

/** Reads "four", "twenty-one" or "one hundred"; undefined for anything else. */
export function numberWord(words: readonly string[]): number | undefined {
	let total = 0;
	let seen = false;
	for (const word of words.flatMap((part) => part.split('-'))) {
		const value = numbers.get(word) ?? tens.get(word);
		if (value !== undefined) {
			total += value;
		} else if (word === 'hundred' && total > 0 && total < 10) {
			total *= 100;
		} else if (word === 'thousand' && total > 0 && total < 1000) {
			total *= 1000;
		} else if (!(word === 'and' && seen)) {
			return undefined;
		}
		seen = true;
	}
	return seen ? total : undefined;
}

const numberish = startsWith([
	/(?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?)$/,
	/(?:dozens?|score|hundreds?|thousands?|millions?|billions?|percent|point|infinity|infinite|pi)$/,
	/(?:minus|negative|plus|times|over|squared|cubed|root|twice|double|past|o'clock|noon|midnight)$/,
]);

/** Whether a word may be part of a number, so that an answer in words may equal a number. */
export function meansNumber(word: string): boolean {
	return word.split('-').some((part) => numbers.has(part) || tens.has(part) || numberish.test(part));
}

const fillers = new Set([
	'the',
	'a',
	'an',
	'is',
	'are',
	'answer',
	'it',
	'its',
	'of',
	'in',
	'on',
	'at',
	'to',
	'by',
	'that',
	'this',
	'there',
	'final',
	'and',
	'shape',
	'graph',
	'function',
	'number',
	'choice',
	'option',
	'statement',
	'day',
	'month',
	'color',
	'only',
	'therefore',
	'so',
]);
const same = new Map<string, string>([
	['grey', 'gray'],
	['jan', 'january'],
	['feb', 'february'],
	['mar', 'march'],
	['apr', 'april'],
	['jun', 'june'],
	['jul', 'july'],
	['aug', 'august'],
	['sept', 'september'],
	['sep', 'september'],
	['oct', 'october'],
	['nov', 'november'],
	['dec', 'december'],
	['mon', 'monday'],
	['tue', 'tuesday'],
	['tues', 'tuesday'],
	['wed', 'wednesday'],
	['thu', 'thursday'],
	['thurs', 'thursday'],
	['fri', 'friday'],
	['sat', 'saturday'],
	['sun', 'sunday'],
]);

/** Returns lower-case words without punctuation; numbers lose their ordinal endings (20th → 20). */
export function wordsOf(text: string): string[] {
	return (
		text
			.toLowerCase()
			.replace(/(\d)(?:st|nd|rd|th)\b/g, '$1')
			.replace(/(\d)(?=[a-z])|([a-z])(?=\d)/g, '$1$2 ')
			.match(/[a-z]+(?:-[a-z]+)*|\d+|[^\sa-z\d.,;:!?'"()[\]{}\\$^_*-]/g) ?? []
	).map((word) => same.get(word) ?? word);
}

/** Whether two answers in words are the same; null if they share only some words. */
export function sameWords(a: readonly string[], b: readonly string[]): boolean | null {
	if (a.join(' ') === b.join(' ')) {
		return true;
	}
	const left = a.filter((word) => !fillers.has(word));
	const right = b.filter((word) => !fillers.has(word));
	if (left.length === 0 || right.length === 0) {
		return a.length > 0 && b.length > 0 && left.length + right.length > 0 ? false : null;
	}
	if (left.join('').replace(/-/g, '') === right.join('').replace(/-/g, '')) {
		return true;
	}
	const digits = (words: readonly string[]): string => words.filter((word) => /\d/.test(word)).join(' ');
	if (digits(left) !== '' && digits(right) !== '' && digits(left) !== digits(right)) {
		return false;
	}
	if (left.includes('not') !== right.includes('not') || left.includes('no') !== right.includes('no')) {
		return false;
	}
	const shared = left.filter((word) => right.includes(word)).length;
	return shared === 0 || (left.length === right.length && left.length <= 2 && shared === 0) ? false : null;
}

const emptyNames =
	/^(?:empty|empty set|the empty set|no solutions?|no real solutions?|none|null set|there (?:is|are) no solutions?|no values?|does not exist|dne)$/;
const realNames =
	/^(?:all real numbers|all reals|all real|the real numbers|real numbers|reals|any real number|all real values)$/;

/** Returns the set that words name: "no solution" is the empty set, "all real numbers" the whole line. */
export function namedSet(words: readonly string[]): 'empty' | 'real' | undefined {
	const text = words.join(' ');
	if (emptyNames.test(text)) {
		return 'empty';
	}
	return realNames.test(text) ? 'real' : undefined;
}
