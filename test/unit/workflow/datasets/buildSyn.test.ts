import { Budget } from '../../../../src/core/ports/budget.ts';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import type { Run } from '../../../../src/core/run.ts';
import { files } from '../../../../src/formats/files.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { loadModelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { build } from '../../../../src/workflow/datasets/build.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import { preferencePairs } from '../../../../src/workflow/curation/curationData.ts';
import { curationOf } from '../../../../src/workflow/curation/curationOf.ts';
import { repairAll } from '../../../../src/workflow/curation/repairAll.ts';
import { exportDataset } from '../../../../src/workflow/training/exportDataset.ts';
import { leaks } from '../../../../src/workflow/datasets/leakRadar.ts';
import { why } from '../../../../src/workflow/datasets/why.ts';
import type { StandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open, sampleOf } from '../../store/buildWorker.ts';

// Runs STAT-Syn end to end on a small project: the real store, grader and HTTP client, and a stand-in teacher with
// planted faults.
const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-01-02T03:04:05.000Z',
};
const leaked =
	'Seventeen gardeners plant rows of purple tulips along both sides of an avenue that is ninety metres ' +
	'long. How far apart are the rows?';
let parts: Parts;
let standIn: StandInTeacher;
let close: () => Promise<void>;

before(async () => {
	standIn = await startStandInTeacher({
		refusals: 0.1,
		duplicates: 0.15,
		leaks: 0.1,
		disagreement: 0.2,
		strays: 0.1,
		leakQuestions: [leaked],
	});
	const project = newProject();
	const store = await open(project);
	const grader = createGrader({ dist: builtDist() });
	const models = loadModelTable({ folder: 'src/teacher/data', userFile: path.join(project, 'models.json') });
	const teacher = createOpenAiTeacher({
		baseUrl: standIn.url,
		model: 'stand-in',
		apiKey: undefined,
		replies: store,
		models,
		concurrency: 8,
		log: () => undefined,
	});
	parts = {
		store,
		grader,
		files,
		datasets: store.datasets,
		prompts: createPrompts({ folder: 'src/teacher/prompts', userFolder: path.join(project, 'prompts') }),
		replies: replyParsers,
		teacher,
	};
	close = async () => {
		await teacher.dispose();
		await grader.dispose();
		await store.close();
		await standIn.close();
	};
	const training = Array.from({ length: 40 }, (_, index) => ({
		text:
			`Training question ${'abcdefghij'[index % 10]} about ` +
			`${['boats', 'trees', 'coins', 'stars'][index % 4]}: what is ${index + 11} times the number of ` +
			`${['oars', 'leaves', 'faces', 'points'][(index >> 3) & 3]} if ${index + 3} of them are left over ` +
			'and the others are shared?',
		subject: 'algebra',
		gold: '1',
	}));
	const { ids } = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'test',
		rows: training,
	});
	await store.write('addLabels', {
		source: 'bank',
		author: null,
		at: run.now(),
		replace: false,
		rows: ids.map((questionId, index) => ({
			questionId,
			skills: [{ subject: 'algebra', name: index % 2 === 0 ? 'sharing' : 'multiplying' }],
		})),
	});
	await store.write('addQuestions', { split: 'test', benchmark: 'tulips', source: 'test', rows: [{ text: leaked }] });
	const difficult = Array.from({ length: 20 }, (_, index) => ({
		text: `Validation question number ${index}: how many?`,
		subject: 'algebra',
		gold: '7',
	}));
	await store.write('addAnswers', {
		student: 's',
		round: 1,
		source: 'test',
		benchmark: null,
		rows: difficult.map((question) => ({
			question,
			samples: [{ ...sampleOf(0, 'It is 8.', false), extracted: '8' }],
		})),
	});
	const answered = (await store.read('digests', { student: 's', round: 1, after: null, limit: 100 })).map(
		({ questionId }) => questionId,
	);
	await store.write('setClassification', {
		student: 's',
		round: 1,
		method: 'answer',
		settings: {},
		at: run.now(),
		rows: answered.map((questionId) => ({ questionId, difficult: true })),
	});
	await store.write('addDiagnoses', {
		rows: answered.map((questionId, index) => ({
			student: 's',
			round: 1,
			questionId,
			sample: 0,
			judge: 'incorrect' as const,
			reason: 'It goes wrong.',
			skills:
				index % 3 === 0
					? [
							{ subject: 'algebra', name: 'sharing' },
							{ subject: 'algebra', name: 'multiplying' },
						]
					: [{ subject: 'algebra', name: 'sharing' }],
			offList: [],
			firstWrongStep: null,
			replyKey: 'k',
			model: 'm',
			promptVersion: 'diagnose@1',
			at: run.now(),
		})),
	});
});
after(() => close());

