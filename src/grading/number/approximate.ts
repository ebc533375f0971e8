import type { Budget } from './budget.ts';
import { GaveUp } from './budget.ts';
import type { Expression } from '../read/expression.ts';
import { exactValue, seriesRange } from './exactValue.ts';
import { fieldElement } from './finiteField.ts';
import type { Complex, FixedPoint } from './fixedPoint.ts';
import type { Rational } from './rational.ts';
import { isInteger } from './rational.ts';

export interface Point {
	/** Values of the free symbols. */
	readonly symbols: ReadonlyMap<string, Complex>;
	/** The base of a \log that states none: 10, or e as the alternative. */
	readonly logBase: 'ten' | 'e';
}

/**
 * Returns the value of an expression at a point, in fixed point. Throws {@link GaveUp} if it has no value or none is
 * known.
 */
export function approximate(expression: Expression, field: FixedPoint, point: Point, budget: Budget): Complex {
	budget.spend(1);
	const value = (part: Expression): Complex => approximate(part, field, point, budget);
	switch (expression.kind) {
		case 'number':
			budget.fits(expression.value.n.toString(16).length * 4);
			return field.ratio(expression.value.n, expression.value.d);
		case 'symbol': {
			const known = point.symbols.get(expression.name);
			if (known === undefined) {
				throw new GaveUp('unsupported', `no value for ${expression.name}`);
			}
			return known;
		}
		case 'constant':
			switch (expression.name) {
				case 'pi':
					return field.real(field.pi);
				case 'e':
					return field.exp(field.integer(1n));
				case 'i':
					return { re: 0n, im: field.unit };
				case 'infinity':
					throw new GaveUp('unsupported', 'arithmetic with infinity');
			}
			break;
		case 'sum':
			return expression.terms.map(value).reduce((a, b) => field.add(a, b));
		case 'product':
			return expression.factors.map(value).reduce((a, b) => field.multiply(a, b));
		case 'quotient':
			return field.divide(value(expression.over), value(expression.under));
		case 'negative':
			return field.negate(value(expression.of));
		case 'percent':
			return field.divide(value(expression.of), field.integer(100n));
		case 'degree':
			return field.divide(field.multiply(value(expression.of), field.real(field.pi)), field.integer(180n));
		case 'power':
			return raise(expression.base, expression.exponent, field, point, budget);
		case 'root': {
			const index = exactValue(expression.index, budget);
			const of = value(expression.of);
			if (index !== undefined && isInteger(index) && index.n >= 2n && index.n <= 64n) {
				return field.root(of, Number(index.n));
			}
			return field.exp(field.divide(field.ln(of), value(expression.index)));
		}
		case 'application': {
			let total = symbolValue(`${expression.name}(`, 0, field).re;
			expression.args.forEach((arg, index) => {
				const x = field.add(value(arg), symbolValue(`${expression.name}(${index}`, 0, field));
				total += field.integerPower(x, 3n).re;
			});
			return field.real(total);
		}
		case 'series':
			return series(expression, field, point, budget);
		case 'call':
			return call(expression.name, expression.args, field, point, budget);
		case 'plusMinus':
			throw new GaveUp('unsupported', 'a ± that stands for two values');
	}
	throw new GaveUp('unsupported', 'no value');
}

function raise(base: Expression, exponent: Expression, field: FixedPoint, point: Point, budget: Budget): Complex {
	const exact = exactValue(exponent, budget);
	const value = approximate(base, field, point, budget);
	if (exact !== undefined && isInteger(exact)) {
		const size = exact.n < 0n ? -exact.n : exact.n;
		if (size > 1_000_000n) {
			throw new GaveUp('large', 'a number too large to write out');
		}
		return field.integerPower(value, exact.n);
	}
	if (exact !== undefined && exact.d <= 64n) {
		// Computes powers such as 8^{2/3} by roots: exact to the last place, and real for odd roots of negative
		// numbers.
		return field.integerPower(field.root(value, Number(exact.d)), exact.n);
	}
	if (base.kind === 'constant' && base.name === 'e') {
		return field.exp(approximate(exponent, field, point, budget));
	}
	return field.exp(field.multiply(field.ln(value), approximate(exponent, field, point, budget)));
}

