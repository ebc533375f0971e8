import type { JobFiles } from '../../core/ports/hosts.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Split } from '../../core/questions/question.ts';
import type { BuildMethod } from '../../core/datasets/dataset.ts';

export interface StatusResult {
	questions: Record<Split, number>;
	skills: number;
	links: number;
	answers: number;
	difficult: number;
	diagnosed: number;
	corrected: number;
	setAside: number;
	replies: number;
	datasets: { name: string; method: BuildMethod; pairs: number; questions: number }[];
	jobs: never[] | { id: string; state: string }[];
	warnings: readonly string[];
}

/**
 * Returns the project's totals, and any damage found when it was opened. Jobs are in their last known state: no host is
 * contacted.
 */
export async function status(parts: Pick<Parts, 'store' | 'datasets'>, jobs?: JobFiles): Promise<StatusResult> {
	const [totals, datasets] = await Promise.all([parts.store.read('status', {}), parts.datasets.list()]);
	const { questions, skills, links, answers, difficult, diagnosed, corrected, setAside, replies } = totals;
	return {
		questions,
		skills,
		links,
		answers,
		difficult,
		diagnosed,
		corrected,
		setAside,
		replies,
		datasets: datasets.map(({ name, method, pairs, questions: distinct }) => ({
			name,
			method,
			pairs,
			questions: distinct,
		})),
		jobs: jobs ? await knownJobs(jobs) : [],
		warnings: parts.store.warnings,
	};
}

async function knownJobs(jobs: JobFiles): Promise<{ id: string; state: string }[]> {
	const { records } = await jobs.list();
	return Promise.all(records.map(async ({ id }) => ({ id, state: (await jobs.note(id))?.state ?? 'queued' })));
}
