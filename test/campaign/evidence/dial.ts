// The arithmetic of this world: a dial from 00 to 99 with a stop at either end, and operations on the number that it
// shows. The skill that a step needs depends on the number at that moment, so most skills cannot be seen in the
// question, only in the working.
import type { Random } from '../../../src/core/stats/random.ts';

/** Skills that are frequent in the training questions. */
export const frequentSkills = [
	'adding',
	'taking',
	'adding_tens',
	'taking_tens',
	'doubling',
	'halving',
	'rounding_down',
	'gap_of_digits',
	'sum_of_digits',
	'swapping_digits',
	'flipping',
	'solving_for_x',
	'multiplying',
] as const;
/**
 * The skills with a planted gap: as easy as the others, but rare in the training questions. In a question, all of them
 * but the last look like one of the frequent skills.
 */
export const rareSkills = [
	'stopping_at_99',
	'stopping_at_00',
	'tens_stopping_at_99',
	'tens_stopping_at_00',
	'doubling_with_a_carry',
	'halving_odd_tens',
	'rounding_up',
	'gap_turned',
	'sum_over_nine',
	'copying_the_tens',
] as const;
export const allSkills = [...frequentSkills, ...rareSkills] as const;
export type DialSkill = (typeof allSkills)[number];

export const isRare = (skill: DialSkill): boolean => (rareSkills as readonly DialSkill[]).includes(skill);

/** One operation on the dial. `by`: its operand, or 0 if it has none. */
export interface Move {
	readonly name: 'add' | 'take' | 'double' | 'halve' | 'round' | 'gap' | 'sum' | 'swap' | 'flip' | 'times' | 'copy';
	readonly by: number;
}

/** What the dial shows at first: a number, or x in an equation x + plus = total. */
export interface Start {
	readonly value: number;
	readonly plus: number | null;
}

const tens = (value: number): number => Math.floor(value / 10);
const units = (value: number): number => value % 10;
const stopped = (value: number): number => Math.min(99, Math.max(0, value));

/**
 * Returns the number after a move, and the skill that the move needs, or `null` if the move is impossible with that
 * number.
 */
export function apply({ name, by }: Move, value: number): { readonly value: number; readonly skill: DialSkill } | null {
	const [t, u] = [tens(value), units(value)];
	const to = (result: number, skill: DialSkill) => ({ value: stopped(result), skill });
	switch (name) {
		case 'add':
			if (by % 10 === 0) {
				return to(value + by, value + by > 99 ? 'tens_stopping_at_99' : 'adding_tens');
			}
			if (value + by > 99) {
				return to(99, 'stopping_at_99');
			}
			return u + by > 9 ? null : to(value + by, 'adding');
		case 'take':
			if (by % 10 === 0) {
				return to(value - by, value < by ? 'tens_stopping_at_00' : 'taking_tens');
			}
			if (value < by) {
				return to(0, 'stopping_at_00');
			}
			return u < by ? null : to(value - by, 'taking');
		case 'double':
			return value > 49 ? null : to(2 * value, u > 4 ? 'doubling_with_a_carry' : 'doubling');
		case 'halve':
			return u % 2 === 1 ? null : to(value / 2, t % 2 === 1 ? 'halving_odd_tens' : 'halving');
		case 'round':
			if (value > 94 || u === 0) {
				return null;
			}
			return u > 4 ? to(10 * t + 10, 'rounding_up') : to(10 * t, 'rounding_down');
		case 'gap':
			return to(Math.abs(t - u), t < u ? 'gap_turned' : 'gap_of_digits');
		case 'sum':
			return to(t + u, t + u > 9 ? 'sum_over_nine' : 'sum_of_digits');
		case 'swap':
			return to(10 * u + t, 'swapping_digits');
		case 'flip':
			return to(99 - value, 'flipping');
		case 'times':
			return to((by * value) % 100, 'multiplying');
		case 'copy':
			return to(11 * t, 'copying_the_tens');
	}
}

const ones = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Allows a thousand products in one step, more than this student can memorise. */
const multipliers = Array.from({ length: 27 }, (_, n) => n + 13).filter((by) => by % 10 !== 0);
const moves: Readonly<Record<Exclude<DialSkill, 'solving_for_x'>, readonly Move[]>> = {
	adding: ones.map((by) => ({ name: 'add', by })),
	stopping_at_99: ones.map((by) => ({ name: 'add', by })),
	taking: ones.map((by) => ({ name: 'take', by })),
	stopping_at_00: ones.map((by) => ({ name: 'take', by })),
	adding_tens: ones.map((n) => ({ name: 'add', by: 10 * n })),
	tens_stopping_at_99: ones.map((n) => ({ name: 'add', by: 10 * n })),
	taking_tens: ones.map((n) => ({ name: 'take', by: 10 * n })),
	tens_stopping_at_00: ones.map((n) => ({ name: 'take', by: 10 * n })),
	doubling: [{ name: 'double', by: 0 }],
	doubling_with_a_carry: [{ name: 'double', by: 0 }],
	halving: [{ name: 'halve', by: 0 }],
	halving_odd_tens: [{ name: 'halve', by: 0 }],
	rounding_down: [{ name: 'round', by: 0 }],
	rounding_up: [{ name: 'round', by: 0 }],
	gap_of_digits: [{ name: 'gap', by: 0 }],
	gap_turned: [{ name: 'gap', by: 0 }],
	sum_of_digits: [{ name: 'sum', by: 0 }],
	sum_over_nine: [{ name: 'sum', by: 0 }],
	swapping_digits: [{ name: 'swap', by: 0 }],
	flipping: [{ name: 'flip', by: 0 }],
	multiplying: multipliers.map((by) => ({ name: 'times', by })),
	copying_the_tens: [{ name: 'copy', by: 0 }],
};

