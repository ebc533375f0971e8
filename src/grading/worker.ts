import { parentPort } from 'node:worker_threads';
import type { Grade } from '../core/ports/grader.ts';
import { GaveUp } from './number/budget.ts';
import { compareAnswers, deepBudget } from './compare/compareAnswers.ts';
import { unsure } from './compare/sameValue.ts';

/** Compares one pair a message with the large budget. The owner kills this thread at its deadline. */
parentPort?.on('message', ({ id, gold, answer }: { id: number; gold: string; answer: string }) => {
	let grade: Grade;
	try {
		grade = compareAnswers(gold, answer, deepBudget());
	} catch (error) {
		grade = unsure(error instanceof GaveUp ? error.message : 'could not be worked out');
	}
	parentPort?.postMessage({ id, grade });
});
