import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { ComparedQuestion, SkillChange } from '../../../../src/core/rounds/comparison.ts';
import { compareRounds } from '../../../../src/core/rounds/comparison.ts';
import type { Pair } from '../../../../src/core/stats/pairedChange.ts';
import { pairedChange } from '../../../../src/core/stats/pairedChange.ts';
import { findingOf, skillLedger, totalVariation } from '../../../../src/core/rounds/ledger.ts';
import type { RoundEntry } from '../../../../src/core/rounds/round.ts';
import { readRoundName, roundTree } from '../../../../src/core/rounds/round.ts';
import type { JobRecord, JobState } from '../../../../src/core/training/job.ts';
import type { CurationItem } from '../../../../src/core/curation/curation.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { openJobFiles } from '../../../../src/store/jobFiles.ts';
import { compare } from '../../../../src/workflow/rounds/compare.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import { ledger, skillDistribution } from '../../../../src/workflow/rounds/ledger.ts';
import { report } from '../../../../src/workflow/rounds/report.ts';
import { listRounds, nextRound, nodesOf, showRound, startRound } from '../../../../src/workflow/rounds/rounds.ts';
import { fillRounds, outcomes, smallRounds, uniform, worldSkill, worldStudent } from '../../../fixtures/roundsWorld.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

const run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-05-06T07:08:09Z',
};
const scope = (round: number) => ({ student: worldStudent, round });
const plantedNames = smallRounds.planted.map((index) => worldSkill(index).name).sort();

async function world(settings = smallRounds) {
	const folder = newProject();
	const store = await open(folder);
	await fillRounds(store, settings);
	return { folder, store, parts: { store, datasets: store.datasets } };
}

test('the ledger of two generated rounds finds exactly the planted skills, even against the control arm', async () => {
	const { store, parts } = await world();
	const result = await ledger(parts, { round: scope(2) }, run);
	const found = result.skills.filter(({ finding }) => finding !== null);
	assert.deepEqual(found.map(({ name }) => name).sort(), plantedNames);
	assert.ok(
		found.every(({ finding, controls }) => finding === 'gain' && controls[0]?.finding === 'gain'),
		'and beyond the control arm',
	);
	assert.deepEqual(
		result.controls.map(({ round, equalSize, gains }) => [
			round.round,
			equalSize,
			gains.skills.filter((change) => findingOf(change) !== null).length,
		]),
		[[3, true, 0]],
		'the control arm brought nothing',
	);
	// The most frequently missed skills come first, and their rows and cost add up to those of the dataset.
	assert.deepEqual(
		result.skills
			.slice(0, 3)
			.map(({ name }) => name)
			.sort(),
		plantedNames,
	);
	assert.equal(
		result.skills.reduce((sum, { rows }) => sum + rows, 0),
		600,
	);
	assert.ok(Math.abs(result.skills.reduce((sum, { cost }) => sum + (cost ?? NaN), 0) - 4.8) < 1e-9);
	const { questions } = result.profile;
	assert.ok(result.skills.every(({ gap, missed }) => gap === missed / questions));
	const { text } = await report(parts, { round: scope(2) }, run);
	for (const phrase of [
		'# tiny-1b:2 against tiny-1b:1',
		'## Training sets',
		'made for a test',
		'## Skill ledger',
		'gain, beyond control',
		'## Skills in each training set',
		'exact below 100',
		'all 18 skills',
		`of the ${result.comparison.overall.n} compared questions are validation questions`,
		'| sel-r1 | sel | 600 |',
	]) {
		assert.ok(text.includes(phrase), `${phrase} in\n${text}`);
	}
	assert.ok(
		text
			.split('\n')
			.filter((line) => line.startsWith('|'))
			.every((line) => line.endsWith('|')),
	);
	await assert.rejects(ledger(parts, { round: scope(1) }, run), {
		code: 'rounds.parentUnknown',
	});
	// A skill that was renamed after the dataset was built still has only one line, with its gap, its rows and its
	// gain.
	const [top] = result.skills;
	assert.ok(top && top.rows > 0);
	await store.write('editSkills', {
		edit: {
			kind: 'rename',
			from: { subject: top.subject, name: top.name },
			to: { subject: top.subject, name: 'called_otherwise' },
		},
		author: 'Ada',
		at: run.now(),
		note: null,
	});
	const renamed = (await ledger(parts, { round: scope(2) }, run)).skills;
	assert.equal(renamed.length, result.skills.length);
	const line = renamed.find(({ name }) => name === 'called_otherwise');
	assert.deepEqual(
		[line?.missed, line?.rows, line?.share, line?.gain?.delta],
		[top.missed, top.rows, top.share, top.gain?.delta],
	);
	await store.close();
});

