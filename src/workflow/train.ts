import type { JobRecord, Recipe } from '../core/job.ts';
import type { Parts } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/run.ts';
import { rowsAsCurated } from './curate.ts';
import { dispatch, readSettings, type DispatchOptions, type DispatchParts } from './dispatch.ts';

export interface TrainOptions extends DispatchOptions {
	/** The dataset. */
	readonly name: string;
	readonly recipe?: 'sft' | 'grpo' | undefined;
	/** Only the mask X-ray: what would carry loss, nothing trained. */
	readonly xrayOnly?: boolean | undefined;
}

export interface TrainParts extends DispatchParts {
	readonly datasets: Parts['datasets'];
}

/** Sends a dataset and starts its training (sec. C.1). */
export async function train(parts: TrainParts, options: TrainOptions, run: Run): Promise<JobRecord> {
	const recipe: Recipe = options.xrayOnly ? 'xray' : (options.recipe ?? 'sft');
	const card = await parts.datasets.card(options.name);
	if (card.pairs === 0) {
		throw new StatError(`dataset ${options.name} is empty: there is nothing to train on`, 'usage');
	}
	const settings = readSettings(recipe, options.set ?? {});
	const lines = () => (recipe === 'grpo' ? promptLines(parts, options.name, run) : pairLines(parts, options.name, run));
	return dispatch(parts, options, { recipe, dataset: options.name, settings, lines }, run);
}

/** Rows as the trainer reads them; skill and origin stay here. */
async function* pairLines(parts: TrainParts, name: string, run: Run): AsyncIterable<string> {
	for await (const row of (await rowsAsCurated(parts, name, run)).rows) {
		yield `${JSON.stringify({ questionId: row.questionId, question: row.question, solution: row.solution })}\n`;
	}
}

/** GRPO asks each question itself: distinct ones, with the gold answer its reward compares with. */
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
		throw new StatError(`dataset ${name}: no question has a gold answer, so GRPO has no reward`, 'usage');
	}
	if (without > 0) {
		run.log('warn', `${without} questions without a gold answer are left out: GRPO has no reward for them`);
	}
}
