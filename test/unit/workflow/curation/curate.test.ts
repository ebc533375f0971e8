import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import { Decisions } from '../../../../src/ui/panels/curation/decisions.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import type { QueueProject } from './queueProject.ts';
import {
	at,
	author,
	basket,
	cancelledAt,
	evaluation,
	item,
	openQueueProject,
	quiet,
	size,
	training,
} from './queueProject.ts';

const few = [
	'A shop sells 8 apples for 4 euros. What do 6 apples cost?',
	'A tram covers nine stops in half an hour. How long is a stop?',
	'Two masons build a wall in three days. How many would one take?',
];

let project: QueueProject;
let parts: QueueProject['parts'];

before(async () => {
	project = await openQueueProject();
	({ parts } = project);
	await parts.store.write('addItems', { rows: few.map((question) => item('few', question)) });
});
after(() => project.close());

test('thousands of decisions are written 500 at a time, and those written before cancelling remain in effect', async () => {
	const ids = await project.idsOf('many');
	await assert.rejects(
		curate(
			parts,
			{ dataset: 'many', questionIds: [...ids, 'f'.repeat(32)], act: { verdict: 'accepted' }, author },
			quiet(),
		),
		/no synthesized problem f+/,
	);
	assert.equal((await project.countsOf('many'))?.waiting, size, 'nothing was decided');
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
	assert.deepEqual(await project.countsOf('many'), {
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
	const ids = await project.idsOf('many');
	const panelDecisions = new Decisions(
		parts,
		'many',
		() => author,
		() => at,
	);
	assert.deepEqual(await panelDecisions.decide(ids, { verdict: 'accepted' }, null, cancelledAt(1000)), {
		decided: 1000,
		left: 100,
	});
	assert.deepEqual([panelDecisions.undoable, panelDecisions.undoableCount], ['1,000 accepted', 1000]);
	const some = await panelDecisions.undo(null, cancelledAt(500));
	assert.deepEqual([some?.ids.length, some?.left, panelDecisions.undoableCount], [500, 500, 500]);
	assert.equal((await project.countsOf('many'))?.accepted, 500);
	assert.equal((await panelDecisions.undo(null, quiet()))?.ids.length, 500);
	assert.deepEqual([panelDecisions.undoable, (await project.countsOf('many'))?.waiting], [null, size]);
	const repaired = await panelDecisions.repair({ find: 'tall shelf', replace: 'low shelf' }, null, cancelledAt(500));
	assert.deepEqual([repaired.matched, repaired.decided, repaired.left, repaired.refused], [size, 500, 600, []]);
	assert.deepEqual(
		[
			(await project.countsOf('many'))?.edited,
			(await parts.store.read('itemsHolding', { dataset: 'many', text: 'low shelf' })).length,
		],
		[0, 500],
	);
	await panelDecisions.undo(null, quiet());
	assert.equal((await parts.store.read('itemsHolding', { dataset: 'many', text: 'tall shelf' })).length, size);
	const early = new AbortController();
	early.abort();
	await assert.rejects(
		panelDecisions.decide(ids, { verdict: 'accepted' }, null, { signal: early.signal, progress: () => undefined }),
		/cancelled/,
	);
	assert.equal(panelDecisions.undoable, null);
});

test('an edited question is checked again for leaks and copies, and its flags are updated', async () => {
	const [first = '', second = ''] = await project.idsOf('few');
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
	// Only the solution changes, so the flags stay.
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
	// After undo, the flags are those of the restored text.
	await curate(parts, { dataset: 'few', questionIds: [second], act: { verdict: 'withdrawn' }, author }, quiet());
	assert.deepEqual(await flags(second), []);
});