test('over many generated worlds the ledger names a wrong skill in at most 5% and finds the planted ones', () => {
	const worlds = 250;
	let [wrong, found] = [0, 0];
	for (let seed = 0; seed < worlds; seed++) {
		const random = uniform(seed, 'family');
		const questions = Array.from({ length: 18 * 50 }, (_, index): ComparedQuestion => {
			const skill = index % 18;
			const [before = [], after = []] = outcomes(random, skill, smallRounds);
			const score = (right: readonly boolean[]) => ({ right: right.filter(Boolean).length, of: right.length });
			return {
				questionId: String(index),
				subject: null,
				level: null,
				benchmark: null,
				skills: [worldSkill(skill)],
				before: score(before),
				after: score(after),
			};
		});
		const findings = compareRounds(questions, new Map())
			.skills.filter((change) => findingOf(change) !== null)
			.map(({ name }) => name);
		found += findings.filter((name) => plantedNames.includes(name)).length;
		wrong += findings.some((name) => !plantedNames.includes(name)) ? 1 : 0;
	}
	// The limit is 5% plus three standard deviations of 250 worlds.
	assert.ok(wrong / worlds <= 0.05 + 0.041, `family-wise error ${wrong / worlds}`);
	assert.ok(found / (3 * worlds) > 0.9, `found ${found / (3 * worlds)} of the planted`);
});

test('rows without a useful gain carry an equal share of the cost, and require an interval below 5 points', () => {
	const change = (name: string, gained: number, lost: number, n = 1000): SkillChange => {
		const pair = (before: number, after: number): Pair => ({
			before: { right: before, of: 1 },
			after: { right: after, of: 1 },
		});
		const pairs = Array.from({ length: n }, (_, index) => {
			if (index < gained) {
				return pair(0, 1);
			}
			return index < gained + lost ? pair(1, 0) : pair(1, 1);
		});
		return { ...pairedChange(pairs), pHolm: 1, subject: 'algebra', name, skill: name, missed: 1 };
	};
	const rowsOf = { still: 300, wide: 300, gained: 300, few: 10, unmeasured: 300 };
	const bought = new Map(Object.entries(rowsOf).map(([name, rows]) => [`algebra/${name}`, rows]));
	const gains = [change('still', 20, 20), change('wide', 2, 2, 40), change('gained', 90, 20), change('few', 20, 20)];
	const rows = skillLedger({
		profile: { questions: 10, skills: [] },
		dataset: { name: 'x', rows: 1210, bought, needing: bought, links: 1210, cost: null },
		gains,
		controls: [],
	});
	assert.deepEqual(
		rows.filter(({ fruitless }) => fruitless).map(({ name }) => name),
		['still'],
		'of few questions, few rows, or a gain, nothing of the kind is said',
	);
	assert.ok(
		skillLedger({ profile: { questions: 10, skills: [] }, dataset: null, gains, controls: [] }).every(
			({ fruitless }) => !fruitless,
		),
		'nothing is known to have been bought',
	);
});

