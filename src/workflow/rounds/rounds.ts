import type { BuildMethod, DatasetCard } from '../../core/datasets/dataset.ts';
import type { JobRecord } from '../../core/training/job.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { RoundEntry, RoundNode } from '../../core/rounds/round.ts';
import { isSameRound, roundName, roundTree } from '../../core/rounds/round.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import type { JobParts } from '../training/jobs.ts';
import { jobRow } from '../training/jobs.ts';

type RoundParts = Pick<Parts, 'store' | 'datasets'>;

/** What the user specifies about a round; the rest is derived. */
export interface RoundOptions {
	readonly parent?: Scope | undefined;
	readonly benchmark?: string | undefined;
	readonly control?: boolean | undefined;
	readonly note?: string | undefined;
	readonly replace?: boolean | undefined;
}

/** Returns all rounds as a tree: base → STAT-Sel → GRPO. */
export async function listRounds({ store }: Pick<Parts, 'store'>): Promise<RoundNode[]> {
	const [entries, { students }] = await Promise.all([store.read('rounds', {}), store.read('students', {})]);
	return roundTree(
		entries,
		students.flatMap(({ student, rounds }) =>
			rounds
				.filter(({ answers }) => answers > 0)
				.map(({ round, questions, answers }) => ({ student, round, questions, answers })),
		),
	);
}

export interface RoundShown extends RoundNode {
	/** Number of questions that the current rule classifies as difficult; `null` if they are not classified. */
	readonly difficult: number | null;
	/** Number of questions in the profile. */
	readonly profiled: number;
	/** Datasets that were built for the round. */
	readonly datasets: readonly {
		readonly name: string;
		readonly method: BuildMethod;
		readonly pairs: number;
		readonly cost: number | null;
	}[];
	/** Jobs that trained on those datasets, or that answered or scored for the round, newest first. */
	readonly jobs: readonly {
		readonly id: string;
		readonly recipe: JobRecord['recipe'];
		readonly dataset: string | null;
		readonly host: string;
	}[];
}

/** Returns a round and everything that belongs to it. */
export async function showRound(parts: RoundParts & Pick<JobParts, 'jobs'>, scope: Scope): Promise<RoundShown> {
	const node = nodesOf(await listRounds(parts)).find(({ round }) => isSameRound(round, scope));
	if (!node) {
		throw noSuchRound(scope);
	}
	const at = { student: scope.student, round: scope.round };
	const [classification, missing, cards, { records }] = await Promise.all([
		parts.store.read('classification', at),
		parts.store.read('missingSkills', at),
		parts.datasets.list(),
		parts.jobs.list(),
	]);
	const datasets = cards.filter((card) => card.student === scope.student && card.round === scope.round);
	const names = new Set(datasets.map(({ name }) => name));
	return {
		...node,
		difficult: classification?.difficult.length ?? null,
		profiled: missing.length,
		datasets: datasets.map(({ name, method, pairs, cost }) => ({ name, method, pairs, cost })),
		jobs: records
			.filter(
				(record) =>
					isSameRound(record.scope ?? null, scope) || (record.dataset !== null && names.has(record.dataset)),
			)
			.map(({ id, recipe, dataset, host }) => ({ id, recipe, dataset, host })),
	};
}

/** Records the lineage of a round that is a base model or whose checkpoint was made elsewhere. */
export async function startRound(
	parts: RoundParts,
	options: RoundOptions &
		Scope & {
			readonly dataset?: string | undefined;
			readonly recipe?: 'sft' | 'grpo' | undefined;
			readonly model?: string | undefined;
		},
	run: Pick<Run, 'now'>,
): Promise<RoundEntry> {
	const card = options.dataset === undefined ? null : await parts.datasets.card(options.dataset);
	const parent = options.parent ?? parentByCard(card);
	await needRound(parts, parent);
	const round: RoundEntry = {
		student: options.student,
		round: options.round,
		parent,
		job: null,
		dataset: card?.name ?? null,
		recipe: options.recipe ?? null,
		model: options.model ?? null,
		...roundFields(options, card, options.recipe ?? 'sft'),
		at: run.now(),
	};
	await parts.store.write('setRound', { round, replace: options.replace ?? false });
	return round;
}

/**
 * Starts the next round from a finished training job. Its number is the student's next one, and its parent is the round
 * whose checkpoint was trained: that of the job it started from, else the round its dataset was built for, else the
 * project's only round. A job produces one round, however often this is called.
 */
