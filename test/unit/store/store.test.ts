import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { questionId } from '../../../src/core/questions/question.ts';
import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import { quickQuestionId } from '../../../src/store/tables/identities.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 'llama-1b', round: 1 };

test('quickQuestionId agrees with questionId', () => {
	for (const text of [
		'What is $2+2$?',
		'  a \n b\t c ',
		'e\u0301',
		'lone \ud800 surrogate',
		'nul \0 x',
		'\u2028 sep \u2029',
		'',
		'数学',
		'\uFFFD',
	]) {
		assert.equal(quickQuestionId(text), questionId(text), JSON.stringify(text));
	}
});

test('addQuestions adds, completes, skips duplicates, reports conflicts and refuses questions from another split', async () => {
	const project = newProject();
	const store = await open(project);
	const first = await store.write('addQuestions', {
		split: 'train',
		benchmark: 'MATH',
		source: 'a.json',
		rows: [
			{ text: 'What is 1+1?', subject: 'Counting & Probability' },
			{ text: 'What  is 1+1? ' },
			{ text: 'Other', level: 3 },
		],
	});
	assert.deepEqual(
		{ ...first, ids: first.ids.length },
		{ ids: 3, added: 2, updated: 0, duplicates: 1, refused: 0, conflicts: [] },
	);
	assert.equal(first.ids[0], questionId('What is 1+1?'));
	const long = 'solution '.repeat(500);
	const second = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'b.json',
		rows: [
			{ text: 'What is 1+1?', gold: '2', solution: long, subject: 'algebra' },
			{ text: 'Other', level: 4 },
		],
	});
	assert.equal(second.updated, 1);
	assert.equal(second.duplicates, 1);
	assert.deepEqual(
		second.conflicts.map(({ index, field, kept, offered }) => [index, field, kept, offered]),
		[
			[0, 'subject', 'counting_and_probability', 'algebra'],
			[1, 'level', '3', '4'],
		],
	);
	const refused = await store.write('addQuestions', {
		split: 'test',
		benchmark: null,
		source: 'c.json',
		rows: [{ text: 'Other', gold: '9' }, { text: 'New one' }],
	});
	assert.equal(refused.refused, 1);
	assert.equal(refused.added, 1);
	assert.deepEqual(refused.conflicts[0], { index: 0, field: 'split', kept: 'train', offered: 'test' });
	const full = await store.read('question', { id: questionId('What is 1+1?') });
	assert.equal(full?.solution, long);
	assert.equal(full?.gold, '2');
	assert.deepEqual(full?.sources, ['a.json', 'b.json']);
	assert.equal(
		(await store.read('question', { id: questionId('Other') }))?.gold,
		null,
		'a refused row gives nothing',
	);
	const again = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'b.json',
		rows: [{ text: 'What is 1+1?', gold: '2', solution: long }],
	});
	assert.equal(again.duplicates, 1);
	await store.close();
	const seen = await open(project);
	assert.deepEqual((await seen.read('status', {})).questions, { train: 2, validation: 0, test: 1 });
	assert.equal((await seen.read('question', { id: questionId('What is 1+1?') }))?.solution, long);
	await seen.close();
});

