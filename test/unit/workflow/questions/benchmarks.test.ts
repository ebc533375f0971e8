import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
	benchmarkOfTask,
	benchmarks,
	findBenchmark,
	metricName,
	splitBenchmark,
} from '../../../../src/core/questions/benchmark.ts';
import type { Run } from '../../../../src/core/run.ts';
import { addBenchmark, listBenchmarks } from '../../../../src/workflow/questions/benchmarks.ts';
import { evaluate, planEvaluation, resultOf } from '../../../../src/workflow/rounds/evaluate.ts';
import { importAnswers } from '../../../../src/workflow/questions/importAnswers.ts';
import { importQuestions } from '../../../../src/workflow/questions/importQuestions.ts';
import { inProject, quietRun, writeRows } from '../../../fixtures/inProject.ts';
import { sharedData, withoutSharedData } from '../../../fixtures/sharedData.ts';

const warned: string[] = [];
const run: Run = { ...quietRun, log: (level, message) => void (level === 'warn' && warned.push(message)) };
const shared = path.join(sharedData, 'benchmarks');

const made = (count: number, what = 'sum') =>
	Array.from({ length: count }, (_, n) => ({ problem: `Of ${what} ${n}: what is $${n}+1$?`, answer: String(n + 1) }));
const options = { student: 's', round: 1, model: 's', by: 'a test', id: 'a'.repeat(12) };

test("the registry finds the paper's benchmarks and settings by every spelling and by the task name of every tool", () => {
	assert.deepEqual(
		benchmarks.map((one) => [one.name, metricName(one), one.temperature]),
		[
			['MATH', 'pass@1', 0.1],
			['MATH^D', 'pass@1', 0.1],
			['MATH^2', 'pass@1', 0.1],
			['GSM8K', 'pass@1', 0.1],
			['AMC23', 'avg@64', 1],
			['AMC23-83', 'avg@64', 1],
			['MATH-perturb-simple', 'pass@1', 0.1],
			['MATH-perturb-hard', 'pass@1', 0.1],
			['AIME24', 'pass@64', 1],
			['AIME25', 'pass@64', 1],
			['MATH-500', 'pass@1', 0.1],
		],
	);
	for (const [name, found] of [
		['math²', 'MATH^2'],
		['AIME 2024', 'AIME24'],
		['math_500', 'MATH-500'],
		['gsm8k', 'GSM8K'],
		['MATH', 'MATH'],
		['constructor', undefined],
		['', undefined],
		['__proto__', undefined],
	] as const) {
		assert.equal(findBenchmark(name)?.name, found, name);
	}
	for (const [task, found] of [
		['hendrycks_math_algebra', 'MATH'],
		['hendrycks_math500', 'MATH-500'],
		['gsm8k_cot_llama', 'GSM8K'],
		['aime24', 'AIME24'],
		['leaderboard_ifeval', 'leaderboard_ifeval'],
		['minerva_math_geometry', 'MATH'],
	] as const) {
		assert.equal(benchmarkOfTask(task), found, task);
	}
});

test('the validation split depends on the seed and the questions, not on their order', () => {
	const ids = Array.from({ length: 500 }, (_, n) => n.toString(16).padStart(32, '0'));
	const validation = (seed: number, list: readonly string[]) =>
		[...splitBenchmark(list, 100, seed)]
			.filter(([, split]) => split === 'validation')
			.map(([id]) => id)
			.sort();
	assert.equal(validation(0, ids).length, 100);
	assert.deepEqual(validation(0, [...ids].reverse()), validation(0, [...ids, ...ids]));
	assert.notDeepEqual(validation(0, ids), validation(1, ids));
	assert.equal(validation(0, ids.slice(0, 20)).length, 20);
});

