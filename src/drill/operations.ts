import type { Random } from '../core/stats/random.ts';
import type { MicroSkill } from './microSkills.ts';
import { borrows, carries, columns, rowOf, skillOfDifference, skillOfSum } from './microSkills.ts';

/** Writes an answer line by line and decides at each line that needs a skill whether it goes wrong. */
export interface Pen {
	/**
	 * Returns the right value or, if the student slips, one of the wrong values. `null` stands for a skill outside this
	 * world, which never goes wrong.
	 */
	value(skill: MicroSkill | null, right: number, wrong: readonly number[]): number;
	/** Writes one step in one of several phrasings. */
	line(...phrasings: readonly string[]): void;
}

/** One operation on the running value: how the question describes it, and how it is computed. */
export interface Operation {
	readonly tells: string;
	/**
	 * Returns the value after the operation, given the value before it. Also works on wrong values, because a slip
	 * carries on.
	 */
	work(before: number, pen: Pen): number;
}

/** Skills that can only start a chain; the others change a value. */
export const startSkills: readonly MicroSkill[] = [
	'distributing_a_factor',
	'moving_a_term',
	'dividing_by_a_coefficient',
	'order_of_operations',
	'squaring',
	'product_of_signs',
];
/** Skills that need or produce a negative value; they come last, in this order. */
export const signSkills: readonly MicroSkill[] = ['sign_of_a_difference', 'adding_to_a_negative'];

const from = (random: Random, low: number, high: number): number => low + random.int(high - low + 1);
const oneOf = <T>(random: Random, choices: readonly T[]): T => choices[random.int(choices.length)] as T;
/** After a slip, a division may leave a remainder; the result then has two decimals. */
const cents = (n: number): number => Math.round(n * 100) / 100;
const inBrackets = (n: number): string => (n < 0 ? `(${n})` : String(n));

/** Returns an operation that starts with a computed value. */
export function start(skill: MicroSkill | null, random: Random): Operation {
	switch (skill) {
		case 'squaring': {
			const n = from(random, 4, 12);
			return {
				tells: `starts at the square of $${n}$`,
				work: (_, pen) => {
					const value = pen.value('squaring', n * n, [2 * n, n * n + n]);
					pen.line(
						`The beginning is $${n}^2 = ${value}$.`,
						`Since $${n}^2 = ${value}$, that is where it starts.`,
					);
					return value;
				},
			};
		}
		case 'product_of_signs': {
			const [a, b] = [from(random, 2, 5), from(random, 4, 12)];
			return {
				tells: `starts at the product of $-${a}$ and $-${b}$`,
				work: (_, pen) => {
					const value = pen.value('product_of_signs', a * b, [-a * b]);
					pen.line(
						`At first we have $(-${a}) \\cdot (-${b}) = ${value}$.`,
						`It begins with $(-${a}) \\cdot (-${b}) = ${value}$.`,
					);
					return value;
				},
			};
		}
		case 'order_of_operations': {
			const [b, c] = [from(random, 2, 5), from(random, 3, 5)];
			const a = b * c + from(random, 11, 60);
			return {
				tells: `starts at $${a} - ${b} \\cdot ${c}$`,
				work: (_, pen) => {
					const left = pen.value('order_of_operations', 0, [1]) === 1;
					if (left) {
						pen.line(
							`First, $${a} - ${b} \\cdot ${c} = ${a - b} \\cdot ${c}$.`,
							`We start from $${a} - ${b} \\cdot ${c} = ${a - b} \\cdot ${c}$.`,
						);
						pen.line(`That is $${a - b} \\cdot ${c} = ${(a - b) * c}$.`);
						return (a - b) * c;
					}
					pen.line(
						`First, $${a} - ${b} \\cdot ${c} = ${a} - ${b * c}$.`,
						`We start from $${a} - ${b} \\cdot ${c} = ${a} - ${b * c}$.`,
					);
					return subtract(a, b * c, pen);
				},
			};
		}
		case 'dividing_by_a_coefficient':
		case 'moving_a_term':
		case 'distributing_a_factor':
			return equation(skill, random);
		default: {
			const n = from(random, 12, 98);
			return { tells: `starts at $${n}$`, work: () => n };
		}
	}
}

