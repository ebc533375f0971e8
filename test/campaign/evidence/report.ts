// Makes the tables from the result files. Everything is computed from the marks, and each seed is one observation.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { holm, student95, studentTwoSided } from '../../../src/core/stats/distributions.ts';
import { spearman } from '../../../src/core/profile/recovery.ts';
import type { Measure } from './contrasts.ts';
import { contrasts, measures } from './contrasts.ts';
import { allSkills, isRare } from './dial.ts';
import type { ArmResult, ProfileResult } from './results.ts';
import type { WorldName } from './settings.ts';
import { arms } from './settings.ts';

export interface Collected {
	readonly results: readonly ArmResult[];
	readonly profiles: readonly ProfileResult[];
}

export function collect(folder: string): Collected {
	const all = readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as ArmResult | ProfileResult);
	return {
		results: all.filter((one): one is ArmResult => 'arm' in one),
		profiles: all.filter((one): one is ProfileResult => 'profile' in one),
	};
}

const share = ([right, all]: readonly [number, number]): number => (all === 0 ? NaN : (100 * right) / all);

/** Accuracy in percent. */
export function accuracy(result: ArmResult, measure: Measure | 'gate'): number {
	switch (measure) {
		case 'overall':
			return share([result.test.correct, result.test.n]);
		case 'rare':
			return share(result.test.rare);
		case 'frequent':
			return share(result.test.frequent);
		case 'harder':
			return share([result.harder.correct, result.harder.n]);
		case 'gate':
			return result.gate ? share([result.gate.correct, result.gate.n]) : NaN;
	}
}

export interface Paired {
	readonly n: number;
	readonly mean: number;
	/** The 95% interval by Student's t over seeds, or `null` for one seed. */
	readonly interval: readonly [number, number] | null;
	readonly p: number | null;
	/** Number of seeds in which the left arm was ahead. */
	readonly ahead: number;
}

