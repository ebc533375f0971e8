import type { Verdict } from '../../core/questions/answer.ts';
import type { Grade } from '../../core/ports/grader.ts';
import { approximate } from '../number/approximate.ts';
import type { Budget } from '../number/budget.ts';
import { GaveUp } from '../number/budget.ts';
import type { Expression } from '../read/expression.ts';
import { infinitySign, symbolsOf } from '../read/expression.ts';
import { FixedPoint } from '../number/fixedPoint.ts';
import type { Interval } from '../read/form.ts';
import { grade, no, sameValue, unsure, yes } from './sameValue.ts';

/** A piece of the number line with its ends in units of 2^-256; for ±∞, the end lies beyond all others. */
interface Piece extends Interval {
	readonly from: bigint;
	readonly to: bigint;
}

const beyond = 1n << 100_000n;

/** Whether two lists of pieces cover the same part of the number line. */
export function sameRegion(a: readonly Interval[], b: readonly Interval[], budget: Budget): Grade {
	if (a.length + b.length > 200) {
		return unsure('too many intervals');
	}
	const left = normalized(a, budget);
	const right = normalized(b, budget);
	if (left === undefined || right === undefined) {
		return samePieces(a, b, budget);
	}
	if (left.length !== right.length) {
		return no;
	}
	return all(left.map((piece, index) => sameInterval(piece, right[index] as Piece, budget)));
}

function all(grades: readonly Grade[]): Grade {
	return grades.find((each) => each.equal === false) ?? grades.find((each) => each.equal === null) ?? yes;
}

function sameInterval(a: Interval, b: Interval, budget: Budget): Grade {
	if (
		(a.lowClosed !== b.lowClosed && infinitySign(a.low) === 0) ||
		(a.highClosed !== b.highClosed && infinitySign(a.high) === 0)
	) {
		return no;
	}
	return all([sameValue(a.low, b.low, budget), sameValue(a.high, b.high, budget)]);
}

/** Pieces with letters in their ends cannot be merged, so they are compared one by one, in any order. */
function samePieces(a: readonly Interval[], b: readonly Interval[], budget: Budget): Grade {
	if (a.length !== b.length) {
		return unsure('intervals with letters in their ends');
	}
	const left = [...b];
	for (const piece of a) {
		const verdicts = left.map((other): Verdict => sameInterval(piece, other, budget).equal);
		const at = verdicts.indexOf(true);
		if (at < 0) {
			return grade(verdicts.includes(null) ? null : false, 'ends not settled');
		}
		left.splice(at, 1);
	}
	return yes;
}

/**
 * Returns the pieces sorted, cut at missing points, and joined if they overlap or touch; undefined if an end has no
 * numeric value.
 */
function normalized(parts: readonly Interval[], budget: Budget): Piece[] | undefined {
	const field = new FixedPoint(256, budget);
	const place = (end: Expression): bigint | undefined => {
		const infinity = infinitySign(end);
		if (infinity !== 0) {
			return BigInt(infinity) * beyond;
		}
		if (symbolsOf(end).size > 0) {
			return undefined;
		}
		try {
			const value = approximate(end, field, { symbols: new Map(), logBase: 'ten' }, budget);
			return field.isReal(value) ? value.re : undefined;
		} catch (error) {
			if (error instanceof GaveUp && error.kind !== 'deep') {
				return undefined;
			}
			throw error;
		}
	};
	const pieces: Piece[] = [];
	for (const part of parts) {
		const from = place(part.low);
		const to = place(part.high);
		const gaps = (part.without ?? []).map((end) => ({ end, at: place(end) }));
		if (from === undefined || to === undefined || gaps.some((gap) => gap.at === undefined)) {
			return undefined;
		}
		let start = { low: part.low, from, lowClosed: part.lowClosed };
		for (const gap of gaps.sort((x, y) => ((x.at as bigint) < (y.at as bigint) ? -1 : 1))) {
			pieces.push({ ...start, high: gap.end, to: gap.at as bigint, highClosed: false });
			start = { low: gap.end, from: gap.at as bigint, lowClosed: false };
		}
		pieces.push({ ...start, high: part.high, to, highClosed: part.highClosed });
	}
	const close = (x: bigint, y: bigint): boolean => x - y < 1n << 128n && y - x < 1n << 128n;
	const sorted = pieces
		.filter((piece) => (close(piece.from, piece.to) ? piece.lowClosed && piece.highClosed : piece.from < piece.to))
		.sort((x, y) => {
			if (close(x.from, y.from)) {
				return Number(y.lowClosed) - Number(x.lowClosed);
			}
			return x.from < y.from ? -1 : 1;
		});
	const merged: Piece[] = [];
	for (const piece of sorted) {
		const last = merged.at(-1);
		const touches =
			last !== undefined &&
			(close(last.to, piece.from) ? last.highClosed || piece.lowClosed : piece.from < last.to);
		if (last === undefined || !touches) {
			merged.push(piece);
			continue;
		}
		const same = close(last.to, piece.to);
		if (same ? piece.highClosed : piece.to > last.to) {
			merged[merged.length - 1] = { ...last, high: piece.high, to: piece.to, highClosed: piece.highClosed };
		}
	}
	return merged;
}
