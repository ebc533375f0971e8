import type { Estimate } from '../../core/training/estimate.ts';
import { estimate, workOf } from '../../core/training/estimate.ts';
import type { JobPace, JobRecord } from '../../core/training/job.ts';
import type { Recipe } from '../../core/training/recipe.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question } from '../../core/questions/question.ts';
import { randomStream } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { defaultValidation } from '../../core/training/sweep.ts';
import { rowsAsCurated } from '../curation/rowsAsCurated.ts';
import type { DispatchOptions, DispatchParts, JobPlan } from './dispatch.ts';
import { dispatch, dispatchAll, readSettings } from './dispatch.ts';
import { questionChunks } from '../reading/chunks.ts';

export interface TrainOptions extends DispatchOptions {
	/** The dataset's name. */
	readonly name: string;
	readonly recipe?: 'sft' | 'grpo' | undefined;
	/** Only runs the mask X-ray, which shows the tokens that would carry loss; nothing is trained. */
	readonly xrayOnly?: boolean | undefined;
}

/**
 * The ids and tokens of a sweep's jobs, one per learning rate; the caller chooses them before the first byte is sent.
 */
export interface SweepOptions extends TrainOptions {
	/** Peak learning rates; the five in the paper are `paperRates`. */
	readonly rates: readonly number[];
	/** Number of validation questions that each student answers at the end; default {@link defaultValidation}. */
	readonly validation?: number | undefined;
	readonly jobs: readonly { readonly id: string; readonly token: string }[];
}

export interface TrainParts extends DispatchParts {
	readonly datasets: Parts['datasets'];
}

/** Sends a dataset and starts its training (sec. C.1). */
export async function train(parts: TrainParts, options: TrainOptions, run: Run): Promise<JobRecord> {
	return dispatch(parts, options, await planOf(parts, options, run), run);
}

/**
 * Starts the same training with several peak learning rates (sec. C.1), as one job each: one after the other on a host
 * without a queue, or as the queue allows under Slurm. Each trained student answers the same validation questions;
 * sweeps.ts determines the winner.
 */
export async function trainSweep(parts: TrainParts, options: SweepOptions, run: Run): Promise<JobRecord[]> {
	const rates = [...new Set(options.rates)];
	if (rates.length < 2 || rates.some((rate) => !(rate > 0 && rate < 1))) {
		throw new StatError('training.tooFewRates', {});
	}
	if ((options.recipe ?? 'sft') !== 'sft' || options.xrayOnly) {
		throw new StatError('training.sweepOnlySft', {});
	}
	if (options.set && 'lr' in options.set) {
		throw new StatError('training.rateInSweep', {});
	}
	const plan = await planOf(parts, options, run);
	const questions = await validationQuestions(
		parts,
		options.validation ?? defaultValidation,
		Number(plan.settings['seed'] ?? 0),
	);
	const [first] = options.jobs;
	if (!first || options.jobs.length < rates.length) {
		throw new Error('a sweep needs an id for each of its jobs');
	}
	const variants = rates.map((lr, index) => ({
		...(options.jobs[index] ?? first),
		settings: { lr },
		sweep: { id: first.id, lr },
	}));
	const validation = async function* () {
		for (const { id, text } of questions) {
			yield `${JSON.stringify({ questionId: id, question: text, validation: true })}\n`;
		}
	};
	run.log('info', `${rates.length} trainings, each with ${questions.length} validation questions at its end`);
	return dispatchAll(parts, { ...options, id: first.id, token: first.token }, { ...plan, validation }, variants, run);
}

async function planOf(parts: TrainParts, options: TrainOptions, run: Run): Promise<JobPlan> {
	const recipe: Recipe = options.xrayOnly ? 'xray' : (options.recipe ?? 'sft');
	const card = await parts.datasets.card(options.name);
	if (card.pairs === 0) {
		throw new StatError('training.emptyDataset', { dataset: options.name });
	}
	const settings = readSettings(recipe, options.set ?? {});
	const lines = () =>
		recipe === 'grpo' ? promptLines(parts, options.name, run) : pairLines(parts, options.name, run);
	return { recipe, dataset: options.name, settings, lines };
}

/** Returns validation questions with a gold answer, drawn by the seed; every learning rate gets the same ones. */
async function validationQuestions({ store }: TrainParts, count: number, seed: number): Promise<Question[]> {
	const found: { readonly question: Question; readonly at: number }[] = [];
	for await (const chunk of questionChunks(store, 'validation')) {
		found.push(
			...chunk
				.filter(({ gold }) => gold !== null)
				.map((question) => ({ question, at: randomStream(seed, 'sweep', question.id).priority() })),
		);
	}
	if (found.length === 0) {
		throw new StatError('training.noValidation', {});
	}
	return found
		.sort((a, b) => a.at - b.at)
		.slice(0, count)
		.map(({ question }) => question);
}

/**
 * Estimates how long a training takes from this project's earlier jobs. Returns `null`, rather than a guess, if nothing
 * similar has run.
 */
export async function estimateTraining(
	parts: TrainParts,
	options: Omit<TrainOptions, 'id' | 'token'> & { readonly trainings?: number | undefined },
	run: Run,
): Promise<Estimate | null> {
	const plan = await planOf(parts, { ...options, id: '', token: '' }, run);
	const size = { rows: 0, characters: 0 };
	for await (const line of plan.lines()) {
		size.rows++;
		size.characters += line.length;
	}
	const from =
		options.adapter === undefined || options.adapter.includes('/')
			? undefined
			: await parts.jobs.get(options.adapter);
	const host = (await parts.hosts.confirmed()).find(({ name }) => name === options.host);
	const work = workOf(plan.recipe, plan.settings, size);
	const earlier: { record: JobRecord; pace: JobPace }[] = [];
	for (const record of (await parts.jobs.list()).records) {
		const pace = (await parts.jobs.note(record.id))?.pace;
		if (pace) {
			earlier.push({ record, pace });
		}
	}
	const one = estimate(
		{
			host: options.host,
			recipe: plan.recipe,
			model: options.model ?? from?.model ?? '',
			gpus: options.gpus ?? host?.gpus ?? 1,
			settings: plan.settings,
			...(work === undefined ? {} : { work }),
		},
		earlier,
	);
	return one && { ...one, seconds: one.seconds * (options.trainings ?? 1) };
}

/** Yields rows as the trainer reads them; skill and origin are not sent. */
async function* pairLines(parts: TrainParts, name: string, run: Run): AsyncIterable<string> {
	for await (const row of (await rowsAsCurated(parts, name, run)).rows) {
		yield `${JSON.stringify({ questionId: row.questionId, question: row.question, solution: row.solution })}\n`;
	}
}

/** Yields distinct questions with the gold answer that GRPO's reward compares with; GRPO samples the answers itself. */
async function* promptLines(parts: TrainParts, name: string, run: Run): AsyncIterable<string> {
	const seen = new Set<string>();
	let without = 0;
	for await (const row of (await rowsAsCurated(parts, name, run)).rows) {
		if (seen.has(row.questionId)) {
			continue;
		}
		seen.add(row.questionId);
		if (row.gold === null) {
			without++;
			continue;
		}
		yield `${JSON.stringify({ questionId: row.questionId, question: row.question, gold: row.gold })}\n`;
	}
	if (without === seen.size) {
		throw new StatError('training.noReward', { dataset: name });
	}
	if (without > 0) {
		run.log('warn', `${without} questions without a gold answer are left out: GRPO has no reward for them`);
	}
}
