import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnnotationEntry } from '../../../src/core/diagnosis/annotation.ts';
import { locate } from '../../../src/core/diagnosis/annotation.ts';
import type { Correction, Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import { questionId } from '../../../src/core/questions/question.ts';
import { at, newProject, open, sampleOf } from './buildWorker.ts';

const scope = { student: 's', round: 1 };
const text = 'What is $2+3$?';
const id = questionId(text);
const other = 'What is $4+4$?';
const answer = 'First, 2+3 is 6. 𝕏 marks it. So 2+3 is 6.';
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

function mark(quote: string, skills: readonly string[], more: Partial<AnnotationEntry> = {}): AnnotationEntry {
	const start = answer.indexOf(quote);
	return {
		...scope,
		id: 'annotation-1',
		questionId: id,
		sample: 0,
		start,
		end: start + quote.length,
		quote,
		skills: skills.map(skill),
		note: null,
		action: 'made',
		author: 'Ada',
		at,
		...more,
	};
}

function correction(verdict: Correction['verdict'], skills: readonly string[] | null = null): Correction {
	return {
		...scope,
		questionId: id,
		verdict,
		skills: skills && skills.map(skill),
		note: null,
		author: 'Ada',
		at,
		original: diagnosis,
	};
}

async function project(folder = newProject()) {
	const store = await open(folder);
	await store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 't',
		rows: [
			{ text, subject: 'algebra', gold: '5' },
			{ text: other, subject: 'algebra' },
		],
	});
	await store.write('addAnswers', {
		...scope,
		source: 't',
		benchmark: null,
		rows: [
			{ question: { text }, samples: [sampleOf(0, answer, false)] },
			{ question: { text: other }, samples: [sampleOf(0, answer, false)] },
		],
	});
	await store.write('setClassification', {
		...scope,
		method: 'answer',
		settings: {},
		at,
		rows: [{ questionId: id, difficult: true }],
	});
	const missing = async () =>
		(await store.read('missingSkills', scope)).map(({ skills, from, disputed }) => [
			skills.map(({ name }) => name).join(' '),
			from,
			disputed,
		]);
	return { store, missing, folder };
}

test('an annotation counts without a diagnosis, adds to the skills of a diagnosis or a correction, and survives a restart', async () => {
	const { store, missing, folder } = await project();
	assert.deepEqual(await missing(), []);
	await store.write('annotate', mark('2+3 is 6', ['carrying']));
	assert.deepEqual(await missing(), [['carrying', 'person', false]]);
	await store.write('addDiagnoses', { rows: [diagnosis] });
	assert.deepEqual(await missing(), [['addition carrying', 'person', false]]);
	await store.write('addCorrection', correction('changed', ['counting', 'carrying']));
	assert.deepEqual(await missing(), [['counting carrying', 'person', false]], 'named twice, counted once');
	await store.write('addDiagnoses', { rows: [{ ...diagnosis, skills: [skill('primes')] }] });
	assert.deepEqual(await missing(), [['counting carrying', 'person', false]], 'a re-run changes nothing of it');
	await store.close();
	const again = await open(folder);
	const [stored] = await again.read('annotations', { ...scope, ids: [id] });
	assert.deepEqual(
		[stored?.quote, stored?.start, stored?.end, stored?.counts, stored?.author, stored?.history.length],
		['2+3 is 6', 7, 15, true, 'Ada', 1],
	);
	assert.deepEqual(
		(await again.read('missingSkills', scope)).map(({ skills }) => skills.length),
		[2],
	);
	assert.deepEqual(
		(await again.read('skills', { scope }))
			.filter(({ missed }) => missed > 0)
			.map(({ name, missed }) => [name, missed])
			.sort(),
		[
			['carrying', 1],
			['counting', 1],
		],
	);
	await again.close();
});