test('STAT-Syn reports the planted yield of every stage, and rebuilding from stored replies gives the same bytes', async () => {
	const result = await build(
		parts,
		{ method: 'syn', name: 'syn', rounds: 2, pairs: 100_000, filters: { twins: 'drop' } },
		run,
	);
	const { planted } = standIn.stats();
	const y = result.yield;
	assert.equal(y['asked'], 27 * 2 * 2);
	assert.equal(y['failed'], planted['refusals'] ?? 0);
	assert.equal(y['leaks'] ?? 0, planted['leaks']);
	// Two copies of one reference with the same new numbers would be copies of each other; with different numbers they
	// are twins.
	assert.equal((y['twins'] ?? 0) + (y['copies'] ?? 0), planted['duplicates']);
	assert.ok(
		(planted['duplicates'] ?? 0) > 3 && (planted['leaks'] ?? 0) > 3 && (planted['refusals'] ?? 0) > 3,
		'enough was planted',
	);
	const lost = [
		'failed',
		'figures',
		'copies',
		'twins',
		'leaks',
		'leakTwins',
		'inconsistent',
		'unsolvable',
		'skillUnused',
		'unbought',
		'kept',
	].reduce((sum, stage) => sum + (y[stage] ?? 0), 0);
	assert.equal(lost, y['asked']);
	assert.equal(y['distinct'], (y['consistent'] ?? 0) + (y['inconsistent'] ?? 0));
	assert.ok((y['inconsistent'] ?? 0) > 0);
	assert.equal(
		result.skills?.reduce((sum, { kept }) => sum + kept, 0),
		y['kept'],
	);
	assert.equal(
		(await parts.store.read('setAside', { operation: 'build syn', offset: 0, limit: 1 })).total,
		result.failed,
	);

	const again = await build(
		parts,
		{ method: 'syn', name: 'again', rounds: 2, pairs: 100_000, filters: { twins: 'drop' } },
		run,
	);
	assert.equal(again.sha256, result.sha256);
	// A refusal leaves no reply to store, so only refused calls are sent again.
	assert.equal(standIn.stats().goodTwice, planted['refusals']);
	assert.equal(again.calls, 0);
	const chain = await why(parts, { name: 'syn', row: 0 });
	assert.equal(chain.references.length, 3);
	assert.ok((chain.agreement?.agree ?? 0) >= 2 && chain.agreement?.of === 3);
	assert.equal(chain.teacher?.model, 'stand-in');
	assert.equal((await leaks(parts, { dataset: 'syn' }, run)).counts.copy, 0);
});

test("the paper's preset runs one pass that drops only solutions without agreement", async () => {
	await assert.rejects(build(parts, { method: 'syn', name: 'p', skills: [] }, run), {
		code: 'datasets.noSkillChosen',
	});
	await assert.rejects(build(parts, { method: 'syn', name: 'p', skills: [{ subject: '', name: 'other' }] }, run), {
		code: 'datasets.chosenNotMissing',
	});
	await assert.rejects(build(parts, { method: 'sel', name: 'p', skills: [{ subject: '', name: 'other' }] }, run), {
		code: 'datasets.chosenNotMissing',
	});
	await assert.rejects(build(parts, { method: 'syn', name: 'p', agree: 4, solutions: 3 }, run), {
		code: 'datasets.impossibleAgreement',
	});
	const result = await build(
		parts,
		{
			method: 'syn',
			name: 'paper',
			pairs: 100_000,
			rounds: 1,
			filters: { copies: 'flag', twins: 'flag', leaks: 'flag' },
		},
		run,
	);
	assert.equal(result.yield['rounds'], 1);
	assert.equal(result.yield['leaks'], 0);
	const { total } = await parts.store.read('items', {
		dataset: 'paper',
		filter: { flagged: true },
		offset: 0,
		limit: 1,
	});
	assert.ok(total > 0);
});