/** Returns the differences between two arms, seed by seed. */
export function paired(differences: readonly number[]): Paired {
	const n = differences.length;
	const mean = differences.reduce((sum, value) => sum + value, 0) / Math.max(1, n);
	const ahead = differences.filter((value) => value > 0).length;
	if (n < 2) {
		return { n, mean, interval: null, p: null, ahead };
	}
	const error = Math.sqrt(differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
	const half = student95(n - 1) * error;
	const pOfEquals = mean === 0 ? 1 : 0;
	return {
		n,
		mean,
		interval: [mean - half, mean + half],
		p: error === 0 ? pOfEquals : studentTwoSided(mean / error, n - 1),
		ahead,
	};
}

function differences(
	{ results }: Collected,
	world: WorldName,
	left: string,
	right: string,
	of: (result: ArmResult) => number,
): number[] {
	const other = new Map(
		results.filter((one) => one.world === world && one.arm === right).map((one) => [one.seed, one]),
	);
	return results
		.filter((one) => one.world === world && one.arm === left && other.has(one.seed))
		.map((one) => of(one) - of(other.get(one.seed) as ArmResult))
		.filter((value) => !Number.isNaN(value));
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
function formatPaired({ mean, interval, n }: Paired): string {
	if (n === 0) {
		return '–';
	}
	return interval ? `${signed(mean)} (${signed(interval[0])} to ${signed(interval[1])})` : signed(mean);
}
const table = (rows: readonly (readonly (string | number)[])[]): string =>
	rows.map((row, i) => `| ${row.join(' | ')} |${i === 0 ? `\n|${' --- |'.repeat(row.length)}` : ''}`).join('\n');
const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export function report(collected: Collected): string {
	const parts: string[] = [];
	for (const world of ['gap', 'level'] as const) {
		const here = collected.results.filter((one) => one.world === world);
		if (here.length === 0) {
			continue;
		}
		parts.push(
			`### ${world === 'gap' ? 'A planted gap' : 'No planted gap'}: accuracy, %, mean over seeds`,
			armTable(here),
		);
	}
	const gates = (['gap', 'level'] as const)
		.map((world) => ({
			world,
			gate: paired(differences(collected, world, 'train', 'base', (one) => accuracy(one, 'gate'))),
		}))
		.filter(({ gate }) => gate.n > 0);
	parts.push(
		'### Is the base trained out? Plain SFT − base on the gate',
		table([
			['world', 'seeds', 'points (95 %)'],
			...gates.map(({ world, gate }) => [world, gate.n, formatPaired(gate)]),
		]),
	);
	parts.push(
		'### Paired differences, percentage points (95 % interval over seeds)',
		contrastTable(collected),
		'### By skill: sel against train, and base',
		skillTable(collected),
		'### What the profiles found',
		profileTable(collected),
	);
	return `${parts.join('\n\n')}\n`;
}

function armTable(here: readonly ArmResult[]): string {
	const rows = ['base', ...arms.map(({ name }) => name), 'base+grpo', 'augment+grpo', 'sel+grpo'].flatMap((name) => {
		const of = here.filter(({ arm }) => arm === name);
		return of.length === 0
			? []
			: [
					[
						name,
						of.length,
						...measures.map((measure) => mean(of.map((one) => accuracy(one, measure))).toFixed(1)),
						name === 'base' || name === 'syn' || name.endsWith('+grpo')
							? ''
							: `${Math.round(mean(of.map((one) => (100 * (one.rareRows ?? 0)) / Math.max(1, one.rows ?? 0))))} %`,
					],
				];
	});
	return table([['arm', 'seeds', ...measures, 'rows with a rare skill'], ...rows]);
}

function contrastTable(collected: Collected): string {
	const made = contrasts.map((contrast) => ({
		contrast,
		by: measures.map((measure) => ({
			measure,
			...paired(
				differences(collected, contrast.world, contrast.left, contrast.right, (one) => accuracy(one, measure)),
			),
		})),
	}));
	const family = made.flatMap(({ contrast, by }) =>
		by
			.filter(({ measure, p }) => contrast.primary.includes(measure) && p !== null)
			.map(({ measure, p }) => ({
				key: `${contrast.world} ${contrast.left} ${contrast.right} ${measure}`,
				p: p as number,
			})),
	);
	const adjusted = new Map(holm(family.map(({ p }) => p)).map((p, i) => [family[i]?.key, p]));
	const rows = made
		.filter(({ by }) => by.some(({ n }) => n > 0))
		.map(({ contrast, by }) => [
			contrast.world,
			`${contrast.left} − ${contrast.right}`,
			by[0]?.n ?? 0,
			...by.map((one) => {
				const p = adjusted.get(`${contrast.world} ${contrast.left} ${contrast.right} ${one.measure}`);
				return `${formatPaired(one)}${p === undefined ? '' : `, p ${p < 0.001 ? '< 0.001' : p.toFixed(3)}`}`;
			}),
		]);
	return table([['world', 'difference', 'seeds', ...measures], ...rows]);
}

function skillTable(collected: Collected): string {
	const of = (skill: string) => (one: ArmResult) => share(one.test.skills[skill] ?? [0, 0]);
	const rows = allSkills.map((skill) => {
		const base = collected.results
			.filter(({ arm, world }) => arm === 'base' && world === 'gap')
			.map(of(skill))
			.filter((value) => !Number.isNaN(value));
		return [
			skill,
			isRare(skill) ? 'rare' : '',
			mean(base).toFixed(1),
			...['sel', 'sel-mix', 'uniform'].map((arm) =>
				formatPaired(paired(differences(collected, 'gap', arm, 'train', of(skill)))),
			),
		];
	});
	return table([['skill', '', 'base, %', 'sel − train', 'sel-mix − train', 'uniform − train'], ...rows]);
}

/** Returns the probability that a planted skill ranks above a skill that is not planted. */
export function areaUnderCurve(scores: readonly { readonly planted: boolean; readonly score: number }[]): number {
	const [yes, no] = [scores.filter(({ planted }) => planted), scores.filter(({ planted }) => !planted)];
	const wins = yes.reduce(
		(sum, left) => sum + no.reduce((count, right) => count + winOf(left.score, right.score), 0),
		0,
	);
	return yes.length * no.length === 0 ? NaN : wins / (yes.length * no.length);
}

/** A tie is half a win. */
function winOf(left: number, right: number): number {
	if (left === right) {
		return 0.5;
	}
	return left > right ? 1 : 0;
}

function profileTable({ profiles }: Collected): string {
	const rows = (['gap', 'level'] as const).flatMap((world) =>
		['base', 'noisy', 'uniform', 'shuffled'].flatMap((name) => {
			const of = profiles.filter((one) => one.world === world && one.profile === name);
			if (of.length === 0) {
				return [];
			}
			const scored = of.map((one) => {
				const shown = new Map(one.skills.map((skill) => [skill.skill, skill]));
				const counts = allSkills.map((skill) => shown.get(skill)?.questions ?? 0);
				const rates = allSkills.map((skill) => shown.get(skill)?.exposureRate ?? 0);
				const wrong = allSkills.map((skill) => one.measured[skill]?.[0] ?? 0);
				const wrongRate = allSkills.map((skill) => share(one.measured[skill] ?? [0, 1]));
				const auc = (scores: readonly number[]) =>
					areaUnderCurve(allSkills.map((skill, i) => ({ planted: isRare(skill), score: scores[i] ?? 0 })));
				return [
					one.difficult,
					spearman(counts, wrong) ?? NaN,
					spearman(rates, wrongRate) ?? NaN,
					auc(counts),
					auc(rates),
				];
			});
			return [
				[
					world,
					name,
					of.length,
					...[0, 1, 2, 3, 4].map((column) =>
						mean(scored.map((values) => values[column] ?? NaN)).toFixed(column === 0 ? 0 : 2),
					),
				],
			];
		}),
	);
	return table([
		[
			'world',
			'teacher',
			'seeds',
			'diagnosed',
			'counts against measured',
			'per exposure against measured',
			'planted above others, counts',
			'planted above others, per exposure',
		],
		...rows,
	]);
}
