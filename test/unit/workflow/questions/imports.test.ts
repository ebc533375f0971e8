import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import type { Run } from '../../../../src/core/run.ts';
import { addBenchmark } from '../../../../src/workflow/questions/benchmarks.ts';
import { importAnswers } from '../../../../src/workflow/questions/importAnswers.ts';
import { importQuestions } from '../../../../src/workflow/questions/importQuestions.ts';
import { importSkills } from '../../../../src/workflow/skills/importSkills.ts';
import { newFolder } from '../../../fixtures/builtCli.ts';
import { inProject, quietRun as run, writeRows } from '../../../fixtures/inProject.ts';
import { writeSmallWorld } from '../../../fixtures/smallWorld.ts';

const scope = { student: 's', round: 1 };

/** Returns everything that later steps read, without anything that depends on the order of imports. */
async function memory({ store }: Parts): Promise<unknown> {
	const digests = await store.read('digests', { ...scope, after: null, limit: 2000 });
	const questions = await store.read('questionsById', { ids: digests.map(({ questionId: id }) => id) });
	return {
		digests,
		questions: questions.map(({ benchmark: _, ...question }) => question),
		map: await store.read('skillMap', {}),
		labels: await store.read('labels', { ids: digests.map(({ questionId: id }) => id) }),
		train: await store.read('questionsOfSplit', { split: 'train', after: null, limit: 2000 }),
	};
}

test('a name that the store would reject is rejected before any question is imported', () =>
	inProject(async (parts) => {
		const file = writeRows(newFolder(), 'log.jsonl', [{ question: 'What is $1+1$?', gold: '2', response: '2' }]);
		for (const name of ['a\u001b[31mb', ' ', 'x'.repeat(301)]) {
			await assert.rejects(
				importAnswers(parts, { files: [file], student: name, round: 1 }, run),
				/a student needs a name of 1 to 300 characters/,
			);
			await assert.rejects(addBenchmark(parts, { name, files: [file] }, run), /a benchmark needs a name/);
		}
		const came = await Promise.all(
			(['train', 'validation', 'test'] as const).map((split) =>
				parts.store.read('questionsOfSplit', { split, after: null, limit: 10 }),
			),
		);
		assert.deepEqual(came.flat(), []);
	}));

test('importing in any order and any number of times gives the same project', async () => {
	const data = newFolder();
	const world = writeSmallWorld(data);
	// The log without its golds, which come with the bank, either before or after the log.
	const bare = writeRows(
		data,
		'bare.jsonl',
		fs
			.readFileSync(world.answers, 'utf8')
			.trim()
			.split('\n')
			.map((line) => ({ ...(JSON.parse(line) as Record<string, unknown>), gt: undefined, answer: undefined })),
	);
	const steps: readonly ((parts: Parts) => Promise<unknown>)[] = [
		(parts) => importSkills(parts, { files: world.trainBanks }, run),
		(parts) => importSkills(parts, { files: world.testBanks }, run),
		(parts) => importAnswers(parts, { files: [bare], ...scope }, run),
	];
	const memories = [];
	for (const order of [
		[0, 1, 2],
		[2, 1, 0],
		[1, 2, 0, 2, 1, 0],
		[2, 0, 1],
	]) {
		memories.push(
			await inProject(async (parts) => {
				for (const step of order) {
					await steps[step]?.(parts);
				}
				return memory(parts);
			}),
		);
	}
	const [first, ...others] = memories as { digests: { verdicts: (boolean | null)[] }[] }[];
	assert.ok(
		first?.digests.every(({ verdicts }) => verdicts.length === 5 && verdicts.every((verdict) => verdict !== null)),
		'all are graded, whichever came first',
	);
	for (const other of others) {
		assert.deepEqual(other, first);
	}
});

test('a question already in a training or evaluation split is refused in the other and listed', async () => {
	await inProject(async (parts, folder) => {
		const row = { question: 'Shared  question?', answer: '1' };
		const other = { question: 'Another question?', answer: '2' };
		await importQuestions(parts, { files: [writeRows(folder, 'train.jsonl', [row])], split: 'train' }, run);
		const result = await importQuestions(
			parts,
			{
				files: [writeRows(folder, 'test.jsonl', [other, { ...row, question: 'Shared question?' }])],
				split: 'test',
			},
			run,
		);
		assert.deepEqual(
			[result.questions, result.skipped, result.conflicts.map(({ field, line }) => [field, line])],
			[1, 1, [['split', 2]]],
		);
		const { rows } = await parts.store.read('setAside', { operation: 'import questions', offset: 0, limit: 10 });
		assert.match(rows[0]?.message ?? '', /train question already/);
		const answers = await importAnswers(
			parts,
			{
				files: [
					writeRows(folder, 'log.jsonl', [
						{
							question: 'Shared question?',
							gt: '1',
							code: ['\\boxed{1}'],
							pred: ['1'],
							report: [null],
							score: [true],
						},
					]),
				],
				...scope,
			},
			run,
		);
		assert.deepEqual(
			[answers.answers, answers.graded, answers.skipped],
			[0, 0, 1],
			'answers to training questions are no evaluation',
		);
	});
});