test('the counts of compare add up, its breakdowns cover the same questions, and its flips are the changed verdicts', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 12, samples: 1 });
	const result = await compare(parts, { before: scope(1), after: scope(2) }, run);
	const { overall, subjects, levels, skills, flips } = result;
	assert.equal(overall.n, 18 * 12);
	assert.ok([subjects, levels, skills].every((rows) => rows.reduce((sum, { n }) => sum + n, 0) === overall.n));
	assert.deepEqual([subjects.length, levels.length, skills.length, result.benchmarks.length], [3, 5, 18, 1]);
	assert.deepEqual(
		[flips.filter(({ to }) => to === 'right').length, flips.filter(({ to }) => to === 'wrong').length],
		[overall.gained, overall.lost],
	);
	assert.ok(Math.abs((overall.delta ?? NaN) - (overall.gained - overall.lost) / overall.n) < 1e-12);
	const turned = await compare(parts, { before: scope(2), after: scope(1) }, run);
	assert.deepEqual(
		[turned.overall.gained, turned.overall.lost, turned.overall.p],
		[overall.lost, overall.gained, overall.p],
	);
	assert.ok(skills.every(({ p, pHolm }) => p !== null && pHolm !== null && pHolm >= p));
	// The first question is in only one round, the second is unsure, and the third has no labels.
	await store.write('addAnswers', {
		...scope(1),
		source: 'x',
		benchmark: null,
		rows: [
			{ question: { text: 'only before' }, samples: [answer(true)] },
			{ question: { text: 'unsure later' }, samples: [answer(true)] },
			{ question: { text: 'unlabelled' }, samples: [answer(false)] },
		],
	});
	await store.write('addAnswers', {
		...scope(2),
		source: 'x',
		benchmark: null,
		rows: [
			{ question: { text: 'unsure later' }, samples: [answer(null)] },
			{ question: { text: 'unlabelled' }, samples: [answer(true)] },
		],
	});
	const more = await compare(parts, { before: scope(1), after: scope(2) }, run);
	assert.deepEqual(
		[more.overall.n, more.onlyBefore, more.onlyAfter, more.unsure, more.unlabelled, more.flips.length],
		[overall.n + 1, 1, 0, 1, 1, flips.length + 1],
	);
	assert.equal(
		(await compare(parts, { before: scope(1), after: scope(2), benchmark: 'MATH', split: 'validation' }, run))
			.overall.n,
		overall.n,
	);
	await assert.rejects(
		compare(parts, { before: scope(1), after: scope(2), split: 'test' }, run),
		/no graded question in common there/,
	);
	assert.deepEqual(
		[result.split, result.validation],
		['validation', overall.n],
		'nothing else in common: said plainly',
	);
	await assert.rejects(compare(parts, { before: scope(1), after: scope(9) }, run), /no answers in round 9/);
	await store.close();
});

