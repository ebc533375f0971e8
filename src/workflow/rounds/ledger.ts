import type { DatasetCard } from '../../core/datasets/dataset.ts';
import type { LedgerRow, SkillDistribution } from '../../core/rounds/ledger.ts';
import { skillLedger } from '../../core/rounds/ledger.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { RoundEntry } from '../../core/rounds/round.ts';
import { isSameRound, roundName } from '../../core/rounds/round.ts';
import type { Run } from '../../core/run.ts';
import type { ErrorCode } from '../../core/errors/sentences.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { skillKey } from '../../core/skills/skill.ts';
import { SkillNames } from '../../core/skills/skillEdits.ts';
import type { ProfileResult } from '../../core/profile/profile.ts';
import type { Scope } from '../../core/scope.ts';
import type { CompareOptions, CompareResult } from './compare.ts';
import { compare } from './compare.ts';
import { rowsAsCurated } from '../curation/rowsAsCurated.ts';
import { profile } from '../profile/profile.ts';

export interface LedgerResult {
	readonly round: RoundEntry;
	readonly parent: Scope;
	readonly profile: ProfileResult;
	/** The training set; `null` if the project does not have it or it was deleted. */
	readonly dataset: { readonly card: DatasetCard; readonly distribution: SkillDistribution } | null;
	/** The comparison of the parent with the round. */
	readonly comparison: CompareResult;
	readonly controls: readonly Control[];
	/** Control arms that share no graded question with the comparison; they appear in no row. */
	readonly uncompared: readonly RoundEntry[];
	readonly skills: readonly LedgerRow[];
}

/** Another round with the same parent that is marked as a control arm. */
export interface Control {
	readonly round: RoundEntry;
	readonly dataset: { readonly card: DatasetCard; readonly distribution: SkillDistribution } | null;
	/**
	 * Whether the two rounds were trained on the same number of pairs after curation, within 5%; `null` if one of the
	 * datasets is unknown.
	 */
	readonly equalSize: boolean | null;
	readonly gains: CompareResult;
	/** The comparison of the control arm with this round. */
	readonly over: CompareResult;
}

export interface LedgerOptions extends Pick<CompareOptions, 'split' | 'benchmark' | 'answers'> {
	readonly round: Scope;
}

export type ReportRun = Pick<Run, 'signal'> & Partial<Pick<Run, 'progress'>>;

type LedgerParts = Pick<Parts, 'store' | 'datasets'>;

/**
 * Computes the skill ledger of a round: predicted gap → data bought → measured gain per skill → cost, beside the
 * round's control arms.
 */
export async function ledger(parts: LedgerParts, options: LedgerOptions, run: ReportRun): Promise<LedgerResult> {
	const { round: scope, ...compareOptions } = options;
	const entries = await parts.store.read('rounds', {});
	const round = entries.find((entry) => isSameRound(entry, scope));
	if (!round?.parent) {
		throw new StatError('rounds.parentUnknown', { round: roundName(scope) });
	}
	const { parent } = round;
	run.progress?.({ label: 'Comparing', done: 0 });
	const comparison = await compare(parts, { ...compareOptions, before: parent, after: round }, run);
	// The control arms are compared on the same split.
	const how = { ...compareOptions, split: comparison.split };
	const [made, gap] = [await datasetOf(parts, round, run), await profile(parts, { ...parent }, run)];
	const controls: Control[] = [];
	const uncompared: RoundEntry[] = [];
	const arms = entries.filter((one) => one.control && !isSameRound(one, round) && isSameRound(one.parent, parent));
	for (const [at, entry] of arms.entries()) {
		throwIfCancelled(run);
		run.progress?.({ label: 'Comparing', done: at + 1, total: arms.length + 1 });
		if (
			(await parts.store.read('scores', { student: entry.student, round: entry.round, after: null, limit: 1 }))
				.length === 0
		) {
			continue;
		}
		const dataset = await datasetOf(parts, entry, run);
		const pair = await against(parts, { parent, entry, round, how }, run);
		if (pair === null) {
			uncompared.push(entry);
			continue;
		}
		const equalSize =
			made && dataset
				? Math.abs(made.distribution.rows - dataset.distribution.rows) <= 0.05 * made.distribution.rows
				: null;
		controls.push({ round: entry, dataset, equalSize, ...pair });
	}
	const skills = skillLedger({
		profile: gap,
		dataset: made && { ...made.distribution, cost: made.card.cost },
		gains: comparison.skills,
		controls: controls.map(({ gains, over }) => ({ gains: gains.skills, over: over.skills })),
	});
	return { round, parent, profile: gap, dataset: made, comparison, controls, uncompared, skills };
}

const incomparable: ReadonlySet<ErrorCode> = new Set([
	'rounds.noAnswers',
	'rounds.nothingInCommon',
	'rounds.nothingInCommonThere',
]);

/** Returns `null` if the control arm answered none of these questions. */
async function against(
	parts: LedgerParts,
	{
		parent,
		entry,
		round,
		how,
	}: {
		parent: Scope;
		entry: RoundEntry;
		round: RoundEntry;
		how: Pick<CompareOptions, 'split' | 'benchmark' | 'answers'>;
	},
	run: Pick<Run, 'signal'>,
): Promise<Pick<Control, 'gains' | 'over'> | null> {
	try {
		return {
			gains: await compare(parts, { ...how, before: parent, after: entry }, run),
			over: await compare(parts, { ...how, before: entry, after: round }, run),
		};
	} catch (error) {
		if (error instanceof StatError && incomparable.has(error.code)) {
			return null;
		}
		throw error;
	}
}

async function datasetOf(
	parts: LedgerParts,
	{ dataset }: RoundEntry,
	run: Pick<Run, 'signal'>,
): Promise<LedgerResult['dataset']> {
	const card = dataset === null ? undefined : (await parts.datasets.list()).find(({ name }) => name === dataset);
	return card ? { card, distribution: await skillDistribution(parts, card.name, run) } : null;
}

/**
 * Counts by skill the rows that a student is trained on, after curation (the paper's Figure 2). The rows hold the skill
 * names of the time when they were built; the counts are under the current names.
 */
export async function skillDistribution(
	parts: LedgerParts,
	name: string,
	run: Pick<Run, 'signal'>,
): Promise<SkillDistribution> {
	const names = new SkillNames(await parts.store.read('skillEdits', {}));
	const skillsOf = new Map<string, string[]>();
	for (const skill of await parts.store.read('skillMap', {})) {
		for (const id of skill.questions) {
			skillsOf.set(id, [...(skillsOf.get(id) ?? []), skillKey(skill)]);
		}
	}
	const [bought, needing] = [new Map<string, number>(), new Map<string, number>()];
	const add = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
	let [rows, links] = [0, 0];
	const { rows: curated } = await rowsAsCurated(parts, name, { ...run, log: () => undefined });
	for await (const { questionId, forQuestion, skill: drawnFor } of curated) {
		const skill = drawnFor && names.present(drawnFor, forQuestion);
		rows += 1;
		if (skill) {
			add(bought, skillKey(skill));
		}
		for (const key of skillsOf.get(questionId) ?? (skill ? [skillKey(skill)] : [])) {
			add(needing, key);
			links += 1;
		}
	}
	return { name, rows, bought, needing, links };
}
