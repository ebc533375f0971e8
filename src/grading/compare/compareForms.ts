import type { Grade } from '../../core/ports/grader.ts';
import type { Budget } from '../number/budget.ts';
import { difference, sameEquation, sameInequality } from './compareEquations.ts';
import { sameRegion } from './compareRegions.ts';
import type { Expression } from '../read/expression.ts';
import { someWhere, symbolsOf } from '../read/expression.ts';
import type { Form, FormOf } from '../read/form.ts';
import { inOrderOfNames } from '../read/form.ts';
import { exactValue } from '../number/exactValue.ts';
import { rational } from '../number/rational.ts';
import { intervalsOf } from '../read/readRegion.ts';
import { branches, sameQuantity } from './sameQuantity.ts';
import { grade, no, sameValue, unsure, yes } from './sameValue.ts';
import { meansNumber, sameWords } from '../read/numberNames.ts';

/** Whether an answer equals the gold answer. Symmetric: every rule treats both sides alike. */
export function sameForm(a: Form, b: Form, budget: Budget): Grade {
	budget.spend(5);
	for (const [one, other] of [
		[a, b],
		[b, a],
	] as const) {
		const settled = oneWay(one, other, budget);
		if (settled !== undefined) {
			return settled;
		}
	}
	return no;
}

/** Applies the rules for one order of the two sides; undefined if none applies. sameForm tries both orders. */
function oneWay(a: Form, b: Form, budget: Budget): Grade | undefined {
	if (a.kind === 'opaque') {
		return unsure(a.reason);
	}
	switch (a.kind) {
		case 'choice':
			return sameChoice(a, b, budget);
		case 'equation':
			return sameAsEquation(a, b, budget);
		case 'value': {
			const values = branches(a.value);
			if (values !== undefined) {
				return b.kind === 'value' || b.kind === 'list' || b.kind === 'set'
					? sameForm({ kind: 'list', items: values.map((value) => ({ ...a, value })) }, b, budget)
					: undefined;
			}
			return b.kind === 'value' && branches(b.value) === undefined ? sameQuantity(a, b, budget) : undefined;
		}
		case 'list':
		case 'set':
			return sameAsCollection(a, b, budget);
		case 'tuple':
			return sameAsTuple(a, b, budget);
		case 'region': {
			const parts = intervalsOf(b);
			if (b.kind === 'region' && a.name !== undefined && b.name !== undefined && a.name !== b.name) {
				return no;
			}
			return parts && sameRegion(a.parts, parts, budget);
		}
		case 'chain':
			if (b.kind === 'chain') {
				return sameChain(a, b, budget);
			}
			return ['region', 'list', 'tuple', 'set'].includes(b.kind) ? unsure('an inequality not solved') : undefined;
		case 'matrix':
			return sameAsMatrix(a, b, budget);
		case 'base':
			return sameAsBase(a, b);
		case 'time':
			return sameAsTime(a, b, budget);
		case 'ratio':
			return sameAsRatio(a, b, budget);
		case 'words':
			return sameAsWords(a, b);
	}
}

function all(grades: readonly Grade[]): Grade {
	return grades.find((each) => each.equal === false) ?? grades.find((each) => each.equal === null) ?? yes;
}

function inOrder(a: readonly Form[], b: readonly Form[], budget: Budget): Grade {
	return a.length === b.length ? all(a.map((item, index) => sameForm(item, b[index] as Form, budget))) : no;
}

function sameChoice(a: FormOf<'choice'>, b: Form, budget: Budget): Grade {
	if (b.kind === 'choice') {
		return grade(a.letter === b.letter, '');
	}
	if (b.kind === 'value' && b.value.kind === 'symbol' && b.value.name.length === 1) {
		return b.value.name.toUpperCase() === a.letter ? unsure('a choice against a variable of that letter') : no;
	}
	if (a.rest !== undefined) {
		return sameForm(a.rest, b, budget);
	}
	if (b.kind === 'opaque') {
		return unsure(b.reason);
	}
	return b.kind === 'list' ? no : unsure('a choice letter against a value');
}

