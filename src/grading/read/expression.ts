import type { Rational } from '../number/rational.ts';

/** How a number was written: its decimal places, and whether it ends in dots (0.333…). */
export interface Written {
	/** Number of digits after the point. */
	readonly places: number;
	/** Whether the number ends in dots, so that only its beginning is written. */
	readonly open: boolean;
}

/** One mathematical expression. */
export type Expression =
	| { readonly kind: 'number'; readonly value: Rational; readonly written?: Written }
	| { readonly kind: 'symbol'; readonly name: string }
	| { readonly kind: 'constant'; readonly name: 'pi' | 'e' | 'i' | 'infinity' }
	| { readonly kind: 'sum'; readonly terms: readonly Expression[] }
	| { readonly kind: 'product'; readonly factors: readonly Expression[] }
	| { readonly kind: 'quotient'; readonly over: Expression; readonly under: Expression }
	| { readonly kind: 'power'; readonly base: Expression; readonly exponent: Expression }
	| { readonly kind: 'negative'; readonly of: Expression }
	/** ± (sign 1) or ∓ (sign −1) before an expression. */
	| { readonly kind: 'plusMinus'; readonly sign: 1 | -1; readonly of: Expression }
	/** `degree` and `percent` preserve the mark: 25% is compared as 25 and as 0.25. */
	| { readonly kind: 'degree' | 'percent'; readonly of: Expression }
	| { readonly kind: 'root'; readonly of: Expression; readonly index: Expression }
	/** A known function: sin, log with a base, binomial, abs, floor, gcd, … */
	| { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
	/** An unknown function: f(2). */
	| { readonly kind: 'application'; readonly name: string; readonly args: readonly Expression[] }
	| {
			readonly kind: 'series';
			readonly name: 'sum' | 'prod';
			readonly variable: string;
			readonly from: Expression;
			readonly to: Expression;
			readonly body: Expression;
	  };

export const negativeOf = (of: Expression): Expression =>
	of.kind === 'number' ? { ...of, value: { n: -of.value.n, d: of.value.d } } : { kind: 'negative', of };

/** Returns the parts of an expression, for traversals that treat all kinds alike. */
export function partsOf(expression: Expression): readonly Expression[] {
	switch (expression.kind) {
		case 'number':
		case 'symbol':
		case 'constant':
			return [];
		case 'sum':
			return expression.terms;
		case 'product':
			return expression.factors;
		case 'quotient':
			return [expression.over, expression.under];
		case 'power':
			return [expression.base, expression.exponent];
		case 'negative':
		case 'plusMinus':
		case 'degree':
		case 'percent':
			return [expression.of];
		case 'root':
			return [expression.of, expression.index];
		case 'call':
		case 'application':
			return expression.args;
		case 'series':
			return [expression.from, expression.to, expression.body];
	}
}

/** Returns the expression with each direct part replaced. */
export function mapParts(expression: Expression, change: (part: Expression) => Expression): Expression {
	switch (expression.kind) {
		case 'number':
		case 'symbol':
		case 'constant':
			return expression;
		case 'sum':
			return { ...expression, terms: expression.terms.map(change) };
		case 'product':
			return { ...expression, factors: expression.factors.map(change) };
		case 'quotient':
			return { ...expression, over: change(expression.over), under: change(expression.under) };
		case 'power':
			return { ...expression, base: change(expression.base), exponent: change(expression.exponent) };
		case 'negative':
		case 'plusMinus':
		case 'degree':
		case 'percent':
			return { ...expression, of: change(expression.of) };
		case 'root':
			return { ...expression, of: change(expression.of), index: change(expression.index) };
		case 'call':
		case 'application':
			return { ...expression, args: expression.args.map(change) };
		case 'series':
			return {
				...expression,
				from: change(expression.from),
				to: change(expression.to),
				body: change(expression.body),
			};
	}
}

/** Returns the names of the free symbols. */
export function symbolsOf(expression: Expression, into = new Set<string>()): Set<string> {
	if (expression.kind === 'symbol') {
		into.add(expression.name);
	} else if (expression.kind === 'series') {
		const inner = symbolsOf(expression.body);
		inner.delete(expression.variable);
		inner.forEach((name) => into.add(name));
		symbolsOf(expression.from, into);
		symbolsOf(expression.to, into);
	} else {
		partsOf(expression).forEach((part) => symbolsOf(part, into));
	}
	return into;
}

/** Whether any part satisfies the test. */
export function someWhere(expression: Expression, test: (part: Expression) => boolean): boolean {
	return test(expression) || partsOf(expression).some((part) => someWhere(part, test));
}

/** Returns +1 or −1 if the expression is written as ±∞ (possibly times positive factors), otherwise 0. */
export function infinitySign(expression: Expression): 1 | 0 | -1 {
	switch (expression.kind) {
		case 'constant':
			return expression.name === 'infinity' ? 1 : 0;
		case 'negative':
			return (-infinitySign(expression.of) || 0) as 1 | 0 | -1;
		case 'sum':
			return expression.terms.length === 1 && expression.terms[0] ? infinitySign(expression.terms[0]) : 0;
		default:
			return 0;
	}
}
