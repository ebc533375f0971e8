import { metricName } from '../../core/questions/benchmark.ts';
import { formatPoints, formatPValue, formatRange } from '../../core/text/formatChange.ts';
import type { NamedChange, SkillChange } from '../../core/rounds/comparison.ts';
import { namedChanges } from '../../core/rounds/comparison.ts';
import type { DatasetCard } from '../../core/datasets/dataset.ts';
import type { BenchmarkResult, EvaluatedBenchmark, EvaluationEntry } from '../../core/rounds/evaluationEntry.ts';
import { scoreBy } from '../../core/rounds/evaluationEntry.ts';
import type { JobFiles } from '../../core/ports/hosts.ts';
import type { JobRecord } from '../../core/training/job.ts';
import type { LedgerRow } from '../../core/rounds/ledger.ts';
import { totalVariation, usefulGain } from '../../core/rounds/ledger.ts';
import { compareText } from '../../core/text/order.ts';
import { formatCost, formatCount, formatPercent } from '../../core/text/formatNumber.ts';
import { exactBelow } from '../../core/stats/pairedInterval.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { isSameRound, roundName } from '../../core/rounds/round.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey, skillLabel } from '../../core/skills/skill.ts';
import type { Scope } from '../../core/scope.ts';
import type { LedgerOptions, LedgerResult, ReportRun } from './ledger.ts';
import { ledger } from './ledger.ts';

const mostMissed = 10;

export interface ReportResult {
	/** The report, in Markdown. */
	readonly text: string;
	readonly ledger: LedgerResult;
}

/**
 * Reports on a round in Markdown, for a paper: what was trained on which data, the cost, the gain, and how it was
 * measured.
 */
export async function report(
	parts: Pick<Parts, 'store' | 'datasets'> & { readonly jobs?: JobFiles | undefined },
	options: LedgerOptions,
	run: ReportRun,
): Promise<ReportResult> {
	const result = await ledger(parts, options, run);
	const { records } = (await parts.jobs?.list()) ?? { records: [] };
	const evaluations = await parts.store.read('evaluations', { scope: null });
	const classification = await parts.store.read('classification', {
		student: result.parent.student,
		round: result.parent.round,
	});
	const rule =
		classification &&
		`“${classification.method}”${Object.entries(classification.settings)
			.map(([name, value]) => `, ${name} ${value ?? 'none'}`)
			.join('')}`;
	return {
		ledger: result,
		text:
			[
				head(result, rule, options),
				trainingSets(result),
				jobsOf(result, records),
				results(result),
				evaluated(result, evaluations),
				skillsOf(result),
				ledgerOf(result),
				distribution(result),
				notes(result),
			]
				.filter(Boolean)
				.join('\n\n') + '\n',
	};
}

function head(
	{ round, parent, profile, comparison }: LedgerResult,
	rule: string | null,
	{ benchmark, answers }: LedgerOptions,
): string {
	const on = [benchmark ?? '', comparison.split === 'all' ? '' : `${comparison.split} questions`]
		.filter(Boolean)
		.join(', ');
	const ofParent = round.student === parent.student ? '' : ` of ${escapeMarkdown(parent.student)}`;
	const byRecipe = round.recipe === null ? '' : ` by ${round.recipe.toUpperCase()}`;
	const purpose = round.benchmark === null ? '' : `; this round is meant for ${escapeMarkdown(round.benchmark)}`;
	return [
		`# ${escapeMarkdown(roundName(round))} against ${escapeMarkdown(roundName(parent))}`,
		list([
			[
				'Student',
				`${escapeMarkdown(round.model ?? round.student)}, round ${round.round}, trained from round ` +
					`${parent.round}${ofParent}${byRecipe}`,
			],
			[
				'Difficult questions',
				rule === null ? 'not classified' : `${profile.difficult} by the rule ${escapeMarkdown(rule)}`,
			],
			[
				'Profiled',
				`${profile.questions} (${profile.corrected} corrected by people, ${profile.disputed} found ` +
					`to miss nothing)${purpose}`,
			],
			[
				'Compared',
				`${comparison.overall.n} questions both rounds ` +
					`answered${on === '' ? '' : ` (${escapeMarkdown(on)})`}, ` +
					`${answers === 'first' ? 'the first answer of each' : 'the mean over a question’s answers'}; ` +
					`${comparison.unsure} left out without a sure verdict, ` +
					`${comparison.onlyBefore + comparison.onlyAfter} answered in one round only`,
			],
			...(round.note === null ? [] : [['Note', escapeMarkdown(round.note)] as const]),
		]),
	].join('\n\n');
}