// ——— collections

function sameAsCollection(a: FormOf<'list' | 'set'>, b: Form, budget: Budget): Grade | undefined {
	if (b.kind === 'equation' || (b.kind === 'value' && branches(b.value) !== undefined)) {
		return undefined;
	}
	if (b.kind === 'list' || b.kind === 'set') {
		const flat = (form: FormOf<'list' | 'set'>): readonly Form[] =>
			form.items.flatMap((item): readonly Form[] => {
				const form = item.kind === 'equation' ? item.right : item;
				const values = form.kind === 'value' ? branches(form.value) : undefined;
				return values?.map((value): Form => ({ kind: 'value', value })) ?? [item];
			});
		return unordered(flat(a), flat(b), a.kind === 'set' || b.kind === 'set', budget);
	}
	if (b.kind === 'tuple') {
		const byName = a.kind === 'list' ? inOrderOfNames(a.items) : undefined;
		if (byName !== undefined) {
			return inOrder(byName, b.items, budget);
		}
		if (a.kind === 'set') {
			const parts = b.items.length === 2 && a.items.length < 2 ? [intervalsOf(a), intervalsOf(b)] : [];
			if (parts[0] && parts[1]) {
				return sameRegion(parts[0], parts[1], budget);
			}
			return a.items.length === 1 && a.items[0]?.kind === 'tuple' ? sameForm(a.items[0], b, budget) : no;
		}
		// The brackets around a point are missing, or a list of roots has brackets.
		const ordered = inOrder(a.items, b.items, budget);
		if (ordered.equal === true) {
			return unsure('a list against a tuple');
		}
		return ordered.equal === null ? ordered : no;
	}
	if (b.kind === 'region') {
		return undefined;
	}
	if (b.kind === 'words') {
		return a.items.length === 0 ? unsure('words against the empty set') : undefined;
	}
	if (a.items.length === 1 && a.items[0] !== undefined) {
		return sameForm(a.items[0], b, budget);
	}
	return b.kind === 'opaque' ? undefined : no;
}

function unordered(a: readonly Form[], b: readonly Form[], asSets: boolean, budget: Budget): Grade {
	if (a.length === 0 || b.length === 0) {
		return grade(a.length === b.length, '');
	}
	const numbers = a.length * b.length > 400 ? sameNumbers(a, b, asSets, budget) : undefined;
	if (numbers !== undefined) {
		return numbers;
	}
	if (a.length * b.length > 10_000) {
		return unsure('too many parts');
	}
	const straight = a.length === b.length ? inOrder(a, b, budget) : no;
	if (straight.equal === true) {
		return yes;
	}
	const table = a.map((item) => b.map((other) => sameForm(item, other, budget).equal));
	const covered = (rows: readonly (readonly (boolean | null)[])[]): boolean | null => {
		if (rows.some((row) => row.every((cell) => cell === false))) {
			return false;
		}
		return rows.every((row) => row.includes(true)) ? true : null;
	};
	const columns = b.map((_, column) => table.map((row) => row[column] ?? null));
	const rowsCovered = covered(table);
	const columnsCovered = covered(columns);
	if (rowsCovered === false || columnsCovered === false) {
		return no;
	}
	if (rowsCovered !== true || columnsCovered !== true) {
		return unsure('a part of the list not settled');
	}
	if (a.length !== b.length && !asSets) {
		return unsure('the same values, repeated differently');
	}
	if (a.some((item) => item.kind === 'words') && straight.equal === false && !asSets) {
		return unsure('the same words in another order');
	}
	return yes;
}