/** Returns a move that needs the skill when the dial shows `value`, or `null` if there is none. */
export function moveFor(skill: DialSkill, value: number, random: Random): Move | null {
	const fitting = skill === 'solving_for_x' ? [] : moves[skill].filter((move) => apply(move, value)?.skill === skill);
	return fitting[random.int(Math.max(1, fitting.length))] ?? null;
}

/** Returns the number as the dial shows it, with two digits. */
export const shown = (value: number): string => String(value).padStart(2, '0');

/** Returns a move in the words of a question. */
export function told({ name, by }: Move): string {
	switch (name) {
		case 'add':
		case 'take':
			return `${name} ${by}`;
		case 'times':
			return `${name} ${by}`;
		default:
			return name;
	}
}

/** Returns a move in the words of a step. */
export function written(move: Move, before: number, after: number): string {
	switch (move.name) {
		case 'add':
			return `${shown(before)} + ${move.by} = ${shown(after)}`;
		case 'take':
			return `${shown(before)} - ${move.by} = ${shown(after)}`;
		case 'times':
			return `${shown(before)} * ${move.by} = ${shown(after)}`;
		default:
			return `${move.name} ${shown(before)} = ${shown(after)}`;
	}
}

/** Returns the text of a question: what the dial shows and the operations on it. */
export function questionText({ value, plus }: Start, chain: readonly Move[]): string {
	const start = plus === null ? shown(value) : `x and x + ${plus} = ${shown(value + plus)}`;
	return `The dial shows ${start}${chain.map((move) => `, then ${told(move)}`).join('')}.`;
}

/** Returns the question behind a text, or `null` if the text does not belong to this world. */
export function readQuestion(text: string): { readonly start: Start; readonly chain: readonly Move[] } | null {
	const [, first = '', rest = ''] = /^The dial shows ([^,]+?)((?:, then [^,]+)*)\.$/.exec(text.trim()) ?? [];
	const start = readStart(first);
	const chain = rest.split(', then ').slice(1).map(readMove);
	return start === null || start.value < 0 || chain.length === 0 || chain.some((move) => move === null)
		? null
		: { start, chain: chain as Move[] };
}

function readStart(text: string): Start | null {
	const equation = /^x and x \+ (\d+) = (\d+)$/.exec(text);
	if (equation) {
		return { value: Number(equation[2]) - Number(equation[1]), plus: Number(equation[1]) };
	}
	return /^\d\d$/.test(text) ? { value: Number(text), plus: null } : null;
}

function readMove(text: string): Move | null {
	const [, name = '', by = ''] =
		/^(add|take|double|halve|round|gap|sum|swap|flip|copy|times)(?: (\d+))?$/.exec(text) ?? [];
	return name === '' ? null : { name: name as Move['name'], by: Number(by) };
}

export interface WorkedStep {
	readonly text: string;
	readonly skill: DialSkill;
}

/** Returns the working of a question, one entry per step, or `null` if a move is impossible with its number. */
export function work(
	{ value, plus }: Start,
	chain: readonly Move[],
): { readonly steps: readonly WorkedStep[]; readonly result: number } | null {
	const steps: WorkedStep[] =
		plus === null
			? []
			: [{ text: `x = ${shown(value + plus)} - ${plus} = ${shown(value)}`, skill: 'solving_for_x' }];
	let now = value;
	for (const move of chain) {
		const after = apply(move, now);
		if (after === null) {
			return null;
		}
		steps.push({ text: written(move, now, after.value), skill: after.skill });
		now = after.value;
	}
	return { steps, result: now };
}

const phrasings = ['', 'Next, ', 'Then ', 'We get '] as const;

/** Returns a worked solution in the words of the training data (phrasing 0) or of a teacher (1 to 3). */
export function solutionText(steps: readonly WorkedStep[], result: number, phrasing = 0): string {
	return (
		`${steps.map(({ text }) => `${phrasings[phrasing % phrasings.length] ?? ''}${text}`).join('\n\n')}\n\nThe ` +
		`answer is \\boxed{${shown(result)}}`
	);
}

/**
 * Returns the first wrong step of a written answer, 0-based, and the skill that it needs, or `null` if all steps are
 * right.
 */
export function firstWrong(
	question: string,
	answer: readonly string[],
): { readonly step: number; readonly skill: DialSkill } | null {
	const read = readQuestion(question);
	const right = read && work(read.start, read.chain);
	if (!right) {
		return null;
	}
	const plain = answer.map((line) =>
		phrasings.reduce(
			(text: string, phrase) => (phrase !== '' && text.startsWith(phrase) ? text.slice(phrase.length) : text),
			line.trim(),
		),
	);
	for (const [index, { text, skill }] of right.steps.entries()) {
		if (plain[index] !== text) {
			return { step: Math.min(index, Math.max(0, answer.length - 1)), skill };
		}
	}
	const boxed = /\\boxed\{(\d+)\}/.exec(plain.at(-1) ?? '')?.[1];
	const last = right.steps.at(-1);
	if (boxed !== undefined && Number(boxed) === right.result) {
		return null;
	}
	return last ? { step: answer.length - 1, skill: last.skill } : null;
}
