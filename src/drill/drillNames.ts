import type { Random } from '../core/stats/random.ts';
import { randomStream } from '../core/stats/random.ts';
import { normaliseSkillName } from '../core/skills/skill.ts';
import type { MicroSkill } from './microSkills.ts';
import { microSkills, rowOf, skillOfDifference, skillOfSum } from './microSkills.ts';

/**
 * Names that a teacher might give each micro-skill, one question at a time; two questions get the same name only by
 * chance.
 */
const phrasings: Readonly<Record<MicroSkill, readonly string[]>> = {
	carrying: ['addition_with_carrying', 'carrying_over', 'adding_with_regrouping'],
	borrowing: ['subtraction_with_borrowing', 'borrowing_from_a_column', 'subtracting_with_regrouping'],
	row_of_six: ['multiplying_by_six', 'six_times_table', 'multiples_of_six'],
	row_of_seven: ['multiplying_by_seven', 'seven_times_table', 'multiples_of_seven'],
	row_of_eight: ['multiplying_by_eight', 'eight_times_table', 'multiples_of_eight'],
	row_of_nine: ['multiplying_by_nine', 'nine_times_table', 'multiples_of_nine'],
	sign_of_a_difference: ['negative_differences', 'subtracting_a_larger_number', 'sign_of_differences'],
	adding_to_a_negative: ['adding_to_negative_numbers', 'addition_below_zero', 'signed_addition'],
	fraction_of_a_quantity: ['fractions_of_a_quantity', 'taking_a_fraction', 'fraction_multiplication'],
	percentage_of_a_quantity: ['percentages', 'percent_of_a_number', 'percentage_calculation'],
	sharing_equally: ['exact_division', 'dividing_into_equal_parts', 'division'],
	distributing_a_factor: ['distributive_law', 'expanding_brackets', 'distributing_factors'],
	moving_a_term: ['moving_terms_across', 'isolating_the_unknown', 'subtracting_from_both_sides'],
	dividing_by_a_coefficient: ['dividing_by_coefficients', 'undoing_a_coefficient', 'solving_ax_equals_b'],
	order_of_operations: ['operator_precedence', 'order_of_operation_rules', 'product_before_difference'],
	squaring: ['squares_of_numbers', 'squaring_numbers', 'second_powers'],
	product_of_signs: ['multiplying_negatives', 'rule_of_signs', 'product_of_negative_numbers'],
	rounding: ['rounding_to_tens', 'nearest_ten', 'rounding_numbers'],
};
/** Names that a superficial teacher gives. */
const general = ['reading_word_problems', 'multi_step_problems', 'keeping_track_of_a_value'];

const meanings = new Map<string, MicroSkill | 'general'>([
	...microSkills.flatMap((skill) =>
		[skill, ...phrasings[skill]].map((name) => [normaliseSkillName(name), skill] as const),
	),
	...general.map((name) => [name, 'general'] as const),
]);

/** Returns what a name means to a reader of English; `undefined` if the name is unknown here. */
export function meaningOf(name: string): MicroSkill | 'general' | undefined {
	return meanings.get(normaliseSkillName(name));
}

/**
 * Finds the skills needed for a question by solving it from its text alone. Returns `null` if the question does not
 * belong to this world.
 */
export function skillsOfText(question: string): MicroSkill[] | null {
	const skills = new Set<MicroSkill>();
	const take = (skill: MicroSkill | null): void => void (skill === null || skills.add(skill));
	let value: number | null = null;
	for (const sentence of question.split(/(?<=\$|ten|was|size)\.\s/)) {
		const next: number | null = value === null ? begin(sentence, take) : go(sentence, value, take);
		if (next === null) {
			return value === null ? null : [...skills];
		}
		value = next;
	}
	return [...skills];
}

type Take = (skill: MicroSkill | null) => void;

function begin(sentence: string, take: Take): number | null {
	const numbers = [...sentence.matchAll(/\d+/g)].map(Number);
	const [a = 0, b = 0, c = 0] = numbers;
	if (/the square of/.test(sentence)) {
		take('squaring');
		return a * a;
	}
	if (/the product of/.test(sentence)) {
		take('product_of_signs');
		return a * b;
	}
	if (/\(x \+ \d+\)/.test(sentence)) {
		['distributing_a_factor', 'moving_a_term', 'dividing_by_a_coefficient'].forEach((skill) =>
			take(skill as MicroSkill),
		);
		return c / a - b;
	}
	if (/x \+ \d+ =/.test(sentence)) {
		['moving_a_term', 'dividing_by_a_coefficient'].forEach((skill) => take(skill as MicroSkill));
		return (c - b) / a;
	}
	if (/x = /.test(sentence)) {
		take('dividing_by_a_coefficient');
		return b / a;
	}
	if (/\\cdot/.test(sentence)) {
		take('order_of_operations');
		return subtract(a, b * c, take);
	}
	return /starts at \$\d+\$/.test(sentence) ? a : null;
}