/** Compares long lists of plain rational numbers by sorting; undefined if they contain anything else. */
function sameNumbers(a: readonly Form[], b: readonly Form[], asSets: boolean, budget: Budget): Grade | undefined {
	const sorted = (items: readonly Form[]): string[] | undefined => {
		const texts: string[] = [];
		for (const item of items) {
			const plain = item.kind === 'value' && item.unit === undefined && item.mark === undefined;
			const value = plain ? exactValue(item.value, budget) : undefined;
			if (value === undefined) {
				return undefined;
			}
			texts.push(`${value.n}/${value.d}`);
		}
		return (asSets ? [...new Set(texts)] : texts).sort();
	};
	const [left, right] = [sorted(a), sorted(b)];
	if (left === undefined || right === undefined) {
		return undefined;
	}
	if (left.join() === right.join()) {
		return yes;
	}
	return [...new Set(left)].join() === [...new Set(right)].join()
		? unsure('the same values, repeated differently')
		: no;
}

function sameAsTuple(a: FormOf<'tuple'>, b: Form, budget: Budget): Grade | undefined {
	if (b.kind === 'tuple') {
		const brackets =
			a.items.length !== 2 ||
			(a.open === b.open && a.close === b.close) ||
			a.items.concat(b.items).some((item) => item.kind !== 'value');
		if (!brackets) {
			const parts = [intervalsOf(a), intervalsOf(b)];
			return parts[0] && parts[1] ? sameRegion(parts[0], parts[1], budget) : no;
		}
		return inOrder(a.items, b.items, budget);
	}
	if (b.kind === 'matrix') {
		const cells = vectorOf(b);
		return cells === undefined ? no : inOrder(a.items, cells, budget);
	}
	if (b.kind === 'value' && hasUnitVectors(b.value)) {
		return unsure('a vector written with unit vectors');
	}
	return b.kind === 'value' ? no : undefined;
}

const hasUnitVectors = (value: Expression): boolean =>
	someWhere(value, (part) => part.kind === 'symbol' && /^(?:j|hat .*|vec .*)$/.test(part.name));

function vectorOf(matrix: FormOf<'matrix'>): Form[] | undefined {
	const isRow = matrix.rows.length === 1;
	const isColumn = matrix.rows.every((row) => row.length === 1);
	return isRow || isColumn ? matrix.rows.flat().map((value) => ({ kind: 'value', value })) : undefined;
}

function sameAsMatrix(a: FormOf<'matrix'>, b: Form, budget: Budget): Grade | undefined {
	if (b.kind === 'value' && hasUnitVectors(b.value)) {
		return unsure('a vector written with unit vectors');
	}
	if (b.kind !== 'matrix') {
		return b.kind === 'value' && a.rows.length === 1 && a.rows[0]?.length === 1
			? sameValue(a.rows[0][0] as Expression, b.value, budget)
			: undefined;
	}
	if (a.rows.length !== b.rows.length) {
		return no;
	}
	return all(
		a.rows.map((row, i) =>
			row.length === b.rows[i]?.length
				? all(row.map((cell, j) => sameValue(cell, b.rows[i]?.[j] as Expression, budget)))
				: no,
		),
	);
}

// ——— relations

function sameAsEquation(a: FormOf<'equation'>, b: Form, budget: Budget): Grade | undefined {
	if (b.kind === 'equation') {
		if (a.name !== undefined && b.name !== undefined) {
			return alike(a.name, b.name) ? sameForm(a.right, b.right, budget) : differentlyNamed(a, b, budget);
		}
		if (a.right.kind === 'value' && b.right.kind === 'value') {
			return sameEquation(difference(a.left, a.right.value), difference(b.left, b.right.value), budget);
		}
		return unsure('equations of different kinds');
	}
	if (a.name !== undefined) {
		return b.kind === 'opaque' ? unsure(b.reason) : sameForm(a.right, b, budget);
	}
	if (b.kind === 'list' || b.kind === 'set') {
		return undefined;
	}
	if (b.kind === 'value' && a.right.kind === 'value') {
		return equationAsValue(a.left, a.right, b, budget);
	}
	return unsure('an equation against another kind of answer');
}

/**
 * m + n = 25 equals 25, because it names the requested quantity before its value. By contrast, 2x = 10 may be only a
 * step, so it need not equal 10.
 */
