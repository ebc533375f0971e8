import { Budget } from '../number/budget.ts';
import { exactValue } from '../number/exactValue.ts';
import type { Expression } from './expression.ts';
import { symbolsOf } from './expression.ts';
import type { Form } from './form.ts';
import { parseExpression } from './parseExpression.ts';
import type { Rational } from '../number/rational.ts';
import { compareRational, negated, plus, rational, times } from '../number/rational.ts';
import { infinite, intersection, wholeLine } from './readRegion.ts';
import { NotAnExpression } from './tokenCursor.ts';
import { groupEnd, isMark, splitAt } from './tokenGroups.ts';
import type { Relation } from './vocabulary.ts';
import type { Token } from './tokens.ts';

type Inner = (part: readonly Token[]) => Form;
type Doubt = (what: string) => void;

/** Reads equations, assignments, memberships and inequalities; undefined if there is no relation outside brackets. */
export function readRelation(tokens: readonly Token[], inner: Inner, doubt: Doubt): Form | undefined {
	const relations: Relation[] = [];
	const sides: Token[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.kind === 'mark' && ['(', '[', '{', '\\{'].includes(token.mark)) {
			depth++;
		} else if (token.kind === 'mark' && [')', ']', '}', '\\}'].includes(token.mark)) {
			depth--;
		}
		if (token.kind === 'relation' && depth === 0) {
			relations.push(token.name);
			sides.push([]);
		} else {
			(sides.at(-1) as Token[]).push(token);
		}
	}
	const [first, second] = sides;
	if (relations.length === 0 || first === undefined || second === undefined) {
		return undefined;
	}
	const last = sides.at(-1) as Token[];
	if (first.length === 0) {
		return inner(tokens.slice(1));
	}
	if (relations.includes('in')) {
		return relations.length === 1
			? withName(inner(second), nameOf(first))
			: { kind: 'opaque', reason: 'a chain of memberships' };
	}
	const approximate = relations.indexOf('~');
	if (approximate >= 0) {
		// In $\frac23 \approx 0.67$ the exact side is used; x \approx 3.1 has only the approximate one.
		const exact = sides.slice(0, approximate + 1);
		const isName = exact.length === 1 && nameOf(exact[0] as Token[]) !== undefined;
		return isName ? inner(last) : readSides(exact, relations.slice(0, approximate), inner, doubt);
	}
	return readSides(sides, relations, inner, doubt);
}

function readSides(
	sides: readonly (readonly Token[])[],
	relations: readonly Relation[],
	inner: Inner,
	doubt: Doubt,
): Form {
	const [first, second] = sides;
	if (first === undefined || second === undefined) {
		return inner(first ?? []);
	}
	return relations.every((relation) => relation === '=')
		? readEquation(sides, inner, doubt)
		: readInequality(sides, relations);
}

function withName(form: Form, name: string | undefined): Form {
	return form.kind === 'region' && name !== undefined ? { ...form, name } : form;
}

/**
 * Reads a name that may stand alone to the left of its value: x, x_1, x_{\max}, AB, f(x), P(A), \angle R,
 * \frac{dy}{dx}.
 */
function nameOf(tokens: readonly Token[]): string | undefined {
	const text = tokens.map(nameText).join('');
	if (
		/^(?:\\?[A-Za-z]+|vec [ijk]|[A-Z]{2,4})(?:_(?:\\?\w+|\{[\w,\\]+\}))?'*$/.test(text) &&
		(tokens.length === 1 || isMark(tokens[1], '_') || isMark(tokens[1], "'"))
	) {
		return tokens[0]?.kind === 'command' ? undefined : plainName(text);
	}
	if (
		/^[A-Za-z](?:_\w|_\{\w+\})?(?:\^\{?-1\}?)?'*\((?:\\?[a-z]+(?:,\\?[a-z])*)\)$/.test(text) &&
		tokens.length <= 12
	) {
		return plainName(text);
	}
	return isCallOfName(tokens, text) || isAngle(tokens, text) ? plainName(text) : undefined;
}

function nameText(token: Token): string {
	switch (token.kind) {
		case 'number':
			return token.digits;
		case 'mark':
			return token.mark;
		case 'text':
			return token.text;
		case 'letter':
			return token.name;
		case 'command':
			return `\\${token.name}`;
		default:
			return '?';
	}
}

