import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { Diagnosis } from '../../../../../src/core/diagnosis/diagnosis.ts';
import { questionId } from '../../../../../src/core/questions/question.ts';
import { createGrader } from '../../../../../src/grading/createGrader.ts';
import { readDiagnosisState } from '../../../../../src/ui/panels/diagnosis/diagnosisState.ts';
import { annotate } from '../../../../../src/workflow/diagnosis/annotate.ts';
import { correct, restoreCorrection } from '../../../../../src/workflow/diagnosis/correct.ts';
import { profile } from '../../../../../src/workflow/profile/profile.ts';
import type { QuestionState } from '../../../../../webview/diagnosis/protocol.ts';
import { missingOf, toggled, verdictOf } from '../../../../../webview/diagnosis/view.ts';
import { open } from '../../../store/buildWorker.ts';

const scope = { student: 's', round: 1 };
const skill = (name: string) => ({ subject: 'number_theory', name });
const text = 'What is $1+1$?';
const id = questionId(text);
const answer = 'I think.\n\nSo 7';
const surroundings = { readOnly: null, trusted: true, asking: false };

/** Creates one difficult question, answered wrong, in a real store. */
async function project(context: TestContext) {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-panel-'));
	const store = await open(folder);
	const grader = createGrader({ dist: folder });
	context.after(async () => {
		await store.close();
		await grader.dispose();
		rmSync(folder, { recursive: true, force: true });
	});
	await store.write('addSkills', { skills: ['ratios', 'primes', 'carrying'].map(skill) });
	await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 'test',
		rows: [{ text, subject: 'number_theory', level: 2, gold: '2' }],
	});
	await store.write('addAnswers', {
		...scope,
		source: 'test',
		benchmark: null,
		rows: [
			{
				question: { text },
				samples: [
					{
						sample: 0,
						text: answer,
						extracted: '7',
						verdict: false,
						logVerdict: null,
						stepScores: null,
						steps: [],
					},
				],
			},
		],
	});
	await store.write('setClassification', {
		...scope,
		method: 'answer',
		settings: {},
		at: '2026-01-01T00:00:00Z',
		rows: [{ questionId: id, difficult: true }],
	});
	let seconds = 0;
	const run = { now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, (seconds += 1))).toISOString() };
	const state = async (): Promise<QuestionState> => {
		const read = await readDiagnosisState(
			{ store, grader },
			{ scope, questionId: id, filter: {}, recent: [], undo: null, surroundings },
		);
		assert.ok(read);
		return read;
	};
	return {
		store,
		run,
		state,
		diagnose: (skills: readonly string[], more: Partial<Diagnosis> = {}) =>
			store.write('addDiagnoses', {
				rows: [
					{
						...scope,
						questionId: id,
						sample: 0,
						judge: 'incorrect',
						reason: 'no',
						skills: skills.map(skill),
						offList: [],
						firstWrongStep: null,
						replyKey: 'k',
						model: 'm',
						promptVersion: 'p@1',
						at: run.now(),
						...more,
					},
				],
			}),
		correct: (
			verdict: 'agreed' | 'changed' | 'disputed',
			skills: readonly string[] = [],
			note: string | null = null,
		) =>
			correct(
				{ store },
				{ ...scope, questionId: id, verdict, skills: skills.map(skill), note, author: 'Ada' },
				run,
			),
		annotate: (skills: readonly string[]) =>
			annotate(
				{ store },
				{
					...scope,
					id: 'annotation-1',
					questionId: id,
					sample: 0,
					start: 0,
					end: 7,
					quote: answer.slice(0, 7),
					skills: skills.map(skill),
					note: null,
					author: 'Ada',
				},
				run,
			),
		/** Returns the skills that the panel shows, the store counts and the profile counts, sorted by name. */
		seen: async () => {
			const now = await state();
			const annotated = now.annotations.filter(({ counts }) => counts).flatMap(({ skills }) => skills);
			const shown = [...missingOf({ state: now, pending: null }), ...annotated].map(({ name }) => name);
			const counted = (await store.read('missingSkills', scope)).flatMap(({ skills }) => skills);
			const { skills: profiled } = await profile({ store }, scope, new AbortController());
			return {
				panel: [...new Set(shown)].sort(),
				store: counted.map(({ name }) => name).sort(),
				profile: profiled
					.filter(({ questions }) => questions > 0)
					.map(({ name }) => name)
					.sort(),
			};
		},
	};
}

