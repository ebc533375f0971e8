import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { CurationDecision, CurationItem } from '../../../src/core/curation/curation.ts';
import type { Correction, Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import { questionId } from '../../../src/core/questions/question.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 's', round: 1 };
const id = questionId('What is 2+3?');
const long = (text: string) => `${text} `.repeat(400);
const unreadable = { code: /^store\.text(Damaged|Missing)$/ };

function damage(project: string, text: string): void {
	const segment = path.join(project, '.stat/texts/000001.seg');
	const bytes = fs.readFileSync(segment);
	bytes[bytes.indexOf(text)] = 0;
	fs.writeFileSync(segment, bytes);
}

test('an item whose edit is damaged is not exported with the text that the person had changed', async () => {
	const project = newProject();
	let store = await open(project);
	const item: CurationItem = {
		dataset: 'd',
		questionId: id,
		question: 'What is 2+3?',
		subject: null,
		skill: null,
		forQuestion: null,
		references: [],
		solutions: [{ sample: 0, text: 'six', answer: '6', agrees: true, replyKey: null }],
		agreement: { agree: 1, of: 1 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'p',
		at,
	};
	const edit: CurationDecision = {
		dataset: 'd',
		questionId: id,
		verdict: 'edited',
		reason: null,
		note: null,
		before: { question: item.question, solutions: ['six'] },
		after: { question: item.question, solutions: [long('five')], agree: 1, flags: [] },
		author: 'Ada',
		at,
	};
	await store.write('addItems', { rows: [item] });
	await store.write('decideItems', { rows: [edit] });
	await store.close();
	damage(project, 'five five');

	store = await open(project);
	await assert.rejects(store.read('itemVerdicts', { dataset: 'd', after: null, limit: 10 }), unreadable);
	await assert.rejects(store.read('itemsById', { dataset: 'd', ids: [id] }), unreadable);
	await assert.rejects(store.write('addItems', { rows: [{ ...item, model: 'n' }] }), unreadable);
	const { rows } = await store.read('items', { dataset: 'd', filter: {}, offset: 0, limit: 10 });
	assert.deepEqual(
		rows.map(({ status }) => status),
		['edited'],
	);
	await store.close();
});

test('a question whose correction is damaged does not count with the diagnosis that the person had changed', async () => {
	const project = newProject();
	let store = await open(project);
	const skill = (name: string) => ({ subject: 'algebra', name });
	const diagnosis: Diagnosis = {
		...scope,
		questionId: id,
		sample: 0,
		judge: 'incorrect',
		reason: 'no',
		skills: [skill('addition')],
		offList: [],
		firstWrongStep: 0,
		replyKey: 'k',
		model: 'm',
		promptVersion: 'p@1',
		at,
	};
	const correction: Correction = {
		...scope,
		questionId: id,
		verdict: 'changed',
		skills: [skill('carrying')],
		note: 'short',
		author: 'Ada',
		at,
		original: { ...diagnosis, reason: long('because') },
	};
	const missing = async () =>
		(await store.read('missingSkills', { ...scope, everyDiagnosed: true })).map(({ skills }) =>
			skills.map(({ name }) => name).join(' '),
		);
	await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 't',
		rows: [{ text: 'What is 2+3?', subject: 'algebra' }],
	});
	await store.write('addAnswers', {
		...scope,
		source: 't',
		benchmark: null,
		rows: [{ question: { text: 'What is 2+3?' }, samples: [sampleOf(0, 'six', false)] }],
	});
	await store.write('addDiagnoses', { rows: [diagnosis] });
	await store.write('addCorrection', correction);
	assert.deepEqual(await missing(), ['carrying']);
	await store.close();
	damage(project, 'because because');

	store = await open(project);
	assert.deepEqual(await missing(), [], 'neither with the diagnosis nor with the correction');
	assert.match(store.warnings.join('\n'), /texts\/000001\.seg is damaged/);
	assert.deepEqual(await store.read('opinions', scope), []);
	await assert.rejects(store.write('addDiagnoses', { rows: [{ ...diagnosis, reason: 'again' }] }), unreadable);
	await store.write('addCorrection', { ...correction, skills: [skill('counting')], original: null });
	assert.deepEqual(await missing(), ['counting'], 'a new correction replaces it');
	await store.close();
	store = await open(project);
	assert.deepEqual(await missing(), ['counting']);
	await store.close();
});
