import type { Formula, Side, Value } from './formula.ts';
import { readFormula } from './formula.ts';
import type { MicroSkill } from './microSkills.ts';
import { rowOf, skillOfDifference, skillOfSum } from './microSkills.ts';

export interface Finding {
	/** 0-based. */
	readonly step: number;
	/** The wrong formula, as written in the answer. */
	readonly formula: string;
	readonly why: string;
	/** The skill that such a formula needs; `null` if it has no name in this world. */
	readonly skill: MicroSkill | null;
}

/**
 * Results may be rounded to two decimals, so values at most 0.005 apart (plus a little for floating-point errors) count
 * as equal.
 */
const tolerance = 0.00501;

/**
 * Checks a written answer step by step against its question. Every number must come from the question, from an earlier
 * result or from the digits of one; both sides of every formula must be equal, and every equation must have the same
 * solution as the one before it. Returns the first error, or `null` if there is none.
 */
export function checkWorking(question: string, steps: readonly string[]): Finding | null {
	const known = new Known(question);
	let equation: { readonly solution: number; readonly side: Side } | null = null;
	for (const [step, text] of steps.entries()) {
		for (const [, latex = ''] of text.matchAll(/\$([^$]*)\$/g)) {
			const formula = readFormula(latex);
			if (!formula) {
				continue;
			}
			const fault = (why: string, skill: MicroSkill | null): Finding => ({
				step,
				formula: latex.trim(),
				why,
				skill,
			});
			const [left, right] = formula.sides as readonly [Side, Side];
			const hasX = formula.sides.some(({ value }) => value.slope !== 0);
			if (!hasX) {
				const stranger = known.stranger(left);
				if (stranger !== null) {
					return fault(`${stranger} is neither in the question nor a result so far`, skillOf(formula));
				}
				if (!holds(formula)) {
					return fault(
						`the two sides are not equal: the left one is ${shown(left.value.constant)}`,
						skillOf(formula),
					);
				}
				known.learn(formula);
			} else if (left.value.slope !== 0 && right.value.slope !== 0) {
				if (known.stranger(left) !== null) {
					return fault('this expression is not in the question', skillOf(formula));
				}
				if (!same(left.value, right.value)) {
					return fault('multiplied out, the two sides are not the same', skillOf(formula));
				}
				known.learn(formula);
			} else {
				const solution = (right.value.constant - left.value.constant) / (left.value.slope - right.value.slope);
				const taken = equation ? skillOfSolving(equation.side) : null;
				if (
					equation
						? Math.abs(solution - equation.solution) > tolerance
						: known.stranger(left) !== null || known.stranger(right) !== null
				) {
					return fault(
						equation
							? `the equation before it has the solution ${shown(equation.solution)}`
							: 'this equation is not in the question',
						taken,
					);
				}
				equation = { solution, side: left };
				known.learn(formula);
			}
		}
	}
	return null;
}

function holds({ sides: [left, right], relation }: Formula): boolean {
	if (!left || !right) {
		return true;
	}
	const value = left.value.constant;
	return relation === '≈'
		? Math.floor(value / 10 + 0.5) * 10 === right.value.constant
		: Math.abs(value - right.value.constant) <= tolerance;
}

function same(left: Value, right: Value): boolean {
	return Math.abs(left.constant - right.constant) <= tolerance && Math.abs(left.slope - right.slope) <= tolerance;
}

/** Returns the skill needed to compute the left side. */
export function skillOf({ sides: [side], relation }: Formula): MicroSkill | null {
	if (!side) {
		return null;
	}
	if (relation === '≈') {
		return 'rounding';
	}
	const { plus, minus, times, divided, powers, fractions, percents, distributes } = side.operations;
	if (distributes) {
		return 'distributing_a_factor';
	}
	if (plus.length + minus.length > 0 && times.length > 0) {
		return 'order_of_operations';
	}
	if (percents > 0) {
		return 'percentage_of_a_quantity';
	}
	if (fractions > 0) {
		return 'fraction_of_a_quantity';
	}
	if (powers.length > 0) {
		return 'squaring';
	}
	if (divided.length > 0) {
		return 'sharing_equally';
	}
	const [product] = times;
	if (product) {
		return product[0] < 0 && product[1] < 0 ? 'product_of_signs' : rowOf(product[0]);
	}
	const [sum] = plus;
	if (sum) {
		return skillOfSum(...sum);
	}
	const [difference] = minus;
	return difference ? skillOfDifference(...difference) : null;
}

/** Returns the skill for the next step in solving an equation. */
function skillOfSolving({ value }: Side): MicroSkill {
	return value.constant !== 0 ? 'moving_a_term' : 'dividing_by_a_coefficient';
}

/** Numbers that a step may start from. */
class Known {
	private readonly numbers = new Set<number>();

	constructor(question: string) {
		for (const [text] of question.matchAll(/\d+(?:\.\d+)?/g)) {
			this.add(Number(text));
		}
	}

	/** Returns the first number of a side that has no source. */
	stranger({ numbers }: Side): number | null {
		return numbers.find((number) => !this.numbers.has(number)) ?? null;
	}

	learn({ sides }: Formula): void {
		for (const { value, numbers } of sides) {
			numbers.forEach((number) => this.add(number));
			if (value.slope === 0) {
				this.add(Math.abs(value.constant));
			}
		}
	}

	/** Adds a number and the parts into which it may be split: the units and the rest. */
	private add(number: number): void {
		this.numbers.add(number);
		if (Number.isInteger(number) && number >= 10) {
			this.numbers.add(number % 10);
			this.numbers.add(number - (number % 10));
		}
	}
}

function shown(value: number): string {
	return String(Math.round(value * 100) / 100);
}