const same = (...names: string[]) => ({ panel: names, store: names, profile: names });

test('skills that the user agreed with still count in the panel and the profile after a new diagnosis names different skills', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	assert.deepEqual(await seen(), same('ratios'));
	await diagnose(['primes']);
	assert.deepEqual(await seen(), same('ratios'));
});

test('skills that the user agreed with still count in the panel and the profile after a new diagnosis finds the answer correct', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose([], { judge: 'correct' });
	assert.deepEqual(await seen(), same('ratios'));
});

test('the panel and the profile count nothing if the user agreed that the answer is correct', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose([], { judge: 'correct' });
	await say('agreed');
	await diagnose(['primes']);
	assert.deepEqual(await seen(), same());
});

test('the panel and the profile count the changed skills both before and after a new diagnosis', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('changed', ['carrying']);
	assert.deepEqual(await seen(), same('carrying'));
	await diagnose(['primes']);
	assert.deepEqual(await seen(), same('carrying'));
});

test('the panel and the profile ignore a disputed question, even after it is diagnosed again', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('disputed');
	assert.deepEqual(await seen(), same());
	await diagnose(['primes']);
	assert.deepEqual(await seen(), same());
});

test('the panel and the profile count the skills of an annotation along with the current diagnosis', async (context) => {
	const { diagnose, annotate: mark, seen } = await project(context);
	await diagnose(['ratios']);
	await mark(['carrying']);
	assert.deepEqual(await seen(), same('carrying', 'ratios'));
	await diagnose(['primes']);
	assert.deepEqual(await seen(), same('carrying', 'primes'));
});

test('the panel and the profile count the new diagnosis once a correction is withdrawn', async (context) => {
	const { store, run, diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose(['primes']);
	await restoreCorrection({ store }, { ...scope, questionId: id, previous: null, author: 'Ada' }, run);
	assert.deepEqual(await seen(), same('primes'));
});

test('undo restores an agreement together with the diagnosis that the user agreed with', async (context) => {
	const { store, run, diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose(['primes']);
	const { previous } = await say('changed', ['carrying']);
	await restoreCorrection({ store }, { ...scope, questionId: id, previous, author: 'Ada' }, run);
	assert.deepEqual(await seen(), same('ratios'));
});

test('editing the note of an agreement does not change the agreed skills', async (context) => {
	const { store, run, diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose(['primes']);
	await correct(
		{ store },
		{ ...scope, questionId: id, verdict: 'agreed', skills: null, note: 'sure', noteOnly: true, author: 'Ada' },
		run,
	);
	assert.deepEqual(await seen(), same('ratios'));
});

test('agreeing again after a new diagnosis adopts the new skills', async (context) => {
	const { diagnose, correct: say, seen } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose(['primes']);
	await say('agreed');
	assert.deepEqual(await seen(), same('primes'));
});

test('an agreement without a diagnosis is rejected', async (context) => {
	const { correct: say, seen } = await project(context);
	await assert.rejects(say('agreed'), { code: 'diagnosis.none' });
	assert.deepEqual(await seen(), same());
});

test('toggling a skill in the panel starts from the skills shown', async (context) => {
	const { diagnose, correct: say, state } = await project(context);
	await diagnose(['ratios']);
	await say('agreed');
	await diagnose(['primes']);
	const view = { state: await state(), pending: null };
	assert.equal(verdictOf(view), 'agreed');
	assert.deepEqual(toggled(view, skill('carrying')), {
		verdict: 'changed',
		skills: [skill('ratios'), skill('carrying')],
	});
	assert.deepEqual(toggled(view, skill('ratios')), { verdict: 'changed', skills: [] });
});