function go(sentence: string, value: number, take: Take): number | null {
	const [a = 0, b = 0] = [...sentence.matchAll(/\d+/g)].map(Number);
	if (/goes up by/.test(sentence)) {
		return add(value, a, take);
	}
	if (/goes down by/.test(sentence)) {
		return subtract(value, a, take);
	}
	if (/is multiplied by/.test(sentence)) {
		if (value < 12 || value > 999 || value % 10 === 0) {
			return value * a;
		}
		take(rowOf(a));
		return add(a * (value - (value % 10)), a * (value % 10), take);
	}
	if (/is cut to/.test(sentence)) {
		take('fraction_of_a_quantity');
		return (value * a) / b;
	}
	if (/shrinks to/.test(sentence)) {
		take('percentage_of_a_quantity');
		return (value * a) / 100;
	}
	if (/is divided by/.test(sentence)) {
		take('sharing_equally');
		return value / a;
	}
	if (/nearest ten/.test(sentence)) {
		if (value % 10 !== 0) {
			take('rounding');
		}
		return Math.round(value / 10) * 10;
	}
	return null;
}

function add(a: number, b: number, take: Take): number {
	take(skillOfSum(a, b));
	return a + b;
}

function subtract(a: number, b: number, take: Take): number {
	take(a < 0 ? null : skillOfDifference(a, b));
	return a - b;
}

export interface NamingOptions {
	/** Probabilities in [0, 1] that a name is random, and that a name is put in a random group. */
	readonly noise: number;
	readonly seed: number;
}

/** Returns the reply to "which skills does this take?" in the teacher's own words (stage 0). */
export function namesReply(question: string, { noise, seed }: NamingOptions): string {
	const random = randomStream(seed, 'names', question);
	const found: (MicroSkill | null)[] = skillsOfText(question) ?? [];
	const names = found.slice(0, 3).map((skill) => {
		const meant = skill === null || strikes(random, noise) ? oneOf(random, microSkills) : skill;
		return oneOf(random, phrasings[meant]);
	});
	// One question in five gets a superficial name, in addition to others or as its only name.
	const chosen = strikes(random, 0.2) || names.length === 0 ? [...names.slice(0, 2), oneOf(random, general)] : names;
	return `<skill>${chosen.join(', ')}</skill>\n<reason>The working takes them.</reason>`;
}

/** Returns the reply to "put these names in groups": groups of synonyms, each under its first name. */
export function groupsReply(names: readonly string[], { noise, seed }: NamingOptions): string {
	const random = randomStream(seed, 'groups', ...names);
	const groups = new Map<string, string[]>();
	for (const name of names) {
		const meaning = meaningOf(name) ?? name;
		const put = strikes(random, noise) ? oneOf(random, [...groups.keys(), meaning]) : meaning;
		groups.set(put, [...(groups.get(put) ?? []), name]);
	}
	return [...groups.values()]
		.map(
			(members) =>
				`<cluster><skill>${members[0] ?? ''}</skill><members>${members.join(', ')}</members></cluster>`,
		)
		.join('\n');
}

/** Returns the reply to "which of these skills does this take?". */
export function labelReply(question: string, listed: readonly string[], { noise, seed }: NamingOptions): string {
	const random = randomStream(seed, 'labels', question, ...listed);
	const found = skillsOfText(question) ?? [];
	const named = found.flatMap((skill) =>
		strikes(random, noise) ? [oneOf(random, listed)] : (listed.find((name) => meaningOf(name) === skill) ?? []),
	);
	const skills = named.length > 0 ? [...new Set(named)].join(', ') : 'none';
	return `<skill>${skills}</skill>\n<reason>They come up in the working.</reason>`;
}

function strikes(random: Random, chance: number): boolean {
	return random.int(1_000_000) < chance * 1_000_000;
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
	return choices[random.int(choices.length)] as T;
}
