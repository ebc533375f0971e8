import type { Expression } from './expression.ts';
import { negativeOf } from './expression.ts';
import { compareRational, plus, rational } from '../number/rational.ts';
import { NotAnExpression, TokenCursor } from './tokenCursor.ts';
import type { Token } from './tokens.ts';
import { functionNames } from './vocabulary.ts';

const closing: Record<string, string> = { '(': ')', '[': ']', '{': '}', '⌊': '⌋', '⌈': '⌉', '\\{': '\\}' };
const constants: Record<string, Expression> = {
	pi: { kind: 'constant', name: 'pi' },
	infty: { kind: 'constant', name: 'infinity' },
	infin: { kind: 'constant', name: 'infinity' },
};
const aliases: Record<string, string> = {
	asin: 'arcsin',
	acos: 'arccos',
	atan: 'arctan',
	lg: 'log',
	Re: 're',
	Im: 'im',
};
const inverse: Record<string, string> = { sin: 'arcsin', cos: 'arccos', tan: 'arctan', cot: 'arccot' };

/** Parses all of `tokens` as one expression by recursive descent, or throws {@link NotAnExpression}. */
export function parseExpression(tokens: readonly Token[]): Expression {
	const parser = new Parser([...tokens]);
	const expression = parser.whole();
	parser.done();
	return expression;
}

class Parser extends TokenCursor {
	/** Parses a sum, or two sums with \choose or \over between them. */
	whole(): Expression {
		const left = this.sum();
		if (!this.isCommand('choose') && !this.isCommand('over')) {
			return left;
		}
		const choose = this.isCommand('choose');
		this.at++;
		const right = this.sum();
		return choose
			? { kind: 'call', name: 'binomial', args: [left, right] }
			: { kind: 'quotient', over: left, under: right };
	}

	sum(): Expression {
		return this.deeper(() => {
			const terms = [this.signed()];
			for (;;) {
				if (this.take('+')) {
					terms.push(this.signed());
				} else if (this.take('-')) {
					terms.push(negativeOf(this.signed()));
				} else if (this.isMark('±') || this.isMark('∓')) {
					terms.push(this.signed());
				} else {
					return terms.length === 1 && terms[0] ? terms[0] : { kind: 'sum', terms };
				}
			}
		});
	}

	/** Parses a term with the signs before it. */
	private signed(): Expression {
		if (this.take('+')) {
			return this.deeper(() => this.signed());
		}
		if (this.take('-')) {
			return negativeOf(this.deeper(() => this.signed()));
		}
		if (this.isMark('±') || this.isMark('∓')) {
			const sign = this.isMark('±') ? 1 : -1;
			this.at++;
			return { kind: 'plusMinus', sign, of: this.deeper(() => this.signed()) };
		}
		return this.term();
	}

	private term(): Expression {
		let left: Expression = this.factor();
		for (;;) {
			if (this.take('*')) {
				left = product(left, this.signedFactor());
			} else if (this.take('/')) {
				left = { kind: 'quotient', over: left, under: this.signedFactor() };
			} else if (this.isCommand('bmod') || this.isCommand('mod')) {
				this.at++;
				left = { kind: 'call', name: 'mod', args: [left, this.factor()] };
			} else if (this.startsFactor()) {
				left = product(left, this.factor());
			} else {
				return left;
			}
		}
	}

	private signedFactor(): Expression {
		if (this.take('-')) {
			return negativeOf(this.factor());
		}
		this.take('+');
		return this.factor();
	}

	/**
	 * Whether the next token may directly follow a factor, as in 2x, (a)(b), 2\sqrt3. A number may not: "2 3" is not a
	 * product.
	 */
	private startsFactor(): boolean {
		const token = this.peek();
		if (token === undefined) {
			return false;
		}
		switch (token.kind) {
			case 'letter': {
				const before = this.tokens[this.at - 1];
				if (before?.kind === 'number' && before.glued === true && !token.spaced) {
					throw new NotAnExpression('letters and digits in one run');
				}
				return true;
			}
			case 'number': {
				const before = this.tokens[this.at - 1];
				if (token.glued === true) {
					throw new NotAnExpression('letters and digits in one run');
				}
				return !(before?.kind === 'number');
			}
			case 'command':
				return ![
					'bmod',
					'mod',
					'circ',
					'degree',
					'over',
					'choose',
					'to',
					'rightarrow',
					'implies',
					'Rightarrow',
					'iff',
				].includes(token.name);
			case 'mark':
				return ['(', '[', '{', '⌊', '⌈'].includes(token.mark) || (token.mark === '|' && this.barOpens());
			case 'text':
				return isName(token.text);
			default:
				return false;
		}
	}