test('the ledger counts the rows that remain for training after curation', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 2 });
	const grader = createGrader({ dist: builtDist() });
	const skill = worldSkill(1);
	const items = Array.from({ length: 5 }, (_, index): CurationItem => ({
		dataset: 'syn-r1',
		questionId: questionId(`New question ${index} of pears`),
		question: `New question ${index} of pears`,
		subject: skill.subject,
		skill,
		forQuestion: null,
		references: [],
		solutions: [{ sample: 0, text: 'So $\\boxed{3}$.', answer: '3', agrees: true, replyKey: null }],
		agreement: { agree: 1, of: 1 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at: run.now(),
	}));
	await store.write('addItems', { rows: items });
	const card = await store.datasets.card('sel-r1');
	const beside = { replyKey: null, references: [], agreement: null, student: worldStudent, round: 1, sample: 0 };
	await store.datasets.write(
		'syn-r1',
		items.map(
			(item) =>
				[
					{
						questionId: item.questionId,
						question: item.question,
						solution: 'So $\\boxed{3}$.',
						gold: '3',
						subject: skill.subject,
						skill,
						forQuestion: null,
						kind: 'synthesized',
						sample: 0,
						flags: [],
					} as const,
					beside,
				] as const,
		),
		({ sha256, rows }) => ({ ...card, name: 'syn-r1', method: 'syn', pairs: rows, sha256 }),
		false,
	);
	const counts = async () => {
		const { rows, bought } = await skillDistribution(parts, 'syn-r1', run);
		return [rows, [...bought.values()]];
	};
	assert.deepEqual(await counts(), [5, [5]]);
	await curate(
		{ ...parts, grader },
		{
			dataset: 'syn-r1',
			questionIds: items.slice(0, 2).map((item) => item.questionId),
			act: { verdict: 'rejected', reason: 'unclear' },
			author: 'Ada',
		},
		run,
	);
	assert.deepEqual(await counts(), [3, [3]], 'two were rejected');
	await startRound(parts, { ...scope(4), parent: scope(1), dataset: 'syn-r1', recipe: 'sft' }, run);
	await store.write('addAnswers', {
		...scope(4),
		source: 'x',
		benchmark: 'MATH',
		rows: [{ question: { text: 'Reported alone' }, samples: [answer(true)] }],
	});
	await store.write('addAnswers', {
		...scope(1),
		source: 'x',
		benchmark: 'MATH',
		rows: [{ question: { text: 'Reported alone' }, samples: [answer(false)] }],
	});
	await store.write('addAnswers', {
		...scope(3),
		source: 'x',
		benchmark: 'MATH',
		rows: [{ question: { text: 'Reported alone' }, samples: [answer(false)] }],
	});
	const { text, ledger: book } = await report(parts, { round: scope(4) }, run);
	assert.deepEqual(
		book.controls.map(({ equalSize }) => equalSize),
		[false],
		'600 against 3',
	);
	assert.match(text, /As curated, trained on 3 pairs\./);
	await grader.dispose();
	await store.close();
});

test('a gain is reported on the test questions that were answered in both rounds', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 4 });
	const texts = Array.from({ length: 30 }, (_, index) => `Reported question ${index}`);
	await store.write('addQuestions', {
		split: 'test',
		benchmark: 'MATH',
		source: 'made',
		rows: texts.map((text) => ({ text, gold: '1' })),
	});
	const answers = (round: number, right: (index: number) => boolean) =>
		store.write('addAnswers', {
			...scope(round),
			source: 'made',
			benchmark: 'MATH',
			rows: texts.map((text, index) => ({ question: { text }, samples: [answer(right(index))] })),
		});
	await answers(1, (index) => index < 10);
	assert.equal(
		(await compare(parts, { before: scope(1), after: scope(2) }, run)).split,
		'validation',
		'one round alone answered test questions',
	);
	await answers(2, (index) => index < 20);
	const shown = await compare(parts, { before: scope(1), after: scope(2) }, run);
	assert.deepEqual(
		[shown.split, shown.overall.n, shown.validation, shown.overall.gained, shown.overall.lost],
		['test', 30, 0, 10, 0],
	);
	const all = await compare(parts, { before: scope(1), after: scope(2), split: 'all' }, run);
	assert.deepEqual([all.split, all.overall.n, all.validation], ['all', 18 * 4 + 30, 18 * 4]);
	// The control arm has answered none of these questions: it is named rather than compared on other questions.
	const { text, ledger: book } = await report(parts, { round: scope(2) }, run);
	assert.deepEqual(
		[book.comparison.split, book.controls.length, book.uncompared.map(({ round }) => round)],
		['test', 0, [3]],
	);
	assert.match(text, /30 questions both rounds answered \(test questions\)/);
	assert.match(text, /answered none of these questions, and are left out: tiny-1b:3/);
	assert.doesNotMatch(text, /return to the mean/);
	await answers(3, (index) => index < 10);
	assert.deepEqual(
		(await ledger(parts, { round: scope(2) }, run)).controls.map(({ gains, over }) => [
			gains.split,
			gains.overall.n,
			over.overall.gained,
		]),
		[['test', 30, 10]],
	);
	await store.close();
});