function trainingSets({ dataset, controls }: LedgerResult): string {
	const sets = [dataset, ...controls.map((control) => control.dataset)].filter((one) => one !== null);
	const cards = sets.map(({ card }) => card);
	const trained = new Map(sets.map(({ card, distribution: { rows } }) => [card.name, rows]));
	if (cards.length === 0) {
		return '## Training set\n\nNot known to this project.';
	}
	const row = (card: DatasetCard): string[] => [
		escapeMarkdown(card.name),
		card.method,
		formatCount(card.pairs),
		formatCount(card.distinct),
		formatCount(card.questions),
		String(card.seed),
		card.teacher === null ? 'none' : escapeMarkdown(card.teacher.model),
		formatCount(card.calls),
		formatCost(card.cost),
		`\`${card.sha256.slice(0, 12)}\``,
	];
	return [
		'## Training sets',
		table(
			[
				['set', 'method', 'pairs', 'distinct', 'questions', 'seed', 'teacher', 'calls', 'cost', 'SHA-256'],
				...cards.map(row),
			],
			[2, 3, 4, 5, 7, 8],
		),
		...cards.map((card) => trainingSet(card, trained.get(card.name) ?? 0)),
	].join('\n\n');
}

/** Formats a build's yield, the number of pairs trained on, and the departures from the paper. */
function trainingSet(card: DatasetCard, trainedPairs: number): string {
	const stages = Object.entries(card.yield).map(
		([stage, number]) => `${escapeMarkdown(stage)} ${formatCount(number)}`,
	);
	const curated = trainedPairs === card.pairs ? '' : ` As curated, trained on ${formatCount(trainedPairs)} pairs.`;
	const departures = card.deviations.map((deviation) => `- ${escapeMarkdown(deviation)}`).join('\n');
	return (
		`**${escapeMarkdown(card.name)}.** Yield: ${stages.join(', ')}; set aside ${formatCount(card.setAside)}.${curated} ` +
		`Departures from the paper:${departures === '' ? ' none known.' : `\n\n${departures}`}`
	);
}

function jobsOf({ round, controls }: LedgerResult, records: readonly JobRecord[]): string {
	const rows = [round, ...controls.map((control) => control.round)].flatMap((entry) => {
		const record = entry.job === null ? undefined : records.find(({ id }) => id === entry.job);
		return record
			? [
					[
						escapeMarkdown(roundName(entry)),
						record.recipe,
						escapeMarkdown(record.model),
						escapeMarkdown(
							Object.entries(record.spec.settings)
								.map(([name, value]) => `${name} ${value}`)
								.join(', ') || 'the paper’s',
						),
						record.createdAt.slice(0, 10),
					],
				]
			: [];
	});
	return rows.length === 0
		? ''
		: [
				'## Training',
				table([['round', 'recipe', 'model', 'settings other than the recipe’s', 'on'], ...rows]),
			].join('\n\n');
}

function results({ comparison, controls }: LedgerResult): string {
	const line = ({ name, change }: NamedChange): string[] => [
		escapeMarkdown(name),
		formatCount(change.n),
		formatPercent(change.before),
		formatPercent(change.after),
		formatPoints(change.delta),
		formatRange(change.ci95),
		formatPValue(change.p),
		change.pHolm === undefined ? '' : formatPValue(change.pHolm),
		`${change.gained} / ${change.lost}`,
	];
	const title = ['', 'n', 'before', 'after', 'change', '95 % interval', 'p', 'p (Holm)', 'gained / lost'];
	const numeric = [1, 2, 3, 4, 5, 6, 7, 8];
	const rows = namedChanges(comparison).map(line);
	const arms = controls.map(({ round, gains, over, equalSize }) => [
		escapeMarkdown(roundName(round)),
		formatYesNo(equalSize),
		formatPoints(gains.overall.delta),
		formatRange(gains.overall.ci95),
		formatPoints(over.overall.delta),
		formatRange(over.overall.ci95),
		formatPValue(over.overall.p),
	]);
	return [
		'## Results',
		table([title, ...rows], numeric),
		...(arms.length === 0
			? []
			: [
					'Control arms of the same parent:',
					table(
						[
							[
								'control',
								'same size',
								'its gain',
								'95 % interval',
								'this round less control',
								'95 % interval',
								'p',
							],
							...arms,
						],
						[2, 3, 4, 5, 6],
					),
				]),
	].join('\n\n');
}