test('addAnswers matches questions by text, ignores duplicates, reports conflicts and refuses training questions', async () => {
	const project = newProject();
	const store = await open(project);
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 't',
		rows: [{ text: 'Train question' }],
	});
	await store.write('addQuestions', {
		split: 'test',
		benchmark: null,
		source: 't',
		rows: [{ text: 'Test question' }],
	});
	const rows = [
		{
			question: { text: 'Test  question', gold: '4' },
			samples: [sampleOf(0, 'so it is 5', false), sampleOf(3, 'so it is 4', true)],
		},
		{
			question: { text: 'Brand new' },
			samples: [
				{
					...sampleOf(0, 'a\ud800b\0c\u2028', null),
					stepScores: [0.5, 0.25, 0.75],
					steps: [
						[0, 1],
						[1, 2],
						[2, 3],
					] as const,
				},
			],
		},
		{ question: { text: 'Train question' }, samples: [sampleOf(0, 'x'), sampleOf(1, 'y')] },
	];
	const one = await store.write('addAnswers', { ...scope, source: 'log', benchmark: null, rows });
	assert.deepEqual(
		{ ...one, conflicts: one.conflicts.length },
		{ answers: 3, questions: 1, updated: 1, duplicates: 0, refused: 2, conflicts: 1 },
	);
	const seq = (await store.read('status', {})).seq;
	const two = await store.write('addAnswers', { ...scope, source: 'log', benchmark: null, rows });
	assert.deepEqual(
		{ ...two, conflicts: 0 },
		{ answers: 0, questions: 0, updated: 0, duplicates: 3, refused: 2, conflicts: 0 },
	);
	assert.equal((await store.read('status', {})).seq, seq, 'nothing new is nothing written');
	const other = await store.write('addAnswers', {
		...scope,
		source: 'log',
		benchmark: null,
		rows: [{ question: { text: 'Brand new' }, samples: [sampleOf(0, 'different')] }],
	});
	assert.deepEqual(
		other.conflicts.map(({ field, offered }) => [field, offered]),
		[['answer', 'different']],
	);
	const [stored] = await store.read('answers', { ...scope, questionId: questionId('Brand new') });
	assert.equal(stored?.text, 'a\ud800b\0c\u2028');
	assert.deepEqual(stored?.stepScores, [0.5, 0.25, 0.75]);
	assert.deepEqual(stored?.steps, [
		[0, 1],
		[1, 2],
		[2, 3],
	]);
	const digests = await store.read('digests', { ...scope, after: null, limit: 10 });
	const byId = new Map(digests.map((digest) => [digest.questionId, digest]));
	assert.deepEqual(byId.get(questionId('Test question')), {
		questionId: questionId('Test question'),
		samples: [0, 3],
		verdicts: [false, true],
		extracted: [null, null],
		words: [4, 4],
		reward: null,
		gold: '4',
		split: 'test',
	});
	assert.deepEqual(byId.get(questionId('Brand new'))?.reward, { last: 0.75, mean: 0.5, minBeforeLast: 0.25 });
	assert.deepEqual(await store.read('students', {}), {
		students: [{ student: 'llama-1b', rounds: [{ round: 1, questions: 2, answers: 3, samples: 2 }] }],
		last: scope,
	});
	const graded = await store.write('setVerdicts', {
		...scope,
		rows: [
			{ questionId: questionId('Test question'), sample: 0, extracted: '4', verdict: true },
			{ questionId: questionId('Test question'), sample: 3, extracted: null, verdict: true },
		],
	});
	assert.equal(graded.changed, 1);
	const list = await store.read('questions', { scope, filter: { hasAnswers: true }, offset: 0, limit: 10 });
	assert.deepEqual(
		list.rows.map((row) => [row.title, row.right, row.samples]),
		[
			['Brand new', 0, 1],
			['Test question', 2, 2],
		],
	);
	const scored = await store.write('setStepScores', {
		...scope,
		rows: [{ questionId: questionId('Test question'), sample: 0, stepScores: [1], steps: [[0, 10]] }],
	});
	assert.equal(scored.changed, 1);
	assert.equal(
		(await store.read('answers', { ...scope, questionId: questionId('Test question') }))[0]?.text,
		'so it is 5',
	);
	assert.deepEqual(
		(await store.read('digests', { ...scope, after: null, limit: 10 })).find(
			(digest) => digest.questionId === questionId('Test question'),
		)?.reward,
		{ last: 1, mean: 1, minBeforeLast: null },
	);
	await store.close();
	const seen = await open(project);
	assert.deepEqual(await seen.read('digests', { ...scope, after: null, limit: 1 }).then((page) => page.length), 1);
	assert.equal((await seen.read('status', {})).answers, 3);
	await seen.close();
});

