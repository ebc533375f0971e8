import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { questionId } from '../../../../src/core/questions/question.ts';
import { Decisions } from '../../../../src/ui/panels/curation/decisions.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import { preferencePairs } from '../../../../src/workflow/curation/curationData.ts';
import { demandCuration, demandedWaiting } from '../../../../src/workflow/curation/curationDemand.ts';
import { curationOf } from '../../../../src/workflow/curation/curationOf.ts';
import { repairAll } from '../../../../src/workflow/curation/repairAll.ts';
import type { QueueProject } from './queueProject.ts';
import { at, author, evaluation, item, openQueueProject, quiet } from './queueProject.ts';

let project: QueueProject;
let parts: QueueProject['parts'];

before(async () => {
	project = await openQueueProject();
	({ parts } = project);
});
after(() => project.close());

test('a bulk repair changes undecided items without counting as a review of them', async () => {
	const made = [
		'A rod of $4$ m weighs $2$ kg. What do $6$ m weigh?',
		'A hose fills $4$ tubs in $2$ hours. How many in $6$ hours?',
		'A mason lays $4$ rows in $2$ days. How many in $6$ days?',
		'A baker needs $4$ eggs for $2$ cakes. How many for $6$ cakes?',
	];
	await parts.store.write('addItems', { rows: made.map((question) => item('seen', question)) });
	const [waiting = '', accepted = '', edited = '', rejected = ''] = await project.idsOf('seen');
	const say = (id: string, act: Parameters<typeof curate>[1]['act']) =>
		curate(parts, { dataset: 'seen', questionIds: [id], act, author }, quiet());
	await say(accepted, { verdict: 'accepted' });
	await say(edited, {
		verdict: 'edited',
		after: { question: made[2] ?? '', solutions: ['So it is $\\boxed{3}$, as above.', 'We get $\\boxed{3}$.'] },
	});
	await say(rejected, { verdict: 'rejected', reason: 'unclear' });
	const before = await project.countsOf('seen');
	const panelDecisions = new Decisions(
		parts,
		'seen',
		() => 'Bo',
		() => at,
	);
	const { decided } = await panelDecisions.repair({ find: 'We get', replace: 'That gives' }, null, quiet());
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
	// A bulk repair does not satisfy a demand for reviews; without a demand, the repaired text is exported.
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
	// A review counts, and adds a decision that can be undone.
	await say(waiting, { verdict: 'accepted' });
	assert.deepEqual(
		[(await statuses())[waiting], await left()],
		['edited', { waits: 0, isExported: true, solutions: mended }],
	);
	assert.deepEqual(await pairs(), [pair(made[0]), pair(made[1]), ofEdit, pair(made[2])]);
	await say(waiting, { verdict: 'withdrawn' });
	assert.equal((await panelDecisions.undo(null, quiet()))?.ids.length, 3);
	assert.deepEqual(
		[
			await project.countsOf('seen'),
			await parts.store.read('itemsHolding', { dataset: 'seen', text: 'That gives' }),
		],
		[before, []],
	);
	// The item in view counts as reviewed.
	await panelDecisions.repair({ find: 'We get', replace: 'That gives' }, waiting, quiet());
	assert.equal((await statuses())[waiting], 'edited');
});

test('a bulk repair skips items that would become leaks or copies and flags near-copies', async () => {
	const crate = (index: number, who = 'seafarers') => {
		const ask =
			index === 70
				? evaluation.replace('sailors', who)
				: `the ${who} carry ${index} barrels to the quay of harbour ${index}. How many barrels`;
		return `Crate number ${index}: ${ask}?`;
	};
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