test('every version of an annotation stays in its history, and the latest one counts', async () => {
	const { store, missing } = await project();
	await store.write('addDiagnoses', { rows: [diagnosis] });
	await store.write('annotate', mark('2+3', ['carrying']));
	await store.write(
		'annotate',
		mark('𝕏 marks', ['notation', 'carrying'], { action: 'edited', note: 'both', at: '2026-01-03T00:00:00Z' }),
	);
	await store.write('annotate', mark('𝕏 marks', ['notation'], { action: 'accepted', author: 'Bo' }));
	assert.deepEqual(await missing(), [['addition notation', 'person', false]]);
	await store.write('annotate', mark('𝕏 marks', ['notation'], { action: 'dismissed', author: 'Bo' }));
	assert.deepEqual(await missing(), [['addition', 'teacher', false]]);
	await store.write('annotate', mark('𝕏 marks', ['notation'], { action: 'edited' }));
	assert.deepEqual(await missing(), [['addition notation', 'person', false]], 'an edit brings it back');
	await store.write('annotate', mark('𝕏 marks', ['notation'], { action: 'withdrawn' }));
	assert.deepEqual(await missing(), [['addition', 'teacher', false]]);
	const [annotation] = await store.read('annotations', { ...scope, ids: [questionId(other), id] });
	assert.equal(annotation?.counts, false);
	assert.deepEqual(
		annotation?.history.map(({ action, author, skills }) => [action, author, skills.length]),
		[
			['made', 'Ada', 1],
			['edited', 'Ada', 2],
			['accepted', 'Bo', 1],
			['dismissed', 'Bo', 1],
			['edited', 'Ada', 1],
			['withdrawn', 'Ada', 1],
		],
	);
	await store.close();
});

test('a dispute overrides only earlier annotations, and all of them count again once the dispute is withdrawn', async () => {
	const { store, missing } = await project();
	await store.write('addDiagnoses', { rows: [{ ...diagnosis, judge: 'correct' }] });
	assert.deepEqual(await missing(), [['', 'teacher', true]]);
	await store.write('annotate', mark('2+3', ['carrying']));
	assert.deepEqual(
		await missing(),
		[['carrying', 'person', false]],
		'the person\'s word stands over the teacher\'s "correct"',
	);
	await store.write('addCorrection', correction('disputed'));
	assert.deepEqual(await missing(), [['', 'person', true]]);
	assert.deepEqual(
		(await store.read('annotations', { ...scope, ids: [id] })).map(({ counts }) => counts),
		[false],
	);
	await store.write('annotate', mark('marks', ['notation'], { id: 'annotation-2' }));
	assert.deepEqual(await missing(), [['notation', 'person', false]]);
	await store.write('addCorrection', correction('withdrawn'));
	assert.deepEqual(await missing(), [['carrying notation', 'person', false]]);
	await store.close();
});

test('an annotation is rejected unless it quotes its answer, names a skill and has an unused id', async () => {
	const { store } = await project();
	const refused = (entry: AnnotationEntry, message: RegExp) =>
		assert.rejects(store.write('annotate', entry), { name: 'StatError', message });
	await refused(mark('2+3', ['x'], { start: 0, end: 3 }), /does not contain the quoted text/);
	await refused(mark('2+3', ['x'], { end: 99 }), /start plus the length/);
	await refused(mark('2+3', []), /at least one skill/);
	await refused(mark('2+3', ['x'], { sample: 3 }), /no sample 3/);
	await refused(mark('2+3', ['x'], { questionId: '0'.repeat(32) }), /not in the project/);
	await refused(mark('2+3', ['x'], { action: 'edited' }), /there is no annotation/);
	await refused(mark('2+3', ['x'], { id: '../evil' }), /8 to 64 letters/);
	assert.deepEqual(await store.read('annotations', { ...scope, ids: [id] }), []);
	assert.equal((await store.read('students', {})).students.length, 1, 'a refused annotation left nothing');
	await store.write('annotate', mark('2+3', ['x']));
	await refused(mark('2+3', ['x']), /already exists/);
	await refused(mark('2+3', ['x'], { action: 'edited', questionId: questionId(other) }), /belongs to another answer/);
	await store.close();
});

test('an annotation is located again at the nearest occurrence of its quote, or nowhere if the quote is gone', () => {
	assert.deepEqual(locate({ start: 7, quote: '2+3 is 6' }, answer), { start: 7, end: 15, moved: false });
	assert.deepEqual(locate({ start: 7, quote: '2+3 is 6' }, `Well. ${answer}`), { start: 13, end: 21, moved: true });
	assert.deepEqual(locate({ start: 30, quote: '2+3 is 6' }, answer), {
		start: answer.lastIndexOf('2+3'),
		end: answer.lastIndexOf('2+3') + 8,
		moved: true,
	});
	assert.equal(locate({ start: 7, quote: '2+3 is 7' }, answer), null);
	assert.equal(locate({ start: 0, quote: '' }, answer), null);
});