/** Formats each round's results of `evaluate` by benchmark and setting; of identical evaluations, only the latest. */
function evaluated(
	{ round, parent, controls, uncompared }: LedgerResult,
	evaluations: readonly EvaluationEntry[],
): string {
	const rounds: readonly Scope[] = [parent, ...controls.map((control) => control.round), ...uncompared, round];
	const lines = new Map<string, { of: EvaluatedBenchmark; cells: (string | undefined)[] }>();
	for (const entry of evaluations) {
		const column = rounds.findIndex((scope) => isSameRound(scope, entry));
		for (const of of column === -1 ? [] : entry.benchmarks) {
			const key = JSON.stringify([
				of.benchmark,
				of.part,
				of.metric,
				of.samples,
				of.temperature,
				of.grading,
				entry.topP,
				entry.maxTokens,
			]);
			const line = lines.get(key) ?? { of, cells: rounds.map(() => undefined) };
			if (of.result !== null) {
				line.cells[column] ??= formatScore(of, of.result);
				lines.set(key, line);
			}
		}
	}
	if (lines.size === 0) {
		return '';
	}
	const rows = [...lines.values()]
		.sort(({ of: left }, { of: right }) => compareText(left.benchmark, right.benchmark))
		.map(({ of, cells }) => [
			escapeMarkdown(of.benchmark),
			of.part,
			metricName(of),
			formatCount(of.samples),
			String(of.temperature),
			...cells.map((cell) => cell ?? '–'),
		]);
	return [
		'## Benchmarks',
		table(
			[
				[
					'benchmark',
					'questions',
					'metric',
					'samples',
					'temperature',
					...rounds.map((scope) => escapeMarkdown(roundName(scope))),
				],
				...rows,
			],
			[3, 4, ...rounds.map((_, at) => at + 5)],
		),
		'Each with its 95 % interval over questions and their number; these are not paired. An answer ' +
			'nobody is sure of counts as wrong.',
	].join('\n\n');
}

function formatScore({ metric }: EvaluatedBenchmark, result: BenchmarkResult): string {
	const { ci95, n } = result;
	const interval = ci95 === null ? '' : ` (${formatPercent(ci95[0])} to ${formatPercent(ci95[1])})`;
	return `${formatPercent(scoreBy(metric, result))}${interval}, n ${formatCount(n)}`;
}

function skillsOf({ comparison }: LedgerResult): string {
	const missed = comparison.skills.filter((skill) => skill.missed > 0).slice(0, mostMissed);
	if (missed.length === 0) {
		return '';
	}
	const row = (change: SkillChange): string[] => [
		formatSkill(change),
		formatCount(change.missed),
		formatCount(change.n),
		formatPercent(change.before),
		formatPercent(change.after),
		formatPoints(change.delta),
		formatRange(change.ci95),
		formatPValue(change.pHolm),
	];
	return [
		`## The ${missed.length} skills missed most`,
		table(
			[['skill', 'missed', 'n', 'before', 'after', 'change', '95 % interval', 'p (Holm)'], ...missed.map(row)],
			[1, 2, 3, 4, 5, 6, 7],
		),
	].join('\n\n');
}

function ledgerOf({ skills, controls }: LedgerResult): string {
	const shown = skills.filter((row) => row.rows > 0 || row.missed > 0 || row.finding !== null);
	if (shown.length === 0) {
		return '';
	}
	const row = (line: LedgerRow): string[] => [
		formatSkill(line),
		formatCount(line.missed),
		formatPercent(line.gap),
		formatCount(line.rows),
		formatCost(line.cost),
		formatCount(line.gain?.n ?? 0),
		formatPoints(line.gain?.delta ?? null),
		formatRange(line.gain?.ci95 ?? null),
		...line.controls.flatMap((arm) => [
			formatPoints(arm.gain?.delta ?? null),
			`${formatPoints(arm.over?.delta ?? null)} (${formatRange(arm.over?.ci95 ?? null)})`,
		]),
		[formatFinding(line), line.fruitless ? 'no useful gain' : ''].filter(Boolean).join('; '),
	];
	const title = [
		'skill',
		'missed',
		'predicted gap',
		'rows',
		'cost',
		'n',
		'gain',
		'95 % interval',
		...controls.flatMap(({ round }) => [`gain of ${escapeMarkdown(roundName(round))}`, 'beyond it']),
		'finding',
	];
	return ['## Skill ledger', table([title, ...shown.map(row)], [...title.keys()].slice(1, -1))].join('\n\n');
}

/** Formats the paper's Figure 2: the distribution of each training set over skills, beside the profile. */
function distribution({ profile, dataset, controls }: LedgerResult): string {
	const sets = [dataset, ...controls.map((control) => control.dataset)].filter((one) => one !== null);
	if (sets.length === 0 || profile.skills.length === 0) {
		return '';
	}
	const missed = new Map(profile.skills.map((skill) => [skillKey(skill), skill.questions]));
	const all = [...missed.values()].reduce((sum, value) => sum + value, 0);
	const rows = profile.skills
		.slice(0, mostMissed)
		.map((skill) => [
			formatSkill(skill),
			formatPercent(skill.questions / all),
			formatPercent(skill.trainShare),
			...sets.map(({ distribution: { needing, links } }) =>
				formatPercent(links === 0 ? null : (needing.get(skillKey(skill)) ?? 0) / links),
			),
		]);
	const train = new Map(profile.skills.map((skill) => [skillKey(skill), skill.train]));
	const far = [
		'*distance to the profile*',
		'',
		formatPercent(totalVariation(missed, train)),
		...sets.map(({ distribution: { needing } }) => formatPercent(totalVariation(missed, needing))),
	];
	return [
		'## Skills in each training set',
		table(
			[
				['skill', 'share of the profile', 'share of P', ...sets.map(({ card }) => escapeMarkdown(card.name))],
				...rows,
				far,
			],
			[1, 2, ...sets.map((_, at) => at + 3)],
		),
		'Shares of skill links: a question with two skills counts for both. The distance is half the sum ' +
			'of differences over all skills (P: over the missing ones).',
	].join('\n\n');
}