function equation(skill: MicroSkill, random: Random): Operation {
	const a = from(random, 2, 5);
	const x = from(random, 11, 30);
	// A multiple of a, so that wrong values of x are also whole numbers.
	const b = a * from(random, 2, 6);
	const solved = (right: number, pen: Pen): number => {
		const value = pen.value('dividing_by_a_coefficient', cents(right / a), [right - a, right / a + 1]);
		pen.line(`So $x = ${value}$.`, `Then $x = ${value}$, and this is where it starts.`);
		return value;
	};
	const moved = (plus: number, right: number, pen: Pen): number => {
		const value = pen.value('moving_a_term', right - plus, [right + plus]);
		pen.line(
			`From $${a}x + ${plus} = ${right}$ we get $${a}x = ${value}$.`,
			`Now $${a}x + ${plus} = ${right}$, that is $${a}x = ${value}$.`,
		);
		return value;
	};
	if (skill === 'dividing_by_a_coefficient') {
		return {
			tells: `starts at the number $x$ with $${a}x = ${a * x}$`,
			work: (_, pen) => {
				pen.line(`We look for $x$ with $${a}x = ${a * x}$.`, `The equation is $${a}x = ${a * x}$.`);
				return solved(a * x, pen);
			},
		};
	}
	if (skill === 'moving_a_term') {
		return {
			tells: `starts at the number $x$ with $${a}x + ${b} = ${a * x + b}$`,
			work: (_, pen) => solved(moved(b, a * x + b, pen), pen),
		};
	}
	const right = a * (x + b);
	return {
		tells: `starts at the number $x$ with $${a}(x + ${b}) = ${right}$`,
		work: (_, pen) => {
			const product = pen.value('distributing_a_factor', a * b, [b]);
			pen.line(
				`The left side is $${a}(x + ${b}) = ${a}x + ${product}$.`,
				`We have $${a}(x + ${b}) = ${a}x + ${product}$.`,
			);
			return solved(moved(product, right, pen), pen);
		},
	};
}

/** Returns an operation on a suitable value that needs the skill; `null` if there is none. */
export function change(skill: MicroSkill, value: number, random: Random): Operation | null {
	const row = [6, 7, 8, 9].find((n) => rowOf(n) === skill);
	if (row !== undefined) {
		return value >= 12 && value <= 99 && value % 10 !== 0
			? { tells: `is multiplied by $${row}$`, work: (before, pen) => multiply(before, row, pen) }
			: null;
	}
	const search = <T>(make: () => T | null): T | null => {
		for (let i = 0; i < 200; i++) {
			const made = make();
			if (made !== null) {
				return made;
			}
		}
		return null;
	};
	switch (skill) {
		case 'carrying': {
			const b = search(() => ((n) => (value > 0 && carries(value, n) ? n : null))(from(random, 15, 89)));
			return b === null ? null : added(b);
		}
		case 'borrowing': {
			const b = search(() =>
				((n) => (value > n + 1 && borrows(value, n) ? n : null))(
					from(random, 8, Math.max(9, Math.min(89, value))),
				),
			);
			return b === null
				? null
				: { tells: `goes down by $${b}$`, work: (before, pen) => subtract(before, b, pen) };
		}
		case 'sign_of_a_difference': {
			if (value < 1 || value > 400) {
				return null;
			}
			const b = value + from(random, 3, 60);
			return { tells: `goes down by $${b}$`, work: (before, pen) => subtract(before, b, pen) };
		}
		case 'adding_to_a_negative':
			return value < 0
				? added(oneOf(random, [-value + from(random, 2, 30), Math.max(1, -value - from(random, 1, 9))]))
				: null;
		case 'fraction_of_a_quantity': {
			const [a, b] = oneOf(random, [
				[2, 3],
				[3, 4],
				[2, 5],
				[3, 5],
				[3, 8],
				[5, 8],
			] as const);
			return value > 11 && value % b === 0
				? {
						tells: `is cut to $\\frac{${a}}{${b}}$ of what it was`,
						work: (before, pen) => {
							const result = pen.value('fraction_of_a_quantity', cents((before * a) / b), [
								before / b,
								before - (before * a) / b,
							]);
							pen.line(
								`What is left is $\\frac{${a}}{${b}} \\cdot ${inBrackets(before)} = ${result}$.`,
								`Cut down, it is $\\frac{${a}}{${b}} \\cdot ${inBrackets(before)} = ${result}$.`,
							);
							return result;
						},
					}
				: null;
		}
		case 'percentage_of_a_quantity': {
			const percent = oneOf(random, [10, 20, 30, 40, 60, 70, 80]);
			return value > 19 && value % 10 === 0
				? {
						tells: `shrinks to $${percent}\\%$ of its size`,
						work: (before, pen) => {
							const result = pen.value('percentage_of_a_quantity', cents((before * percent) / 100), [
								before - percent,
								before / 10,
							]);
							pen.line(
								`The new size is $${percent}\\% \\cdot ${inBrackets(before)} = ${result}$.`,
								`This makes it $${percent}\\% \\cdot ${inBrackets(before)} = ${result}$.`,
							);
							return result;
						},
					}
				: null;
		}
		case 'sharing_equally': {
			const by = oneOf(random, [3, 4, 6, 7, 8, 9]);
			return value > 5 * by && value % by === 0
				? {
						tells: `is divided by $${by}$`,
						work: (before, pen) => {
							const result = pen.value('sharing_equally', cents(before / by), [
								before / by + 1,
								before / by - 1,
								before / by + 10,
							]);
							pen.line(
								`Each part is $${inBrackets(before)} \\div ${by} = ${result}$.`,
								`In equal parts this is $${inBrackets(before)} \\div ${by} = ${result}$.`,
							);
							return result;
						},
					}
				: null;
		}
		case 'rounding':
			return value > 10 && value % 10 !== 0
				? {
						tells: 'is taken to the nearest ten',
						work: (before, pen) => {
							const down = Math.floor(before / 10) * 10;
							const right = before - down >= 5 ? down + 10 : down;
							const result =
								before === down
									? down
									: pen.value('rounding', right, [right === down ? down + 10 : down]);
							pen.line(
								`To the nearest ten it is $${inBrackets(before)} \\approx ${result}$.`,
								`Next, $${inBrackets(before)} \\approx ${result}$.`,
							);
							return result;
						},
					}
				: null;
		default:
			return null;
	}
}

