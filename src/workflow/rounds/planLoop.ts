import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { JobFiles } from '../../core/ports/hosts.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { ReplyTotals } from '../../core/ports/store/project.ts';
import type { Question } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import { teacherOf } from '../asking/askTeacher.ts';
import type { Plan } from '../asking/plan.ts';
import { planBuild } from '../datasets/build.ts';
import { planRewrites } from '../datasets/rewrite.ts';
import { planUnknownSyn } from '../datasets/planSyn.ts';
import { planDiagnose, planUnknownDiagnoses } from '../diagnosis/diagnose.ts';
import { profiledOn } from '../questions/profiledOn.ts';
import { allDigests, questionChunks } from '../reading/chunks.ts';
import { resolveScope } from '../reading/scope.ts';
import { status } from '../reading/status.ts';
import { planCatalog } from '../skills/catalog.ts';
import { planLabel } from '../skills/label.ts';
import { sampleSeconds, trainSeconds } from './loopSeconds.ts';

/** The steps of the loop that cost money or machine time, in its order. */
export const loopSteps = ['catalog', 'label', 'sample', 'diagnose', 'rewrite', 'syn', 'train'] as const;
export type LoopStepName = (typeof loopSteps)[number];

export interface LoopStep {
	readonly step: LoopStepName;
	/**
	 * `done`: nothing is left to do; `open`: it is part of the loop; `optional`: the loop works without it, so it does not
	 * count in the totals; `blocked`: nothing can be said until something has been imported.
	 */
	readonly state: 'done' | 'open' | 'optional' | 'blocked';
	/** Number of calls still to be paid for, and of those whose replies are stored. */
	readonly calls: number;
	readonly cached: number;
	readonly tokens: { readonly input: number; readonly output: number };
	/** USD; `null` if the price is unknown. Machine time has no price here. */
	readonly cost: number | null;
	/** `null` if nothing has been measured that the time could rest on. */
	readonly seconds: number | null;
	/**
	 * What the number of calls rests on. `project`: on the project's own questions, answers and diagnoses; `assumed`: on
	 * defaults, because an earlier step is not done yet, as the notes say.
	 */
	readonly basis: 'project' | 'assumed';
	/** Prose, for people. */
	readonly notes: readonly string[];
}

export interface LoopTotal {
	readonly calls: number;
	readonly cached: number;
	readonly cost: number | null;
	/** `null` if the time of some step is unknown. */
	readonly seconds: number | null;
}

export interface LoopPlan {
	readonly teacher: { readonly model: string; readonly endpoint: string };
	/** The student's round that is planned; `null` before there are answers. */
	readonly scope: Scope | null;
	readonly pairs: number;
	readonly difficult: number;
	readonly steps: readonly LoopStep[];
	/** The whole loop with either kind of training set; what is optional is left out. */
	readonly totals: { readonly sel: LoopTotal; readonly syn: LoopTotal };
	/** What this project has paid for so far, by task and model. `unpriced`: replies whose price is unknown. */
	readonly paid: {
		readonly replies: number;
		readonly cost: number;
		readonly unpriced: number;
		readonly tasks: readonly ReplyTotals[];
	};
}

export interface LoopOptions {
	readonly scope?: Scope | undefined;
	readonly benchmark?: string | null | undefined;
	/** Pairs of the training set, and difficult questions to diagnose; defaults as in `build`. */
	readonly pairs?: number | undefined;
	readonly difficult?: number | undefined;
	readonly seed?: number | undefined;
}

/** A share of the difficult questions that may still be undiagnosed for the diagnoses to show what builds draw. */
const mostlyDiagnosed = 0.9;
/** Share of difficult questions before there are answers: the paper's for Qwen2.5-3B (Table 12; others up to 94 %). */
const assumedDifficult = 0.52;

/**
 * Estimates what the whole loop costs for this project from where it is now, and adds up what has been paid. Calls the
 * previews of the steps themselves; where a step depends on one that is not done, it is estimated from the project's
 * questions and stated defaults. Pays nothing and writes nothing. Throws `asking.noTeacher` if there is no teacher.
 */
