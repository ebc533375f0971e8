import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import type { DatasetCard, DatasetRow } from '../../../../../src/core/datasets/dataset.ts';
import type { Diagnosis } from '../../../../../src/core/diagnosis/diagnosis.ts';
import { questionId } from '../../../../../src/core/questions/question.ts';
import { createGrader } from '../../../../../src/grading/createGrader.ts';
import { CausedRowsIndex } from '../../../../../src/ui/panels/diagnosis/causedRows.ts';
import { Corrections } from '../../../../../src/ui/panels/diagnosis/corrections.ts';
import { readMessage, readRemembered } from '../../../../../src/ui/panels/diagnosis/diagnosisMessages.ts';
import {
	describeFilter,
	neighbour,
	readDiagnosisState,
} from '../../../../../src/ui/panels/diagnosis/diagnosisState.ts';
import { open } from '../../../store/buildWorker.ts';

const scope = { student: 's', round: 1 };
const skill = (name: string) => ({ subject: 'number_theory', name });
const texts = ['What is $1+1$?', 'What is $2+2$?', 'What is $3+3$?'];
const ids = texts.map(questionId);
const surroundings = { readOnly: null, trusted: true, asking: false };

/** Creates three difficult questions with three answers each, all in the real store. */
async function project(context: TestContext) {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-panel-'));
	const store = await open(folder);
	const grader = createGrader({ dist: folder });
	context.after(async () => {
		await store.close();
		await grader.dispose();
		rmSync(folder, { recursive: true, force: true });
	});
	await store.write('addSkills', { skills: ['addition', 'congruences', 'primes'].map(skill) });
	await store.write('addQuestions', {
		split: 'validation',
		benchmark: 'MATH',
		source: 'test',
		rows: texts.map((text, index) => ({ text, subject: 'number_theory', level: 2, gold: String(2 * (index + 1)) })),
	});
	await store.write('addAnswers', {
		...scope,
		source: 'test',
		benchmark: null,
		rows: texts.map((text) => ({
			question: { text },
			samples: ['\\frac12', '0.5', '7'].map((extracted, sample) => ({
				sample,
				text: `I think.\n\nSo ${extracted}`,
				extracted,
				verdict: false,
				logVerdict: null,
				stepScores: [0.9, 0.1],
				steps: [
					[0, 8],
					[10, 13 + extracted.length],
				] as const,
			})),
		})),
	});
	await store.write('setClassification', {
		...scope,
		method: 'reward',
		settings: { tau1: 0.5, tau2: 0.4 },
		at: '2026-01-01T00:00:00Z',
		rows: ids.map((id) => ({ questionId: id, difficult: true })),
	});
	const row = (id: string): Diagnosis => ({
		...scope,
		questionId: id,
		sample: 0,
		judge: 'incorrect',
		reason: 'no',
		skills: [skill('addition')],
		offList: [],
		firstWrongStep: 1,
		replyKey: 'k',
		model: 'm',
		promptVersion: 'p@1',
		at: '2026-01-01T00:00:00Z',
	});
	await store.write('addDiagnoses', { rows: [row(ids[0] ?? ''), row(ids[1] ?? '')] });
	return { store, grader };
}

const first = ids[0] ?? '';
let clock = 0;
const corrections = (store: Awaited<ReturnType<typeof project>>['store']): Corrections =>
	new Corrections({ store }, () => 'Ada', {
		now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, clock++)).toISOString(),
	});

