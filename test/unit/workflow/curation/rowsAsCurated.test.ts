import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import { preferencePairs } from '../../../../src/workflow/curation/curationData.ts';
import { demandedWaiting } from '../../../../src/workflow/curation/curationDemand.ts';
import { curationOf } from '../../../../src/workflow/curation/curationOf.ts';
import { repairAll } from '../../../../src/workflow/curation/repairAll.ts';
import type { SynProject } from './synProject.ts';
import { author, openSynProject, run, skill } from './synProject.ts';

let project: SynProject;
let parts: Parts;

before(async () => {
	project = await openSynProject();
	({ parts } = project);
});
after(() => project.close());

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
	const rows = (await project.rows()).filter(({ question }) => question.startsWith('Edited'));
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

test('a repair applies to the current text of items that are not rejected, and is undone one item or all items at a time', async () => {
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

test('requiring decisions holds undecided items back from both exports and training', async () => {
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
	assert.deepEqual([...new Set((await project.rows()).map(({ question }) => question.slice(0, 6)))], ['Edited']);
	await demand('none');
	const facets = await parts.store.read('itemFacets', { dataset: 'syn' });
	assert.deepEqual(
		facets,
		{ skills: [{ ...skill, items: 13 }], flags: [{ flag: 'twin', items: 2 }] },
		'two of the four twins were edited into something else',
	);
});