export async function planLoop(
	parts: Parts & { readonly jobs: JobFiles },
	options: LoopOptions,
	run: Run,
): Promise<LoopPlan> {
	const teacher = teacherOf(parts);
	const { pairs = buildDefaults.pairs, difficult = buildDefaults.difficult } = options;
	const totals = await status(parts);
	const tasks = await parts.store.read('replyTotals', { latest: null });
	const pace = paceOf(tasks, teacher.model);
	const scope = options.scope ?? (totals.answers === 0 ? null : await resolveScope(parts.store, {}));
	const training = await firstQuestions(parts, 'train');
	const validation = await firstQuestions(parts, 'validation');
	const loop = { parts, options, run, pairs, difficult, scope, totals, training, validation };
	const diagnosing = await diagnoseStep(loop);
	const isDiagnosed = diagnosing.diagnosed > 0 && diagnosing.diagnosed >= mostlyDiagnosed * diagnosing.all;
	const asking = [
		await catalogStep(loop),
		await labelStep(loop),
		diagnosing.step,
		await buildStep(loop, 'rewrite', isDiagnosed),
		await buildStep(loop, 'syn', isDiagnosed),
	].map((step) => ({ ...step, seconds: step.calls === 0 ? 0 : pace && step.calls / pace }));
	const machine = [await sampleStep(loop), await trainStep(loop)];
	const steps = loopSteps.flatMap((name) => [...asking, ...machine].filter(({ step }) => step === name));
	return {
		teacher: { model: teacher.model, endpoint: teacher.endpoint },
		scope,
		pairs,
		difficult,
		steps,
		totals: { sel: totalOf(steps, 'syn'), syn: totalOf(steps, 'rewrite') },
		paid: {
			replies: tasks.reduce((sum, { replies }) => sum + replies, 0),
			cost: tasks.reduce((sum, { cost }) => sum + cost, 0),
			unpriced: tasks.reduce((sum, { unpriced }) => sum + unpriced, 0),
			tasks,
		},
	};
}

interface Loop {
	readonly parts: Parts & { readonly jobs: JobFiles };
	readonly options: LoopOptions;
	readonly run: Run;
	readonly pairs: number;
	readonly difficult: number;
	readonly scope: Scope | null;
	readonly totals: Awaited<ReturnType<typeof status>>;
	/** The first questions of the splits; all further ones are alike. */
	readonly training: readonly Question[];
	readonly validation: readonly Question[];
}

type AskingStep = Omit<LoopStep, 'seconds'>;

async function catalogStep({ parts, totals }: Loop): Promise<AskingStep> {
	if (totals.skills > 0) {
		return { ...nothing('catalog', 'done'), notes: [`${totals.skills} skills are there`] };
	}
	if (totals.questions.train + totals.questions.validation === 0) {
		return { ...nothing('catalog', 'blocked'), notes: ['no questions: import some first'] };
	}
	return stepOf('catalog', 'open', 'assumed', await planCatalog(parts, {}));
}

/** Where a bank has labelled the training questions, the Skill-Map is there, and the teacher's labels are a choice. */
async function labelStep({ parts, totals, run }: Loop): Promise<AskingStep> {
	if (totals.skills === 0) {
		return { ...nothing('label', 'done'), notes: ['part of the catalog'] };
	}
	const plan = await planLabel(parts, { split: 'train' }, run);
	if (plan.rows === 0) {
		return { ...nothing('label', 'done'), notes: ['the teacher has labelled all training questions'] };
	}
	const step = stepOf('label', totals.links > 0 ? 'optional' : 'open', 'project', plan);
	return totals.links > 0
		? {
				...step,
				notes: [
					...step.notes,
					'the training questions have labels; the teacher would name up to five skills of each',
				],
			}
		: step;
}

/** `diagnosed` of `all` difficult questions that the loop uses have a diagnosis. */
async function diagnoseStep(
	loop: Loop,
): Promise<{ readonly step: AskingStep; readonly diagnosed: number; readonly all: number }> {
	const { parts, scope, difficult, validation, totals, options, run } = loop;
	if (scope === null) {
		const count = Math.min(difficult, Math.round(totals.questions.validation * assumedDifficult));
		if (count === 0 || validation.length === 0 || totals.skills === 0) {
			const notes = [totals.skills === 0 ? 'no skills yet: after the catalog' : 'no validation questions yet'];
			return { step: { ...nothing('diagnose', 'blocked'), notes }, diagnosed: 0, all: 0 };
		}
		const plan = await planUnknownDiagnoses(parts, validation, count);
		const notes = [
			`no answers yet: ${count} difficult questions assumed, ${Math.round(assumedDifficult * 100)} % of the ` +
				`validation questions, at most ${difficult}`,
			...plan.notes,
		];
		return { step: stepOf('diagnose', 'open', 'assumed', { ...plan, notes }), diagnosed: 0, all: count };
	}
	const on = await profiledOn(parts.store, scope, options.benchmark);
	const missing = await parts.store.read('missingSkills', scope);
	const diagnosed = missing.filter(({ questionId }) => on.has(questionId)).length;
	const done = { ...nothing('diagnose', 'done'), notes: [`${diagnosed} difficult questions are diagnosed`] };
	if (diagnosed >= difficult) {
		return { step: done, diagnosed, all: diagnosed };
	}
	let rows = 0;
	const step = await orBlocked('diagnose', async () => {
		const limit = difficult - diagnosed;
		const plan = await planDiagnose(parts, { ...scope, benchmark: options.benchmark, limit }, run);
		rows = plan.rows;
		return rows === 0 ? done : stepOf('diagnose', 'open', 'project', plan);
	});
	return { step, diagnosed, all: diagnosed + rows };
}