	private isLetter(name: string, ahead: number): boolean {
		const token = this.peek(ahead);
		return token?.kind === 'letter' && token.name === name && this.peek(ahead + 1)?.kind === 'letter';
	}

	private openBars = 0;

	private barOpens(): boolean {
		return this.openBars === 0;
	}

	/** Parses a base with its exponent, factorial, degree and percent marks. */
	private factor(): Expression {
		return this.deeper(() => {
			let base = this.base();
			for (;;) {
				if (this.isMark('^') && (this.isCommand('circ', 1) || this.isCommand('degree', 1))) {
					this.at += 2;
					base = { kind: 'degree', of: base };
				} else if (
					this.isMark('^') &&
					this.isMark('{', 1) &&
					this.isCommand('circ', 2) &&
					this.isMark('}', 3)
				) {
					this.at += 4;
					base = { kind: 'degree', of: base };
				} else if (this.isCommand('degree') || this.isCommand('circ')) {
					this.at++;
					base = { kind: 'degree', of: base };
				} else if (this.take('^')) {
					base = { kind: 'power', base, exponent: this.exponent() };
				} else if (this.isMark('!')) {
					this.at++;
					const double = this.take('!');
					base = { kind: 'call', name: double ? 'doubleFactorial' : 'factorial', args: [base] };
				} else if (this.take('%')) {
					base = { kind: 'percent', of: base };
				} else {
					return base;
				}
			}
		});
	}

	/** Parses one group, one number, one letter, or one of these with a sign: x^{10}, x^10, x^-1. */
	private exponent(): Expression {
		return this.deeper(() => {
			if (this.take('-')) {
				return negativeOf(this.exponent());
			}
			const base = this.single();
			if (this.take('^')) {
				return { kind: 'power', base, exponent: this.exponent() };
			}
			return this.take('!') ? { kind: 'call', name: 'factorial', args: [base] } : base;
		});
	}

	private group(open: string): Expression {
		this.expect(open);
		const bars = this.openBars;
		this.openBars = 0;
		const inner = this.whole();
		this.openBars = bars;
		this.expect(closing[open] ?? open);
		return inner;
	}

	/** Parses a braced group, or the single token that TeX would take: \frac12 is 1/2. */
	private argument(): Expression {
		if (this.isMark('{') && this.isMark('}', 1)) {
			// \sqrt{}5
			this.at += 2;
		}
		if (this.isMark('{')) {
			return this.group('{');
		}
		const token = this.peek();
		if (token?.kind === 'number' && token.written === undefined && token.digits.length > 1) {
			// The first digit is the argument; the number's other digits remain.
			const first = token.digits[0] as string;
			const rest = token.digits.slice(1);
			this.tokens[this.at] = { ...token, digits: rest, value: rational(BigInt(rest)) };
			return { kind: 'number', value: rational(BigInt(first)) };
		}
		return this.single();
	}

	/** Parses a base that does not form a mixed number with what follows: x^2\frac12 is not x to the power of 2½. */
	private single(): Expression {
		const token = this.peek();
		if (token?.kind !== 'number') {
			return this.base();
		}
		this.at++;
		return { kind: 'number', value: token.value };
	}

	private base(): Expression {
		const token = this.peek();
		if (token === undefined) {
			throw new NotAnExpression('ends early');
		}
		switch (token.kind) {
			case 'number':
				return this.number(token);
			case 'letter':
				return this.letter(token.name);
			case 'command':
				return this.command(token.name);
			case 'text':
				if (isName(token.text)) {
					this.at++;
					return { kind: 'symbol', name: token.text };
				}
				throw new NotAnExpression('words');
			case 'mark':
				return this.bracketed(token.mark);
			default:
				throw new NotAnExpression(`unexpected ${token.kind}`);
		}
	}

