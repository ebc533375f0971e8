/** The subject of the drill's skills. */
export const drillSubject = 'written_arithmetic';

/** The micro-skills of the drill's world. Most do not show in the question, only in the working. */
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

/** Returns the skill needed to add b to a; `null` if one-digit sums suffice. */
export function skillOfSum(a: number, b: number): MicroSkill | null {
	if (a < 0 || b < 0) {
		return 'adding_to_a_negative';
	}
	return carries(a, b) ? 'carrying' : null;
}

/** Returns the skill needed to subtract b from a ≥ 0; `null` if one-digit differences suffice. */
export function skillOfDifference(a: number, b: number): MicroSkill | null {
	if (a < b) {
		return 'sign_of_a_difference';
	}
	return borrows(a, b) ? 'borrowing' : null;
}

/** Returns the digits of both numbers, units first. */
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

/**
 * Returns the multiplication-table skill for a multiplier; `null` for small multipliers, which are taken for granted.
 */
export function rowOf(multiplier: number): MicroSkill | null {
	return rows[multiplier] ?? null;
}