async function buildStep(loop: Loop, step: 'rewrite' | 'syn', isDiagnosed: boolean): Promise<AskingStep> {
	const { parts, options, scope, pairs, difficult, training, run } = loop;
	if (training.length === 0) {
		return { ...nothing(step, 'blocked'), notes: ['no training questions: import some first'] };
	}
	const method = step === 'rewrite' ? 'sel' : 'syn';
	if (isDiagnosed && scope !== null) {
		const { benchmark, seed } = options;
		const build = { method, name: unusedName, scope, benchmark, seed, pairs, difficult } as const;
		return orBlocked(step, async () => stepOf(step, 'open', 'project', await planBuild(parts, build, run)));
	}
	const plan =
		step === 'rewrite'
			? await planRewrites(parts, training, pairs)
			: await planUnknownSyn(parts, training, { pairs });
	const notes = [
		'not diagnosed yet: which questions are drawn is unknown',
		...(step === 'rewrite' ? [`at most ${pairs} answers: what is drawn twice is rewritten once`] : []),
		...plan.notes,
	];
	return stepOf(step, 'open', 'assumed', { ...plan, notes });
}

async function sampleStep({ parts, scope, totals }: Loop): Promise<LoopStep> {
	const questions = totals.questions.validation;
	const answered =
		scope === null
			? 0
			: (await allDigests(parts.store, scope)).filter(({ split }) => split === 'validation').length;
	if (questions === 0) {
		return {
			...nothing('sample', 'blocked'),
			seconds: null,
			notes: ['no validation questions: import some first'],
		};
	}
	if (answered > 0) {
		const notes = [`${answered} of ${questions} validation questions are answered`];
		return { ...nothing('sample', 'done'), seconds: 0, notes };
	}
	const { seconds, note } = await sampleSeconds(parts.jobs, questions);
	return {
		...nothing('sample', 'open'),
		seconds,
		notes: [`${questions} answers by the student, on your own machine or endpoint: no price`, note],
	};
}

async function trainStep({ parts, pairs, training }: Loop): Promise<LoopStep> {
	const lengths = training.map(({ text, solution }) => text.length + (solution?.length ?? 0));
	const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
	const { seconds, note } = await trainSeconds(parts.jobs, pairs, mean);
	return {
		...nothing('train', 'open'),
		seconds,
		basis: 'assumed',
		notes: [`${pairs} pairs on your own machine: no price`, note],
	};
}

/** A step whose own preview refuses is blocked, for the reason that the preview names. */
async function orBlocked(step: LoopStepName, plan: () => Promise<AskingStep>): Promise<AskingStep> {
	try {
		return await plan();
	} catch (error) {
		if (!(error instanceof StatError) || error.kind === 'cancelled') {
			throw error;
		}
		return { ...nothing(step, 'blocked'), notes: [error.message] };
	}
}

/** A dataset of this name cannot exist by accident, and none is made. */
const unusedName = '_plan-of-the-loop_';

const firstQuestionCount = 500;

async function firstQuestions(parts: Pick<Parts, 'store'>, split: 'train' | 'validation'): Promise<Question[]> {
	for await (const chunk of questionChunks(parts.store, split)) {
		return chunk.slice(0, firstQuestionCount);
	}
	return [];
}

function nothing(step: LoopStepName, state: LoopStep['state']): AskingStep {
	return {
		step,
		state,
		calls: 0,
		cached: 0,
		tokens: { input: 0, output: 0 },
		cost: 0,
		basis: 'project',
		notes: [],
	};
}

function stepOf(
	step: LoopStepName,
	state: LoopStep['state'],
	basis: LoopStep['basis'],
	{ calls, cached, tokens, cost, notes }: Plan,
): AskingStep {
	return { step, state, calls, cached, tokens, cost, basis, notes };
}

/** Returns the calls per second that this model has answered in this project; `null` if too few. */
function paceOf(tasks: readonly ReplyTotals[], model: string): number | null {
	const measured = tasks.filter(
		({ model: of, perSecond, task }) => of === model && perSecond !== null && task !== 'answer',
	);
	const replies = measured.reduce((sum, { replies: count }) => sum + count, 0);
	const seconds = measured.reduce((sum, { replies: count, perSecond }) => sum + count / (perSecond ?? 1), 0);
	return replies === 0 ? null : replies / seconds;
}

/** Adds up the steps of the loop without the other way to make a training set. */
function totalOf(steps: readonly LoopStep[], without: 'rewrite' | 'syn'): LoopTotal {
	const counted = steps.filter(({ step, state }) => step !== without && state === 'open');
	const sum = (pick: (step: LoopStep) => number): number => counted.reduce((total, step) => total + pick(step), 0);
	return {
		calls: sum(({ calls }) => calls),
		cached: sum(({ cached }) => cached),
		cost: counted.some(({ cost }) => cost === null) ? null : sum(({ cost }) => cost ?? 0),
		seconds: counted.some(({ seconds }) => seconds === null) ? null : sum(({ seconds }) => seconds ?? 0),
	};
}