function equationAsValue(left: Expression, right: FormOf<'value'>, value: FormOf<'value'>, budget: Budget): Grade {
	const stated = sameQuantity(right, value, budget);
	if (stated.equal !== true) {
		return stated.equal === false && sameValue(difference(left, right.value), value.value, budget).equal === true
			? unsure('an equation against one of its sides')
			: stated;
	}
	return isQuantity(left) && symbolsOf(right.value).size === 0 ? yes : unsure('an equation against one of its sides');
}

/**
 * Whether the left side is an expression in several letters, or in names that equations are not solved for: AB, x_1,
 * \sin A.
 */
function isQuantity(left: Expression): boolean {
	const names = [...symbolsOf(left)];
	return names.length > 1 || names.every((name) => /^[A-Z]|_|^(?:bar|overline|vec|hat) /.test(name));
}

/** Whether two names are alike: the same name, x and its numbered x_1, or two of y and f(x). */
function alike(a: string, b: string): boolean {
	const bare = (name: string): string => name.replace(/_\d+$/, '');
	const numbered = /_\d+$/.test(a) !== /_\d+$/.test(b) && bare(a) === bare(b);
	return a === b || numbered || [a, b].every((name) => /^y$|\(/.test(name) && !/^[A-Z]\w*\([A-Z]/.test(name));
}

/**
 * Grades equal values with different names: they are definitely different only if both names are single letters or
 * points.
 */
function differentlyNamed(a: FormOf<'equation'>, b: FormOf<'equation'>, budget: Budget): Grade {
	const plain = [a, b].every(({ name }) => /^(?:\\?[A-Za-z]|[A-Z]{2,4}|[A-Za-z]_\w)$/.test(name ?? ''));
	return plain || sameForm(a.right, b.right, budget).equal !== true ? no : unsure('equal values of different names');
}

function sameChain(a: FormOf<'chain'>, b: FormOf<'chain'>, budget: Budget): Grade {
	const [left, right] = a.sides;
	const [otherLeft, otherRight] = b.sides;
	const [relation] = a.relations;
	const [otherRelation] = b.relations;
	if (
		a.relations.length === 1 &&
		b.relations.length === 1 &&
		left &&
		right &&
		otherLeft &&
		otherRight &&
		relation &&
		otherRelation
	) {
		return sameInequality(
			difference(left, right),
			relation,
			difference(otherLeft, otherRight),
			otherRelation,
			budget,
		);
	}
	const rising = (chain: FormOf<'chain'>): FormOf<'chain'> =>
		chain.relations.some((each) => each[0] === '>')
			? {
					kind: 'chain',
					sides: [...chain.sides].reverse(),
					relations: [...chain.relations]
						.reverse()
						.map(
							(each) =>
								(({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' }) as Record<string, typeof each>)[
									each
								] ?? each,
						),
				}
			: chain;
	const [first, second] = [rising(a), rising(b)];
	if (first.relations.join() !== second.relations.join()) {
		return no;
	}
	return all(first.sides.map((side, index) => sameValue(side, second.sides[index] as Expression, budget)));
}

// ——— notations

/**
 * 1011_2 equals 1011_2, and it equals 1011 without its base. Digits in different bases are compared by value; otherwise
 * different digits mean different answers.
 */
function sameAsBase(a: FormOf<'base'>, b: Form): Grade | undefined {
	if (b.kind === 'base') {
		if (a.base === b.base || !wellWritten(a) || !wellWritten(b)) {
			// 70_6 is not a numeral, because a digit is not below the base. It equals only itself, and not 110_6,
			// although its digits would give the same value.
			return grade(a.base === b.base && a.digits === b.digits, '');
		}
		return a.digits.length > mostDigits || b.digits.length > mostDigits
			? unsure('a numeral of too many digits')
			: grade(baseValue(a.digits, a.base) === baseValue(b.digits, b.base), '');
	}
	if (b.kind !== 'value' || b.value.kind !== 'number' || b.value.value.d !== 1n) {
		return b.kind === 'words' || b.kind === 'opaque' ? undefined : no;
	}
	const digits = b.value.value.n.toString();
	if (digits === a.digits) {
		return yes;
	}
	return baseValue(a.digits, a.base) === b.value.value.n ? unsure('a number written in another base') : no;
}

const mostDigits = 2000;

/** Whether every digit is below the base. */
function wellWritten(form: FormOf<'base'>): boolean {
	return [...form.digits.replace('-', '')].every((digit) => parseInt(digit, 36) < form.base);
}

function baseValue(digits: string, base: number): bigint {
	let value = 0n;
	for (const c of digits.replace('-', '').slice(0, mostDigits)) {
		value = value * BigInt(base) + BigInt(parseInt(c, 36));
	}
	return digits.startsWith('-') ? -value : value;
}

function sameAsTime(a: FormOf<'time'>, b: Form, budget: Budget): Grade | undefined {
	if (b.kind === 'ratio') {
		return sameAsRatio(b, a, budget);
	}
	if (b.kind !== 'time') {
		if (b.kind !== 'value') {
			return undefined;
		}
		return a.half === undefined ? sameForm({ kind: 'ratio', parts: clock(a) }, b, budget) : no;
	}
	if (a.minute !== b.minute || a.second !== b.second) {
		return no;
	}
	const hour = (time: FormOf<'time'>): number =>
		time.half === undefined ? time.hour : (time.hour % 12) + (time.half === 'pm' ? 12 : 0);
	if (a.half !== undefined && b.half !== undefined) {
		return grade(hour(a) === hour(b), '');
	}
	const bare = [a, b].find((time) => time.half === undefined && time.hour > 12);
	return grade(bare === undefined ? a.hour % 12 === b.hour % 12 : hour(a) % 24 === hour(b) % 24, '');
}

const clock = (time: FormOf<'time'>): Expression[] =>
	[time.hour, time.minute].map((n) => ({ kind: 'number', value: rational(BigInt(n)) }));

function ratioOf(form: Form): readonly Expression[] | undefined {
	if (form.kind === 'time' && form.half === undefined) {
		return clock(form);
	}
	return form.kind === 'ratio' ? form.parts : undefined;
}

/** 2:3 equals 4:6 and 2/3. */
function sameAsRatio(a: FormOf<'ratio'>, b: Form, budget: Budget): Grade | undefined {
	const [first, second] = a.parts;
	if (b.kind === 'value' && a.parts.length === 2 && first && second) {
		return sameValue({ kind: 'quotient', over: first, under: second }, b.value, budget);
	}
	const other = ratioOf(b);
	if (other === undefined || first === undefined || other[0] === undefined) {
		return b.kind === 'opaque' || b.kind === 'words' ? undefined : no;
	}
	const base = other[0];
	return a.parts.length === other.length
		? all(
				a.parts
					.slice(1)
					.map((part, index) =>
						sameValue(
							{ kind: 'product', factors: [part, base] },
							{ kind: 'product', factors: [other[index + 1] as Expression, first] },
							budget,
						),
					),
			)
		: no;
}

const digitsOf = (words: readonly string[]): string => words.filter((word) => /\d/.test(word)).join(' ');

function sameAsWords(a: FormOf<'words'>, b: Form): Grade | undefined {
	if (b.kind === 'words') {
		const same = sameWords(a.words, b.words);
		const formulas = a.mixed === true || b.mixed === true;
		return same === false && formulas && digitsOf(a.words) === digitsOf(b.words)
			? unsure('words around a formula')
			: grade(same, 'words that partly agree');
	}
	if (b.kind === 'list' && b.items.every((item) => item.kind === 'words')) {
		return grade(
			sameWords(
				a.words,
				b.items.flatMap((item) => (item.kind === 'words' ? item.words : [])),
			),
			'words that partly agree',
		);
	}
	if (a.mixed === true || a.words.some((word) => /\d/.test(word) || meansNumber(word))) {
		return unsure('a number among words');
	}
	return b.kind === 'opaque' || b.kind === 'set' ? undefined : no;
}
