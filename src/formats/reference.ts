import type { Found } from './fieldRoles.ts';
import { afterHashes, lastBoxed, withoutAnnotations } from './finalAnswer.ts';
import type { RowReader } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { View } from './ours.ts';

/** The length up to which a text without words is a final answer and no solution. */
const shortAnswer = 40;

/**
 * Returns a row's gold answer and worked solution. The sources, in order, are the gold field, which may itself be a
 * worked solution (`#### 72`, or with a box); the solution's last box; and finally a log's `gt`, because the
 * Qwen2.5-Math evaluator strips it to strings like `4:30p..`.
 */
export function reference(
	view: Pick<View, 'gold' | 'lateGold' | 'solution'>,
	reader: RowReader,
): { gold: string | undefined; solution: string | undefined } {
	let solution = view.solution && solutionText(view.solution, reader);
	let gold: string | undefined;
	const stated = view.gold && oneOf(view.gold, reader);
	if (typeof stated?.value === 'string') {
		const { value, from } = stated;
		const final = afterHashes(value) ?? (value.includes('\\boxed') ? lastBoxed(value) : undefined);
		if (final !== undefined) {
			gold = final;
			// `$\\boxed{5}$` alone is not a solution.
			if (value.length > final.length + 20) {
				solution ??= reader.text(withoutAnnotations(value), from);
			}
		}
	}
	gold ??= stated && reader.finalAnswer(stated.value, stated.from);
	if (gold === undefined && solution !== undefined) {
		gold = lastBoxed(solution) ?? afterHashes(solution) ?? statedAtEnd(solution);
	}
	gold ??= view.lateGold && reader.finalAnswer(view.lateGold.value, view.lateGold.from);
	if (gold === undefined && solution !== undefined && isFinalAnswer(solution)) {
		return { gold: solution.trim(), solution: undefined };
	}
	if (solution !== undefined && solution.includes('####')) {
		solution = withoutAnnotations(solution);
	}
	return { gold, solution };
}

/** MetaMath and others end a solution with a line `The answer is: 7`. */
function statedAtEnd(solution: string): string | undefined {
	const line = solution.slice(-200).trimEnd().split('\n').at(-1) ?? '';
	const stated = /^the (?:final )?answer is:\s{0,4}(.+)$/i.exec(line.trim())?.[1];
	return stated?.replace(/\.$/, '').trim();
}

/** Whether a text is a final answer: short and without words. */
export function isFinalAnswer(text: string): boolean {
	return text.length <= shortAnswer && !/[a-z]{2}\s+\S/i.test(text);
}

/** Reads a solution from a text or a list of one; of several, the first counts. */
function solutionText({ value, from }: Found, reader: RowReader): string | undefined {
	return Array.isArray(value) && typeof value[0] === 'string'
		? reader.text(value[0], from)
		: reader.text(value, from);
}

/** Fields whose lists hold spellings of one answer. */
const alternatives = /^(?:.*[ .])?(?:answers|targets|references|gts|labels|aliases)$/i;

/**
 * Returns the one reference answer of a field. A list whose elements are spellings of one another stands for the first.
 * Where it cannot be known whether a list holds spellings or parts of the answer, it is left out and reported.
 */
function oneOf(found: Found, reader: RowReader): Found | undefined {
	const { value, from } = found;
	if (isRow(value)) {
		const inside = value['text'] ?? value['value'] ?? value['ground_truth'] ?? value['answer'];
		return inside === undefined ? found : oneOf({ value: inside, from }, reader);
	}
	if (!Array.isArray(value) || value.length === 0) {
		return found;
	}
	const list = value as readonly unknown[];
	if (list.length === 1) {
		return Array.isArray(list[0]) ? found : { value: list[0], from };
	}
	const plain = list.map((one) => String(one).replace(/[\s$]/g, '').toLowerCase());
	if (plain.every((one) => one === plain[0])) {
		return { value: list[0], from };
	}
	if (!list.every((one) => typeof one === 'string' || typeof one === 'number')) {
		return found;
	}
	if (from.includes('*')) {
		return { value: list.join(', '), from };
	}
	if (alternatives.test(from)) {
		return { value: list[0], from };
	}
	return reader.without(
		from,
		`${list.length} reference answers: spellings of one answer or parts of it? map the gold to ${from}.0 or to ` +
			`all of them, ${from}.*`,
	);
}
