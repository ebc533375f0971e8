import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../../src/core/skills/skill.ts';
import type { SkillEdit } from '../../../src/core/skills/skillEdits.ts';
import type { Store } from '../../../src/core/ports/store/store.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 's', round: 1 };
const skill = (name: string): SkillRef => ({ subject: 'arithmetic', name });
const by = { author: 'Ada', at, note: null };

function diagnosisOf(questionId: string, ...names: string[]): Diagnosis {
	return {
		...scope,
		questionId,
		sample: 0,
		judge: 'incorrect',
		reason: 'r',
		skills: names.map(skill),
		offList: [],
		firstWrongStep: null,
		replyKey: 'k',
		model: 'm',
		promptVersion: 'diagnose@1',
		at,
	};
}

/** Creates three difficult, diagnosed validation questions, three training questions, and labels from a bank. */
async function world(): Promise<{
	store: Store;
	project: string;
	val: readonly string[];
	train: readonly string[];
	bank: () => Promise<void>;
}> {
	const project = newProject();
	const store = await open(project);
	const { ids: train } = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'b',
		rows: ['t1', 't2', 't3'].map((text) => ({ text, subject: 'arithmetic' })),
	});
	const { ids: val } = await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 'b',
		rows: ['v1', 'v2', 'v3'].map((text) => ({ text, subject: 'arithmetic', gold: '1' })),
	});
	const bank = async () => {
		await store.write('addSkills', { skills: ['carrying', 'carry_over', 'division', 'rounding'].map(skill) });
		await store.write('addLabels', {
			source: 'bank',
			author: null,
			at,
			replace: false,
			rows: [
				[train[0], ['carrying']],
				[train[1], ['carry_over']],
				[train[2], ['carrying', 'carry_over', 'division']],
				[val[0], ['carrying']],
			].map(([questionId, names]) => ({
				questionId: String(questionId),
				skills: (names as string[]).map(skill),
			})),
		});
	};
	await bank();
	await store.write('addAnswers', {
		...scope,
		source: 'log',
		benchmark: null,
		rows: ['v1', 'v2', 'v3'].map((text) => ({
			question: { text },
			samples: [sampleOf(0, `answer to ${text}`, false)],
		})),
	});
	await store.write('setClassification', {
		...scope,
		method: 'answer',
		settings: {},
		at,
		rows: val.map((questionId) => ({ questionId, difficult: true })),
	});
	await store.write('addDiagnoses', {
		rows: [
			diagnosisOf(val[0] ?? '', 'carrying'),
			diagnosisOf(val[1] ?? '', 'carry_over', 'division'),
			diagnosisOf(val[2] ?? '', 'carrying', 'carry_over'),
		],
	});
	return { store, project, val, train, bank };
}

async function listed(store: Store): Promise<Record<string, [number, number, number]>> {
	return Object.fromEntries(
		(await store.read('skills', { scope })).map(({ name, train, evaluation, missed }) => [
			name,
			[train, evaluation, missed],
		]),
	);
}

async function missing(store: Store): Promise<string[][]> {
	return (await store.read('missingSkills', scope)).map(({ skills }) => skills.map(({ name }) => name).sort());
}

const edit = (store: Store, made: SkillEdit) => store.write('editSkills', { edit: made, ...by });

