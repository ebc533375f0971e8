import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { CurationItem } from '../../../../src/core/curation/curation.ts';
import type { DatasetRow } from '../../../../src/core/datasets/dataset.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import type { Run } from '../../../../src/core/run.ts';
import { files } from '../../../../src/formats/files.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { createScriptedTeacher } from '../../../../src/teacher/scripted/scriptedTeacher.ts';
import {
	curate,
	curationOf,
	demandedWaiting,
	repairAll,
	rowsAsCurated,
} from '../../../../src/workflow/curation/curate.ts';
import { decisions, preferencePairs } from '../../../../src/workflow/curation/curationData.ts';
import { planRegenerate, regenerate } from '../../../../src/workflow/curation/regenerate.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

// A queue in a real store, with the real grader; the scripted teacher answers each hint in its own way.
const at = '2026-01-02T03:04:05.000Z';
const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => at,
};
const references = [
	'A farmer counts 12 hens and 5 goats. How many legs are there in all?',
	'A box holds 24 pencils in 4 equal rows. How many pencils are in a row?',
	'Nine children share 63 marbles evenly. How many does each get?',
];
const evaluation =
	'Eleven sailors tie thirty-three knots on the long rope of the old harbour ferry. How many knots does ' +
	'each sailor tie?';
const old = 'A shop sells 8 apples for 4 euros. What do 6 apples cost?';
const fresh = 'A tram covers 9 stops in 27 minutes. How long does it take for 5 stops?';
const again = 'A printer makes 40 pages in 10 minutes. How many pages does it make each minute?';
const skill = { subject: 'algebra', name: 'ratios' };
let parts: Parts;
let close: () => Promise<void>;
const idOf = (text: string) => questionId(text);
const name = { dataset: 'syn', questionId: idOf(old) };
const author = 'Ada';

function item(question: string, answer: string, over: Partial<CurationItem> = {}): CurationItem {
	const solutions = [`So it is $\\boxed{${answer}}$.`, `We get $\\boxed{${answer}}$.`, 'It is $\\boxed{999}$.'].map(
		(text, sample) => ({ sample, text, answer: sample === 2 ? '999' : answer, agrees: sample < 2, replyKey: null }),
	);
	return {
		dataset: 'syn',
		questionId: idOf(question),
		question,
		subject: 'algebra',
		skill,
		forQuestion: idOf(references[0] ?? ''),
		references: references.map(idOf),
		solutions,
		agreement: { agree: 2, of: 3 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at,
		...over,
	};
}

before(async () => {
	const project = newProject();
	const store = await open(project);
	const grader = createGrader({ dist: builtDist() });
	const propose = (contains: string, question: string) => ({
		task: 'propose',
		about: '*',
		contains,
		text: `<reason>r</reason> <draft>d</draft> <question>${question}</question>`,
	});
	const solve = (question: string, answers: readonly string[]) =>
		answers.map((answer, sample) => ({ task: 'solve', question, sample, text: `It is $\\boxed{${answer}}$.` }));
	const lines = [
		propose('about trams', fresh),
		...solve(fresh, ['15', '15', '27']),
		propose('the same again', old),
		{ ...propose('a second chance', old), sample: 0 },
		{ ...propose('a second chance', again), sample: 1 },
		...solve(again, ['4', '4', '4']),
		propose('a leak', evaluation),
		propose('a quarrel', 'Three masons build a wall. How many days?'),
		...solve('Three masons build a wall. How many days?', ['1', '2', '3']),
		{ task: 'propose', about: '*', contains: 'gibberish', text: 'no tags at all' },
	];
	fs.writeFileSync(path.join(project, 'teacher.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
	const teacher = await createScriptedTeacher({
		file: path.join(project, 'teacher.jsonl'),
		replies: store,
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
	};
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 't',
		rows: references.map((text) => ({ text })),
	});
	await store.write('addQuestions', {
		split: 'test',
		benchmark: 'harbour',
		source: 't',
		rows: [{ text: evaluation }],
	});
	const others = Array.from({ length: 12 }, (_, index) =>
		item(`Basket number ${index} of ${index + 3} holds pears and plums per row. How many pears?`, String(index), {
			flags: index < 4 ? [{ kind: 'twin', with: idOf(references[0] ?? ''), score: 0.7 }] : [],
		}),
	);
	const items = [item(old, '3'), ...others];
	await store.write('addItems', { rows: items });
	const rows = items.flatMap(({ questionId: id, question, solutions }) =>
		solutions
			.filter(({ agrees }) => agrees)
			.map(({ text, answer, sample }): readonly [DatasetRow, never] => [
				{
					questionId: id,
					question,
					solution: text,
					gold: answer,
					subject: 'algebra',
					skill,
					forQuestion: null,
					kind: 'synthesized',
					sample,
					flags: [],
				},
				{ replyKey: null, references: [], agreement: null, student: null, round: null, sample: null } as never,
			]),
	);
	await store.datasets.write(
		'syn',
		rows,
		({ sha256 }) => ({
			name: 'syn',
			method: 'syn',
			settings: { solutions: 3, agree: 2, 'filter.twins': 'flag' },
			seed: 0,
			student: null,
			round: null,
			pairs: rows.length,
			distinct: rows.length,
			questions: items.length,
			sha256,
			deviations: [],
			yield: {},
			setAside: 0,
			teacher: null,
			promptVersions: [],
			calls: 0,
			cost: 0,
			createdAt: at,
			skills: [],
		}),
		false,
	);
});
after(() => close());

const rowsOf = async (): Promise<DatasetRow[]> => {
	const rows: DatasetRow[] = [];
	for await (const row of (await rowsAsCurated(parts, 'syn', run)).rows) {
		rows.push(row);
	}
	return rows;
};

test('a hint yields another question from the same references, which waits for a decision and is trained on', async () => {
	const plan = await planRegenerate(parts, { ...name, hint: 'about trams', author });
	assert.equal(plan.calls, 4);
	const { remade, why } = await regenerate(parts, { ...name, hint: 'about trams', author }, run);
	assert.equal(why, null);
	assert.deepEqual(
		remade && [remade.question, remade.agreement, remade.solutions.map(({ agrees }) => agrees), remade.references],
		[fresh, { agree: 2, of: 3 }, [true, true, false], references.map(idOf)],
	);
	const found = await parts.store.read('item', name);
	assert.equal(found?.status, 'waiting');
	assert.equal(found?.item.question, old, 'what was made first stays');
	const [row] = await parts.store.read('itemRows', { dataset: 'syn', ids: [name.questionId] });
	assert.equal(row?.title, fresh);
	assert.deepEqual(await parts.store.read('itemIds', { dataset: 'syn', filter: { text: 'TRAM covers' } }), [
		name.questionId,
	]);
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'accepted' }, author }, run);
	const rows = (await rowsOf()).filter(({ question }) => question === fresh || question === old);
	assert.deepEqual(
		rows.map(({ question, solution }) => [question, solution]),
		[
			[fresh, 'It is $\\boxed{15}$.'],
			[fresh, 'It is $\\boxed{15}$.'],
		],
	);
	assert.equal(rows[0]?.questionId, idOf(fresh));
	// Undone twice: the word on it, then the question itself.
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'withdrawn' }, author }, run);
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'withdrawn' }, author }, run);
	assert.equal((await parts.store.read('itemRows', { dataset: 'syn', ids: [name.questionId] }))[0]?.title, old);
	assert.ok((await rowsOf()).some(({ question }) => question === old));
});

