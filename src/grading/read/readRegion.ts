import { Budget } from '../number/budget.ts';
import { exactValue } from '../number/exactValue.ts';
import type { Expression } from './expression.ts';
import { infinitySign } from './expression.ts';
import type { Form, Interval } from './form.ts';
import { compareRational } from '../number/rational.ts';
import { isCommand, isMark, splitAt } from './tokenGroups.ts';
import type { Token } from './tokens.ts';

export const infinite = (sign: 1 | -1): Expression =>
	sign === 1
		? { kind: 'constant', name: 'infinity' }
		: { kind: 'negative', of: { kind: 'constant', name: 'infinity' } };
export const wholeLine: Interval = { low: infinite(-1), high: infinite(1), lowClosed: false, highClosed: false };

/** Reads unions, differences and the named sets ∅ and ℝ; undefined for anything else. */
export function readRegion(tokens: readonly Token[], inner: (part: readonly Token[]) => Form): Form | undefined {
	const pieces = splitAt(tokens, (token) => isMark(token, '∪'));
	if (pieces.length > 1) {
		const read = pieces.map((piece) => intervalsOf(inner(piece)));
		return read.every((part) => part !== undefined)
			? { kind: 'region', parts: read.flatMap((part) => part ?? []) }
			: { kind: 'opaque', reason: 'a union with a part not understood' };
	}
	const common = splitAt(tokens, (token) => isMark(token, '∩'));
	if (common.length > 1) {
		const read = common.map((piece) => intervalsOf(inner(piece)));
		const whole = read.every((parts) => parts?.length === 1)
			? read
					.map((parts) => parts?.[0] as Interval)
					.reduce<Interval | undefined>((a, b) => a && intersection(a, b), wholeLine)
			: undefined;
		return whole ? { kind: 'region', parts: [whole] } : { kind: 'opaque', reason: 'an intersection' };
	}
	const isSet = isCommand(tokens[0], 'mathbb');
	const difference = splitAt(tokens, (token) => isMark(token, '∖') || (isSet && isMark(token, '-')));
	if (difference.length === 2 && difference[0] && difference[1]) {
		const whole = inner(difference[0]);
		const removed = inner(difference[1]);
		if (
			whole.kind === 'region' &&
			whole.parts.length === 1 &&
			whole.parts[0] === wholeLine &&
			(removed.kind === 'set' || removed.kind === 'value')
		) {
			const points = (removed.kind === 'set' ? removed.items : [removed]).map((item) =>
				item.kind === 'value' ? item.value : undefined,
			);
			if (points.every((point) => point !== undefined)) {
				return { kind: 'region', parts: allBut(points as Expression[]) };
			}
		}
		return { kind: 'opaque', reason: 'a difference of sets' };
	}
	if (tokens.length === 1 && (isCommand(tokens[0], 'emptyset') || isCommand(tokens[0], 'varnothing'))) {
		return { kind: 'set', items: [] };
	}
	if (isCommand(tokens[0], 'mathbb')) {
		const name = tokens.filter((token) => token.kind === 'letter');
		if (
			name.length === 1 &&
			name[0]?.kind === 'letter' &&
			name[0].name === 'R' &&
			tokens.length <= 4 &&
			!tokens.some((token) => isMark(token, '^'))
		) {
			return { kind: 'region', parts: [wholeLine] };
		}
		return { kind: 'opaque', reason: 'a set known by name' };
	}
	return undefined;
}

/** The number line without some points. */
const allBut = (points: readonly Expression[]): readonly Interval[] => [{ ...wholeLine, without: points }];

/** Returns a form as pieces of the number line, if it can be read that way. */
export function intervalsOf(form: Form): readonly Interval[] | undefined {
	switch (form.kind) {
		case 'region':
			return form.parts;
		case 'tuple': {
			const [low, high] = form.items;
			if (form.items.length !== 2 || low?.kind !== 'value' || high?.kind !== 'value') {
				return undefined;
			}
			return [{ low: low.value, high: high.value, lowClosed: form.open === '[', highClosed: form.close === ']' }];
		}
		case 'set': {
			const points = form.items.map((item) =>
				item.kind === 'value'
					? { low: item.value, high: item.value, lowClosed: true, highClosed: true }
					: undefined,
			);
			return points.every((point) => point !== undefined) ? (points as Interval[]) : undefined;
		}
		default:
			return undefined;
	}
}

/** Returns the intersection of two intervals with rational or infinite ends; undefined if it is empty or unknown. */
export function intersection(a: Interval, b: Interval): Interval | undefined {
	if (a.without !== undefined || b.without !== undefined) {
		return undefined;
	}
	const low = further(a.low, b.low, -1);
	const high = further(a.high, b.high, 1);
	if (low === undefined || high === undefined) {
		return undefined;
	}
	const from = low >= 0 ? a.low : b.low;
	const to = high <= 0 ? a.high : b.high;
	const order = infinitySign(from) !== 0 || infinitySign(to) !== 0 ? -1 : further(from, to, 1);
	if (order === undefined || order >= 0) {
		return undefined;
	}
	return {
		low: from,
		high: to,
		// An end that both intervals share is closed only if it is closed in both.
		lowClosed: (low < 0 || a.lowClosed) && (low > 0 || b.lowClosed),
		highClosed: (high > 0 || a.highClosed) && (high < 0 || b.highClosed),
	};
}

/** Returns the sign of a − b for ends whose infinite values are all −∞ (side −1) or all ∞ (side 1). */
function further(a: Expression, b: Expression, side: 1 | -1): number | undefined {
	const [left, right] = [infinitySign(a) !== 0, infinitySign(b) !== 0];
	if (left || right) {
		if (left && right) {
			return 0;
		}
		return left ? side : -side;
	}
	const [x, y] = [a, b].map((end) => exactValue(end, new Budget(1000, 2000)));
	return x && y && compareRational(x, y);
}
