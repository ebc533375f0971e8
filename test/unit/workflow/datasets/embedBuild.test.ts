import { Budget } from '../../../../src/core/ports/budget.ts';
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { VectorSearch, WordSearch } from '../../../../src/core/datasets/neighbours.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import type { Run } from '../../../../src/core/run.ts';
import type { Teacher, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { files } from '../../../../src/formats/files.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { loadModelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { readVector, vectorText } from '../../../../src/teacher/replies/vectorText.ts';
import { build, planBuild } from '../../../../src/workflow/datasets/build.ts';
import { why } from '../../../../src/workflow/datasets/why.ts';
import type { StandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { noFaults, startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { embed } from '../../../fixtures/teacherAnswers.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open, sampleOf } from '../../store/buildWorker.ts';

// Runs Embed-Sel and Embed-Syn on a small project: the real store, grader and HTTP client, and a stand-in that embeds.
const messages: string[] = [];
const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: (_, message) => messages.push(message),
	now: () => '2026-01-02T03:04:05.000Z',
};
const topics = [
	'rowing boats across the lake',
	'planting trees in the park',
	'tossing silver coins',
	'mapping distant stars',
];
const trainingText = (index: number): string =>
	`Exercise ${index} on ${topics[index % 4]}: when ${index + 3} people take part and each of them needs ` +
	`${index + 11} things, how many things is that?`;
const difficultText = (index: number): string =>
	`Someone is ${topics[index % 4]} for ${index + 2} days, how many hours in all?`;
const longText = `A long story ${'that goes on and on '.repeat(400)}, how many words has it?`;
let parts: Parts;
let embedder: Teacher;
let standIn: StandInTeacher;
let close: () => Promise<void>;
let openEmbedder: (model: string) => Teacher;

before(async () => {
	standIn = await startStandInTeacher({ longestEmbedded: 5000, models: ['stand-in'] });
	const project = newProject();
	const store = await open(project);
	const grader = createGrader({ dist: builtDist() });
	const models = loadModelTable({ folder: 'src/teacher/data', userFile: path.join(project, 'models.json') });
	const wire = {
		baseUrl: standIn.url,
		replies: store,
		models,
		backoffMs: 20,
		longestPauseMs: 50,
		log: () => undefined,
	};
	const teacher = createOpenAiTeacher({ ...wire, model: 'stand-in', concurrency: 8 });
	const opened: Teacher[] = [teacher];
	openEmbedder = (model) => {
		const made = createOpenAiTeacher({ ...wire, model, serves: 'embeddings' });
		opened.push(made);
		return made;
	};
	embedder = openEmbedder('text-embedding-3-small');
	parts = {
		store,
		grader,
		files,
		datasets: store.datasets,
		prompts: createPrompts({ folder: 'src/teacher/prompts', userFolder: null }),
		replies: replyParsers,
		teacher,
	};
	close = async () => {
		await Promise.all(opened.map((one) => one.dispose()));
		await grader.dispose();
		await store.close();
		await standIn.close();
	};
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'test',
		rows: Array.from({ length: 120 }, (_, index) => ({
			text: trainingText(index),
			subject: 'algebra',
			gold: String(index),
			solution: `It is $\\boxed{${index}}$.`,
		})),
	});
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'test',
		rows: [{ text: longText, solution: 'Many.' }],
	});
	const rows = Array.from({ length: 12 }, (_, index) => ({
		question: { text: difficultText(index), subject: 'algebra', gold: '7' },
		samples: [{ ...sampleOf(0, 'It is 8.'), extracted: '8' }],
	}));
	await store.write('addAnswers', { student: 's', round: 1, source: 'test', benchmark: null, rows });
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
});
after(() => close());