	private bracketed(mark: string): Expression {
		const inner = this.peek(1);
		if (mark === '{' && inner?.kind === 'letter' && this.isMark('}', 2) && this.isMark('_', 3)) {
			// {g}_{k}
			this.tokens.splice(this.at + 2, 1);
			this.at++;
			return this.letter(inner.name);
		}
		if (mark === '(' || mark === '[' || mark === '{') {
			return this.group(mark);
		}
		if (mark === '⌊' || mark === '⌈') {
			return { kind: 'call', name: mark === '⌊' ? 'floor' : 'ceil', args: [this.group(mark)] };
		}
		if (mark === '|') {
			this.at++;
			this.openBars++;
			const inner = this.sum();
			this.openBars--;
			this.expect('|');
			return { kind: 'call', name: 'abs', args: [inner] };
		}
		throw new NotAnExpression(`unexpected ${mark}`);
	}

	/** Parses a number; an integer directly followed by a proper fraction is a mixed number. */
	private number(token: Extract<Token, { kind: 'number' }>): Expression {
		this.at++;
		const whole: Expression = {
			kind: 'number',
			value: token.value,
			...(token.written ? { written: token.written } : {}),
		};
		if (token.written !== undefined || token.value.d !== 1n) {
			return whole;
		}
		const start = this.at;
		const top = this.peek();
		if (this.isCommand('frac') || this.isCommand('dfrac') || this.isCommand('tfrac') || this.isCommand('cfrac')) {
			const tokens = [...this.tokens];
			this.at++;
			const over = this.argument();
			const under = this.argument();
			if (
				over.kind === 'number' &&
				under.kind === 'number' &&
				over.value.d === 1n &&
				under.value.d === 1n &&
				over.value.n > 0n &&
				compareRational(over.value, under.value) < 0 &&
				!this.isMark('^')
			) {
				return { kind: 'number', value: plus(token.value, rational(over.value.n, under.value.n)) };
			}
			this.tokens.splice(0, tokens.length, ...tokens);
		} else if (top?.kind === 'number' && top.spaced && top.value.d === 1n && this.isMark('/', 1)) {
			const bottom = this.peek(2);
			if (
				bottom?.kind === 'number' &&
				bottom.value.d === 1n &&
				bottom.value.n > 0n &&
				compareRational(top.value, bottom.value) < 0
			) {
				this.at += 3;
				return { kind: 'number', value: plus(token.value, rational(top.value.n, bottom.value.n)) };
			}
		}
		this.at = start;
		return whole;
	}

	private letter(name: string): Expression {
		this.at++;
		let full = name;
		if (this.isMark('_')) {
			this.at++;
			full = `${name}_${this.subscript()}`;
		}
		if (full === 'd' && this.isMark('/', 1) && this.isLetter('d', 2) && this.peek()?.kind === 'letter') {
			// dy/dx
			const of = this.peek();
			this.at += 4;
			return { kind: 'symbol', name: `${of?.kind === 'letter' ? of.name : ''}'` };
		}
		while (this.take("'")) {
			full += "'";
		}
		if (full === 'i') {
			return { kind: 'constant', name: 'i' };
		}
		if (full === 'e') {
			return { kind: 'constant', name: 'e' };
		}
		if (full === 'C' && this.isMark('(') && this.isMark(',', 2)) {
			return { kind: 'call', name: 'binomial', args: this.argumentList() };
		}
		if (/^[fghFGHP]/.test(full) && this.isMark('(')) {
			return { kind: 'application', name: full, args: this.argumentList() };
		}
		return { kind: 'symbol', name: full };
	}

	private argumentList(): Expression[] {
		this.expect('(');
		const args = [this.sum()];
		while (this.take(',')) {
			args.push(this.sum());
		}
		this.expect(')');
		return args;
	}