test('a comparison can be cancelled between skills', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 4 });
	const { signal } = new AbortController();
	let looks = 0;
	Object.defineProperty(signal, 'aborted', { get: () => ++looks > 8 });
	await assert.rejects(compare(parts, { before: scope(1), after: scope(2) }, { signal }), /cancelled/);
	assert.equal(looks, 9, 'not compared to the end');
	looks = 0;
	await assert.rejects(report(parts, { round: scope(2) }, { signal }), /cancelled/);
	const seen: unknown[] = [];
	await report(
		parts,
		{ round: scope(2) },
		{ signal: run.signal, progress: ({ label, done, total }) => void seen.push([label, done, total]) },
	);
	assert.deepEqual(seen, [
		['Comparing', 0, undefined],
		['Comparing', 1, 2],
	]);
	looks = -Infinity;
	let turns = 0;
	let going = true;
	const turn = (): void => void (going && setImmediate(() => (turns++, turn())));
	turn();
	await compare(parts, { before: scope(1), after: scope(2) }, { signal });
	going = false;
	assert.ok(turns >= 18, `${turns} turns for others`);
	await store.close();
});

test('with several answers per question, a comparison uses their mean or only the first', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 6, samples: 4 });
	const all = await compare(parts, { before: scope(1), after: scope(2) }, run);
	const first = await compare(parts, { before: scope(1), after: scope(2), answers: 'first' }, run);
	assert.deepEqual(
		[all.overall.interval, first.overall.interval, all.overall.n, first.overall.n],
		['t', 'score', 108, 108],
	);
	assert.equal(all.overall.midP, null);
	assert.match((await report(parts, { round: scope(2) }, run)).text, /share of right ones/);
	await store.close();
});

test('a comparison on a benchmark covers all its questions, including those imported under another name', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 4 });
	const ids = (await store.read('benchmarkQuestions', { name: 'MATH' }))
		.filter(({ split }) => split === 'validation')
		.map(({ id }) => id);
	await store.write('setBenchmark', {
		benchmark: {
			name: 'MATH-500',
			about: '',
			metric: 'pass@1',
			samples: 1,
			temperature: 0.1,
			grading: 'math',
			seed: 0,
			validation: 0,
		},
		questions: ids.slice(0, 10),
	});
	assert.equal(
		(await compare(parts, { before: scope(1), after: scope(2), benchmark: 'math_500' }, run)).overall.n,
		10,
	);
	assert.equal(
		(await compare(parts, { before: scope(1), after: scope(2), benchmark: 'MATH' }, run)).overall.n,
		ids.length,
	);
	await assert.rejects(
		compare(parts, { before: scope(1), after: scope(2), benchmark: 'GSM8K' }, run),
		/no graded question in common there/,
	);
	await store.close();
});

