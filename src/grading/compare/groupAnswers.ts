import type { Grade } from '../../core/ports/grader.ts';
import { textKey } from './compareAnswers.ts';

/**
 * Maximum number of different texts compared by value. Further texts are grouped only by their text, since the number
 * of pairs grows with the square.
 */
const mostTexts = 256;

/**
 * Groups equal answers: result[i] is the smallest index of an answer in i's group; each `null` is its own group.
 * Equality has lenient rules (25% equals both 25 and 0.25) and is therefore not transitive. For this reason the texts
 * are taken in an order that depends only on them, most frequent first, and each joins the first group in which it
 * equals every text. The groups are thus the same for any order of the answers.
 */
export async function groupAnswers(
	answers: readonly (string | null)[],
	equivalent: (a: string, b: string) => Promise<Grade>,
): Promise<number[]> {
	const byKey = new Map<string, { text: string; count: number }>();
	const keys = answers.map((answer) => (answer === null ? null : textKey(answer)));
	keys.forEach((key, index) => {
		if (key !== null) {
			const known = byKey.get(key);
			const text = answers[index] as string;
			byKey.set(key, {
				text: known !== undefined && known.text < text ? known.text : text,
				count: (known?.count ?? 0) + 1,
			});
		}
	});
	const texts = [...byKey].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
	const groups: { texts: string[] }[] = [];
	const groupOf = new Map<string, { texts: string[] }>();
	for (const [index, [key, { text }]] of texts.entries()) {
		let home: { texts: string[] } | undefined;
		for (const group of index < mostTexts ? groups : []) {
			if (await equalsAll(text, group.texts, equivalent)) {
				home = group;
				break;
			}
		}
		if (home === undefined) {
			home = { texts: [] };
			groups.push(home);
		}
		home.texts.push(text);
		groupOf.set(key, home);
	}
	const first = new Map<object, number>();
	return keys.map((key, index) => {
		const group = key === null ? undefined : groupOf.get(key);
		if (group === undefined) {
			return index;
		}
		const smallest = first.get(group) ?? index;
		first.set(group, smallest);
		return smallest;
	});
}

async function equalsAll(
	text: string,
	others: readonly string[],
	equivalent: (a: string, b: string) => Promise<Grade>,
): Promise<boolean> {
	for (const other of others) {
		// Comparisons that involve an equation or a decimal comma are not symmetric; it is enough if one order finds the
		// answers equal.
		const oneWay = (await equivalent(other, text)).equal === true;
		if (!oneWay && !(/[=,]/.test(other + text) && (await equivalent(text, other)).equal === true)) {
			return false;
		}
	}
	return true;
}
