import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equivalentNow } from '../../../src/grading/createGrader.ts';
import { extractAnswer } from '../../../src/grading/read/extractAnswer.ts';

const integer = fc.integer({ min: -9999, max: 9999 });
const fraction = fc.tuple(integer, fc.integer({ min: 2, max: 999 })).map(([n, d]) => `\\frac{${n}}{${d}}`);
const number = fc.oneof(
	integer.map(String),
	fraction,
	fc.integer({ min: 2, max: 99 }).map((n) => `\\sqrt{${n}}`),
	fc.integer({ min: 2, max: 99 }).map((n) => `${n}\\pi`),
);
const variable = fc.constantFrom('x', 'y', 'a', 'n');
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
	expression: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		number,
		variable,
		fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})+(${b})`),
		fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})(${b})`),
		fc.tuple(variable, fc.integer({ min: 2, max: 9 })).map(([v, n]) => `${v}^{${n}}`),
		tie('expression').map((a) => `\\frac{${a}}{7}`),
	),
}));
const answer = fc.oneof(
	expression,
	fc.tuple(number, number).map(([a, b]) => `(${a},${b})`),
	fc.array(number, { minLength: 2, maxLength: 4 }).map((items) => `\\{${items.join(', ')}\\}`),
	fc.tuple(number, number).map(([a, b]) => `\\begin{pmatrix} ${a} \\\\ ${b} \\end{pmatrix}`),
	fc.tuple(variable, number).map(([v, a]) => `${v} = ${a}`),
	fc.tuple(integer, integer).map(([a, b]) => `[${Math.min(a, b)}, ${Math.max(a, b) + 1})`),
);

test('every answer equals itself', () => {
	fc.assert(
		fc.property(answer, (a) => equivalentNow(a, a)?.equal === true),
		{ seed: 1, numRuns: 300 },
	);
});

test('equality is symmetric', () => {
	fc.assert(
		fc.property(answer, answer, (a, b) => equivalentNow(a, b)?.equal === equivalentNow(b, a)?.equal),
		{ seed: 2, numRuns: 300 },
	);
});

test('spacing, \\left and \\right, \\dfrac, dollar signs and a full stop do not affect equality', () => {
	fc.assert(
		fc.property(answer, (a) => {
			const forms = [
				` ${a} `,
				`$${a}$`,
				`${a}.`,
				a.replaceAll('\\frac', '\\dfrac'),
				a.replaceAll('\\frac', '\\tfrac'),
				a.replaceAll('(', '\\left(').replaceAll(')', '\\right)'),
				a.replaceAll('+', ' + ').replaceAll(',', ' , '),
				`\\boxed{${a}}`,
				`\\displaystyle ${a}`,
			];
			return forms.every(
				(form) => equivalentNow(a, form)?.equal === true && equivalentNow(form, a)?.equal === true,
			);
		}),
		{ seed: 3, numRuns: 200 },
	);
});

test('reordering terms and factors or multiplying out a sum preserves equality', () => {
	fc.assert(
		fc.property(
			expression,
			expression,
			expression,
			(a, b, c) =>
				equivalentNow(`(${a})(${b})+(${c})`, `(${c})+(${b})(${a})`)?.equal === true &&
				equivalentNow(`(${a})((${b})+(${c}))`, `(${a})(${b})+(${a})(${c})`)?.equal === true,
		),
		{ seed: 4, numRuns: 100 },
	);
});

test('an expression never equals itself plus one', () => {
	fc.assert(
		fc.property(expression, (a) => equivalentNow(a, `(${a})+1`)?.equal === false),
		{ seed: 5, numRuns: 200 },
	);
});

test('a boxed answer is extracted whatever text surrounds it', () => {
	const prose = fc.string({ maxLength: 60 }).map((text) => text.replace(/[\\{}<#]/g, ' '));
	fc.assert(
		fc.property(prose, prose, answer, (before, after, a) => {
			const found = extractAnswer(
				`${before}\n\\boxed{${a}}\n${after.replace(/\n\s*(User|Q|Human|Question|Problem)/g, '')}`,
			);
			return found.how === 'boxed' && found.answer === a;
		}),
		{ seed: 6, numRuns: 200 },
	);
});

test('grading and extraction never throw, whatever the text', () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 80, unit: 'binary' }), fc.string({ maxLength: 80 }), (a, b) => {
			const grade = equivalentNow(a, b);
			extractAnswer(a);
			return grade === undefined || grade.equal === null || typeof grade.equal === 'boolean';
		}),
		{ seed: 7, numRuns: 500 },
	);
	assert.ok(true);
});