const plainName = (text: string): string => text.replace(/[{}]|\\(?=[a-z]+\}?'*$)/g, '');

/**
 * Whether tokens look like a named function of something: P(A), E(x, 0), \operatorname{Var}(X), f_1(2), i.e. a capital
 * letter or word before a bracket, or several arguments.
 */
function isCallOfName(tokens: readonly Token[], text: string): boolean {
	const open = tokens.findIndex((token) => isMark(token, '(') || isMark(token, '['));
	const head = tokens.slice(0, Math.max(0, open));
	const [first] = head;
	if (open < 1 || tokens.length > 40 || groupEnd(tokens, open) !== tokens.length - 1) {
		return false;
	}
	const named = first?.kind === 'text' || (first?.kind === 'letter' && /^[A-Z]/.test(first.name));
	const bare = head.length === 1 || (isMark(head[1], '_') && head.length <= 5);
	return (
		bare &&
		(named || (first?.kind === 'letter' && splitAt(tokens.slice(open + 1, -1), isComma).length > 1)) &&
		!/[=<>]/.test(text)
	);
}

const isComma = (token: Token): boolean => isMark(token, ',');

/** Whether tokens name an angle or triangle: \angle R, m\angle ABC, \triangle ABC. */
function isAngle(tokens: readonly Token[], text: string): boolean {
	return tokens.length <= 8 && /^m?\\(?:angle|triangle)[A-Z'\d]+$/.test(text);
}

function readEquation(sides: readonly (readonly Token[])[], inner: Inner, doubt: Doubt): Form {
	const first = sides[0] as readonly Token[];
	const last = sides.at(-1) as readonly Token[];
	const name = nameOf(first);
	if (name !== undefined) {
		if (sides.length > 2 && sides.slice(0, -1).every((side) => nameOf(side) !== undefined)) {
			return {
				kind: 'list',
				items: sides.slice(0, -1).map((side) => assignment(nameOf(side) as string, side, inner(last))),
			};
		}
		return assignment(name, first, inner(last));
	}
	// (x, y) = (1, 2); Area = 12; 5 = x
	if (
		first.some((token) => token.kind === 'text' && !/^[A-Z]{2,4}$/.test(token.text)) ||
		(isMark(first[0], '(') && first.some((token) => isMark(token, ',')))
	) {
		return inner(last);
	}
	let left: Expression;
	try {
		left = parseExpression(first);
	} catch (error) {
		if (!(error instanceof NotAnExpression)) {
			throw error;
		}
		// The right side is the value, whatever its name.
		doubt('the left side of an equation');
		const label = first.map(nameText).join('');
		return { kind: 'equation', name: label, left: { kind: 'symbol', name: label }, right: inner(last) };
	}
	const reversed = sides.length === 2 ? nameOf(last) : undefined;
	if (reversed !== undefined && symbolsOf(left).size === 0) {
		return assignment(reversed, last, inner(first));
	}
	if (symbolsOf(left).size === 0) {
		const right = inner(last);
		const isEquation = sides.length === 2 && right.kind === 'value' && symbolsOf(right.value).size > 0;
		// 7 = 11a + c is equivalent to 11a + c = 7, whereas f(2) = 5 and 2 + 3 = 5 have the value 5.
		if (isEquation && left.kind !== 'application') {
			return { kind: 'equation', left: right.value, right: inner(first) };
		}
		return right;
	}
	return { kind: 'equation', left, right: inner(last) };
}

function assignment(name: string, side: readonly Token[], right: Form): Form {
	let left: Expression;
	try {
		left = parseExpression(side);
	} catch (error) {
		if (!(error instanceof NotAnExpression)) {
			throw error;
		}
		left = { kind: 'symbol', name };
	}
	// In e = 5 and i = 2, the letter names a variable.
	return right.kind === 'equation'
		? right
		: { kind: 'equation', name, left: left.kind === 'constant' ? { kind: 'symbol', name } : left, right };
}

const turned: Record<string, Relation> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '!=': '!=' };

function readInequality(sides: readonly (readonly Token[])[], relations: readonly Relation[]): Form {
	const read = sides.map((side) => parseExpression(side));
	const chain: Form = { kind: 'chain', sides: read, relations };
	const [first, second, third] = read;
	const [one, two] = relations;
	if (first === undefined || second === undefined || one === undefined) {
		return chain;
	}
	const free = new Set(read.flatMap((side) => [...symbolsOf(side)]));
	if (third === undefined) {
		return absolute(first, one, second) ?? solved(first, one, second) ?? chain;
	}
	if (
		relations.length !== 2 ||
		two === undefined ||
		relations.some((relation) => relation === '!=' || relation === '=')
	) {
		return chain;
	}
	const rising = one[0] === '<' && two[0] === '<';
	const falling = one[0] === '>' && two[0] === '>';
	if ((!rising && !falling) || symbolsOf(first).size + symbolsOf(third).size > 0) {
		return chain;
	}
	const [low, high, lowRelation, highRelation] = rising ? [first, third, one, two] : [third, first, two, one];
	const interval = { low, high, lowClosed: lowRelation.length === 2, highClosed: highRelation.length === 2 };
	if (second.kind === 'symbol' || second.kind === 'application') {
		return { kind: 'region', name: labelOf(second), parts: [interval] };
	}
	const scale = free.size === 1 ? linearIn(second, [...free][0] as string) : undefined;
	const bounds = [low, high].map((bound) => exactValue(bound, new Budget(10_000, 4000)));
	if (scale === undefined || bounds[0] === undefined || bounds[1] === undefined) {
		return chain;
	}
	const ends = [bounds[0], bounds[1]].map((bound) =>
		times(plus(bound, negated(scale.constant)), rational(scale.slope.d, scale.slope.n)),
	);
	const flipped = scale.slope.n < 0n;
	const [from, to] = flipped ? [ends[1], ends[0]] : ends;
	const number = (value: Rational): Expression => ({ kind: 'number', value });
	return {
		kind: 'region',
		name: [...free][0] as string,
		parts: [
			{
				low: number(from as Rational),
				high: number(to as Rational),
				lowClosed: flipped ? interval.highClosed : interval.lowClosed,
				highClosed: flipped ? interval.lowClosed : interval.highClosed,
			},
		],
	};
}

/** |f| < c means −c < f < c; |f| > c means f < −c or f > c. */
function absolute(left: Expression, relation: Relation, right: Expression): Form | undefined {
	const inner = left.kind === 'call' && left.name === 'abs' ? left.args[0] : undefined;
	if (
		inner === undefined ||
		symbolsOf(right).size > 0 ||
		relation === '!=' ||
		(exactValue(right, new Budget(1000, 2000))?.n ?? 0n) <= 0n
	) {
		return undefined;
	}
	const opposite: Expression = { kind: 'negative', of: right };
	if (relation[0] === '<') {
		const [below, above] = [solved(inner, relation, right), solved(inner, turned[relation] as Relation, opposite)];
		const common =
			below?.kind === 'region' && above?.kind === 'region' && below.parts[0] && above.parts[0]
				? intersection(below.parts[0], above.parts[0])
				: undefined;
		return common && below?.kind === 'region' ? { ...below, parts: [common] } : undefined;
	}
	const [above, below] = [solved(inner, relation, right), solved(inner, turned[relation] as Relation, opposite)];
	return above?.kind === 'region' && below?.kind === 'region'
		? { ...above, parts: [...below.parts, ...above.parts] }
		: undefined;
}

function labelOf(expression: Expression): string {
	if (expression.kind === 'symbol') {
		return expression.name;
	}
	return expression.kind === 'application' ? `${expression.name}()` : 'x';
}

/** Reads x > 5, 2x + 1 ≤ 7 or x ≠ 3 as a part of the number line. */
function solved(left: Expression, relation: Relation, right: Expression): Form | undefined {
	if (right.kind === 'symbol' && symbolsOf(left).size === 0) {
		return solved(right, turned[relation] ?? relation, left);
	}
	if ((left.kind === 'symbol' || left.kind === 'application') && symbolsOf(right).size === 0) {
		return region(labelOf(left), relation, right);
	}
	const free = [...new Set([...symbolsOf(left), ...symbolsOf(right)])];
	const difference: Expression = { kind: 'sum', terms: [left, { kind: 'negative', of: right }] };
	const line = free.length === 1 && free[0] !== undefined ? linearIn(difference, free[0]) : undefined;
	if (line === undefined || free[0] === undefined) {
		return undefined;
	}
	const bound = times(negated(line.constant), rational(line.slope.d, line.slope.n));
	return region(free[0], line.slope.n < 0n ? (turned[relation] ?? relation) : relation, {
		kind: 'number',
		value: bound,
	});
}

function region(name: string, relation: Relation, bound: Expression): Form {
	switch (relation) {
		case '<':
		case '<=':
			return {
				kind: 'region',
				name,
				parts: [{ low: infinite(-1), high: bound, lowClosed: false, highClosed: relation === '<=' }],
			};
		case '>':
		case '>=':
			return {
				kind: 'region',
				name,
				parts: [{ low: bound, high: infinite(1), lowClosed: relation === '>=', highClosed: false }],
			};
		default:
			return { kind: 'region', name, parts: [{ ...wholeLine, without: [bound] }] };
	}
}

/**
 * Returns slope·x + constant with rational coefficients, or undefined if the expression is not linear. Three points
 * establish the line; a fourth and a fifth, far out, exclude a rational function of low degree that passes through
 * those three.
 */
function linearIn(expression: Expression, name: string): { slope: Rational; constant: Rational } | undefined {
	const at = (x: bigint): Rational | undefined =>
		exactValue(expression, new Budget(10_000, 4000), new Map([[name, rational(x)]]));
	const [zero, unit] = [at(0n), at(1n)];
	if (zero === undefined || unit === undefined) {
		return undefined;
	}
	const slope = plus(unit, negated(zero));
	const fits = [2n, 1009n, -100_003n].every((x) => {
		const value = at(x);
		return value !== undefined && compareRational(value, plus(zero, times(slope, rational(x)))) === 0;
	});
	return fits && slope.n !== 0n ? { slope, constant: zero } : undefined;
}
