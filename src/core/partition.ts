import { compareText } from './order.ts';

/**
 * Hubert and Arabie's adjusted Rand index (1985) of two partitions of the same things: 1 the same, 0 as alike as chance makes
 * them. `left[i]` and `right[i]` are the parts thing i is in. `null` where there is nothing to compare (fewer than two things, or both trivial).
 */
export function adjustedRand(left: readonly string[], right: readonly string[]): number | null {
	const pairs = (count: number): number => (count * (count - 1)) / 2;
	const counts = (keys: readonly string[]): number[] => {
		const found = new Map<string, number>();
		keys.forEach((key) => found.set(key, (found.get(key) ?? 0) + 1));
		return [...found.values()];
	};
	const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + pairs(size), 0);
	const together = sum(counts(left.map((key, index) => `${key}\n${right[index]}`)));
	const [a, b] = [sum(counts(left)), sum(counts(right))];
	const expected = (a * b) / Math.max(1, pairs(left.length));
	const most = (a + b) / 2;
	return left.length < 2 || most === expected ? null : (together - expected) / (most - expected);
}

export interface Match {
	readonly truth: string;
	/** `null`: no part is left that shares anything with it. */
	readonly found: string | null;
	readonly common: number;
	readonly precision: number;
	readonly recall: number;
}

/**
 * Sets that were found against sets that are true, matched one to one, best F1 first. `precision`, `recall`: over all members
 * of all sets; what was found beside the matches counts as wrong.
 */
export function bestMatch(truth: ReadonlyMap<string, ReadonlySet<string>>, found: ReadonlyMap<string, ReadonlySet<string>>): { readonly matches: readonly Match[]; readonly precision: number; readonly recall: number; readonly f1: number } {
	const candidates = [...truth].flatMap(([name, members]) => [...found].map(([other, others]) => {
		const common = [...members].filter((member) => others.has(member)).length;
		return { truth: name, found: other, common, f1: (2 * common) / (members.size + others.size), precision: common / Math.max(1, others.size), recall: common / Math.max(1, members.size) };
	}));
	candidates.sort((x, y) => y.f1 - x.f1 || compareText(x.truth, y.truth) || compareText(x.found, y.found));
	const taken = new Set<string>();
	const matched = new Map<string, Match>();
	for (const { truth: name, found: other, common, precision, recall } of candidates) {
		if (common > 0 && !matched.has(name) && !taken.has(other)) {
			matched.set(name, { truth: name, found: other, common, precision, recall });
			taken.add(other);
		}
	}
	const size = (sets: ReadonlyMap<string, ReadonlySet<string>>): number => [...sets.values()].reduce((total, members) => total + members.size, 0);
	const common = [...matched.values()].reduce((total, match) => total + match.common, 0);
	const [precision, recall] = [common / Math.max(1, size(found)), common / Math.max(1, size(truth))];
	return { matches: [...truth.keys()].map((name) => matched.get(name) ?? { truth: name, found: null, common: 0, precision: 0, recall: 0 }), precision, recall, f1: common === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}
