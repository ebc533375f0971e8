import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { curate } from '../../../../src/workflow/curation/curate.ts';
import { decisions } from '../../../../src/workflow/curation/curationData.ts';
import { planRegenerate, regenerate } from '../../../../src/workflow/curation/regenerate.ts';
import type { SynProject } from './synProject.ts';
import { again, at, author, fresh, idOf, name, old, openSynProject, references, run } from './synProject.ts';

let project: SynProject;
let parts: Parts;

before(async () => {
	project = await openSynProject();
	({ parts } = project);
});
after(() => project.close());

test('a hint yields another question from the same references; it waits for a decision and is used for training once accepted', async () => {
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
	const rows = (await project.rows()).filter(({ question }) => question === fresh || question === old);
	assert.deepEqual(
		rows.map(({ question, solution }) => [question, solution]),
		[
			[fresh, 'It is $\\boxed{15}$.'],
			[fresh, 'It is $\\boxed{15}$.'],
		],
	);
	assert.equal(rows[0]?.questionId, idOf(fresh));
	// Undo is applied twice: to the decision on the question, then to the question itself.
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'withdrawn' }, author }, run);
	await curate(parts, { dataset: 'syn', questionIds: [name.questionId], act: { verdict: 'withdrawn' }, author }, run);
	assert.equal((await parts.store.read('itemRows', { dataset: 'syn', ids: [name.questionId] }))[0]?.title, old);
	assert.ok((await project.rows()).some(({ question }) => question === old));
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

test('every decision is listed with its author, its time and the earlier text, including undone decisions', async () => {
	const listed = [];
	for await (const decision of decisions(parts, 'syn', run)) {
		listed.push(decision);
	}
	assert.deepEqual(
		listed.slice(0, 4).map(({ verdict }) => verdict),
		['regenerated', 'accepted', 'withdrawn', 'withdrawn'],
	);
	assert.ok(
		listed.every(({ author: by, at: when, before }) => by === author && when === at && before.question !== ''),
	);
});