export async function nextRound(
	parts: RoundParts & JobParts,
	options: RoundOptions & {
		readonly job: string;
		readonly student?: string | undefined;
		readonly round?: number | undefined;
	},
	run: Run,
): Promise<RoundEntry> {
	const record = await parts.jobs.get(options.job);
	if (record.recipe !== 'sft' && record.recipe !== 'grpo') {
		throw new StatError('rounds.notTraining', { job: record.id, recipe: record.recipe });
	}
	const entries = await parts.store.read('rounds', {});
	const there = entries.find(({ job }) => job === record.id);
	if (there && !options.replace) {
		run.log('info', `job ${record.id} made round ${roundName(there)} already`);
		return there;
	}
	const { state, detail } = await jobRow(parts, record, run);
	if (state !== 'done') {
		throw new StatError('rounds.jobNotDone', {
			job: record.id,
			state: detail && detail !== state ? `${state} (${detail})` : state,
		});
	}
	const card =
		record.dataset === null
			? null
			: ((await parts.datasets.list()).find(({ name }) => name === record.dataset) ?? null);
	const parent =
		options.parent ??
		entries.find(({ job }) => job !== null && job === startedFrom(record)) ??
		parentByCard(card) ??
		(await onlyRound(parts));
	if (!parent) {
		throw new StatError('rounds.whichParent', { job: record.id });
	}
	await needRound(parts, parent);
	const student = options.student ?? there?.student ?? parent.student;
	const number = options.round ?? there?.round ?? (await lastRound(parts, student)) + 1;
	const round: RoundEntry = {
		student,
		round: number,
		parent: { student: parent.student, round: parent.round },
		job: record.id,
		dataset: record.dataset,
		recipe: record.recipe,
		model: record.model,
		...roundFields(options, card, record.recipe),
		at: run.now(),
	};
	await parts.store.write('setRound', { round, replace: options.replace ?? false });
	return round;
}

/** A user's correction of a round's record; `null` removes a value. */
export interface RoundCorrection {
	readonly parent?: Scope | null | undefined;
	readonly benchmark?: string | null | undefined;
	readonly control?: boolean | undefined;
	readonly note?: string | null | undefined;
}

/**
 * Corrects a round's lineage and purpose and leaves the rest unchanged. A round that exists only through its answers is
 * recorded from then on.
 */
export async function correctRound(
	parts: Pick<Parts, 'store'>,
	scope: Scope,
	{ parent, benchmark, control, note }: RoundCorrection,
	run: Pick<Run, 'now'>,
): Promise<RoundEntry> {
	const node = nodesOf(await listRounds(parts)).find(({ round }) => isSameRound(round, scope));
	if (!node) {
		throw noSuchRound(scope);
	}
	await needRound(parts, parent ?? null);
	// The tree shows no parent if the recorded one is lost or part of a cycle; the recorded one stays unless the user
	// corrects it.
	const existing = (await parts.store.read('rounds', {})).find((entry) => isSameRound(entry, scope)) ?? node.round;
	const round: RoundEntry = {
		...existing,
		parent: parent === undefined ? existing.parent : parent,
		benchmark: benchmark === undefined ? existing.benchmark : benchmark,
		control: control ?? existing.control,
		note: note === undefined ? existing.note : note,
		at: run.now(),
	};
	await parts.store.write('setRound', { round, replace: true });
	return round;
}

function noSuchRound(scope: Scope): StatError {
	return new StatError('rounds.unknown', { round: roundName(scope) });
}

export function nodesOf(tree: readonly RoundNode[]): RoundNode[] {
	return tree.flatMap((node) => [node, ...nodesOf(node.children)]);
}

/** A round trained by SFT on a baseline's dataset is a control arm unless the user specifies otherwise (C.2). */
function roundFields(
	{ benchmark, control, note }: RoundOptions,
	card: DatasetCard | null,
	recipe: 'sft' | 'grpo',
): Pick<RoundEntry, 'benchmark' | 'control' | 'note'> {
	return {
		benchmark: benchmark ?? null,
		control: control ?? (recipe === 'sft' && card !== null && card.method !== 'sel' && card.method !== 'syn'),
		note: note ?? null,
	};
}

function parentByCard(card: DatasetCard | null): Scope | null {
	return card === null || card.student === null || card.round === null
		? null
		: { student: card.student, round: card.round };
}

/**
 * Returns the job whose result a job started from; its folder is beside that job's on the host
 * (src/workflow/training/dispatch.ts).
 */
function startedFrom({ spec: { model } }: JobRecord): string | undefined {
	return [model.adapter ?? '', model.name]
		.map((path) => /^\.\.\/([a-z0-9-]+)\/out\//.exec(path)?.[1])
		.find((id) => id !== undefined);
}

async function onlyRound(parts: Pick<Parts, 'store'>): Promise<Scope | null> {
	const [only, ...more] = nodesOf(await listRounds(parts));
	return only && more.length === 0 ? only.round : null;
}

async function needRound(parts: Pick<Parts, 'store'>, parent: Scope | null): Promise<void> {
	if (parent && !nodesOf(await listRounds(parts)).some(({ round }) => isSameRound(round, parent))) {
		throw new StatError('rounds.unknownParent', { round: roundName(parent) });
	}
}

async function lastRound(parts: Pick<Parts, 'store'>, student: string): Promise<number> {
	return Math.max(
		0,
		...nodesOf(await listRounds(parts))
			.filter(({ round }) => round.student === student)
			.map(({ round }) => round.round),
	);
}
