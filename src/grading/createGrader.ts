import path from 'node:path';
import type { Grade, Grader } from '../core/ports/grader.ts';
import { GaveUp } from './number/budget.ts';
import { compareAnswers, quickBudget } from './compare/compareAnswers.ts';
import { DeepComparer } from './compare/deepComparer.ts';
import { extractAnswer } from './read/extractAnswer.ts';
import { groupAnswers } from './compare/groupAnswers.ts';

/** Settles plain pairs at once; `undefined` when the pair needs the worker. */
export function equivalentNow(gold: string, answer: string): Grade | undefined {
	try {
		return compareAnswers(gold, answer, quickBudget());
	} catch (error) {
		if (error instanceof GaveUp) {
			return undefined;
		}
		throw error;
	}
}

/**
 * The grader of docs/grading.md. `dist`: folder of gradingWorker.js; `deadline` in milliseconds for a costly pair: with
 * ending and starting the worker an answer comes within a second.
 */
export function createGrader({ dist, deadline = 750 }: { dist: string; deadline?: number }): Grader {
	let deep: DeepComparer | undefined;
	const equivalent = async (gold: string, answer: string): Promise<Grade> => {
		const quick = equivalentNow(gold, answer);
		if (quick !== undefined) {
			return quick;
		}
		deep ??= new DeepComparer(path.resolve(dist, 'gradingWorker.js'), deadline);
		return deep.compare(gold, answer);
	};
	return {
		extract: extractAnswer,
		equivalentNow,
		equivalent,
		groups: (answers) => groupAnswers(answers, equivalent),
		dispose: async () => {
			await deep?.dispose();
			deep = undefined;
		},
	};
}
