import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equivalentNow } from '../../../src/grading/createGrader.ts';

const identifiers = [
	...['b00c', 'F0F0', 'x0y', 'a0', 'd0e0', 'FF0', '0xFF', '0x0F', '0b0', '00ff', 'xy0', 'pi0', 'f00d', 'v0', 'e0'],
	...['B0', '\\text{b00c}', '\\boxed{b00c}', 'x0,0', 'deadbeef0', 'ABC0', '-b00c', 'b00c + a0', '2x0', 'ab0.0'],
];
for (const identifier of identifiers) {
	test(`${identifier} is not 0`, () => {
		assert.notEqual(equivalentNow('0', identifier)?.equal, true);
		assert.notEqual(equivalentNow(identifier, '0')?.equal, true);
		assert.equal(equivalentNow(identifier, identifier)?.equal, true);
	});
}

test('b00c, F0F0 and x0y may be anything: unsure', () => {
	for (const identifier of ['b00c', 'F0F0', 'x0y', '0xFF']) {
		assert.equal(equivalentNow('0', identifier)?.equal, null);
	}
});

test('letters directly before digits are never equal to a number', () =>
	fc.assert(
		fc.property(
			fc.stringMatching(/^[a-df-z][a-z]{0,3}\d{1,3}[a-z]{0,2}$/),
			fc.integer({ min: 0, max: 30 }),
			(run, n) => {
				fc.pre(!/^(?:log|ln|lg|sin|cos|tan|sec|csc|cot|exp|sqrt|abs)/.test(run));
				assert.notEqual(equivalentNow(String(n), run)?.equal, true);
			},
		),
		{ numRuns: 2000 },
	));

for (const [left, right] of [
	['x_2', 'x_{2}'],
	['3x^2', '3 x^{2}'],
	['\\log_2 8', '3'],
	['log10', '1'],
	['sqrt4', '2'],
	['sin0', '0'],
	['2x', 'x \\cdot 2'],
	['0x', '0'],
	['1.5e3', '1500'],
	['0 \\text{ cm}', '0cm'],
	['2B_{16}', '43_{10}'],
	['A5_{11}', '115_{10}'],
	['\\frac12x', 'x/2'],
	['\\pi2', '2\\pi'],
	['x \\cdot 0', '0'],
] as const) {
	test(`${left} and ${right} are still equal`, () => assert.equal(equivalentNow(left, right)?.equal, true));
}