/** Returns a value between 1/3 and 10/3, determined by the name and the number of the point. */
export function symbolValue(name: string, point: number, field: FixedPoint): Complex {
	const fraction = fieldElement(name, point) & ((1n << 64n) - 1n);
	return field.real(field.unit / 3n + ((3n * fraction * field.unit) >> 64n));
}

function series(
	expression: Extract<Expression, { kind: 'series' }>,
	field: FixedPoint,
	point: Point,
	budget: Budget,
): Complex {
	const range = seriesRange(exactValue(expression.from, budget), exactValue(expression.to, budget));
	if (range === undefined) {
		throw new GaveUp('unsupported', 'a series without plain bounds');
	}
	let total = field.integer(expression.name === 'sum' ? 0n : 1n);
	for (let k = range[0]; k <= range[1]; k++) {
		const symbols = new Map(point.symbols).set(expression.variable, field.integer(k));
		const next = approximate(expression.body, field, { ...point, symbols }, budget);
		total = expression.name === 'sum' ? field.add(total, next) : field.multiply(total, next);
	}
	return total;
}

function call(name: string, args: readonly Expression[], field: FixedPoint, point: Point, budget: Budget): Complex {
	const exactArgs = args.map((arg) => exactValue(arg, budget));
	if (exactArgs.every((arg): arg is Rational => arg !== undefined)) {
		const exact = exactValue(
			{ kind: 'call', name, args: exactArgs.map((value) => ({ kind: 'number', value })) },
			budget,
		);
		if (exact !== undefined && !(name === 'log' && args.length === 1 && point.logBase === 'e')) {
			return field.ratio(exact.n, exact.d);
		}
	}
	const values = args.map((arg) => approximate(arg, field, point, budget));
	const [a, b] = values;
	if (a === undefined) {
		throw new GaveUp('unsupported', `${name} of nothing`);
	}
	const unit = field.integer(1n);
	switch (name) {
		case 'sin':
			return field.sin(a);
		case 'cos':
			return field.cos(a);
		case 'tan':
			return field.divide(field.sin(a), field.cos(a));
		case 'cot':
			return field.divide(field.cos(a), field.sin(a));
		case 'sec':
			return field.divide(unit, field.cos(a));
		case 'csc':
			return field.divide(unit, field.sin(a));
		case 'arcsin':
			return field.arcsin(a);
		case 'arccos':
			return field.add(field.real(field.pi >> 1n), field.negate(field.arcsin(a)));
		case 'arctan':
			return field.arctan(a);
		case 'arccot':
			return field.add(field.real(field.pi >> 1n), field.negate(field.arctan(a)));
		case 'sinh':
			return half(field, field.add(field.exp(a), field.negate(field.exp(field.negate(a)))));
		case 'cosh':
			return half(field, field.add(field.exp(a), field.exp(field.negate(a))));
		case 'tanh': {
			const square = field.exp(field.add(a, a));
			return field.divide(field.add(square, field.negate(unit)), field.add(square, unit));
		}
		case 'cis':
			return field.exp({ re: -a.im, im: a.re });
		case 'exp':
			return field.exp(a);
		case 'ln':
			return field.ln(a);
		case 'log':
			return b === undefined && point.logBase === 'e'
				? field.ln(a)
				: field.divide(field.ln(a), field.ln(b ?? field.integer(10n)));
		case 'abs':
			return field.real(field.magnitude(a));
		case 're':
			return field.real(a.re);
		case 'im':
			return field.real(a.im);
		case 'floor':
		case 'ceil':
			return nearby(name, a, field);
		case 'min':
			return values.reduce((least, next) => (next.re < least.re ? next : least));
		case 'max':
			return values.reduce((most, next) => (next.re > most.re ? next : most));
		default:
			throw new GaveUp('unsupported', `no way to work out ${name}`);
	}
}

const half = (field: FixedPoint, a: Complex): Complex => field.divide(a, field.integer(2n));

function nearby(name: 'floor' | 'ceil', a: Complex, field: FixedPoint): Complex {
	const bits = BigInt(field.bits);
	const down = a.re >> bits;
	// At a jump the last digit would decide, so no value is returned.
	const rest = a.re - (down << bits);
	const slack = 1n << (bits / 2n);
	if (!field.isReal(a) || rest < slack || field.unit - rest < slack) {
		throw new GaveUp('unsupported', `${name} at a jump`);
	}
	return field.integer(name === 'floor' ? down : down + 1n);
}
