/** A value that may contain x: constant + slope · x. */
export interface Value {
	readonly constant: number;
	readonly slope: number;
}

/** The kinds of operation on one side of a formula, with their operands. */
export interface Operations {
	readonly plus: readonly (readonly [number, number])[];
	readonly minus: readonly (readonly [number, number])[];
	readonly times: readonly (readonly [number, number])[];
	readonly divided: readonly (readonly [number, number])[];
	readonly powers: readonly (readonly [number, number])[];
	readonly fractions: number;
	readonly percents: number;
	/** Whether a number precedes a bracket that contains x. */
	readonly distributes: boolean;
}

export interface Side {
	readonly value: Value;
	readonly operations: Operations;
	/** Every number in the formula, without its sign. */
	readonly numbers: readonly number[];
	readonly source: string;
}

export interface Formula {
	readonly sides: readonly Side[];
	/** `≈` is used for rounding. */
	readonly relation: '=' | '≈';
}

/**
 * Parses `$…$` in school notation: + - · ÷, fractions, per cent, powers, brackets, and one unknown x. Returns `null` if
 * it is not such a formula.
 */
export function readFormula(latex: string): Formula | null {
	const relation = latex.includes('\\approx') ? '≈' : '=';
	const parts = latex.split(relation === '≈' ? '\\approx' : '=');
	const sides = parts.map((part) => new Reader(part).side());
	return sides.length > 1 && sides.every((side) => side !== null) ? { sides: sides as Side[], relation } : null;
}

type Open = { -readonly [K in keyof Operations]: Operations[K] extends readonly (infer T)[] ? T[] : Operations[K] };

class Reader {
	private readonly tokens: string[];
	private at = 0;
	private readonly numbers: number[] = [];
	private readonly found: Open = {
		plus: [],
		minus: [],
		times: [],
		divided: [],
		powers: [],
		fractions: 0,
		percents: 0,
		distributes: false,
	};

	constructor(private readonly source: string) {
		this.tokens = source.match(/\\frac|\\cdot|\\div|\\%|\d+(?:\.\d+)?|[-+(){}^x]|\S/g) ?? [];
	}

	side(): Side | null {
		const value = this.sum();
		return value && this.at === this.tokens.length
			? { value, operations: this.found, numbers: this.numbers, source: this.source.trim() }
			: null;
	}

	private take(token: string): boolean {
		if (this.tokens[this.at] === token) {
			this.at++;
			return true;
		}
		return false;
	}

	private sum(): Value | null {
		let total = this.product();
		while (total) {
			const minus = this.tokens[this.at] === '-';
			if (!minus && this.tokens[this.at] !== '+') {
				break;
			}
			this.at++;
			const next = this.product();
			if (!next) {
				return null;
			}
			(minus ? this.found.minus : this.found.plus).push([total.constant, next.constant]);
			total = combine(total, next, minus ? -1 : 1);
		}
		return total;
	}

	private product(): Value | null {
		let total = this.factor();
		while (total) {
			if (this.take('\\cdot')) {
				const next = this.factor();
				if (!next) {
					return null;
				}
				this.found.times.push([total.constant, next.constant]);
				total = multiply(total, next);
			} else if (this.take('\\div')) {
				const next = this.factor();
				if (!next || next.slope !== 0 || next.constant === 0) {
					return null;
				}
				this.found.divided.push([total.constant, next.constant]);
				total = scale(total, 1 / next.constant);
			} else if (this.tokens[this.at] === 'x' || this.tokens[this.at] === '(') {
				const bracket = this.tokens[this.at] === '(';
				const next = this.factor();
				if (!next) {
					return null;
				}
				this.found.distributes ||= bracket && next.slope !== 0;
				total = multiply(total, next);
			} else {
				break;
			}
		}
		return total;
	}

	private factor(): Value | null {
		const base = this.atom();
		if (base && this.take('^')) {
			const power = this.take('{') ? this.closed('}') : this.atom();
			// An exponent is part of the operation and not an operand.
			this.numbers.pop();
			if (!power || power.slope !== 0 || base.slope !== 0) {
				return null;
			}
			this.found.powers.push([base.constant, power.constant]);
			return number(base.constant ** power.constant);
		}
		if (base && this.take('\\%')) {
			this.found.percents++;
			return scale(base, 1 / 100);
		}
		return base;
	}

	private closed(bracket: string): Value | null {
		const inside = this.sum();
		return inside && this.take(bracket) ? inside : null;
	}

	private atom(): Value | null {
		const token = this.tokens[this.at++];
		if (token === undefined) {
			return null;
		}
		if (/^\d/.test(token)) {
			this.numbers.push(Number(token));
			return number(Number(token));
		}
		switch (token) {
			case 'x':
				return { constant: 0, slope: 1 };
			case '-': {
				const next = this.factor();
				return next && scale(next, -1);
			}
			case '(':
				return this.closed(')');
			case '\\frac': {
				const [above, below] = [
					this.take('{') ? this.closed('}') : null,
					this.take('{') ? this.closed('}') : null,
				];
				this.found.fractions++;
				return above && below && below.slope === 0 && below.constant !== 0
					? scale(above, 1 / below.constant)
					: null;
			}
			default:
				return null;
		}
	}
}

function number(constant: number): Value {
	return { constant, slope: 0 };
}

function combine(left: Value, right: Value, sign: number): Value {
	return { constant: left.constant + sign * right.constant, slope: left.slope + sign * right.slope };
}

function scale(value: Value, by: number): Value {
	return { constant: value.constant * by, slope: value.slope * by };
}

/** Only linear values are allowed: the product of two factors with x is not linear, and nothing here writes one. */
function multiply(left: Value, right: Value): Value {
	return {
		constant: left.constant * right.constant,
		slope: left.slope * right.constant + right.slope * left.constant,
	};
}
