import type { JobFiles } from '../../core/ports/hosts.ts';
import { estimate, workOf } from '../../core/training/estimate.ts';
import type { JobPace, JobRecord } from '../../core/training/job.ts';

/** A time in seconds, or `null`, and what it rests on. */
export interface LoopSeconds {
	readonly seconds: number | null;
	readonly note: string;
}

/** Estimates how long a student's answers take on the host that made the latest ones. */
export function sampleSeconds(jobs: JobFiles, answers: number): Promise<LoopSeconds> {
	return likeTheLatest(jobs, 'generate', { rows: answers, characters: 0 });
}

/** Estimates how long training on a set takes, as on the host of the latest training. `mean`: characters in a pair. */
export function trainSeconds(jobs: JobFiles, pairs: number, mean: number): Promise<LoopSeconds> {
	return likeTheLatest(jobs, 'sft', { rows: pairs, characters: pairs * (mean + besideTheTexts) });
}

/** Characters of a row in a job's data besides its texts. */
const besideTheTexts = 90;

async function likeTheLatest(
	jobs: JobFiles,
	recipe: 'generate' | 'sft',
	data: { readonly rows: number; readonly characters: number },
): Promise<LoopSeconds> {
	const earlier: { record: JobRecord; pace: JobPace }[] = [];
	for (const record of (await jobs.list()).records) {
		const pace = record.recipe === recipe ? (await jobs.note(record.id))?.pace : undefined;
		if (pace) {
			earlier.push({ record, pace });
		}
	}
	const latest = earlier[0]?.record;
	const work = latest && workOf(recipe, latest.spec.settings, data);
	const found =
		latest &&
		estimate(
			{
				host: latest.host,
				recipe,
				model: latest.model,
				settings: latest.spec.settings,
				...(latest.gpus === undefined ? {} : { gpus: latest.gpus }),
				...(work === undefined ? {} : { work }),
			},
			earlier,
		);
	return latest && found
		? {
				seconds: found.seconds,
				note: `time as in ${found.jobs} earlier jobs on ${latest.host} with ${latest.model}`,
			}
		: { seconds: null, note: 'time unknown: no such job has run in this project' };
}