test('adding MATH draws validation questions, keeps known questions in their splits and omits training questions', () =>
	inProject(async (parts, folder) => {
		const rows = made(60);
		await importQuestions(
			parts,
			{ files: [writeRows(folder, 'train.jsonl', rows.slice(0, 2))], split: 'train' },
			run,
		);
		await importQuestions(
			parts,
			{ files: [writeRows(folder, 'old.jsonl', rows.slice(2, 5))], split: 'validation', benchmark: 'old' },
			run,
		);
		const file = writeRows(folder, 'math.jsonl', rows);
		const added = await addBenchmark(parts, { name: 'math', files: [file], validation: 10 }, run);
		assert.equal(added.benchmark, 'MATH');
		assert.equal(added.validation + added.test, 58);
		assert.ok(added.validation >= 10 - 2 && added.validation <= 13);
		assert.match(
			added.notes.join('\n'),
			/MATH has 5000 questions, these files 60[^]*2 of its questions are training questions here/,
		);
		assert.equal(added.skipped, 2);
		const again = await addBenchmark(parts, { name: 'MATH', files: [file], validation: 10 }, run);
		assert.deepEqual([again.questions, again.validation, again.test], [0, added.validation, added.test]);
		// The first three belong to both benchmarks: adding MATH does not remove them from the one they were imported
		// under.
		assert.equal((await parts.store.read('benchmarkQuestions', { name: 'old' })).length, 3);
		const plan = await planEvaluation(parts, { ...options, benchmarks: ['MATH', 'old'] }, run);
		assert.deepEqual(
			plan.entry.benchmarks.map(({ benchmark, part }) => [benchmark, part]),
			[
				['MATH', 'test'],
				['old', 'validation'],
			],
		);
		assert.match(plan.notes.join(), /old: 3 of its questions are validation questions/);
		const listed = (await listBenchmarks(parts)).filter(({ test_questions: count }) => count > 0);
		assert.deepEqual(
			listed.map(({ name, test_questions: count, size }) => [name, count, size]),
			[['MATH', added.test, 5000]],
		);
	}));

test('adding part of MATH takes the same fraction for validation as the full set does and leaves a test split', () =>
	inProject(async (parts, folder) => {
		const added = await addBenchmark(
			parts,
			{ name: 'MATH', files: [writeRows(folder, 'math.jsonl', made(60))] },
			run,
		);
		assert.deepEqual([added.validation, added.test], [12, 48]);
		assert.match(
			added.notes.join(),
			/these files 60: a part of it, or another edition; 12 of them are drawn for validation/,
		);
	}));

test('AMC23 is recognized with either 40 or 83 questions, and a custom benchmark has its own settings', () =>
	inProject(async (parts, folder) => {
		const small = await addBenchmark(
			parts,
			{ name: 'amc23', files: [writeRows(folder, 'a.jsonl', made(40, 'amc'))] },
			run,
		);
		const large = await addBenchmark(
			parts,
			{ name: 'amc23', files: [writeRows(folder, 'b.jsonl', made(83, 'aimo'))] },
			run,
		);
		assert.deepEqual([small.benchmark, small.test, large.benchmark, large.test], ['AMC23', 40, 'AMC23-83', 83]);
		assert.match(large.notes.join(), /these are the 83 questions of AMC23-83 .* not the 40 of AMC23/);
		await addBenchmark(
			parts,
			{
				name: 'capitals',
				files: [writeRows(folder, 'c.jsonl', [{ q: 'Of France?', a: 'Paris' }])],
				mapping: { question: 'q', gold: 'a' },
				samples: 3,
				temperature: 0.5,
				metric: 'avg@k',
				grading: 'text',
			},
			run,
		);
		await importQuestions(
			parts,
			{ files: [writeRows(folder, 'd.jsonl', made(3, 'aime'))], split: 'test', benchmark: 'aime_2024' },
			run,
		);
		assert.deepEqual(
			(await planEvaluation(parts, { ...options, benchmarks: ['AIME24'] }, run)).entry.benchmarks.map(
				({ benchmark, samples }) => [benchmark, samples],
			),
			[['aime_2024', 64]],
		);
		const { entry } = await planEvaluation(parts, { ...options, benchmarks: ['capitals', 'AMC23', 'AMC23'] }, run);
		assert.deepEqual(
			entry.benchmarks.map(({ benchmark, metric, samples, temperature, grading }) => [
				benchmark,
				metric,
				samples,
				temperature,
				grading,
			]),
			[
				['capitals', 'avg@k', 3, 0.5, 'text'],
				['AMC23', 'avg@k', 64, 1, 'math'],
			],
		);
		await assert.rejects(addBenchmark(parts, { name: 'MATH^D', files: [path.join(folder, 'c.jsonl')] }, run), {
			code: 'questions.difficultPart',
		});
	}));