test('merging skills applies to labels, diagnoses and later imports, and undoing it restores everything', async () => {
	const { store, project, val, bank } = await world();
	const before = {
		listed: await listed(store),
		missing: await missing(store),
		map: await store.read('skillMap', {}),
	};
	assert.deepEqual(before.listed, {
		carrying: [2, 1, 2],
		carry_over: [2, 0, 2],
		division: [1, 0, 1],
		rounding: [0, 0, 0],
	});
	const made = await edit(store, { kind: 'merge', sources: [skill('Carry Over')], into: skill('carrying') });
	assert.deepEqual(made, { id: 1, labels: 4, findings: 3 });
	const after = { carrying: [3, 1, 3], division: [1, 0, 1], rounding: [0, 0, 0] };
	assert.deepEqual(await listed(store), after);
	assert.deepEqual(
		(await store.read('skillList', { subject: 'arithmetic' })).map(({ name }) => name),
		['carrying', 'division', 'rounding'],
	);
	assert.equal((await store.read('status', {})).skills, 3);
	const { diagnosis } = await store.read('diagnosis', { ...scope, questionId: val[2] ?? '' });
	assert.deepEqual(diagnosis?.skills, [skill('carrying')], 'two names of one skill are said once');
	assert.equal(
		(
			await store.read('questions', {
				scope,
				filter: { missingSkill: skill('carry_over') },
				offset: 0,
				limit: 9,
			})
		).total,
		3,
		'an old name finds what it means now',
	);
	await bank();
	assert.deepEqual(await listed(store), after, 'the same bank again');
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'c',
		rows: [{ text: 't4', subject: 'arithmetic' }],
	});
	const { ids } = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'c',
		rows: [{ text: 't4', subject: 'arithmetic' }],
	});
	await store.write('addLabels', {
		source: 'bank',
		author: null,
		at,
		replace: false,
		rows: [{ questionId: ids[0] ?? '', skills: [skill('carry_over')] }],
	});
	assert.deepEqual((await listed(store))['carrying'], [4, 1, 3], 'a new question with the old name');
	await store.close();

	const again = await open(project);
	assert.deepEqual((await listed(again))['carrying'], [4, 1, 3], 'after a replay');
	await again.write('undoSkillEdit', { id: 1, author: 'Bo', at });
	assert.deepEqual(await listed(again), { ...before.listed, carry_over: [3, 0, 2] });
	assert.deepEqual(await missing(again), before.missing);
	const history = await again.read('skillEdits', {});
	assert.deepEqual(
		history.map(({ id, author, undone }) => [id, author, undone?.author]),
		[[1, 'Ada', 'Bo']],
	);
	await again.close();
});

test('a renamed skill keeps its labels and diagnoses, and no other skill can take its earlier name', async () => {
	const { store, val } = await world();
	await edit(store, { kind: 'rename', from: skill('carrying'), to: skill('carrying over') });
	assert.deepEqual((await listed(store))['carrying_over'], [2, 1, 2]);
	assert.equal((await listed(store))['carrying'], undefined);
	await store.write('addCorrection', {
		...scope,
		questionId: val[1] ?? '',
		verdict: 'changed',
		skills: [skill('carrying')],
		note: null,
		author: 'Ada',
		at,
		original: null,
	});
	assert.deepEqual(
		(await store.read('diagnosis', { ...scope, questionId: val[1] ?? '' })).correction?.skills,
		[skill('carrying_over')],
		'a correction by the old name means the skill',
	);
	assert.deepEqual((await listed(store))['carrying_over'], [2, 1, 3]);
	await assert.rejects(
		edit(store, { kind: 'rename', from: skill('division'), to: skill('carrying') }),
		/earlier name of "carrying over"/,
	);
	await assert.rejects(
		edit(store, { kind: 'rename', from: skill('division'), to: skill('rounding') }),
		/merge the two instead/,
	);
	await assert.rejects(
		edit(store, { kind: 'rename', from: skill('carrying'), to: skill('x') }),
		/is now called "carrying over"/,
	);
	await assert.rejects(
		edit(store, { kind: 'rename', from: skill('nothing'), to: skill('x') }),
		/there is no skill "nothing"/,
	);
	await assert.rejects(
		edit(store, { kind: 'rename', from: skill('division'), to: { subject: 'algebra', name: 'division' } }),
		/only skills of the same subject/,
	);
	await edit(store, { kind: 'rename', from: skill('carrying_over'), to: skill('carrying') });
	assert.deepEqual((await listed(store))['carrying'], [2, 1, 3], 'and back');
	await assert.rejects(store.write('undoSkillEdit', { id: 1, author: 'Ada', at }), /edit 2 .* builds on edit 1/);
	await store.write('undoSkillEdit', { id: 2, author: 'Ada', at });
	await store.write('addDiagnoses', { rows: [diagnosisOf(val[2] ?? '', 'carrying_over')] });
	await store.write('undoSkillEdit', { id: 1, author: 'Ada', at });
	assert.deepEqual((await listed(store))['carrying'], [2, 1, 3], 'what was named by the new name goes back with it');
	assert.equal((await listed(store))['carrying_over'], undefined);
	await store.close();
});