test('the export and the preference pairs reflect every decision, edit, undo and repair', async () => {
	const { rows: items } = await parts.store.read('items', { dataset: 'syn', filter: {}, offset: 0, limit: 4 });
	const ids = items.map(({ questionId }) => questionId) as [string, string, string, string];
	const author = 'me';
	const of = async (id: string) => (await parts.store.read('item', { dataset: 'syn', questionId: id }))?.status;
	await curate(parts, { dataset: 'syn', questionIds: ids.slice(0, 2), act: { verdict: 'accepted' }, author }, run);
	const made = (await parts.store.read('item', { dataset: 'syn', questionId: ids[2] }))?.item;
	assert.ok(made);
	await curate(
		parts,
		{
			dataset: 'syn',
			questionIds: [ids[2]],
			act: { verdict: 'edited', after: { question: made.question, solutions: ['Mended: $\\boxed{1}$.'] } },
			author,
		},
		run,
	);
	await curate(parts, { dataset: 'syn', questionIds: [ids[2]], act: { verdict: 'accepted' }, author }, run);
	assert.equal(await of(ids[2]), 'edited');
	await curate(
		parts,
		{ dataset: 'syn', questionIds: [ids[3]], act: { verdict: 'rejected', reason: 'unclear' }, author },
		run,
	);
	await curate(parts, { dataset: 'syn', questionIds: [ids[1]], act: { verdict: 'withdrawn' }, author }, run);
	assert.deepEqual(await Promise.all(ids.map(of)), ['accepted', 'waiting', 'edited', 'rejected']);
	await assert.rejects(
		curate(parts, { dataset: 'syn', questionIds: [ids[1]], act: { verdict: 'withdrawn' }, author }, run),
		/nothing to undo/,
	);
	await assert.rejects(
		curate(
			parts,
			{ dataset: 'syn', questionIds: [ids[0], 'f'.repeat(32)], act: { verdict: 'accepted' }, author },
			run,
		),
		/no synthesized problem/,
	);

	const out = path.join(newProject(), 'out.jsonl');
	await exportDataset(parts, { name: 'syn', format: 'trl', out }, run);
	const text = fs.readFileSync(out, 'utf8');
	assert.ok(text.includes('Mended') && !text.includes(JSON.stringify(items[3]?.title.slice(0, 60)).slice(1, -1)));
	assert.equal((await curationOf(parts, 'syn')).left, 1);
	await parts.store.write('setSetting', { key: 'curation/syn', value: 'all' });
	const demanded = await exportDataset(parts, { name: 'syn', format: 'trl', out: `${out}2` }, run);
	assert.ok(demanded.rows <= 4 && demanded.leftOut > 10);

	const pairs = [];
	for await (const pair of preferencePairs(parts, 'syn', run)) {
		pairs.push(pair);
	}
	assert.ok(pairs.some(({ from, chosen }) => from === 'edit' && chosen.startsWith('Mended')));
	const repaired = await repairAll(
		parts,
		{ dataset: 'syn', find: 'Think of', replace: 'Consider', author, apply: true },
		run,
	);
	assert.ok(repaired.decided > 10 && repaired.decided === repaired.matched);
	assert.equal(await of(ids[3]), 'rejected');
});

test('a build stops at its budget and uses the replies bought so far', async () => {
	const result = await build(
		parts,
		{ method: 'syn', name: 'poor', seed: 5, budget: new Budget({ usd: 120 }), rounds: 3, pairs: 100_000 },
		run,
	);
	assert.ok(result.calls <= 120);
	assert.ok((result.yield['unbought'] ?? 0) > 0 && result.deviations.includes('ended by the budget'));
});
