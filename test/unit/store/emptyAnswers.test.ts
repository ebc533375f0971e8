import assert from 'node:assert/strict';
import { test } from 'node:test';
import { questionId } from '../../../src/core/questions/question.ts';
import { newProject, open } from './buildWorker.ts';

const scope = { student: 'llama-1b', round: 1 };
const text = 'What is 1+1?';

function rows(...answers: readonly (readonly [sample: number, text: string, truncated?: boolean])[]) {
	return [
		{
			question: { text, gold: '2' },
			samples: answers.map(([sample, answer, truncated]) => ({
				sample,
				text: answer,
				extracted: answer === '' ? null : answer,
				verdict: answer === '2',
				logVerdict: null,
				stepScores: null,
				steps: [],
				truncated,
			})),
		},
	];
}

test('only an answer without text is replaced, only if the write says so, and it stays replaced', async () => {
	const project = newProject();
	const store = await open(project);
	const head = { ...scope, source: 'evaluation', benchmark: null };
	await store.write('addAnswers', { ...head, rows: rows([0, ''], [1, '3'], [2, ' \n']) });
	const plain = await store.write('addAnswers', { ...head, rows: rows([0, '2'], [1, '2']) });
	assert.deepEqual([plain.answers, plain.conflicts.length], [0, 2]);
	const filled = await store.write('addAnswers', {
		...head,
		fillsEmpty: true,
		rows: rows([0, '2', true], [1, '2'], [2, '']),
	});
	assert.deepEqual([filled.answers, filled.conflicts.length], [1, 2]);
	await store.close();
	// The replaced answer is read from the journal.
	const again = await open(project);
	const answers = await again.read('answers', { ...scope, questionId: questionId(text) });
	assert.deepEqual(
		answers.map((answer) => [answer.text, answer.verdict, answer.truncated]),
		[
			['2', true, true],
			['3', false, undefined],
			[' \n', false, undefined],
		],
	);
	const [digest] = await again.read('digests', { ...scope, after: null, limit: 10 });
	assert.deepEqual(digest?.words, [1, 1, 0]);
	// Step scores that come later do not remove the cut-off mark.
	await again.write('setStepScores', {
		...scope,
		rows: [{ questionId: questionId(text), sample: 0, stepScores: [0.5], steps: [[0, 1]] }],
	});
	const [scored] = await again.read('answers', { ...scope, questionId: questionId(text) });
	assert.deepEqual([scored?.stepScores, scored?.truncated], [[0.5], true]);
	await again.close();
});