/** Returns `b` if adding it is plain, i.e. without a carry or a change of sign. */
function plain(value: number, b: number): number | null {
	return value >= 0 && !carries(value, b) ? b : null;
}

/** Returns an operation that adds a number to reach a suitable value without a carry; `null` if there is none. */
export function preparation(value: number, willDo: (value: number) => boolean): Operation | null {
	for (let b = 1; b <= 60; b++) {
		if (plain(value, b) !== null && willDo(value + b)) {
			return added(b);
		}
	}
	return null;
}

function added(b: number): Operation {
	return { tells: `goes up by $${b}$`, work: (before, pen) => add(before, b, pen) };
}

function add(a: number, b: number, pen: Pen): number {
	const skill = Number.isInteger(a + b) ? skillOfSum(a, b) : null;
	const dropped = columns(Math.abs(a), Math.abs(b)).reduce(
		(sum, [x, y], place) => sum + ((x + y) % 10) * 10 ** place,
		0,
	);
	const wrong = skill === 'adding_to_a_negative' ? [-(a + b), Math.abs(a) + Math.abs(b)] : [dropped, a + b - 10];
	const value = pen.value(skill, cents(a + b), wrong);
	pen.line(
		`That gives $${a} + ${b} = ${value}$.`,
		`Now it is $${a} + ${b} = ${value}$.`,
		`Adding, $${a} + ${b} = ${value}$.`,
	);
	return value;
}

function subtract(a: number, b: number, pen: Pen): number {
	if (a < 0 || !Number.isInteger(a)) {
		const value = cents(a - b);
		pen.line(`Going down, $${a} - ${b} = ${value}$.`);
		return value;
	}
	const skill = skillOfDifference(a, b);
	const turned = columns(a, b).reduce((sum, [x, y], place) => sum + Math.abs(x - y) * 10 ** place, 0);
	const value = pen.value(skill, a - b, a < b ? [b - a] : [turned, a - b + 10]);
	pen.line(
		`That leaves $${a} - ${b} = ${value}$.`,
		`Then it is down to $${a} - ${b} = ${value}$.`,
		`Taking away, $${a} - ${b} = ${value}$.`,
	);
	return value;
}

function multiply(a: number, by: number, pen: Pen): number {
	if (a < 12 || a > 999 || a % 10 === 0 || !Number.isInteger(a)) {
		pen.line(`Multiplied, $${inBrackets(a)} \\cdot ${by} = ${cents(a * by)}$.`);
		return cents(a * by);
	}
	const units = a % 10;
	const first = pen.value(rowOf(by), by * units, [by * units + by, by * units - by, by * units + 2]);
	const second = by * (a - units);
	pen.line(
		`In parts, $${by} \\cdot ${units} = ${first}$ and $${by} \\cdot ${a - units} = ${second}$.`,
		`We need $${by} \\cdot ${units} = ${first}$ and also $${by} \\cdot ${a - units} = ${second}$.`,
	);
	return add(second, first, pen);
}
