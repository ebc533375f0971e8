import type { ItemContent } from './curation.ts';

/** The same edit for other items: literal text for literal text. */
export interface Repair {
	readonly find: string;
	readonly replace: string;
}

/** Shorter passages occur everywhere, so surrounding words are included up to this length. */
const leastFound = 4;
const longestFound = 400;

/**
 * A person's edit as a repair for other items: question and solutions changed in one place each, in the same way. Whole
 * words, at least four characters to find; `null` if the edit changed more than that, or nothing.
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

/** The content with the repair applied wherever it matches; earlier grades no longer apply. */
export function repaired({ question, solutions }: ItemContent, { find, replace }: Repair): ItemContent {
	const mend = (text: string): string => text.split(find).join(replace);
	return { question: mend(question), solutions: solutions.map(mend) };
}

/** The only stretch in which two texts differ, extended to word ends and to a findable length. */
function changeOf(left: string, right: string): Repair | null {
	const shorter = Math.min(left.length, right.length);
	let start = 0;
	while (start < shorter && left[start] === right[start]) {
		start += 1;
	}
	// Ends are counted from the back, since the texts differ in length.
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
