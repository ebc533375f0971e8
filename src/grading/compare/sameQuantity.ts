import type { Grade } from '../../core/ports/grader.ts';
import type { Budget } from '../number/budget.ts';
import { rational } from '../number/rational.ts';
import type { Expression } from '../read/expression.ts';
import { mapParts, someWhere, symbolsOf } from '../read/expression.ts';
import type { FormOf } from '../read/form.ts';
import { no, sameValue, unsure, yes } from './sameValue.ts';

/** Returns the values that a ± stands for: ∓ follows ±, and all ± signs change together; undefined without a ±. */
export function branches(value: Expression): Expression[] | undefined {
	if (!someWhere(value, (part) => part.kind === 'plusMinus')) {
		return undefined;
	}
	const take = (part: Expression, sign: 1 | -1): Expression => {
		if (part.kind === 'plusMinus') {
			const of = take(part.of, sign);
			return part.sign === sign ? of : { kind: 'negative', of };
		}
		return mapParts(part, (inner) => take(inner, sign));
	};
	return [take(value, 1), take(value, -1)];
}

const over = (value: Expression, n: bigint): Expression => ({
	kind: 'quotient',
	over: value,
	under: { kind: 'number', value: rational(n) },
});
const scaled = (value: Expression, size: { n: bigint; d: bigint }): Expression =>
	size.n === 1n && size.d === 1n ? value : { kind: 'product', factors: [value, { kind: 'number', value: size }] };

/** Compares two values together with their units and marks. */
export function sameQuantity(a: FormOf<'value'>, b: FormOf<'value'>, budget: Budget): Grade {
	if (a.mark !== b.mark) {
		return sameMarked(a, b, budget);
	}
	if (a.unit === undefined || b.unit === undefined) {
		return sameUpToNames(a.value, b.value, budget);
	}
	if (a.unit.dimension === b.unit.dimension) {
		return sameValue(scaled(a.value, a.unit.size), scaled(b.value, b.unit.size), budget);
	}
	const [power, other] = [powerOfLength(a.unit.dimension), powerOfLength(b.unit.dimension)];
	if (power !== undefined && power === other) {
		return sameValue(a.value, b.value, budget);
	}
	if (!a.unit.dimension.startsWith('word:') && !b.unit.dimension.startsWith('word:')) {
		return no;
	}
	const same = sameValue(a.value, b.value, budget);
	return same.equal === true ? unsure('equal numbers of different things') : same;
}

/** Returns 2 for square units and for square feet, because "units" stands for any unit of length. */
const powerOfLength = (dimension: string): string | undefined => /^(?:length|unit)\^(-?\d+)$/.exec(dimension)?.[1];

/** Letters used for an arbitrary integer or constant: n = 3k and n = 3m are equivalent. */
const freeLetters = /^[klmnjtcCK](?:_\d)?$/;

/**
 * Like {@link sameValue}, but unsure if the values differ only in the letter used for an arbitrary integer or constant
 * (2πn and 2πk).
 */
function sameUpToNames(a: Expression, b: Expression, budget: Budget): Grade {
	const plain = sameValue(a, b, budget);
	if (plain.equal !== false) {
		return plain;
	}
	const [names, others] = [symbolsOf(a), symbolsOf(b)];
	const own = [...names].filter((name) => !others.has(name));
	const foreign = [...others].filter((name) => !names.has(name));
	const [from, to] = [own[0], foreign[0]];
	if (own.length !== 1 || foreign.length !== 1 || !freeLetters.test(from ?? '') || !freeLetters.test(to ?? '')) {
		return plain;
	}
	const renamed = (part: Expression): Expression =>
		part.kind === 'symbol' && part.name === from ? { kind: 'symbol', name: to as string } : mapParts(part, renamed);
	return sameValue(renamed(a), b, budget).equal === true ? unsure('equal with one letter renamed') : plain;
}

/** Compares 25% with 25 and with 0.25, and 60° with 60 and with π/3. */
function sameMarked(a: FormOf<'value'>, b: FormOf<'value'>, budget: Budget): Grade {
	const [marked, plain] = a.mark === undefined ? [b, a] : [a, b];
	if (plain.mark !== undefined || plain.unit !== undefined) {
		return no;
	}
	const written = sameValue(marked.value, plain.value, budget);
	if (written.equal === true) {
		return yes;
	}
	const converted: Expression =
		marked.mark === 'percent' ? over(marked.value, 100n) : { kind: 'degree', of: marked.value };
	const meant = sameValue(converted, plain.value, budget);
	if (meant.equal === true) {
		return yes;
	}
	return written.equal === null ? written : meant;
}
