import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { needsFigure } from '../../../../src/core/datasets/synthesis.ts';
import type { Run } from '../../../../src/core/run.ts';
import { build, planBuild } from '../../../../src/workflow/datasets/build.ts';
import type { SynProject } from '../../../fixtures/synProject.ts';
import { synProject } from '../../../fixtures/synProject.ts';

const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-01-02T03:04:05.000Z',
};

async function using<T>(project: Promise<SynProject>, use: (project: SynProject) => Promise<T>): Promise<T> {
	const opened = await project;
	try {
		return await use(opened);
	} finally {
		await opened.close();
	}
}

test('STAT-Syn buys about as many calls as the pairs need, and the price shown beforehand is near it', async () => {
	await using(synProject(150), async ({ parts }) => {
		for (const [pairs, seed] of [
			[60, 1],
			[300, 2],
			[600, 3],
		] as const) {
			const options = { method: 'syn', name: `syn${pairs}`, pairs, seed } as const;
			const plan = await planBuild(parts, options, run);
			const result = await build(parts, options, run);
			assert.equal(result.pairs, pairs);
			const needed = pairs / ((result.yield['pool'] ?? 0) / result.calls);
			assert.ok(result.calls <= 1.3 * needed, `${pairs} pairs: ${result.calls} calls, needed ${needed}`);
			assert.ok(
				result.calls <= 1.3 * plan.calls && plan.calls <= 1.3 * result.calls,
				`${plan.calls} calls planned, ${result.calls} bought`,
			);
			assert.ok((result.yield['bought'] ?? 0) < (result.yield['targets'] ?? 0));
			assert.ok(result.deviations.some((deviation) => /missing skills, drawn at random/.test(deviation)));
		}
		const again = await planBuild(parts, { method: 'syn', name: 'x', pairs: 300, seed: 2 }, run);
		// Refusals leave no reply, and the yield of three builds is not that of one.
		assert.ok(again.cached > 0.8 * (again.calls + again.cached), `${again.calls} calls, ${again.cached} stored`);
		assert.match(again.notes.join('\n'), /measured in 3 builds/);
	});
});

test('the same seed gives the same bytes, whatever the concurrency and the order of the replies', async () => {
	const options = { method: 'syn', name: 'syn', pairs: 90, seed: 4 } as const;
	const results = [];
	for (const [settings, concurrency] of [
		[{}, 1],
		[{ latency: 4, spread: 1 }, 16],
	] as const) {
		results.push(
			await using(synProject(60, settings, concurrency), async ({ parts }) => build(parts, options, run)),
		);
	}
	assert.equal(results[0]?.sha256, results[1]?.sha256);
	assert.equal(results[0]?.calls, results[1]?.calls);
});

test('requests that 0.1 paid for are recognised, and only those that showed a figure are replaced', async () => {
	const sha256Of01 = '9a41a1f2590eb79b9c8cd8814497f7e8b3d5f918ccc0605ad1d55709dc830c80';
	await using(synProject(40), async ({ parts, bought }) => {
		const whole = { method: 'syn', pairs: 100_000, rounds: 2 } as const;
		const keysOf = (from = 0): string[] =>
			bought.slice(from).flatMap(({ task, key }) => (task === 'propose' ? [key] : []));
		// The paper's preset is as before: all requests, in any order, are those of 0.1.
		const paper = await build(parts, { ...whole, name: 'paper', preset: 'paper' }, run);
		const before = keysOf();
		assert.equal(before.length, paper.yield['parsed'] ?? 0);
		assert.equal(createHash('sha256').update(before.sort().join()).digest('hex'), sha256Of01);
		const paid = bought.length;
		const own = await build(parts, { ...whole, name: 'own' }, run);
		const added = keysOf(paid);
		const figures = new Map<string, boolean>();
		for (const { proposalKey, references } of await chainOf(parts, 'paper')) {
			const questions = await parts.store.read('questionsById', { ids: references });
			figures.set(
				proposalKey ?? '',
				questions.some(({ text }) => needsFigure(text)),
			);
		}
		assert.ok([...figures.values()].includes(true), 'the paper shows figures');
		const own2 = await chainOf(parts, 'own');
		const reused = own2.filter(({ proposalKey }) => figures.get(proposalKey ?? '') === false);
		assert.ok(reused.length > 50);
		assert.equal(own2.filter(({ proposalKey }) => figures.get(proposalKey ?? '') === true).length, 0);
		for (const { references } of own2) {
			const questions = await parts.store.read('questionsById', { ids: references });
			assert.ok(questions.length > 0 && questions.every(({ text }) => !needsFigure(text)));
		}
		// One draw of three in ten questions with a figure each: about a quarter of the proposals.
		assert.ok(added.length > 0 && added.length < 0.6 * before.length, `${added.length} of ${before.length} anew`);
		assert.ok(own.deviations.some((deviation) => deviation.includes('need a figure are never references')));
		assert.ok(!paper.deviations.some((deviation) => deviation.includes('need a figure')));
	});
});

async function chainOf({ datasets }: SynProject['parts'], name: string) {
	const { pairs } = await datasets.card(name);
	return Promise.all(Array.from({ length: pairs }, async (_, row) => (await datasets.row(name, row)).chain));
}