test('vector search ranks by exact cosine and breaks ties by position, and malformed vectors are rejected', () => {
	const search = new VectorSearch(4);
	search.set(2, Float32Array.of(0, 3));
	search.set(0, Float32Array.of(2, 0));
	search.set(3, Float32Array.of(1, 0));
	assert.deepEqual(
		search.nearest([Float32Array.of(5, 0)], 4)[0]?.map(({ index, similarity }) => [index, similarity]),
		[
			[0, 1],
			[3, 1],
			[2, 0],
		],
	);
	assert.throws(() => search.set(1, Float32Array.of(1, 2, 3)), RangeError);
	assert.throws(() => search.set(1, Float32Array.of(0, 0)), RangeError);
	assert.deepEqual([...readVector(vectorText([0.5, -2, 3]))], [0.5, -2, 3]);
	for (const broken of ['', 'AAA=', vectorText([0, 0]), vectorText([Number.NaN, 1]), vectorText([Infinity])]) {
		assert.throws(() => readVector(broken), /embedding/);
	}
	// The search is compared with the plain definition, on vectors whose length is not a multiple of four.
	const texts = Array.from({ length: 50 }, (_, index) => trainingText(index));
	const vectors = texts.map((text) => embed(text).slice(0, 255));
	const plain = new VectorSearch(50);
	vectors.forEach((vector, index) => plain.set(index, Float32Array.from(vector)));
	const query = embed(difficultText(3)).slice(0, 255);
	const cosine = (left: number[], right: number[]): number =>
		left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0) / Math.hypot(...left) / Math.hypot(...right);
	const expected = vectors
		.map((vector, index) => ({ index, similarity: cosine(vector, query) }))
		.sort((a, b) => b.similarity - a.similarity || a.index - b.index)
		.slice(0, 5);
	const many = plain.nearest(
		Array.from({ length: 11 }, (_, index) =>
			index === 9 ? Float32Array.from(query) : Float32Array.from(vectors[index] ?? []),
		),
		5,
	);
	assert.deepEqual(
		many.map((one) => one.length),
		new Array(11).fill(5),
	);
	assert.deepEqual(many[10]?.[0]?.index, 10);
	many[9]?.forEach(({ similarity }, at) => assert.ok(Math.abs(similarity - (expected[at]?.similarity ?? 9)) < 1e-6));
});

test('word search weights rare words more than common ones and treats all numbers as one word', () => {
	const search = new WordSearch([
		'How many boats are there of 7?',
		'How many trees are there of 9?',
		'How many boats are rowing?',
		'…',
	]);
	assert.deepEqual(
		search.nearest('Are boats rowing?', 2).map(({ index }) => index),
		[2, 0],
	);
	assert.equal(search.nearest('how many boats are there of 99', 1)[0]?.similarity.toFixed(6), '1.000000');
	assert.deepEqual(search.nearest('zebra', 5), []);
	assert.deepEqual(new WordSearch([]).nearest('anything', 5), []);
});

test('without an embedder, the plan, the log and the card call the neighbours lexical', async () => {
	const options = { method: 'embed-sel', name: 'lexical', answersFrom: 'original' } as const;
	const plan = await planBuild(parts, options, run);
	assert.equal(plan.calls, 0);
	assert.match(plan.notes.join('\n'), /lexical/);
	messages.length = 0;
	const result = await build(parts, options, run);
	assert.ok(messages.some((line) => line.includes('lexical')));
	assert.ok(result.deviations.some((deviation) => deviation.includes('lexical')));
	assert.ok(result.deviations.some((deviation) => deviation.includes('nothing is diagnosed')));
	const card = await parts.datasets.card('lexical');
	assert.equal(card.settings['nearness'], 'lexical');
	assert.equal(card.settings['nearest'], 5);
	assert.deepEqual(
		[result.yield['difficult'], result.yield['drawn'], result.yield['pool'], result.pairs],
		[12, 60, 180, 180],
	);
	await checkTopics('lexical');
});

