/** The subject under which the drill's skills live. */
export const drillSubject = 'written_arithmetic';

/** The micro-skills of the drill's world. Most are invisible in a question and appear only in its working. */
export const microSkills = [
	'carrying',
	'borrowing',
	'row_of_six',
	'row_of_seven',
	'row_of_eight',
	'row_of_nine',
	'sign_of_a_difference',
	'adding_to_a_negative',
	'fraction_of_a_quantity',
	'percentage_of_a_quantity',
	'sharing_equally',
	'distributing_a_factor',
	'moving_a_term',
	'dividing_by_a_coefficient',
	'order_of_operations',
	'squaring',
	'product_of_signs',
	'rounding',
] as const;

export type MicroSkill = (typeof microSkills)[number];

/** Whether adding two whole numbers ≥ 0 carries anywhere. */
export function carries(a: number, b: number): boolean {
	return columns(a, b).some(([x, y]) => x + y >= 10);
}

/** Whether subtracting b from a (a ≥ b ≥ 0) borrows anywhere. */
export function borrows(a: number, b: number): boolean {
	return columns(a, b).some(([x, y]) => x < y);
}

/** What adding b to a takes; `null`: nothing beyond one-digit sums. */
export function skillOfSum(a: number, b: number): MicroSkill | null {
	if (a < 0 || b < 0) {
		return 'adding_to_a_negative';
	}
	return carries(a, b) ? 'carrying' : null;
}

/** What subtracting b from a ≥ 0 takes; `null`: nothing beyond one-digit differences. */
export function skillOfDifference(a: number, b: number): MicroSkill | null {
	if (a < b) {
		return 'sign_of_a_difference';
	}
	return borrows(a, b) ? 'borrowing' : null;
}

/** Digits of both, units first. */
export function columns(a: number, b: number): (readonly [number, number])[] {
	const result: (readonly [number, number])[] = [];
	for (let [x, y] = [a, b]; x > 0 || y > 0; [x, y] = [Math.floor(x / 10), Math.floor(y / 10)]) {
		result.push([x % 10, y % 10]);
	}
	return result;
}

const rows: Readonly<Record<number, MicroSkill>> = {
	6: 'row_of_six',
	7: 'row_of_seven',
	8: 'row_of_eight',
	9: 'row_of_nine',
};

/** The multiplication row of a multiplier; smaller ones are taken for granted. */
export function rowOf(multiplier: number): MicroSkill | null {
	return rows[multiplier] ?? null;
}