	private command(name: string): Expression {
		this.at++;
		const constant = constants[name];
		if (constant !== undefined) {
			return constant;
		}
		switch (name) {
			case 'frac':
			case 'dfrac':
			case 'tfrac':
			case 'cfrac': {
				const derivative = this.derivative();
				if (derivative !== undefined) {
					return { kind: 'symbol', name: derivative };
				}
				const over = this.argument();
				return { kind: 'quotient', over, under: this.argument() };
			}
			case 'binom':
			case 'dbinom':
			case 'tbinom': {
				if (this.isMark('(')) {
					return { kind: 'call', name: 'binomial', args: this.argumentList() };
				}
				const n = this.argument();
				return { kind: 'call', name: 'binomial', args: [n, this.argument()] };
			}
			case 'sqrt': {
				let index: Expression = { kind: 'number', value: rational(2n) };
				if (this.isMark('[')) {
					index = this.group('[');
				}
				return { kind: 'root', of: this.argument(), index };
			}
			case 'cbrt':
				return { kind: 'root', of: this.argument(), index: { kind: 'number', value: rational(3n) } };
			case 'money':
				return this.factor();
			case 'sum':
			case 'prod':
				return this.series(name);
			case 'overline':
			case 'bar':
			case 'vec':
			case 'hat':
			case 'overrightarrow':
				return { kind: 'symbol', name: `${name} ${this.decorated()}` };
			case 'gcd':
			case 'lcm':
			case 'min':
			case 'max':
				return { kind: 'call', name, args: this.argumentList() };
			default:
				if (functionNames.has(name) || aliases[name] !== undefined) {
					return this.call(aliases[name] ?? name);
				}
				throw new NotAnExpression(`\\${name}`);
		}
	}

	/** Parses a function call: \sin^2 x, \log_2 8, \sin 2x, \sin(x), \sin^{-1} x. */
	private call(name: string): Expression {
		let fn = name;
		let exponent: Expression | undefined;
		const args: Expression[] = [];
		for (;;) {
			if (this.take('_')) {
				args.push(this.argument());
			} else if (this.take('^')) {
				exponent = this.exponent();
			} else {
				break;
			}
		}
		if (
			exponent?.kind === 'number' &&
			exponent.value.n === -1n &&
			exponent.value.d === 1n &&
			inverse[name] !== undefined
		) {
			fn = inverse[name];
			exponent = undefined;
		}
		args.unshift(this.callArgument());
		const call: Expression = { kind: 'call', name: fn, args };
		return exponent === undefined ? call : { kind: 'power', base: call, exponent };
	}

	private callArgument(): Expression {
		for (const open of ['(', '[', '{', '⌊', '⌈']) {
			if (this.isMark(open)) {
				const inner = open === '(' || open === '[' || open === '{' ? this.group(open) : this.base();
				// \sin{x}^2 is rare; the mark of \sin(x)^\circ must not be lost.
				return this.isMark('^') && this.isCommand('circ', 1)
					? ((this.at += 2), { kind: 'degree', of: inner })
					: inner;
			}
		}
		if (this.take('-')) {
			return negativeOf(this.callArgument());
		}
		let argument = this.factor();
		for (;;) {
			const token = this.peek();
			if (
				token === undefined ||
				(token.kind === 'command' && functionNames.has(token.name) && token.name !== 'sqrt')
			) {
				return argument;
			}
			if (this.isMark('/') && this.peek(1)?.kind === 'number') {
				this.at++;
				argument = { kind: 'quotient', over: argument, under: this.factor() };
			} else if (this.startsFactor() && !this.isMark('(') && !this.isMark('[')) {
				argument = product(argument, this.factor());
			} else {
				return argument;
			}
		}
	}

	/** \sum_{k=1}^{10} k^2 */
	private series(name: 'sum' | 'prod'): Expression {
		this.expect('_');
		this.expect('{');
		const variable = this.peek();
		const equals = this.peek(1);
		if (variable?.kind !== 'letter' || equals?.kind !== 'relation' || equals.name !== '=') {
			throw new NotAnExpression('a series without its variable');
		}
		this.at += 2;
		const from = this.sum();
		this.expect('}');
		this.expect('^');
		const to = this.argument();
		return { kind: 'series', name, variable: variable.name, from, to, body: this.term() };
	}
}

/** Whether letters name a segment by its ends: AB, the length of a segment, is one name and not A times B. */
const isName = (text: string): boolean => /^[A-Z]{2,4}$/.test(text);

function product(left: Expression, right: Expression): Expression {
	return left.kind === 'product'
		? { kind: 'product', factors: [...left.factors, right] }
		: { kind: 'product', factors: [left, right] };
}
