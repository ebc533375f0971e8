import path from 'node:path';
import type { Grade, Grader } from '../core/ports/grader.ts';
import { GaveUp } from './number/budget.ts';
import { compareAnswers, quickBudget } from './compare/compareAnswers.ts';
import { GradingThread } from './gradingThread.ts';
import { extractAnswer } from './read/extractAnswer.ts';
import { groupAnswers } from './compare/groupAnswers.ts';

/** Grades simple pairs immediately; returns `undefined` if a pair needs the worker. */
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

/** Responses longer than this (in UTF-16 units) are read in the worker. */
const longestAtOnce = 200_000;

/**
 * Creates the grader that docs/grading.md describes. `dist` is the folder of gradingWorker.js; `deadline` is the time
 * limit in ms for an expensive pair. Including stopping and starting the worker, a result arrives within a second.
 */
export function createGrader({ dist, deadline = 750 }: { dist: string; deadline?: number }): Grader {
	let started: GradingThread | undefined;
	const thread = (): GradingThread =>
		(started ??= new GradingThread(path.resolve(dist, 'gradingWorker.js'), deadline));
	const equivalent = async (gold: string, answer: string): Promise<Grade> =>
		equivalentNow(gold, answer) ?? thread().compare(gold, answer);
	return {
		extract: extractAnswer,
		extractInTime: (response) =>
			response.length > longestAtOnce ? thread().extract(response) : Promise.resolve(extractAnswer(response)),
		equivalentNow,
		equivalent,
		groups: (answers) => groupAnswers(answers, equivalent),
		dispose: async () => {
			await started?.dispose();
			started = undefined;
		},
	};
}
