import type { Grade } from '../../core/ports/grader.ts';
import { Budget, GaveUp } from '../number/budget.ts';
import { sameForm } from './compareForms.ts';
import { plainText } from '../read/plainText.ts';
import { symbolsOf } from '../read/expression.ts';
import type { ReadAnswer } from '../read/readAnswer.ts';
import { longestAnswer, readAnswer } from '../read/readAnswer.ts';
import type { Ambiguity, Readings } from '../read/tokens.ts';
import { unsure, yes } from './sameValue.ts';

/** On the caller's thread, this budget takes a millisecond or two; in the worker, the deadline is the limit. */
export const quickBudget = (): Budget => new Budget(20_000, 20_000);
export const deepBudget = (): Budget => new Budget(20_000_000, 1_000_000);

/** Removes everything that never changes an answer: answers with equal keys are equal. */
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

/** Compares two final answers within a budget; throws {@link GaveUp} of kind `deep` when the budget is exhausted. */
export function compareAnswers(gold: string, answer: string, budget: Budget): Grade {
	if (gold.trim() === '' || answer.trim() === '') {
		return unsure('an empty answer');
	}
	if (textKey(gold) === textKey(answer)) {
		return yes;
	}
	try {
		const [a, b] = [readAnswer(gold), readAnswer(answer)];
		const plain = sameForm(a.form, b.form, budget);
		if (plain.equal === true) {
			return underConditions(a, b) ?? equationAgainstSide(a, b) ?? yes;
		}
		const other = inOtherReadings(gold, answer, [a, b], budget);
		if (other !== undefined) {
			return other;
		}
		const doubt = plain.equal === false ? (a.doubts[0] ?? b.doubts[0]) : undefined;
		if (doubt !== undefined) {
			return unsure(`not understood for certain: ${doubt}`);
		}
		return plain.equal === false && /=/.test(`${a.condition ?? ''}${b.condition ?? ''}`)
			? unsure('a condition that may change the answer')
			: plain;
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

/** Tries the other readings that an answer allows. Returns equal if one of them is, otherwise undefined. */
function inOtherReadings(
	gold: string,
	answer: string,
	[a, b]: readonly [ReadAnswer, ReadAnswer],
	budget: Budget,
): Grade | undefined {
	const sameAs = (left: Readings, right: Readings): boolean =>
		sameForm(readAnswer(gold, left).form, readAnswer(answer, right).form, budget).equal === true;
	const either = (ambiguity: Ambiguity): boolean => a.ambiguities.has(ambiguity) || b.ambiguities.has(ambiguity);
	// Inside brackets, 1,234 may still be one number and 10,100 a pair.
	if (
		either('groupCommas') &&
		[true, false].some((groupCommas) => sameAs({}, { groupCommas }) || sameAs({ groupCommas }, {}))
	) {
		return yes;
	}
	const comma = { decimalComma: true };
	if (either('decimalComma') && (sameAs({}, comma) || sameAs(comma, {}) || sameAs(comma, comma))) {
		// €31,00: with euros, the decimal mark is a comma.
		return /€|euro/i.test(gold + answer) ? yes : unsure('a comma that may stand for a decimal point');
	}
	const deep = { slashTakesAll: true };
	if (either('slashTakesAll') && (sameAs({}, deep) || sameAs(deep, {}))) {
		return unsure('a slash that may or may not end before the last factor');
	}
	if (either('lettersAreProducts') && sameAs({ lettersAreProducts: true }, { lettersAreProducts: true })) {
		const onlyLetters = [gold, answer].every((text) => /^[\sA-Za-z$.]*$/.test(text));
		return onlyLetters ? unsure('letters that may be a word') : yes;
	}
	return undefined;
}

/** If equal answers hold under different conditions, the verdict is "unsure". */
function underConditions(a: ReadAnswer, b: ReadAnswer): Grade | undefined {
	if (a.condition === b.condition) {
		return undefined;
	}
	const limits = [a.condition, b.condition].some((condition) => /^(?:if|when|up to|and perm)/.test(condition ?? ''));
	return limits || (a.condition !== undefined && b.condition !== undefined)
		? unsure('equal under conditions that were not compared')
		: undefined;
}

/**
 * The only asymmetric rule: if the gold answer is an equation in x, y or z (2x + 3y = 6), an answer that is only its
 * right-hand side (6) is graded unsure. The other way round, the answer x + y = 40 is accepted for the gold 40.
 */
function equationAgainstSide(a: ReadAnswer, b: ReadAnswer): Grade | undefined {
	return a.form.kind === 'equation' &&
		a.form.name === undefined &&
		b.form.kind === 'value' &&
		[...symbolsOf(a.form.left)].every((name) => /^[xyz]$/.test(name))
		? unsure('an equation against one of its sides')
		: undefined;
}