test('a failed regeneration changes nothing and returns the reason', async () => {
	const before = await parts.store.read('item', name);
	for (const [hint, why] of [
		['the same again', /copy of one there is already/],
		['a leak', /copy of an evaluation question/],
		['a quarrel', /disagree \(1; 2; 3\): 1 of 3/],
		['gibberish', /no usable reply: malformed/],
	] as const) {
		const result = await regenerate(parts, { ...name, hint, author }, run);
		assert.equal(result.remade, null, hint);
		assert.match(result.why ?? '', why);
	}
	assert.deepEqual(await parts.store.read('item', name), before);
	await assert.rejects(regenerate(parts, { ...name, hint: '  ', author }, run), /hint is missing/);
	await assert.rejects(
		regenerate(parts, { dataset: 'syn', questionId: 'f'.repeat(32), hint: 'x', author }, run),
		/no synthesized problem/,
	);
	await assert.rejects(
		regenerate({ ...parts, teacher: null }, { ...name, hint: 'x', author }, run),
		/no teacher is set/,
	);
});

test('the same hint sends new requests after a failure, and uses the stored replies after an interruption', async () => {
	const options = { ...name, hint: 'a second chance', author };
	assert.match((await regenerate(parts, options, run)).why ?? '', /copy of one there is already/);
	assert.equal((await planRegenerate(parts, options)).cached, 0, 'the failed reply is not what is asked for');
	const leaving = new AbortController();
	await assert.rejects(
		regenerate(parts, options, {
			...run,
			signal: leaving.signal,
			progress: ({ label }) => label === 'Solving' && leaving.abort(),
		}),
		/cancelled/i,
	);
	assert.equal((await planRegenerate(parts, options)).cached, 1, 'the cut-off one is');
	const { remade } = await regenerate(parts, options, run);
	assert.equal(remade?.question, again);
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'withdrawn' }, author }, run);
});