test("for each question, a user's labels replace a teacher's, and a teacher's replace those of a bank", async () => {
	const store = await open(newProject());
	const { ids } = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 't',
		rows: [{ text: 'A' }, { text: 'B' }],
	});
	const [a = '', b = ''] = ids;
	const skill = (name: string) => ({ subject: 'Algebra', name });
	assert.deepEqual(
		await store.write('addLabels', {
			source: 'bank',
			author: null,
			at,
			replace: false,
			rows: [
				{ questionId: a, skills: [skill('Solving Equations')] },
				{ questionId: b, skills: [skill('solving_equations')] },
			],
		}),
		{ links: 2, duplicates: 0 },
	);
	assert.deepEqual(
		await store.write('addLabels', {
			source: 'teacher',
			author: null,
			at,
			replace: true,
			rows: [{ questionId: a, skills: [skill('factoring'), skill('solving-equations')] }],
		}),
		{ links: 1, duplicates: 1 },
	);
	assert.deepEqual(
		(await store.read('skillMap', {})).map((entry) => [entry.name, entry.questions.length]),
		[
			['factoring', 1],
			['solving_equations', 2],
		],
	);
	await store.write('addLabels', {
		source: 'person',
		author: 'me',
		at,
		replace: true,
		rows: [{ questionId: a, skills: [skill('factoring')] }],
	});
	assert.deepEqual(
		(await store.read('labels', { ids: [a, b] })).map((row) => row.skills.map(({ name }) => name)),
		[['factoring'], ['solving_equations']],
	);
	assert.deepEqual(
		await store.write('addLabels', {
			source: 'bank',
			author: null,
			at,
			replace: false,
			rows: [
				{ questionId: a, skills: [skill('factoring')] },
				{ questionId: 'f'.repeat(32), skills: [skill('ghost')] },
			],
		}),
		{ links: 0, duplicates: 1 },
	);
	assert.deepEqual(
		(await store.read('labels', { ids: [a, b, 'f'.repeat(32)], source: 'teacher' })).map((row) => [
			row.questionId,
			row.skills.map(({ name }) => name),
		]),
		[[a, ['factoring', 'solving_equations']]],
	);
	const rows = await store.read('skills', { scope: null });
	assert.deepEqual(
		rows.map((row) => [row.subject, row.name, row.train, row.evaluation, row.missed]),
		[
			['algebra', 'factoring', 1, 0, 0],
			['algebra', 'solving_equations', 1, 0, 0],
		],
	);
	await store.close();
});

function diagnosisOf(
	questionIdOf: string,
	skills: string[],
	judge: 'correct' | 'incorrect' = 'incorrect',
	reason = 'because',
): Diagnosis {
	return {
		...scope,
		questionId: questionIdOf,
		sample: 0,
		judge,
		reason,
		skills: skills.map((name) => ({ subject: 'algebra', name })),
		offList: ['telepathy'],
		firstWrongStep: 1,
		replyKey: 'k',
		model: 'm',
		promptVersion: 'diagnose@1',
		at,
	};
}