test('splitting a skill moves the labels and missing skills of the listed questions, and undoing it moves them back', async () => {
	const { store, project, val, train } = await world();
	const before = await listed(store);
	await edit(store, {
		kind: 'split',
		skill: skill('carrying'),
		parts: [
			{ skill: skill('carrying once'), questions: [train[0] ?? '', val[0] ?? ''] },
			{ skill: skill('division'), questions: [train[2] ?? ''] },
		],
		keep: true,
	});
	assert.deepEqual(await listed(store), {
		carrying: [0, 0, 1],
		carrying_once: [1, 1, 1],
		carry_over: [2, 0, 2],
		division: [1, 0, 1],
		rounding: [0, 0, 0],
	});
	await edit(store, { kind: 'merge', sources: [skill('carrying_once')], into: skill('rounding') });
	assert.deepEqual((await listed(store))['rounding'], [1, 1, 1], 'parts can be merged on');
	await assert.rejects(store.write('undoSkillEdit', { id: 1, author: 'Ada', at }), /undo edit \d+ first/);
	await store.close();
	const again = await open(project);
	assert.deepEqual((await listed(again))['rounding'], [1, 1, 1]);
	await again.write('undoSkillEdit', { id: 2, author: 'Ada', at });
	await again.write('undoSkillEdit', { id: 1, author: 'Ada', at });
	assert.deepEqual(await listed(again), before);
	await assert.rejects(
		edit(again, {
			kind: 'split',
			skill: skill('carrying'),
			parts: [{ skill: skill('carrying'), questions: [train[0] ?? ''] }],
			keep: true,
		}),
		/the skill itself cannot be a part/,
	);
	await again.close();
});

test('a description follows its renamed skill, and a retired skill is no longer offered but keeps its counts', async () => {
	const { store } = await world();
	await edit(store, { kind: 'describe', skill: skill('carrying'), text: 'Adding with a carry.' });
	await edit(store, { kind: 'rename', from: skill('carrying'), to: skill('carries') });
	const about = async () =>
		Object.fromEntries(
			(await store.read('skills', { scope })).flatMap(({ name, description }) =>
				description === null ? [] : [[name, description]],
			),
		);
	assert.deepEqual(await about(), { carries: 'Adding with a carry.' });
	await edit(store, { kind: 'retire', skills: [skill('carries'), skill('rounding')] });
	assert.deepEqual(
		(await store.read('skillList', { subject: null })).map(({ name }) => name),
		['carry_over', 'division'],
	);
	assert.deepEqual(
		Object.keys(await listed(store)),
		['carries', 'carry_over', 'division'],
		'with labels it stays to be seen, without it is gone',
	);
	await store.write('undoSkillEdit', { id: 3, author: 'Ada', at });
	assert.equal((await store.read('skillList', { subject: null })).length, 4);
	await store.close();
});