function notes({ comparison, controls, uncompared, skills }: LedgerResult): string {
	const several = comparison.overall.interval === 't';
	const midP = comparison.overall.midP === null ? '' : ` (overall mid-p ${formatPValue(comparison.overall.midP)})`;
	return [
		'## How it was measured',
		[
			'Both rounds answer the same questions, and the question is the unit.',
			...(comparison.validation > 0
				? [
						`${formatCount(comparison.validation)} of the ${formatCount(comparison.overall.n)} ` +
							'compared questions are validation questions: the student was profiled on them, ' +
							'and a sweep’s learning rate is chosen by them, so the gain is likely too large. ' +
							'What is reported should be test questions that both rounds answer.',
					]
				: []),
			...(uncompared.length === 0
				? []
				: [
						'Control arms that answered none of these questions, and are left out: ' +
							`${uncompared.map((entry) => escapeMarkdown(roundName(entry))).join(', ')}.`,
					]),
			several
				? 'Questions have several answers: a question’s score is its share of right ones; intervals ' +
					'are paired t over questions, tests swap the rounds of each question (exact where that is ' +
					'feasible).'
				: 'Intervals are 95 % intervals of a paired difference of proportions: Tango’s score (1998), ' +
					`exact below ${exactBelow} questions; p is McNemar’s exact test${midP}.`,
			`Holm’s correction runs over all ${comparison.skills.length} skills, all ` +
				`${comparison.subjects.length} subjects and all ${comparison.levels.length} levels, each a ` +
				'family of its own; a finding is a change with p (Holm) below 0.05. Intervals are not adjusted ' +
				'for their number.',
			...(skills.some(({ fruitless }) => fruitless)
				? [
						'“No useful gain”: at least an even share of the training set’s rows were for the ' +
							`skill, and the interval of its gain ends below +${usefulGain * 100} points.`,
					]
				: []),
			'A skill’s gain is that of the questions labelled with it; questions with several skills count ' +
				'for each, so a skill may move because its neighbour did.',
			...(comparison.validation > 0
				? [
						'The skills missed most were found on the same answers their “before” is read ' +
							'from, so some of their gain is a return to the mean: the tests hold over all ' +
							'skills, and a control arm has the same return.',
					]
				: []),
			...(controls.length === 0
				? ['There is no control arm: what training on any data would have brought is in these gains.']
				: []),
		]
			.map((line) => `- ${line}`)
			.join('\n'),
	].join('\n\n');
}

/** Describes a skill's change, and whether training on other data brought it about as well. */
function formatFinding({ finding, controls }: LedgerRow): string {
	if (finding === null) {
		return '';
	}
	if (controls.length === 0) {
		return finding;
	}
	const isBeyond = controls.every((arm) => arm.finding === finding);
	return `${finding}, ${isBeyond ? 'beyond control' : 'not beyond control'}`;
}

function formatSkill({ subject, name }: SkillRef): string {
	const label = escapeMarkdown(skillLabel(name));
	return subject === '' ? label : `${label} (${escapeMarkdown(skillLabel(subject))})`;
}

function formatYesNo(value: boolean | null): string {
	if (value === null) {
		return 'unknown';
	}
	return value ? 'yes' : 'no';
}

/** Escapes untrusted text for Markdown: one line without active markup. */
function escapeMarkdown(text: string): string {
	return text
		.replace(/\s+/gu, ' ')
		.trim()
		.slice(0, 500)
		.replace(/[\\|`*_<>[\]#]/g, '\\$&');
}

function list(rows: readonly (readonly [string, string])[]): string {
	return rows.map(([name, value]) => `- ${name}: ${value}`).join('\n');
}

/** Formats a table of escaped cells. `numeric`: the columns that are right-aligned. */
function table([title = [], ...rows]: readonly (readonly string[])[], numeric: readonly number[] = []): string {
	const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
	return [line(title), line(title.map((_, at) => (numeric.includes(at) ? '---:' : '---'))), ...rows.map(line)].join(
		'\n',
	);
}
