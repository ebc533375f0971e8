import type { ItemContent } from './curation.ts';

/** An edit that can be applied to other items: replaces one literal string with another. */
export interface Repair {
	readonly find: string;
	readonly replace: string;
}

/**
 * Minimum length of the string to find. Shorter strings occur everywhere, so surrounding words are included up to this
 * length.
 */
const leastFound = 4;
const longestFound = 400;

/**
 * Turns a reviewer's edit into a repair for other items. The question and the solutions must each have changed in one
 * place and in the same way. The repair covers whole words, with at least four characters to find. Returns `null` if
 * the edit changed more than that, or nothing.
 */
export function repairOf(before: ItemContent, after: ItemContent): Repair | null {
	const pairs =
		before.solutions.length === after.solutions.length
			? [
					[before.question, after.question] as const,
					...before.solutions.map((text, index) => [text, after.solutions[index] ?? ''] as const),
				]
			: [];
	const repairs = pairs.filter(([left, right]) => left !== right).map(([left, right]) => changeOf(left, right));
	const [first] = repairs;
	return first &&
		repairs.every((repair) => repair?.find === first.find && repair.replace === first.replace) &&
		first.find.length <= longestFound
		? first
		: null;
}

/** Returns the content with the repair applied wherever it matches. Earlier grades no longer apply to it. */
export function repaired({ question, solutions }: ItemContent, { find, replace }: Repair): ItemContent {
	const mend = (text: string): string => text.split(find).join(replace);
	return { question: mend(question), solutions: solutions.map(mend) };
}

/**
 * Returns the single span in which two strings differ, extended to word boundaries and to the minimum length to find.
 */
function changeOf(left: string, right: string): Repair | null {
	const shorter = Math.min(left.length, right.length);
	let start = 0;
	while (start < shorter && left[start] === right[start]) {
		start += 1;
	}
	// End offsets are counted from the back because the strings differ in length.
	let end = 0;
	while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) {
		end += 1;
	}
	const isWordCharacter = (character: string | undefined): boolean =>
		character !== undefined && /[\p{L}\p{N}_\\]/u.test(character);
	const toWordEnds = (): void => {
		while (
			start > 0 &&
			isWordCharacter(left[start - 1]) &&
			(isWordCharacter(left[start]) || isWordCharacter(right[start]))
		) {
			start -= 1;
		}
		while (
			end > 0 &&
			isWordCharacter(left.at(-end)) &&
			(isWordCharacter(left.at(-1 - end)) || isWordCharacter(right.at(-1 - end)))
		) {
			end -= 1;
		}
	};
	toWordEnds();
	while (left.length - end - start < leastFound && (start > 0 || end > 0)) {
		start = Math.max(0, start - 1);
		end = Math.max(0, end - 1);
		toWordEnds();
	}
	const find = left.slice(start, left.length - end);
	return find === '' ? null : { find, replace: right.slice(start, right.length - end) };
}
