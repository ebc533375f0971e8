import type { Grade } from '../../core/ports/grader.ts';
import { Budget, GaveUp } from '../number/budget.ts';
import { sameForm } from './compareForms.ts';
import { plainText } from '../read/plainText.ts';
import { longestAnswer, readAnswer } from '../read/readAnswer.ts';
import { unsure, yes } from './sameValue.ts';

/** Allowances: on the caller's thread about a millisecond or two; in the worker as much as its deadline lets it. */
export const quickBudget = (): Budget => new Budget(20_000, 20_000);
export const deepBudget = (): Budget => new Budget(20_000_000, 1_000_000);

/** The text without what never changes an answer; equal keys are equal answers. */
export function textKey(answer: string): string {
	return answer.length > 4 * longestAnswer
		? answer
		: plainText(answer)
				.replace(/\\left(?![a-z])|\\right(?![a-z])|\\[,;:!]|(?<!\\)\$/g, '')
				.replace(/\\[dt]frac/g, '\\frac')
				.replace(/\\[lc]?dots[cbm]?(?![a-z])|\.\.\./g, '…')
				.replace(/(?<=[^A-Za-z0-9]) +| +(?=[^A-Za-z0-9])/g, '')
				.replace(/ +/g, ' ')
				.replace(/[.]$/, '');
}

/** Compares two final answers within a budget; throws {@link GaveUp} of kind `deep` when it runs out. */
export function compareAnswers(gold: string, answer: string, budget: Budget): Grade {
	if (gold.trim() === '' || answer.trim() === '') {
		return unsure('an empty answer');
	}
	if (textKey(gold) === textKey(answer)) {
		return yes;
	}
	try {
		const a = readAnswer(gold);
		const b = readAnswer(answer);
		const plain = sameForm(a.form, b.form, budget);
		if (plain.equal === true || (!a.ambiguousCommas && !b.ambiguousCommas)) {
			return plain;
		}
		// 1,234 within brackets may still be one number, and 10,100 a pair.
		for (const [left, right] of [
			[undefined, true],
			[true, undefined],
			[undefined, false],
			[false, undefined],
		] as const) {
			const other = sameForm(
				(left === undefined ? a : readAnswer(gold, left)).form,
				(right === undefined ? b : readAnswer(answer, right)).form,
				budget,
			);
			if (other.equal === true) {
				return yes;
			}
		}
		return plain;
	} catch (error) {
		if (error instanceof GaveUp && error.kind !== 'deep') {
			return unsure(error.message);
		}
		if (error instanceof RangeError) {
			return unsure('too large to work out');
		}
		throw error;
	}
}
