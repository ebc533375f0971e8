import { parentPort } from 'node:worker_threads';
import { compareAnswers, deepBudget } from './compare/compareAnswers.ts';
import { unsure } from './compare/sameValue.ts';
import type { Request, Result } from './gradingThread.ts';
import { GaveUp } from './number/budget.ts';
import { extractAnswer } from './read/extractAnswer.ts';

/**
 * Answers one request per message, using the large budget to compare pairs. The owner kills this thread at its
 * deadline.
 */
parentPort?.on('message', ({ id, request }: { id: number; request: Request }) => {
	let result: Result;
	try {
		result =
			'response' in request
				? extractAnswer(request.response)
				: compareAnswers(request.gold, request.answer, deepBudget());
	} catch (error) {
		result = unsure(error instanceof GaveUp ? error.message : 'could not be worked out');
	}
	parentPort?.postMessage({ id, result });
});