test('an import completes a known question and lists differing fields as conflicts', async () => {
	await inProject(async (parts, folder) => {
		const one = writeRows(folder, 'one.jsonl', [
			{ question: 'Q1?', answer: '1' },
			{ question: 'Q2?', answer: '2' },
		]);
		const two = writeRows(folder, 'two.jsonl', [
			{ question: 'Q2?', answer: '3', subject: 'algebra', level: 3 },
			{ question: 'Q1?', answer: '1', subject: 'algebra' },
		]);
		assert.equal((await importQuestions(parts, { files: [one], split: 'validation' }, run)).questions, 2);
		const result = await importQuestions(parts, { files: [two], split: 'validation' }, run);
		assert.deepEqual([result.questions, result.updated], [0, 2]);
		assert.deepEqual(
			result.conflicts.map(({ field, kept, offered, file, line }) => ({ field, kept, offered, file, line })),
			[{ field: 'gold', kept: '2', offered: '3', file: two, line: 1 }],
		);
		const [question] = await parts.store.read('questionsById', { ids: [questionId('Q2?')] });
		assert.deepEqual([question?.gold, question?.subject, question?.level], ['2', 'algebra', 3]);
	});
});

test('new questions in a log join the validation split with one note, and known questions get no note', async () => {
	await inProject(async (parts, folder) => {
		const warned: string[] = [];
		const heard: Run = { ...run, log: (level, message) => void (level === 'warn' && warned.push(message)) };
		const rows = (from: number, to: number) =>
			Array.from({ length: to - from }, (_, index) => ({
				question: `What is ${from + index} plus 1?`,
				answer: String(from + index + 1),
				response: 'So $\\boxed{1}$.',
			}));
		await importQuestions(
			parts,
			{
				files: [
					writeRows(
						folder,
						'known.jsonl',
						rows(0, 2).map(({ question, answer }) => ({ question, answer })),
					),
				],
				split: 'test',
			},
			run,
		);
		const known = await importAnswers(
			parts,
			{ ...scope, files: [writeRows(folder, 'a.jsonl', rows(0, 2))], benchmark: 'AIME24' },
			heard,
		);
		assert.deepEqual([known.answers, known.questions, known.note, warned], [2, 0, undefined, []]);
		const {
			note,
			questions,
			test: reported,
		} = await importAnswers(
			parts,
			{ ...scope, files: [writeRows(folder, 'b.jsonl', rows(0, 5))], benchmark: 'AIME25' },
			heard,
		);
		assert.deepEqual([questions, reported, warned], [3, 0, [note]]);
		assert.match(
			note ?? '',
			/^3 questions new to the project joined validation: .*To report on AIME25, start a new project and import its questions/,
		);
		const more = await importAnswers(
			parts,
			{ ...scope, files: [writeRows(folder, 'c.jsonl', rows(0, 7))], benchmark: 'AIME24' },
			heard,
		);
		assert.deepEqual(
			[more.questions, more.test],
			[2, 0],
			'nobody added AIME24, so there is no part of it to report on',
		);
		assert.deepEqual((await parts.store.read('status', {})).questions, { train: 0, validation: 5, test: 2 });
	});
});

test('a bad line is listed with file, line and field, and leaves the list once it has been imported', async () => {
	await inProject(async (parts, folder) => {
		const good = (text: string) => ({ question: text, answer: '1' });
		const file = writeRows(folder, 'q.jsonl', [good('A?'), '{"question": "broken', good('B?'), { answer: '2' }]);
		const result = await importQuestions(parts, { files: [file], split: 'train' }, run);
		assert.deepEqual([result.questions, result.skipped, result.problems.map(({ line }) => line)], [2, 2, [2, 4]]);
		const list = async () =>
			(await parts.store.read('setAside', { operation: 'import questions', offset: 0, limit: 10 })).rows.map(
				({ line, file: named }) => [named, line],
			);
		assert.deepEqual(await list(), [
			[file, 2],
			[file, 4],
		]);
		writeRows(folder, 'q.jsonl', [good('A?'), good('C?'), good('B?'), { answer: '2' }]);
		assert.equal((await importQuestions(parts, { files: [file], split: 'train' }, run)).questions, 1);
		assert.deepEqual(await list(), [[file, 4]]);
	});
});

test("answers are graded against the project's gold, and the log's verdicts are stored beside ours", async () => {
	await inProject(async (parts, folder) => {
		await importQuestions(
			parts,
			{
				files: [writeRows(folder, 'q.jsonl', [{ question: 'Half?', answer: '\\frac{1}{2}' }])],
				split: 'validation',
			},
			run,
		);
		const log = writeRows(folder, 'log.jsonl', [
			{
				question: 'Half?',
				gt: '9',
				code: [
					'It is \\boxed{0.5}.',
					'\\boxed{9}',
					'I do not know how to go on, so there is nothing that I could give here.',
				],
				pred: ['', '', ''],
				report: [null, null, null],
				score: [false, true, false],
			},
		]);
		const result = await importAnswers(parts, { files: [log], ...scope }, run);
		assert.deepEqual(
			[result.answers, result.graded, result.correct, result.unsure, result.disagreeing],
			[3, 3, 1, 0, 2],
		);
		const answers = await parts.store.read('answers', { ...scope, questionId: questionId('Half?') });
		assert.deepEqual(
			answers.map(({ verdict, logVerdict, extracted }) => [verdict, logVerdict, extracted]),
			[
				[true, false, '0.5'],
				[false, true, '9'],
				[false, false, null],
			],
		);
	});
});

test('a cancelled import keeps the rows already written and can be resumed', async () => {
	await inProject(async (parts, folder) => {
		const rows = (name: string) =>
			writeRows(
				folder,
				name,
				Array.from({ length: 50 }, (_, index) => ({ question: `${name} ${index}?`, answer: '1' })),
			);
		const files = [rows('a.jsonl'), rows('b.jsonl')];
		const abort = new AbortController();
		const stopping: Run = { ...run, signal: abort.signal, progress: () => abort.abort() };
		await assert.rejects(importQuestions(parts, { files, split: 'train' }, stopping), { kind: 'cancelled' });
		assert.equal((await parts.store.read('status', {})).questions.train, 50);
		assert.equal((await importQuestions(parts, { files, split: 'train' }, run)).questions, 50);
	});
});