test('embeddings are requested in batches, priced and paid for only once, and only a refused text is set aside', async () => {
	const withOne = { ...parts, embedder };
	const options = { method: 'embed-sel', name: 'near', answersFrom: 'original' } as const;
	const plan = await planBuild(withOne, options, run);
	// 133 texts, of which 64 share a request.
	assert.equal(plan.calls, 3);
	assert.ok(plan.notes.some((note) => note.startsWith('133 texts to embed')));
	assert.ok(plan.cost !== null && plan.cost > 0 && plan.cost < 0.001);
	const result = await build(withOne, options, run);
	const { requests, texts, twice } = standIn.stats().embeddings;
	assert.deepEqual([texts, twice, result.calls], [132, 0, requests]);
	assert.ok(requests < 24, `${requests} requests for 132 texts`);
	assert.ok(result.cost !== null && result.cost > 0);
	const { rows } = await parts.store.read('setAside', { operation: 'build near', offset: 0, limit: 10 });
	assert.equal(rows.length, 1);
	assert.match(rows[0]?.message ?? '', /maximum context length/);
	assert.ok(
		result.deviations.some((deviation) => deviation.includes('text-embedding-3-small, not gte-Qwen2-7B-instruct')),
	);
	assert.ok(result.deviations.some((deviation) => deviation.includes('1 questions without an embedding')));
	await checkTopics('near');
	const again = await build(withOne, { ...options, name: 'near2' }, run);
	assert.deepEqual([again.sha256, again.calls, again.cost], [result.sha256, 0, 0]);
	assert.equal(standIn.stats().embeddings.texts, 132);
	// Each model has its own cache.
	const other = openEmbedder('other');
	const priceless = await build({ ...parts, embedder: other }, { ...options, name: 'near3' }, run);
	assert.deepEqual([priceless.calls, priceless.cost], [standIn.stats().embeddings.requests - requests, null]);
});

test('a budget stops the embedding, and the next run pays only for the remaining texts', async () => {
	const poor = openEmbedder('poor');
	const options = { method: 'embed-sel', name: 'budget', answersFrom: 'original' } as const;
	const before = standIn.stats().embeddings.texts;
	await assert.rejects(
		build({ ...parts, embedder: poor }, { ...options, budget: new Budget({ usd: 1 }) }, run),
		/budget is used up: \d+ of 133 replies are stored/,
	);
	assert.ok(standIn.stats().embeddings.texts - before <= 64);
	const result = await build({ ...parts, embedder: poor }, options, run);
	assert.equal(standIn.stats().embeddings.texts - before, 132);
	assert.equal(result.pairs, 180);
});

test('embedding requests are retried after rate limits, server errors, dropped connections and empty replies', async () => {
	standIn.settings = {
		...standIn.settings,
		faults: { ...noFaults, rateLimit: 0.2, serverError: 0.2, reset: 0.15, noChoices: 0.15 },
		retryAfter: 0,
	};
	const result = await build(
		{ ...parts, embedder: openEmbedder('flaky') },
		{ method: 'embed-sel', name: 'flaky', answersFrom: 'original' },
		run,
	);
	standIn.settings = { ...standIn.settings, faults: noFaults };
	assert.equal(result.pairs, 180);
	const { counts } = standIn.stats();
	assert.ok((counts['embedding:rateLimit'] ?? 0) + (counts['embedding:serverError'] ?? 0) > 0);
});

test('an address without embeddings is reported in one line', async () => {
	standIn.settings = { ...standIn.settings, always: { status: 404, error: { message: 'Not Found' } } };
	await assert.rejects(
		build(
			{ ...parts, embedder: openEmbedder('none') },
			{ method: 'embed-sel', name: 'none', answersFrom: 'original' },
			run,
		),
		/this address does not serve embeddings/,
	);
	standIn.settings = { ...standIn.settings, always: null };
});

test('Embed-Sel has the teacher rewrite each drawn question only once', async () => {
	const result = await build({ ...parts, embedder }, { method: 'embed-sel', name: 'rewritten', answers: 2 }, run);
	assert.equal(result.pairs, 120);
	assert.ok(result.calls < 120 && result.calls > 20, `${result.calls} calls`);
	const { row, chain } = await parts.datasets.row('rewritten', 0);
	assert.equal(row.kind, 'rewritten');
	assert.equal(row.skill, null);
	assert.equal(chain.student, 's');
});

