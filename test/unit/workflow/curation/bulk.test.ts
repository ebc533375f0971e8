import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CurationItem } from '../../../../src/core/curation/curation.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { Decisions } from '../../../../src/ui/panels/curation/decisions.ts';
import {
	curate,
	curationOf,
	demandCuration,
	demandedWaiting,
	repairAll,
} from '../../../../src/workflow/curation/curate.ts';
import { preferencePairs } from '../../../../src/workflow/curation/curationData.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

// A real store and grader; thousands are 1,100 here, which is three writes.
const at = '2026-01-02T03:04:05.000Z';
const author = 'Ada';
const evaluation =
	'Eleven sailors tie thirty-three knots on the long rope of the old harbour ferry. How many knots does ' +
	'each sailor tie?';
const training = 'A farmer counts 12 hens and 5 goats on the meadow behind the mill. How many legs are there in all?';
const size = 1100;
let parts: Pick<Parts, 'store' | 'grader' | 'datasets'>;
let close: () => Promise<void>;

function item(dataset: string, question: string): CurationItem {
	const solutions = ['So it is $\\boxed{3}$.', 'We get $\\boxed{3}$.'].map((text, sample) => ({
		sample,
		text,
		answer: '3',
		agrees: true,
		replyKey: null,
	}));
	return {
		dataset,
		questionId: questionId(question),
		question,
		subject: 'algebra',
		skill: { subject: 'algebra', name: 'ratios' },
		forQuestion: null,
		references: [],
		solutions,
		agreement: { agree: 2, of: 2 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at,
	};
}
const basket = (index: number) => `Basket ${index} of the tall shelf holds pears and plums per row. How many pears?`;
const few = [
	'A shop sells 8 apples for 4 euros. What do 6 apples cost?',
	'A tram covers nine stops in half an hour. How long is a stop?',
	'Two masons build a wall in three days. How many would one take?',
];
const idsOf = (dataset: string) => parts.store.read('itemIds', { dataset, filter: {} });
const count = async (dataset: string) =>
	(await parts.store.read('itemCounts', {})).find((row) => row.dataset === dataset);
const quiet = () => ({ now: () => at, signal: new AbortController().signal, progress: () => undefined });
/** Cancelled as soon as so many are done. */
function cancelledAt(done: number) {
	const abort = new AbortController();
	return {
		now: () => at,
		signal: abort.signal,
		progress: (progress: { readonly label: string; readonly done: number }) =>
			void (progress.label === 'Deciding' && progress.done >= done && abort.abort()),
	};
}

before(async () => {
	const store = await open(newProject());
	const grader = createGrader({ dist: builtDist() });
	parts = { store, grader, datasets: store.datasets };
	close = async () => {
		await grader.dispose();
		await store.close();
	};
	await store.write('addQuestions', { split: 'train', benchmark: null, source: 't', rows: [{ text: training }] });
	await store.write('addQuestions', {
		split: 'test',
		benchmark: 'harbour',
		source: 't',
		rows: [{ text: evaluation }],
	});
	await store.write('addItems', { rows: Array.from({ length: size }, (_, index) => item('many', basket(index))) });
	await store.write('addItems', { rows: few.map((question) => item('few', question)) });
});
after(() => close());

test('thousands of decisions are written 500 at a time, and those written before a cancel remain in effect', async () => {
	const ids = await idsOf('many');
	await assert.rejects(
		curate(
			parts,
			{ dataset: 'many', questionIds: [...ids, 'f'.repeat(32)], act: { verdict: 'accepted' }, author },
			quiet(),
		),
		/no synthesized problem f+/,
	);
	assert.equal((await count('many'))?.waiting, size, 'nothing was decided');
	const seen: number[] = [];
	const written: number[] = [];
	assert.deepEqual(
		await curate(
			parts,
			{
				dataset: 'many',
				questionIds: ids,
				act: { verdict: 'accepted' },
				author,
				written: (some) => void written.push(some.length),
			},
			{ ...quiet(), progress: ({ done, total }) => void seen.push(done, total ?? 0) },
		),
		{ decided: size, left: 0 },
	);
	assert.deepEqual(
		[seen, written],
		[
			[500, size, 1000, size, size, size],
			[500, 500, 100],
		],
	);
	const found = await parts.store.read('item', { dataset: 'many', questionId: ids[700] ?? '' });
	assert.deepEqual(found?.history, [
		{
			dataset: 'many',
			questionId: ids[700],
			verdict: 'accepted',
			reason: null,
			note: null,
			before: { question: basket(700), solutions: ['So it is $\\boxed{3}$.', 'We get $\\boxed{3}$.'] },
			after: null,
			author,
			at,
		},
	]);
	assert.deepEqual(
		await curate(
			parts,
			{ dataset: 'many', questionIds: ids, act: { verdict: 'rejected', reason: 'unclear' }, author },
			cancelledAt(500),
		),
		{ decided: 500, left: 600 },
	);
	assert.deepEqual(await count('many'), {
		dataset: 'many',
		waiting: 0,
		accepted: 600,
		edited: 0,
		rejected: 500,
		flagged: 0,
	});
	assert.deepEqual(
		await curate(parts, { dataset: 'many', questionIds: ids, act: { verdict: 'withdrawn' }, author }, quiet()),
		{ decided: size, left: 0 },
	);
	assert.deepEqual(
		await curate(parts, { dataset: 'many', questionIds: ids, act: { verdict: 'withdrawn' }, author }, quiet()),
		{ decided: 500, left: 0 },
		'the others have no word left to take back',
	);
	await assert.rejects(
		curate(parts, { dataset: 'many', questionIds: ids, act: { verdict: 'withdrawn' }, author }, quiet()),
		/nothing to undo for any of 1100/,
	);
});

test('undo after a cancelled bulk step reverts what was done and can itself be cancelled and resumed', async () => {
	const ids = await idsOf('many');
	const words = new Decisions(
		parts,
		'many',
		() => author,
		() => at,
	);
	assert.deepEqual(await words.decide(ids, { verdict: 'accepted' }, null, cancelledAt(1000)), {
		decided: 1000,
		left: 100,
	});
	assert.deepEqual([words.undoable, words.undoableCount], ['1,000 accepted', 1000]);
	const some = await words.undo(null, cancelledAt(500));
	assert.deepEqual([some?.ids.length, some?.left, words.undoableCount], [500, 500, 500]);
	assert.equal((await count('many'))?.accepted, 500);
	assert.equal((await words.undo(null, quiet()))?.ids.length, 500);
	assert.deepEqual([words.undoable, (await count('many'))?.waiting], [null, size]);
	const repaired = await words.repair({ find: 'tall shelf', replace: 'low shelf' }, null, cancelledAt(500));
	assert.deepEqual([repaired.matched, repaired.decided, repaired.left, repaired.refused], [size, 500, 600, []]);
	assert.deepEqual(
		[
			(await count('many'))?.edited,
			(await parts.store.read('itemsHolding', { dataset: 'many', text: 'low shelf' })).length,
		],
		[0, 500],
	);
	await words.undo(null, quiet());
	assert.equal((await parts.store.read('itemsHolding', { dataset: 'many', text: 'tall shelf' })).length, size);
	const early = new AbortController();
	early.abort();
	await assert.rejects(
		words.decide(ids, { verdict: 'accepted' }, null, { signal: early.signal, progress: () => undefined }),
		/cancelled/,
	);
	assert.equal(words.undoable, null);
});

test('a bulk repair changes unreviewed items without counting as a review of them', async () => {
	const made = [
		'A rod of $4$ m weighs $2$ kg. What do $6$ m weigh?',
		'A hose fills $4$ tubs in $2$ hours. How many in $6$ hours?',
		'A mason lays $4$ rows in $2$ days. How many in $6$ days?',
		'A baker needs $4$ eggs for $2$ cakes. How many for $6$ cakes?',
	];
	await parts.store.write('addItems', { rows: made.map((question) => item('seen', question)) });
	const [waiting = '', accepted = '', edited = '', rejected = ''] = await idsOf('seen');
	const say = (id: string, act: Parameters<typeof curate>[1]['act']) =>
		curate(parts, { dataset: 'seen', questionIds: [id], act, author }, quiet());
	await say(accepted, { verdict: 'accepted' });
	await say(edited, {
		verdict: 'edited',
		after: { question: made[2] ?? '', solutions: ['So it is $\\boxed{3}$, as above.', 'We get $\\boxed{3}$.'] },
	});
	await say(rejected, { verdict: 'rejected', reason: 'unclear' });
	const before = await count('seen');
	const words = new Decisions(
		parts,
		'seen',
		() => 'Bo',
		() => at,
	);
	const { decided } = await words.repair({ find: 'We get', replace: 'That gives' }, null, quiet());
	const statuses = async () =>
		Object.fromEntries(
			(await parts.store.read('itemRows', { dataset: 'seen', ids: [waiting, accepted, edited, rejected] })).map(
				({ questionId: id, status }) => [id, status],
			),
		);
	assert.equal(decided, 3);
	assert.deepEqual(await statuses(), {
		[waiting]: 'waiting',
		[accepted]: 'edited',
		[edited]: 'edited',
		[rejected]: 'rejected',
	});
	const { history = [] } = (await parts.store.read('item', { dataset: 'seen', questionId: waiting })) ?? {};
	const solutions = ['So it is $\\boxed{3}$.', 'We get $\\boxed{3}$.'];
	const mended = ['So it is $\\boxed{3}$.', 'That gives $\\boxed{3}$.'];
	assert.deepEqual(history, [
		{
			dataset: 'seen',
			questionId: waiting,
			verdict: 'repaired',
			reason: null,
			note: 'repair: "We get" → "That gives"',
			before: { question: made[0], solutions },
			after: { question: made[0], solutions: mended, answers: ['3', '3'], agree: 2, flags: [] },
			author: 'Bo',
			at,
		},
	]);
	// A dataset that demands a look at all does not pass for it; without a demand the repaired words are exported.
	const left = async () => {
		const { outcomes } = await curationOf(parts, 'seen');
		return {
			waits: (await demandedWaiting(parts, 'seen')).waiting,
			isExported: outcomes.get(waiting)?.isExported,
			solutions: outcomes.get(waiting)?.edit?.solutions,
		};
	};
	assert.deepEqual(await left(), { waits: 0, isExported: true, solutions: mended });
	await demandCuration(parts, 'seen', 'all');
	assert.deepEqual(await left(), { waits: 1, isExported: false, solutions: mended });
	const pairs = async () => {
		const found = [];
		for await (const pair of preferencePairs(parts, 'seen', quiet())) {
			found.push([pair.question, pair.rejected, pair.chosen]);
		}
		return found;
	};
	const pair = (question: string | undefined) => [question, solutions[1], mended[1]];
	const ofEdit = [made[2], solutions[0], 'So it is $\\boxed{3}$, as above.'];
	assert.deepEqual(
		await pairs(),
		[pair(made[1]), ofEdit, pair(made[2])],
		'what nobody looked at says nothing of better and worse',
	);
	// A look at it counts, and one word more is one to take back.
	await say(waiting, { verdict: 'accepted' });
	assert.deepEqual(
		[(await statuses())[waiting], await left()],
		['edited', { waits: 0, isExported: true, solutions: mended }],
	);
	assert.deepEqual(await pairs(), [pair(made[0]), pair(made[1]), ofEdit, pair(made[2])]);
	await say(waiting, { verdict: 'withdrawn' });
	assert.equal((await words.undo(null, quiet()))?.ids.length, 3);
	assert.deepEqual(
		[await count('seen'), await parts.store.read('itemsHolding', { dataset: 'seen', text: 'That gives' })],
		[before, []],
	);
	// The one in view is looked at.
	await words.repair({ find: 'We get', replace: 'That gives' }, waiting, quiet());
	assert.equal((await statuses())[waiting], 'edited');
});

test('a bulk repair skips items that would become leaks or copies and flags near-copies', async () => {
	const crate = (index: number, who = 'seafarers') =>
		`Crate number ${index}: ` +
		`${index === 70 ? evaluation.replace('sailors', who) : `the ${who} carry ${index} barrels to the quay of harbour ${index}. How many barrels`}?`;
	const alone = 'Why do the seafarers sing at noon on the third day of a voyage past the lighthouse?';
	await parts.store.write('addItems', {
		rows: [...Array.from({ length: 150 }, (_, index) => crate(index)), alone, crate(3, 'sailors')].map((question) =>
			item('leaky', question),
		),
	});
	const leaky = await repairAll(
		parts,
		{ dataset: 'leaky', find: 'seafarers', replace: 'sailors', author, apply: true },
		quiet(),
	);
	assert.deepEqual([leaky.matched, leaky.decided], [151, 149]);
	assert.deepEqual(
		leaky.refused.map(({ questionId: id, why }) => [
			id,
			/evaluation question/.test(why),
			/copy of one there is already/.test(why),
		]),
		[
			[questionId(crate(3)), false, true],
			[questionId(crate(70)), true, false],
		],
	);
	assert.deepEqual(
		await parts.store.read('itemsHolding', { dataset: 'leaky', text: 'seafarers' }),
		leaky.refused.map(({ questionId: id }) => id),
	);
	const flags = (
		await parts.store.read('itemRows', {
			dataset: 'leaky',
			ids: [questionId(crate(5)), questionId(crate(149)), questionId(alone)],
		})
	).map((row) => row.flags);
	assert.deepEqual(flags, [['twin'], ['twin'], []]);
	const same = await repairAll(
		parts,
		{ dataset: 'many', find: 'Basket 1 of', replace: 'Basket 2 of', author, apply: true },
		quiet(),
	);
	assert.deepEqual(
		[same.matched, same.decided, same.refused.map(({ why }) => /copy of one there is already/.test(why))],
		[1, 0, [true]],
	);
});

test('an edited question is checked for leaks and copies again, and its flags are updated', async () => {
	const [first = '', second = ''] = await idsOf('few');
	const edit = (id: string, question: string) =>
		curate(
			parts,
			{
				dataset: 'few',
				questionIds: [id],
				act: { verdict: 'edited', after: { question, solutions: ['It is $\\boxed{3}$.'] } },
				author,
			},
			quiet(),
		);
	const flags = async (id: string) => (await parts.store.read('itemRows', { dataset: 'few', ids: [id] }))[0]?.flags;
	await assert.rejects(edit(first, evaluation), /copy of an evaluation question.*nothing was saved/);
	await assert.rejects(edit(first, `${evaluation} Give a whole number.`), /evaluation question.*nothing was saved/);
	await assert.rejects(edit(first, few[1] ?? ''), /copy of one there is already/);
	assert.equal((await parts.store.read('item', { dataset: 'few', questionId: first }))?.history.length, 0);
	await edit(first, training);
	assert.deepEqual(await flags(first), ['copy']);
	assert.equal(
		(await parts.store.read('item', { dataset: 'few', questionId: first }))?.history[0]?.after?.flags?.[0]?.with,
		questionId(training),
	);
	// Only the solution changes: what was noticed stays.
	await curate(
		parts,
		{
			dataset: 'few',
			questionIds: [first],
			act: { verdict: 'edited', after: { question: training, solutions: ['So $\\boxed{44}$.'] } },
			author,
		},
		quiet(),
	);
	assert.deepEqual(await flags(first), ['copy']);
	await edit(first, 'A clock strikes every quarter of an hour. How often does it strike in a week?');
	assert.deepEqual(await flags(first), []);
	await edit(first, few[0] ?? '');
	assert.deepEqual(await flags(first), [], 'its own first wording is no copy');
	await edit(
		second,
		'A farmer counts 31 hens and 8 goats on the meadow behind the mill. How many legs are there in all?',
	);
	assert.deepEqual(await flags(second), ['twin']);
	// Undone, the flags are those of what stands again.
	await curate(parts, { dataset: 'few', questionIds: [second], act: { verdict: 'withdrawn' }, author }, quiet());
	assert.deepEqual(await flags(second), []);
});