test('an edited item is graded again, and solutions that disagree leave it without a gold', async () => {
	const [, first, second] = await parts.store.read('itemIds', { dataset: 'syn', filter: {} });
	const edit = (id: string, ...solutions: string[]) =>
		curate(
			parts,
			{
				dataset: 'syn',
				questionIds: [id],
				act: { verdict: 'edited', after: { question: `Edited ${id.slice(0, 4)}?`, solutions } },
				author,
			},
			run,
		);
	await edit(first ?? '', 'It is $\\boxed{\\frac{1}{2}}$.', 'So $\\boxed{0.5}$.');
	await edit(second ?? '', 'It is $\\boxed{1}$.', 'So $\\boxed{2}$.');
	const listed = await parts.store.read('itemRows', { dataset: 'syn', ids: [first ?? '', second ?? ''] });
	assert.deepEqual(
		listed.map(({ agreement, status }) => [agreement, status]),
		[
			[{ agree: 2, of: 2 }, 'edited'],
			[{ agree: 1, of: 2 }, 'edited'],
		],
	);
	const rows = (await rowsOf()).filter(({ question }) => question.startsWith('Edited'));
	assert.deepEqual(
		rows.map(({ gold, flags }) => [gold, flags]),
		[
			['\\frac{1}{2}', ['edited']],
			['\\frac{1}{2}', ['edited']],
			[null, ['edited', 'solutions-disagree']],
			[null, ['edited', 'solutions-disagree']],
		],
	);
	const pairs = [];
	for await (const pair of preferencePairs(parts, 'syn', run)) {
		pairs.push(pair);
	}
	assert.deepEqual(pairs, [], 'an edited question says nothing of solutions to the old one');
});

test('a repair applies to current texts of items that are not rejected, and is undone singly or at once', async () => {
	const ids = await parts.store.read('itemIds', { dataset: 'syn', filter: { text: 'basket number' } });
	await curate(
		parts,
		{ dataset: 'syn', questionIds: ids.slice(0, 2), act: { verdict: 'rejected', reason: 'unclear' }, author },
		run,
	);
	const shown = await repairAll(
		parts,
		{ dataset: 'syn', find: 'per row', replace: 'in a row', author, apply: false },
		run,
	);
	assert.equal(shown.matched, ids.length - 2);
	assert.equal((await parts.store.read('itemIds', { dataset: 'syn', filter: { status: 'edited' } })).length, 2);
	const done = await repairAll(
		parts,
		{ dataset: 'syn', find: 'per row', replace: 'in a row', author, apply: true },
		run,
	);
	assert.equal(done.decided, shown.matched);
	assert.deepEqual(await parts.store.read('itemsHolding', { dataset: 'syn', text: 'per row' }), []);
	assert.equal((await parts.store.read('itemsHolding', { dataset: 'syn', text: 'in a row' })).length, done.decided);
	await curate(
		parts,
		{
			dataset: 'syn',
			questionIds: done.items.map(({ questionId: id }) => id),
			act: { verdict: 'withdrawn' },
			author,
		},
		run,
	);
	assert.equal((await parts.store.read('itemsHolding', { dataset: 'syn', text: 'per row' })).length, done.decided);
	assert.equal(
		(await repairAll(parts, { dataset: 'syn', find: '\\boxed{999}', replace: 'x', author, apply: false }, run))
			.matched,
		0,
		'outvoted solutions are no content',
	);
	await assert.rejects(
		repairAll(parts, { dataset: 'syn', find: '', replace: 'x', author, apply: true }, run),
		/text to replace is empty/,
	);
});

test('a demanded decision holds back waiting items from exports and training alike', async () => {
	const demand = async (value: string) => {
		await parts.store.write('setSetting', { key: 'curation/syn', value });
		const { waiting, left } = await curationOf(parts, 'syn');
		assert.equal((await demandedWaiting(parts, 'syn')).waiting, waiting, value);
		return { waiting, left };
	};
	assert.deepEqual(await demand('none'), { waiting: 0, left: 2 });
	const { waiting } = await parts.store.read('itemCounts', {}).then(([counts]) => counts ?? { waiting: 0 });
	assert.equal((await demand('all')).waiting, waiting);
	assert.equal(
		(await demand('flagged')).waiting,
		2 -
			2 +
			(
				await parts.store.read('items', {
					dataset: 'syn',
					filter: { status: 'waiting', flagged: true },
					offset: 0,
					limit: 0,
				})
			).total,
	);
	await demand('sample');
	await demand('all');
	assert.deepEqual([...new Set((await rowsOf()).map(({ question }) => question.slice(0, 6)))], ['Edited']);
	await demand('none');
	const words = [];
	for await (const word of decisions(parts, 'syn', run)) {
		words.push(word);
	}
	assert.deepEqual(
		words.slice(0, 4).map(({ verdict }) => verdict),
		['regenerated', 'accepted', 'withdrawn', 'withdrawn'],
	);
	assert.ok(
		words.every(({ author: by, at: when, before }) => by === author && when === at && before.question !== ''),
	);
	const facets = await parts.store.read('itemFacets', { dataset: 'syn' });
	assert.deepEqual(
		facets,
		{ skills: [{ ...skill, items: 13 }], flags: [{ flag: 'twin', items: 2 }] },
		'two of the four twins were edited into something else',
	);
});
