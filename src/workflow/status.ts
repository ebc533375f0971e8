import type { Parts } from '../core/ports.ts';
import type { StatusResult } from '../core/workflows.ts';

/** Totals of the project, and what was found wrong on opening it. */
export async function status(parts: Pick<Parts, 'store' | 'datasets'>): Promise<StatusResult> {
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
		datasets: datasets.map(({ name, method, pairs, questions: distinct }) => ({ name, method, pairs, questions: distinct })),
		jobs: [],
		warnings: parts.store.warnings,
	};
}
