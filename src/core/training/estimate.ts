import type { JobPace, JobRecord } from './job.ts';
import type { Recipe } from './recipe.ts';
import type { Settings, SettingValue } from './settings.ts';
import { numberInForce, settingInForce } from './settings.ts';

/** The size of a job, shown before dispatch. */
export type JobSize = Pick<JobRecord, 'host' | 'recipe' | 'model' | 'gpus' | 'work'> & {
	readonly settings: Settings;
};

export interface Estimate {
	readonly seconds: number;
	/** Median over the jobs that the estimate is based on; `null` if their recipe does not report it. */
	readonly tokensPerSecond: number | null;
	/** Number of jobs that the estimate is based on. */
	readonly jobs: number;
	/** Whether those jobs trained a different model of the same size. */
	readonly otherModel: boolean;
}

/** Maximum number of earlier jobs considered. */
const recent = 5;

/**
 * Estimates a job's duration from earlier jobs with the same host, recipe, GPUs and method, and the same model or,
 * failing that, a model whose name states the same size. Returns `null` if there are none, so that no number is
 * claimed. `earlier` lists the newest first.
 */
export function estimate(
	job: JobSize,
	earlier: readonly { readonly record: JobRecord; readonly pace: JobPace }[],
): Estimate | null {
	const alike = earlier.filter(
		({ record }) =>
			record.host === job.host &&
			record.recipe === job.recipe &&
			(record.gpus ?? 1) === (job.gpus ?? 1) &&
			methodOf(record.recipe, record.spec.settings) === methodOf(job.recipe, job.settings) &&
			record.work !== undefined,
	);
	const same = alike.filter(({ record }) => record.model === job.model);
	const size = modelSize(job.model);
	const used = (
		same.length > 0 ? same : alike.filter(({ record }) => size !== null && modelSize(record.model) === size)
	).slice(0, recent);
	if (used.length === 0 || job.work === undefined) {
		return null;
	}
	const rates = used.map(({ record, pace }) => pace.wholeSeconds / (record.work ?? 1));
	const tokens = used.map(({ pace }) => pace.tokensPerSecond).filter((value) => value !== null);
	return {
		seconds: median(rates) * job.work,
		tokensPerSecond: tokens.length === 0 ? null : median(tokens),
		jobs: used.length,
		otherModel: same.length === 0,
	};
}

/**
 * Returns the amount of work in a job: characters trained on, completions drawn, answers generated, or answers scored;
 * `undefined` if it cannot be determined. Settings that are absent have the trainer's defaults (settings.ts).
 */
export function workOf(
	recipe: Recipe,
	settings: Settings,
	data: { readonly rows: number; readonly characters: number },
): number | undefined {
	const number = (name: string): number => numberInForce(recipe, settings, name);
	const work = (() => {
		switch (recipe) {
			case 'sft': {
				const trainingSteps = number('max_steps');
				const passes =
					trainingSteps > 0
						? (trainingSteps * number('batch') * number('accumulation')) / data.rows
						: number('epochs');
				return data.characters * passes;
			}
			case 'grpo': {
				const trainingSteps = number('max_steps');
				const questions =
					trainingSteps > 0 ? trainingSteps * number('mini_batch') : data.rows * number('epochs');
				return number('rollouts') * questions;
			}
			case 'generate':
				return data.rows * number('samples');
			case 'score':
				return data.rows;
			case 'xray':
				return 0;
		}
	})();
	return Number.isFinite(work) && work > 0 ? work : undefined;
}

/**
 * Returns the billions of parameters stated in a model's name (3 for `Llama-3.2-3B-Instruct`); `null` if it states
 * none.
 */
export function modelSize(name: string): number | null {
	const found = /(?:^|[-_/.])(\d+(?:\.\d+)?)[bB](?:$|[-_/.])/.exec(name);
	return found ? Number(found[1]) : null;
}

function methodOf(recipe: Recipe, settings: Settings): SettingValue | undefined {
	return settingInForce(recipe, settings, 'method');
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