test("MATH^D consists of the test questions that are difficult in the student's first round, in every later round too", () =>
	inProject(async (parts, folder) => {
		const rows = made(20);
		await addBenchmark(parts, { name: 'MATH', files: [writeRows(folder, 'math.jsonl', rows)], validation: 5 }, run);
		const log = (right: (n: number) => boolean, name: string) =>
			writeRows(
				folder,
				name,
				rows.map(({ problem, answer }, n) => ({
					question: problem,
					response: `\\boxed{${right(n) ? answer : '-9'}}`,
				})),
			);
		await importAnswers(parts, { files: [log((n) => n % 2 === 0, 'one.jsonl')], student: 's', round: 1 }, run);
		await importAnswers(parts, { files: [log(() => true, 'two.jsonl')], student: 's2', round: 1 }, run);
		await parts.store.write('setRound', {
			round: {
				student: 's2',
				round: 1,
				parent: { student: 's', round: 1 },
				job: null,
				dataset: null,
				recipe: 'sft',
				model: null,
				benchmark: null,
				control: false,
				note: null,
				at: run.now(),
			},
			replace: false,
		});
		await assert.rejects(planEvaluation(parts, { ...options, benchmarks: ['MATH^D'], keep: true }, run), {
			code: 'rounds.difficultUnknown',
		});
		const digests = await parts.store.read('digests', { student: 's', round: 1, after: null, limit: 100 });
		await parts.store.write('setClassification', {
			student: 's',
			round: 1,
			method: 'answer',
			settings: {},
			at: run.now(),
			rows: digests.map(({ questionId, verdicts }) => ({ questionId, difficult: verdicts[0] !== true })),
		});
		const answering = {
			answer: () =>
				Promise.resolve({
					imported: {
						answers: 0,
						questions: 0,
						graded: 0,
						correct: 0,
						unsure: 0,
						disagreeing: 0,
						duplicates: 0,
						skipped: 0,
						problems: [],
						conflicts: [],
					},
					jobs: [],
				}),
		};
		const difficult = digests.filter(({ split, verdicts }) => split === 'test' && verdicts[0] !== true).length;
		assert.ok(difficult > 0);
		for (const [student, pass1] of [
			['s', 0],
			['s2', 1],
		] as const) {
			const plan = await planEvaluation(
				parts,
				{
					...options,
					student,
					id: student.padEnd(12, '0').replace('s', 'f'),
					benchmarks: ['math^d'],
					keep: true,
				},
				run,
			);
			const [result] = (await evaluate(parts, plan, answering, run)).benchmarks;
			assert.deepEqual([result?.benchmark, result?.n, result?.pass1], ['MATH^D', difficult, pass1]);
		}
		assert.equal((await parts.store.read('evaluations', { scope: null })).length, 2);
		assert.equal(
			(await parts.store.read('evaluations', { scope: { student: 's', round: 1 } }))[0]?.benchmarks[0]?.result?.n,
			difficult,
		);
	}));

test('pass@1, avg@k and pass@k count unsure answers as not right and omit questions without samples or gold', () => {
	const digest = (
		questionId: string,
		verdicts: (boolean | null)[],
		gold: string | null = '1',
		samples = verdicts.map((_, at) => at),
	) =>
		[
			questionId,
			{
				questionId,
				samples,
				verdicts,
				extracted: verdicts.map(() => '1'),
				words: verdicts.map(() => 1),
				reward: null,
				gold,
			},
		] as const;
	const digests = new Map([
		digest('a', [true, false, false]),
		digest('b', [false, true, null]),
		digest('c', [false, false, false]),
		digest('d', [true, true, true], null),
		digest('e', [true, true], '1', [0, 2]),
		digest('g', [true, true, true, false]),
	]);
	const result = resultOf(
		{ metric: 'pass@k', samples: 3, temperature: 1, grading: 'math' },
		['a', 'b', 'c', 'd', 'e', 'f', 'g'],
		digests,
	);
	assert.deepEqual(
		{ ...result, ci95: null, avgk: null },
		{ n: 4, pass1: 0.5, avgk: null, passk: 0.75, ci95: null, unsure: 1, unanswered: 2, withoutGold: 1 },
	);
	assert.ok(Math.abs((result.avgk ?? 0) - 5 / 12) < 1e-12);
	assert.deepEqual(resultOf({ metric: 'pass@1', samples: 1, temperature: 0, grading: 'math' }, [], digests), {
		n: 0,
		pass1: null,
		avgk: null,
		passk: null,
		ci95: null,
		unsure: 0,
		unanswered: 0,
		withoutGold: 0,
	});
});

test('the shared benchmark files are added in full whatever their field names', { skip: withoutSharedData }, () =>
	inProject(async (parts) => {
		for (const [name, size] of [
			['AIME24', 30],
			['AMC23', 40],
			['GSM8K', 1319],
		] as const) {
			const file = fs.readdirSync(shared).find((entry) =>
				entry
					.toLowerCase()
					.replace(/[^a-z0-9]/g, '')
					.includes(name.toLowerCase().slice(0, 4)),
			);
			assert.ok(file, name);
			const added = await addBenchmark(parts, { name, files: [path.join(shared, file)] }, run);
			assert.deepEqual([added.benchmark, added.test, added.validation, added.notes], [name, size, 0, []]);
			assert.ok((await parts.store.read('benchmarkQuestions', { name })).every(({ gold }) => gold !== null));
		}
	}),
);