test('the report lists evaluation results by setting with a column for each round', async () => {
	const { store, parts } = await world({ ...smallRounds, perSkill: 2, train: 2 });
	const counted = (n: number, pass1: number, passk: number) => ({
		n,
		pass1,
		avgk: pass1,
		passk,
		ci95: [0.1, 0.9] as const,
		unsure: 0,
		unanswered: 0,
		withoutGold: 0,
	});
	const evaluation = (
		id: string,
		round: number,
		passk: number | null,
		more: { temperature?: number; topP?: number } = {},
	) =>
		store.write('setEvaluation', {
			evaluation: {
				...scope(round),
				id: id.repeat(12),
				model: 'm',
				by: 'gpu',
				template: 't',
				topP: more.topP ?? null,
				maxTokens: null,
				begunAt: run.now(),
				endedAt: passk === null ? null : run.now(),
				benchmarks: [
					{
						benchmark: 'AIME24',
						part: 'test',
						metric: 'pass@k',
						samples: 64,
						temperature: more.temperature ?? 1,
						grading: 'math',
						result: passk === null ? null : counted(30, 0.11, passk),
					},
					{
						benchmark: 'GSM8K',
						part: 'test',
						metric: 'pass@1',
						samples: 1,
						temperature: 0.1,
						grading: 'math',
						result: passk === null ? null : counted(1319, 0.7301, passk),
					},
				],
			},
			questions: [],
		});
	assert.doesNotMatch((await report(parts, { round: scope(2) }, run)).text, /## Benchmarks/);
	await evaluation('a', 1, 0.3);
	await evaluation('b', 2, 0.4333);
	await evaluation('c', 9, 0.99);
	await evaluation('d', 3, null);
	const { text } = await report(parts, { round: scope(2) }, run);
	assert.match(
		text,
		/\| benchmark \| questions \| metric \| samples \| temperature \| tiny-1b:1 \| tiny-1b:3 \| tiny-1b:2 \|/,
	);
	assert.match(
		text,
		/\| AIME24 \| test \| pass@64 \| 64 \| 1 \| 30\.0 % \(10\.0 % to 90\.0 %\), n 30 \| – \| 43\.3 % \(/,
	);
	assert.match(
		text,
		/\| GSM8K \| test \| pass@1 \| 1 \| 0\.1 \| 73\.0 % \(10\.0 % to 90\.0 %\), n 1,319 \| – \| 73\.0 %/,
	);
	// Other sampling settings get their own line; of evaluations with equal settings, the latest is shown.
	await evaluation('e', 2, 0.5, { temperature: 0.6 });
	await evaluation('f', 2, 0.6);
	const more = (await report(parts, { round: scope(2) }, run)).text;
	assert.match(more, /\| AIME24 \| test \| pass@64 \| 64 \| 1 \|.*60\.0 %/);
	assert.match(more, /\| AIME24 \| test \| pass@64 \| 64 \| 0\.6 \| – \| – \| 50\.0 %/);
	await store.close();
});

function answer(verdict: boolean | null) {
	return { sample: 0, text: 'x', extracted: null, verdict, logVerdict: null, stepScores: null, steps: [] };
}

test("a job starts one round whose parent is its student's round, and impossible parents are rejected", async () => {
	const { folder, store } = await world({ ...smallRounds, perSkill: 2, train: 4 });
	const jobs = openJobFiles(path.join(folder, '.stat'));
	const parts = {
		store,
		datasets: store.datasets,
		jobs,
		hosts: {
			confirmed: () => Promise.resolve([]),
			confirm: () => Promise.resolve(),
			withdraw: () => Promise.resolve(),
			allowJob: () => Promise.resolve(),
			isAllowedJob: () => Promise.resolve(false),
			open: () => Promise.reject(new Error('no host is asked of a job that ended')),
		},
	};
	const save = async (
		id: string,
		recipe: JobRecord['recipe'],
		more: { dataset?: string; state?: JobState; adapter?: string } = {},
	) => {
		const record: JobRecord = {
			id,
			token: 'a'.repeat(32),
			host: 'local',
			launcher: 'process',
			recipe,
			dataset: more.dataset ?? null,
			model: 'tiny',
			createdAt: '2026-01-01T00:00:00Z',
			dataSha256: 'a'.repeat(64),
			spec: {
				version: 1,
				recipe,
				job: id,
				model: { name: 'tiny', ...(more.adapter ? { adapter: `../${more.adapter}/out/model` } : {}) },
				data: 'data.jsonl',
				template: { kind: 'chat', system: null, instruction: null },
				settings: {},
			},
		};
		await jobs.save(record);
		await jobs.setNote(id, {
			state: more.state ?? 'done',
			detail: '',
			step: 1,
			steps: 1,
			loss: 1,
			at: '2026-01-01T00:00:00Z',
			fetched: true,
		});
	};
	const first = 'aaaaaaaaaaaa';
	const second = 'bbbbbbbbbbbb';
	await save(first, 'sft', { dataset: 'sel-r1' });
	await save(second, 'grpo', { dataset: 'augment', adapter: first });
	await save('cccccccccccc', 'sft', { dataset: 'augment', state: 'failed' });
	await save('dddddddddddd', 'generate');
	const made = await nextRound(parts, { job: first }, run);
	assert.deepEqual(
		[made.student, made.round, made.parent, made.dataset, made.recipe, made.control],
		[worldStudent, 4, scope(1), 'sel-r1', 'sft', false],
		'from the round its dataset was built for',
	);
	assert.deepEqual(await nextRound(parts, { job: first }, run), made, 'asked again: the same');
	const grpo = await nextRound(parts, { job: second, note: 'GRPO', benchmark: 'MATH-perturb-hard' }, run);
	assert.deepEqual(
		[grpo.round, grpo.parent, grpo.control, grpo.benchmark],
		[5, scope(4), false, 'MATH-perturb-hard'],
		'from the round its adapter made; GRPO on P is no control arm',
	);
	await assert.rejects(nextRound(parts, { job: 'cccccccccccc' }, run), /is failed/);
	await assert.rejects(nextRound(parts, { job: 'dddddddddddd' }, run), /generate job/);
	await assert.rejects(
		startRound(parts, { ...scope(1), parent: scope(5), replace: true }, run),
		/round tiny-1b:5 cannot be the parent of round/,
	);
	await assert.rejects(startRound(parts, { ...scope(7), parent: scope(77) }, run), /no round tiny-1b:77/);
	await assert.rejects(startRound(parts, { ...scope(4), parent: scope(1) }, run), /already exists/);
	const control = await startRound(parts, { student: 'other', round: 1, parent: scope(1), dataset: 'augment' }, run);
	assert.deepEqual([control.control, control.parent], [true, scope(1)], 'a baseline is a control arm');
	const tree = await listRounds(parts);
	assert.deepEqual(
		tree.map(({ round, children }) => [
			round.round,
			children.map((child) => [child.round.student, child.round.round]),
		]),
		[
			[
				1,
				[
					['other', 1],
					[worldStudent, 2],
					[worldStudent, 3],
					[worldStudent, 4],
				],
			],
		],
	);
	assert.deepEqual(nodesOf(tree).find(({ round }) => round.round === 5)?.answers, 0);
	const shown = await showRound(parts, scope(1));
	assert.deepEqual(
		[shown.datasets.map(({ name }) => name), shown.jobs.map(({ id }) => id), shown.questions],
		[['sel-r1'], [first], 36],
	);
	await store.close();
	// Everything is restored from the journal.
	const again = await open(folder);
	assert.deepEqual(
		(await again.read('rounds', {})).map(({ student, round }) => `${student}:${round}`),
		['other:1', 'tiny-1b:1', 'tiny-1b:2', 'tiny-1b:3', 'tiny-1b:4', 'tiny-1b:5'],
	);
	await again.close();
});

test('every lineage of rounds becomes a tree without lost rounds or cycles', () => {
	const entry = (round: number, parent: number | null): RoundEntry => ({
		student: 's',
		round,
		parent: parent === null ? null : { student: 's', round: parent },
		job: null,
		dataset: null,
		recipe: null,
		model: null,
		benchmark: null,
		control: false,
		note: null,
		at: '',
	});
	assert.deepEqual(
		nodesOf(
			roundTree(
				[entry(1, 2), entry(2, 1), entry(3, 3), entry(4, 99), entry(5, 4)],
				[{ student: 's', round: 6, questions: 1, answers: 1 }],
			),
		)
			.map(({ round }) => round.round)
			.sort(),
		[1, 2, 3, 4, 5, 6],
	);
	assert.deepEqual(readRoundName('a:b:12', []), { student: 'a:b', round: 12 });
	assert.deepEqual(readRoundName('2', ['only']), { student: 'only', round: 2 });
	for (const wrong of ['2', 's:0', 's:', ':1', 's:1x', 'x']) {
		assert.throws(() => readRoundName(wrong, ['a', 'b']), /is not a round/);
	}
	assert.equal(
		totalVariation(
			new Map([
				['a', 1],
				['b', 1],
			]),
			new Map([
				['a', 1],
				['c', 1],
			]),
		),
		0.5,
	);
	assert.equal(totalVariation(new Map(), new Map([['a', 1]])), null);
});