test('a correction overrides later diagnoses, and only difficult validation questions count towards the profile', async () => {
	const project = newProject();
	const store = await open(project);
	const validation = await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 't',
		rows: ['V1', 'V2', 'V3', 'V4'].map((text) => ({ text, subject: 'algebra' })),
	});
	const tests = await store.write('addQuestions', {
		split: 'test',
		benchmark: null,
		source: 't',
		rows: [{ text: 'T1' }],
	});
	const [v1 = '', v2 = '', v3 = '', v4 = ''] = validation.ids;
	const [t1 = ''] = tests.ids;
	assert.deepEqual(
		await store.write('setClassification', {
			...scope,
			method: 'answer',
			settings: { samples: 1, note: null },
			at,
			rows: [v1, v2, v3, t1]
				.map((id) => ({ questionId: id, difficult: true }))
				.concat([{ questionId: v4, difficult: false }]),
		}),
		{ difficult: 4, unclassified: 0 },
	);
	const long = 'r'.repeat(3000);
	assert.deepEqual(
		await store.write('addDiagnoses', {
			rows: [
				diagnosisOf(v1, ['b', 'a'], 'incorrect', long),
				diagnosisOf(v2, ['a'], 'correct'),
				diagnosisOf(t1, ['a']),
				diagnosisOf(v4, ['a']),
			],
		}),
		{ added: 4, replaced: 0 },
	);
	const missing = async () =>
		(await store.read('missingSkills', scope)).map((row) => [
			row.questionId,
			row.skills.map(({ name }) => name).join(),
			row.from,
			row.disputed,
		]);
	const sorted = (rows: (string | boolean)[][]) => rows.sort(([x], [y]) => (String(x) < String(y) ? -1 : 1));
	assert.deepEqual(
		await missing(),
		sorted([
			[v1, 'b,a', 'teacher', false],
			[v2, '', 'teacher', true],
		]),
	);
	const seen = await store.read('diagnosis', { ...scope, questionId: v1 });
	assert.equal(seen.diagnosis?.reason, long);
	await store.write('addCorrection', {
		...scope,
		questionId: v1,
		verdict: 'changed',
		skills: [{ subject: 'algebra', name: 'C' }],
		note: null,
		author: 'me',
		at,
		original: seen.diagnosis,
	});
	await store.write('addCorrection', {
		...scope,
		questionId: v3,
		verdict: 'changed',
		skills: [{ subject: 'algebra', name: 'a' }],
		note: 'no diagnosis yet',
		author: 'me',
		at,
		original: null,
	});
	assert.deepEqual(await store.write('addDiagnoses', { rows: [diagnosisOf(v1, ['z'])] }), {
		added: 0,
		replaced: 1,
	});
	assert.deepEqual(
		await missing(),
		sorted([
			[v1, 'c', 'person', false],
			[v2, '', 'teacher', true],
			[v3, 'a', 'person', false],
		]),
	);
	await store.write('addCorrection', {
		...scope,
		questionId: v1,
		verdict: 'withdrawn',
		skills: null,
		note: null,
		author: 'me',
		at,
		original: null,
	});
	await store.write('addCorrection', {
		...scope,
		questionId: v3,
		verdict: 'disputed',
		skills: null,
		note: null,
		author: 'me',
		at,
		original: null,
	});
	assert.deepEqual(
		await missing(),
		sorted([
			[v1, 'z', 'teacher', false],
			[v2, '', 'teacher', true],
			[v3, '', 'person', true],
		]),
	);
	const history = (await store.read('diagnosis', { ...scope, questionId: v1 })).history;
	assert.deepEqual(
		history.map((entry) => entry.verdict),
		['changed', 'withdrawn'],
	);
	assert.equal(history[0]?.original?.reason, long);
	assert.deepEqual(
		(await store.read('skills', { scope })).filter((row) => row.missed > 0).map((row) => [row.name, row.missed]),
		[['z', 1]],
	);
	assert.deepEqual(await store.read('questionGroups', { scope, filter: {}, by: 'missingSkill' }), [
		{ key: 'algebra/a', subject: 'algebra', count: 2 },
		{ key: 'algebra/z', subject: 'algebra', count: 1 },
	]);
	await store.close();
	const again = await open(project);
	assert.deepEqual(await again.read('status', {}), {
		questions: { train: 0, validation: 4, test: 1 },
		skills: 4,
		links: 0,
		answers: 0,
		difficult: 4,
		diagnosed: 4,
		corrected: 1,
		replies: 0,
		setAside: 0,
		seq: (await again.read('status', {})).seq,
	});
	assert.deepEqual(
		await again
			.read('classification', scope)
			.then((found) => [found?.method, found?.settings, found?.difficult.length, found?.easy, found?.at]),
		['answer', { samples: 1, note: null }, 4, 1, at],
	);
	await again.close();
});

test('the question list filters, sorts, pages and groups', async () => {
	const store = await open(newProject());
	await store.write('addQuestions', {
		split: 'train',
		benchmark: 'MATH',
		source: 't',
		rows: [
			{ text: 'Zebra 50% Ünder', subject: 'Algebra', level: 2 },
			{ text: 'apple', subject: 'Algebra', level: 2 },
			{ text: 'mid', subject: 'Algebra', level: 1 },
			{ text: 'no subject' },
			{ text: 'geo', subject: 'Geometry', level: 5 },
		],
	});
	const titles = async (filter: object) =>
		(await store.read('questions', { scope: null, filter, offset: 0, limit: 10 })).rows.map((row) => row.title);
	assert.deepEqual(await titles({}), ['no subject', 'mid', 'Zebra 50% Ünder', 'apple', 'geo']);
	assert.deepEqual(await titles({ subject: null }), ['no subject']);
	assert.deepEqual(await titles({ subject: 'ALGEBRA', level: 2 }), ['Zebra 50% Ünder', 'apple']);
	assert.deepEqual(await titles({ text: 'ZEBRA 50%' }), ['Zebra 50% Ünder']);
	assert.deepEqual(await titles({ text: '5_%' }), []);
	assert.deepEqual(await titles({ level: null }), ['no subject']);
	assert.deepEqual(await titles({ splits: ['test'] }), []);
	assert.deepEqual(await titles({ difficult: true }), []);
	const page = await store.read('questions', { scope: null, filter: {}, offset: 2, limit: 2 });
	assert.equal(page.total, 5);
	assert.equal(page.rows.length, 2);
	assert.equal(await store.read('questionPosition', { scope: null, filter: {}, id: questionId('apple') }), 3);
	assert.equal(
		await store.read('questionPosition', { scope: null, filter: { subject: 'geometry' }, id: questionId('apple') }),
		-1,
	);
	assert.deepEqual(await store.read('questionGroups', { scope: null, filter: {}, by: 'subject' }), [
		{ key: '', subject: null, count: 1 },
		{ key: 'algebra', subject: 'algebra', count: 3 },
		{ key: 'geometry', subject: 'geometry', count: 1 },
	]);
	assert.deepEqual(await store.read('questionGroups', { scope: null, filter: { subject: 'algebra' }, by: 'level' }), [
		{ key: '1', subject: null, count: 1 },
		{ key: '2', subject: null, count: 2 },
	]);
	assert.deepEqual(await store.read('benchmarks', {}), [{ benchmark: 'MATH', questions: 5 }]);
	const ids = (await store.read('questionsOfSplit', { split: 'train', after: null, limit: 10 })).map(
		(question) => question.id,
	);
	assert.deepEqual(ids, [...ids].sort());
	await store.close();
});