test('the state of a question has its place in the list, its groups of equal answers and the thresholds of the rule', async (context) => {
	const parts = await project(context);
	const state = await readDiagnosisState(parts, {
		scope,
		questionId: first,
		filter: { difficult: true },
		recent: [skill('primes'), skill('forgotten')],
		undo: null,
		surroundings,
	});
	assert.ok(state);
	assert.equal(state.total, 3);
	assert.equal(state.list, 'difficult');
	assert.equal(state.consistency, 2, '\\frac12 and 0.5 are one answer');
	assert.deepEqual([state.tau1, state.tau2], [0.5, 0.4]);
	assert.deepEqual(state.alike, [{ skill: skill('addition'), questions: 2 }]);
	assert.deepEqual(state.recent, [skill('primes')], 'a skill that is no longer on the list is not offered');
	assert.equal(
		await readDiagnosisState(parts, {
			scope,
			questionId: 'f'.repeat(32),
			filter: {},
			recent: [],
			undo: null,
			surroundings,
		}),
		null,
	);
});

test('each listed annotation says whether it counts, and its skills are looked up', async (context) => {
	const parts = await project(context);
	const text = 'I think.\n\nSo \\frac12';
	await parts.store.write('annotate', {
		...scope,
		id: 'annotation-1',
		questionId: first,
		sample: 0,
		start: 0,
		end: 7,
		quote: text.slice(0, 7),
		skills: [skill('primes')],
		note: null,
		action: 'made',
		author: 'Ada',
		at: '2026-01-01T00:00:00Z',
	});
	const state = await readDiagnosisState(parts, {
		scope,
		questionId: first,
		filter: {},
		recent: [],
		undo: null,
		surroundings,
	});
	assert.deepEqual(
		state?.annotations.map(({ quote, counts }) => [quote, counts]),
		[['I think', true]],
	);
	assert.deepEqual(
		state?.alike.map((one) => [one.skill.name, one.questions]),
		[
			['addition', 2],
			['primes', 1],
		],
	);
});

test('corrections are appended, are undone one at a time, and record what they replaced', async (context) => {
	const { store } = await project(context);
	const edits = corrections(store);
	await edits.add({ ...scope, questionId: first, verdict: 'agreed', skills: null, note: '  fine ' });
	await edits.add({ ...scope, questionId: first, verdict: 'changed', skills: [skill('primes')], note: null });
	await edits.add({ ...scope, questionId: first, verdict: 'disputed', skills: [skill('primes')], note: null });
	assert.equal(edits.undoable, 'disputed');
	assert.deepEqual(edits.recent, [skill('primes')]);
	const seen: unknown[] = [];
	for (let undos = 0; undos < 4; undos++) {
		const undone = await edits.undo();
		const { correction } = await store.read('diagnosis', { ...scope, questionId: first });
		seen.push(undone && [correction?.verdict, correction?.skills, correction?.note]);
	}
	assert.deepEqual(seen, [
		['changed', [skill('primes')], null],
		['agreed', null, 'fine'],
		[undefined, undefined, undefined],
		null,
	]);
	const { history, diagnosis } = await store.read('diagnosis', { ...scope, questionId: first });
	assert.equal(history.length, 6, 'nothing was deleted');
	assert.equal(history.at(-1)?.verdict, 'withdrawn', 'the teacher’s word stands again');
	assert.ok(history.every(({ author, original }) => author === 'Ada' && original?.replyKey === diagnosis?.replyKey));
	// A dispute has no skills, whatever the page posted.
	assert.deepEqual(history.find(({ verdict }) => verdict === 'disputed')?.skills ?? null, null);
});

test('next and previous move through the list, even from a question that is no longer in it', async (context) => {
	const parts = await project(context);
	const filter = { corrected: false };
	const { rows } = await parts.store.read('questions', { scope, filter, offset: 0, limit: 9 });
	const [one = '', two = '', three = ''] = rows.map(({ id }) => id);
	const at = { scope, filter, questionId: two, lastIndex: 1 };
	assert.equal(await neighbour(parts, at, 'next'), three);
	assert.equal(await neighbour(parts, at, 'previous'), one);
	assert.equal(await neighbour(parts, { ...at, questionId: three, lastIndex: 2 }, 'next'), null);
	await corrections(parts.store).add({ ...scope, questionId: two, verdict: 'changed', skills: [], note: null });
	assert.equal(await neighbour(parts, at, 'next'), three, 'its follower has its place now');
	assert.equal(await neighbour(parts, at, 'previous'), one);
	const state = await readDiagnosisState(parts, {
		scope,
		questionId: two,
		filter,
		recent: [],
		undo: null,
		surroundings,
	});
	assert.deepEqual([state?.index, state?.total, state?.alike], [-1, 2, []]);
});