test('merging skills applies to annotations, and a rejected merge changes nothing', async () => {
	const { store, val } = await world();
	await store.write('annotate', {
		...scope,
		id: 'annotation-1',
		questionId: val[1] ?? '',
		sample: 0,
		start: 0,
		end: 6,
		quote: 'answer',
		skills: [skill('rounding')],
		note: null,
		action: 'made',
		author: 'Ada',
		at,
	});
	const seq = (await store.read('status', {})).seq;
	await assert.rejects(
		edit(store, { kind: 'merge', sources: [skill('rounding')], into: skill('rounding') }),
		/at least two/,
	);
	await assert.rejects(
		edit(store, { kind: 'merge', sources: [skill('rounding'), skill('nowhere')], into: skill('new one') }),
		/there is no skill/,
	);
	assert.equal((await store.read('status', {})).seq, seq);
	await edit(store, { kind: 'merge', sources: [skill('rounding'), skill('division')], into: skill('estimation') });
	assert.deepEqual((await store.read('annotations', { ...scope, ids: [val[1] ?? ''] }))[0]?.skills, [
		skill('estimation'),
	]);
	assert.deepEqual(
		(await listed(store))['estimation'],
		[1, 0, 1],
		"the annotation's and the diagnosis' skill are one now",
	);
	assert.deepEqual(
		await store.read('presentSkills', {
			rows: [
				{ skill: skill('Division'), questionId: null },
				{ skill: skill('other'), questionId: null },
			],
		}),
		[skill('estimation'), skill('other')],
	);
	await store.close();
});

test("a juror's verdicts do not count as diagnoses, and opinions show all skills by their current names", async () => {
	const { store, project, val } = await world();
	const [first = ''] = val;
	const verdict = { ...diagnosisOf(first, 'division'), model: 'juror' };
	assert.equal(
		(await store.write('addVerdicts', { rows: [verdict, { ...verdict, questionId: 'f'.repeat(32) }] })).added,
		1,
	);
	await edit(store, { kind: 'rename', from: skill('division'), to: skill('dividing') });
	await store.close();
	const again = await open(project);
	const found = await again.read('opinions', scope);
	assert.deepEqual(
		found.map(({ questionId, diagnosis, correction, verdicts }) => [
			questionId,
			diagnosis?.skills[0]?.name,
			correction,
			verdicts.map(({ model, skills }) => [model, skills[0]?.name]),
		]),
		[[first, 'carrying', null, [['juror', 'dividing']]]],
	);
	assert.deepEqual(
		await missing(again).then((rows) => rows.flat().filter((name) => name === 'dividing').length),
		1,
		'the verdict does not count',
	);
	await again.write('addDiagnoses', { rows: [{ ...diagnosisOf(first, 'carrying'), sample: 1 }] });
	assert.deepEqual(
		(await again.read('opinions', scope))[0]?.verdicts ?? [],
		[],
		'a verdict on another sample is none on this diagnosis',
	);
	await again.close();
});

test('skill edits keep their IDs when one record is lost, and still apply when the text segments are lost', async () => {
	const { store, project, val } = await world();
	await edit(store, { kind: 'describe', skill: skill('division'), text: 'first' });
	await edit(store, { kind: 'rename', from: skill('carrying'), to: skill('carrying over') });
	await store.write('editSkills', {
		edit: { kind: 'merge', sources: [skill('rounding')], into: skill('division') },
		...by,
		note: 'n'.repeat(20_000),
	});
	await store.write('undoSkillEdit', { id: 2, author: 'Bo', at });
	await store.close();
	const journal = path.join(project, '.stat', 'stat.journal');
	const lines = fs.readFileSync(journal, 'latin1').split('\n');
	const lost = lines.findIndex((line) => line.includes('"editSkills"') && line.includes('first'));
	assert.ok(lost > 0);
	fs.writeFileSync(
		journal,
		lines.map((line, at) => (at === lost ? line.replace('first', 'fIrst') : line)).join('\n'),
		'latin1',
	);

	const again = await open(project);
	const history = await again.read('skillEdits', {});
	assert.deepEqual(
		history.map(({ id, edit: { kind }, undone }) => [id, kind, undone !== null]),
		[
			[2, 'rename', true],
			[3, 'merge', false],
		],
		'the one that is taken back is the one that was meant',
	);
	assert.deepEqual((await listed(again))['carrying'], [2, 1, 2]);
	await again.close();

	fs.rmSync(path.join(project, '.stat', 'texts'), { recursive: true });
	const third = await open(project);
	await third.write('addDiagnoses', { rows: [diagnosisOf(val[0] ?? '', 'rounding')] });
	assert.deepEqual((await missing(third))[0], ['division']);
	await third.close();
});