test('replies, settings and set-aside rows are read back as they were written', async () => {
	const project = newProject();
	const store = await open(project);
	const reply = (key: string, text: string) => ({
		key,
		task: 'diagnose' as const,
		about: 'q',
		model: 'm',
		promptVersion: 'diagnose@1',
		sampling: { temperature: 0.5 },
		sample: 0,
		attempt: 0,
		text,
		usage: { input: 1, output: 2, reasoning: 0 },
		cost: 0.25,
		at,
	});
	await Promise.all(
		Array.from({ length: 128 }, (_, index) =>
			store.put(reply(`key${index}`, `reply \ud800 ${index} `.repeat(200))),
		),
	);
	await store.put(reply('key0', 'a second answer to the same call'));
	assert.deepEqual(await store.get('key5'), reply('key5', 'reply \ud800 5 '.repeat(200)));
	assert.deepEqual(await store.get('key0').then((found) => found?.text.startsWith('reply')), true, 'the first stays');
	assert.equal(await store.get('nothing'), undefined);
	assert.deepEqual([...(await store.known(['key1', 'x', 'key127']))], ['key1', 'key127']);
	await store.write('setSetting', {
		key: 'template',
		value: { kind: 'chat', system: 'a\ud800\0\u2028', n: [1, null, true] },
	});
	assert.deepEqual(await store.read('setting', { key: 'template' }), {
		kind: 'chat',
		system: 'a\ud800\0\u2028',
		n: [1, null, true],
	});
	assert.equal(await store.read('setting', { key: 'none' }), undefined);
	const row = (key: string, text: string | null) => ({
		operation: 'diagnose',
		key,
		file: 'f\0.jsonl',
		line: 3,
		field: null,
		message: 'no \u2028',
		text,
		at,
	});
	assert.deepEqual(await store.write('setAside', { rows: [row('a', 'x'.repeat(30_000)), row('b', null)] }), {
		added: 2,
	});
	assert.deepEqual(await store.write('setAside', { rows: [row('a', 'short')] }), { added: 0 });
	assert.deepEqual(
		(await store.read('setAside', { operation: 'diagnose', offset: 0, limit: 10 })).rows.map((found) => [
			found.key,
			found.text,
			found.file,
		]),
		[
			['b', null, 'f\0.jsonl'],
			['a', 'short', 'f\0.jsonl'],
		],
	);
	assert.deepEqual(await store.write('clearSetAside', { operation: 'diagnose', keys: ['b', 'zz'] }), { cleared: 1 });
	assert.deepEqual(await store.write('clearSetAside', { operation: 'diagnose', keys: null }), { cleared: 1 });
	await store.close();
	const again = await open(project, { readOnly: true });
	assert.equal((await again.read('status', {})).replies, 128);
	await assert.rejects(again.write('setSetting', { key: 'x', value: 1 }), { name: 'StatError', kind: 'read-only' });
	await again.close();
	assert.ok(!fs.existsSync(path.join(project, '.stat', 'lock')));
});