test("rows drawn for a question are read once per dataset and again when the dataset's bytes change", async (context) => {
	const { store } = await project(context);
	const row = (forQuestion: string | null): DatasetRow => ({
		questionId: first,
		question: 'q',
		solution: 's',
		gold: null,
		subject: null,
		skill: null,
		forQuestion,
		kind: 'original',
		sample: 0,
		flags: [],
	});
	const chain = { replyKey: null, references: [], agreement: null, ...scope, sample: 0 };
	const write = (name: string, round: number, rows: readonly (string | null)[]) =>
		store.datasets.write(
			name,
			rows.map((id) => [row(id), chain] as const),
			(written): DatasetCard => ({
				name,
				method: 'sel',
				settings: {},
				seed: 0,
				student: 's',
				round,
				pairs: written.rows,
				distinct: 1,
				questions: 1,
				sha256: written.sha256,
				deviations: [],
				yield: {},
				setAside: 0,
				teacher: null,
				promptVersions: [],
				calls: 0,
				cost: null,
				createdAt: '2026-01-01T00:00:00Z',
				skills: [],
			}),
			true,
		);
	await write('a', 1, [null, first, ids[1] ?? '', first]);
	await write('b', 2, [first]);
	const index = new CausedRowsIndex(store.datasets);
	const { signal } = new AbortController();
	assert.deepEqual(await index.of(first, scope, signal), [{ dataset: 'a', count: 2, first: [1, 3] }]);
	assert.deepEqual(await index.of('f'.repeat(32), scope, signal), []);
	await write('a', 1, [first]);
	assert.deepEqual(await index.of(first, scope, signal), [{ dataset: 'a', count: 1, first: [0] }]);
});

test('messages from a page are checked for kind, shape and size', () => {
	const correct = {
		type: 'correct',
		student: 's',
		round: 1,
		questionId: first,
		request: 1,
		verdict: 'changed',
		skills: [skill('a')],
		note: null,
	};
	assert.ok(readMessage(correct));
	assert.ok(readMessage({ type: 'ready' }));
	for (const wrong of [
		null,
		'ready',
		{},
		{ type: 'eval' },
		{ ...correct, verdict: 'deleted' },
		{ ...correct, questionId: '../x' },
		{ ...correct, round: 0 },
		{ ...correct, note: 'x'.repeat(20_001) },
		{ ...correct, skills: [{ subject: 1, name: 'a' }] },
		{ ...correct, skills: Array.from({ length: 201 }, () => skill('a')) },
		{ type: 'go', to: 'file:///etc' },
		{ type: 'why', dataset: '../../x', row: 0 },
		{ type: 'why', dataset: 'a', row: -1 },
		{ type: 'showMissing', skill: 'x' },
	]) {
		assert.equal(readMessage(wrong), undefined, JSON.stringify(wrong)?.slice(0, 80));
	}
	assert.deepEqual(readRemembered({ ...scope, questionId: first, filter: { difficult: true }, raw: true }), {
		...scope,
		questionId: first,
		filter: { difficult: true },
	});
	assert.deepEqual(
		readRemembered({ ...scope, questionId: first, filter: { difficult: 'rm -rf' } })?.filter,
		{},
		'a list that cannot be read is every question',
	);
	assert.equal(readRemembered({ ...scope, questionId: 'x' }), undefined);
	assert.equal(
		describeFilter({ difficult: true, missingSkill: skill('prime_numbers'), level: 3, text: 'cat' }),
		'difficult · level 3 · misses prime numbers · “cat”',
	);
});
