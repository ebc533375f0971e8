import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { extractAnswer } from '../src/grading/read/extractAnswer.ts';

/** Returns every distinct gold in the shared data folder, in the order of its files. */
export function goldsOf(folder: string): string[] {
	const golds = new Set<string>();
	for (const name of readdirSync(folder, { recursive: true }).map(String).sort()) {
		const file = path.join(folder, name);
		if (/math-levels.*\.json$/.test(name)) {
			(JSON.parse(readFileSync(file, 'utf8')) as { answer: string }[]).forEach((row) => golds.add(row.answer));
		} else if (/_post_cluster\.json$/.test(name)) {
			const bank = JSON.parse(readFileSync(file, 'utf8')) as { skill_dict: Record<string, { answer: string }[]> };
			for (const { answer } of Object.values(bank.skill_dict).flat()) {
				// Test rows have a printed Python list, and training rows a worked solution.
				const listed = /^\[(['"])([^]*)\1, /.exec(answer)?.[2]?.replaceAll('\\\\', '\\');
				const gold = listed ?? extractAnswer(answer).answer;
				if (gold !== null) {
					golds.add(gold);
				}
			}
		} else if (name.endsWith('.jsonl')) {
			for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
				const row = JSON.parse(line) as { answer?: string | number };
				const text = String(row.answer ?? '');
				const gold = /gsm8k/.test(name) ? extractAnswer(text).answer : text;
				if (gold) {
					golds.add(gold);
				}
			}
		}
	}
	return [...golds];
}

export interface NearMiss {
	readonly kind: 'digit' | 'sign' | 'unit' | 'bracket';
	readonly gold: string;
	readonly answer: string;
}

const otherUnits: readonly (readonly [RegExp, string])[] = [
	[/\b(?:cm|inch(?:es)?|feet|foot|ft|meters?|miles?|kilometers?|km|mm|yards?)\b/, 'kg'],
	[/\b(?:hours?|minutes?|seconds?|days?|weeks?)\b/, 'cm'],
	[/\b(?:dollars?|cents?|grams?|kg|pounds?|ounces?|degrees?)\b/, 'hours'],
	[/\b(?:square|sq)\b/, 'cubic'],
	[/\bcubic\b/, 'square'],
	[/\\%/, '\\text{ feet}'],
];

/**
 * Returns golds with one digit, sign, unit or bracket changed, at most one change of each kind per gold. Nearly all of
 * them are different answers by construction; each verdict of "equal" is checked by hand.
 */
export function nearMisses(golds: readonly string[]): NearMiss[] {
	const misses: NearMiss[] = [];
	golds.forEach((gold, index) => {
		const add = (kind: NearMiss['kind'], answer: string | undefined): void => {
			if (answer !== undefined && answer !== gold) {
				misses.push({ kind, gold, answer });
			}
		};
		const digits = [...gold.matchAll(/(?<![\d\\])\d+/g)].filter(
			({ index: at }) => !/(?:\^\{?-?|_\{?|\[)$/.test(gold.slice(0, at)),
		);
		const run = digits[index % Math.max(1, digits.length)];
		if (run !== undefined && !/^0+$/.test(run[0])) {
			const at = run.index + (index % run[0].length);
			const changed = ((Number(gold[at]) + 1 + (index % 7)) % 10).toString();
			const next = gold.slice(0, at) + (changed === '0' && at === run.index ? '9' : changed) + gold.slice(at + 1);
			add('digit', next);
		}
		const signs = [...gold.matchAll(/(?<=[\w)}] ?)[+-](?= ?[\w\\(])/g)].filter(
			({ index: at }) => !/\\text\s*\{[^}]*$|\^$/.test(gold.slice(0, at)),
		);
		const sign = signs[index % Math.max(1, signs.length)];
		add('sign', sign === undefined ? negated(gold) : withOtherSign(gold, sign.index));
		const unit = /\d/.test(gold) ? otherUnits.find(([pattern]) => pattern.test(gold)) : undefined;
		add('unit', unit && gold.replace(unit[0], unit[1]));
		const interval =
			/^(?:[a-z] ?\\in ?)?[[(][^[\](){}]*,[^[\](){}]*[\])]$/.test(gold) && gold.split(',').length === 2;
		if (interval && /\[|\]/.test(gold)) {
			add('bracket', withOpenEnd(gold));
		}
	});
	return misses;
}

/** Returns the number with the opposite sign, or `undefined` if the gold is not a single number other than 0. */
function negated(gold: string): string | undefined {
	if (!/^-?(?:\\frac|\d)/.test(gold) || /^0$|^[^-].*[,+-]/.test(gold)) {
		return undefined;
	}
	return gold.startsWith('-') ? gold.slice(1) : `-${gold}`;
}

function withOtherSign(gold: string, at: number): string {
	return gold.slice(0, at) + (gold[at] === '+' ? '-' : '+') + gold.slice(at + 1);
}

function withOpenEnd(interval: string): string {
	return interval.includes('[') && !/\[ ?-\\infty/.test(interval)
		? interval.replace('[', '(')
		: interval.replace(']', ')');
}