test("Embed-Syn makes five new questions from each question's neighbours and sends solve requests to its own solver", async () => {
	const solver: Teacher = { ...openEmbedder('unused'), model: 'solver' };
	const tasks: string[] = [];
	const teacher = parts.teacher as Teacher;
	const noted = function* (calls: Iterable<TeacherCall>): Generator<TeacherCall> {
		for (const call of calls) {
			tasks.push(call.task);
			yield call;
		}
	};
	const watched: Teacher = {
		...solver,
		endpoint: 'there',
		ask: (calls, parse, options) => teacher.ask(noted(calls as Iterable<TeacherCall>), parse, options),
		estimate: (calls, expected) => teacher.estimate(calls, expected),
	};
	const withOne = { ...parts, embedder, solver: watched };
	const plan = await planBuild(withOne, { method: 'embed-syn', name: 'esyn', rounds: 1 }, run);
	assert.equal(plan.calls, 12 * 5 * 4 + 1);
	const result = await build(withOne, { method: 'embed-syn', name: 'esyn', rounds: 1 }, run);
	assert.equal(result.yield['asked'], 60);
	assert.equal(result.skills, undefined);
	assert.ok((result.yield['kept'] ?? 0) > 40);
	assert.deepEqual([...new Set(tasks)], ['solve']);
	const card = await parts.datasets.card('esyn');
	assert.equal(card.settings['nearness'], 'text-embedding-3-small');
	assert.equal(card.settings['solver'], 'solver');
	const { row, chain } = await parts.datasets.row('esyn', 0);
	assert.equal(row.skill, null);
	assert.equal(chain.references.length, 3);
	const references = await parts.store.read('questionsById', { ids: chain.references });
	const [from] = await parts.store.read('questionsById', { ids: [row.forQuestion ?? ''] });
	assert.ok(references.every(({ text }) => text.includes(topicOf(from?.text ?? ''))));
	const { rows } = await parts.store.read('items', { dataset: 'esyn', filter: {}, offset: 0, limit: 1 });
	assert.equal(rows[0]?.skill, null);
	await assert.rejects(build(withOne, { method: 'embed-syn', name: 'x', filters: { skill: 'drop' } }, run), {
		code: 'datasets.noSkillToCheck',
	});
});

const topicOf = (text: string): string => topics.find((topic) => text.includes(topic)) ?? '?';

async function checkTopics(name: string): Promise<void> {
	const rows = [];
	for await (const row of parts.datasets.rows(name, run.signal)) {
		rows.push(row);
	}
	const from = new Map(
		(
			await parts.store.read('questionsById', {
				ids: [...new Set(rows.map(({ forQuestion }) => forQuestion ?? ''))],
			})
		).map(({ id, text }) => [id, text]),
	);
	assert.ok(rows.every((row) => topicOf(row.question) === topicOf(from.get(row.forQuestion ?? '') ?? '')));
}

test('`why` lists annotations even if there is no diagnosis', async () => {
	const { row } = await parts.datasets.row('lexical', 0);
	const questionId = row.forQuestion ?? '';
	assert.equal((await why(parts, { name: 'lexical', row: 0 })).diagnosis, null);
	const entry = {
		id: 'annotation-1',
		student: 's',
		round: 1,
		questionId,
		sample: 0,
		start: 0,
		end: 5,
		quote: 'It is',
		skills: [{ subject: 'algebra', name: 'multiplying' }],
		note: 'no product',
		author: 'Ada',
		at: run.now(),
	};
	await parts.store.write('annotate', { ...entry, action: 'made' });
	const { diagnosis, annotations } = await why(parts, { name: 'lexical', row: 0 });
	assert.deepEqual(
		[diagnosis?.judge, diagnosis?.from, diagnosis?.reason, diagnosis?.skills],
		['incorrect', 'person', 'no product', entry.skills],
	);
	assert.deepEqual(
		annotations.map(({ quote, author }) => [quote, author]),
		[['It is', 'Ada']],
	);
	await parts.store.write('annotate', { ...entry, action: 'dismissed', author: 'Bea' });
	const after = await why(parts, { name: 'lexical', row: 0 });
	assert.deepEqual([after.diagnosis, after.annotations], [null, []]);
});
