import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { LoopPlan, LoopStep, LoopStepName } from '../../../src/workflow/rounds/planLoop.ts';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('plan says what each step of the loop will cost at each stage, near what the step then buys, and what is paid', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 12, validation: 20 });
	const teacher = await startStandInTeacher({ models: ['stand-in'], key: 'k', latency: 3, disagreement: 0.25 });
	const environment = {
		STAT_TEACHER_URL: teacher.url,
		STAT_TEACHER_MODEL: 'stand-in',
		OPENAI_API_KEY: 'k',
		STAT_STUDIO_MODELS: path.join(folder, 'models.json'),
	};
	const { writeFileSync } = await import('node:fs');
	writeFileSync(
		environment.STAT_STUDIO_MODELS,
		JSON.stringify({ models: [{ match: 'stand-in', input: 1, output: 4 }] }),
	);
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], folder, environment);
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const planned = async (...args: string[]) => {
		const before = teacher.stats().received;
		const plan = (await did('plan', '--pairs', '90', ...args)) as unknown as LoopPlan;
		assert.equal(teacher.stats().received, before, 'a plan pays nothing');
		const of = (name: LoopStepName): LoopStep => {
			const found = plan.steps.find(({ step }) => step === name);
			assert.ok(found, name);
			return found;
		};
		return { plan, of };
	};
	const near = (estimate: number, truth: number, what: string) =>
		assert.ok(
			estimate <= 1.4 * truth && truth <= 1.4 * estimate,
			`${what}: ${estimate} planned, ${truth} in truth`,
		);
	try {
		const alone = await runCli(['plan'], folder, {});
		assert.notEqual(alone.code, 0);
		await did('init');
		const empty = await planned();
		assert.deepEqual(
			empty.plan.steps.map(({ step, state }) => `${step} ${state}`),
			[
				'catalog blocked',
				'label done',
				'sample blocked',
				'diagnose blocked',
				'rewrite blocked',
				'syn blocked',
				'train open',
			],
		);
		assert.deepEqual(empty.plan.paid, { replies: 0, cost: 0, unpriced: 0, tasks: [] });

		await did('import', 'skills', ...world.trainBanks, ...world.testBanks);
		const imported = await planned();
		assert.equal(imported.of('label').state, 'optional');
		assert.equal(imported.of('sample').state, 'open');
		assert.equal(imported.of('diagnose').basis, 'assumed');
		assert.match(imported.of('diagnose').notes.join('\n'), /no answers yet: \d+ difficult questions assumed, 52 %/);
		assert.equal(imported.of('syn').basis, 'assumed');
		assert.match(imported.of('syn').notes.join('\n'), /an assumption, until a build has shown it/);
		assert.equal(imported.of('diagnose').seconds, null);
		assert.equal(imported.plan.totals.sel.seconds, null);
		assert.ok((imported.plan.totals.syn.cost ?? 0) > 0);

		await did('import', 'answers', world.answers, '--student', 's');
		await did('classify');
		const answered = await planned();
		assert.equal(answered.of('diagnose').basis, 'project');
		assert.equal(answered.of('diagnose').calls, world.counts.difficult);
		assert.equal(answered.of('sample').state, 'done');
		const diagnosed = await did('diagnose');
		// The length of replies is a default until there are some; the stand-in's are short.
		const cost = Number(diagnosed['cost']);
		assert.ok((answered.of('diagnose').cost ?? 0) > cost && (answered.of('diagnose').cost ?? 0) < 3 * cost);

		const ready = await planned();
		assert.equal(ready.of('diagnose').state, 'done');
		assert.deepEqual([ready.of('rewrite').basis, ready.of('syn').basis], ['project', 'project']);
		assert.ok((ready.of('rewrite').seconds ?? 0) > 0, 'the time rests on the diagnoses');
		assert.equal(ready.plan.paid.replies, world.counts.difficult);
		assert.ok(Math.abs(ready.plan.paid.cost - cost) < 1e-9);
		const sel = await did('build', 'sel', '--name', 'sel', '--pairs', '90');
		assert.equal(ready.of('rewrite').calls, Number(sel['calls']));
		const syn = await did('build', 'syn', '--name', 'syn', '--pairs', '90');
		near(ready.of('syn').calls, Number(syn['calls']), 'calls of STAT-Syn');
		assert.equal(ready.plan.totals.syn.calls, ready.of('syn').calls);

		const after = await planned();
		assert.deepEqual([after.of('rewrite').calls, after.of('rewrite').cached], [0, Number(sel['calls'])]);
		assert.ok(after.of('syn').cached > 0.9 * Number(syn['calls']));
		assert.match(after.of('syn').notes.join('\n'), /measured in 1 build/);
		assert.deepEqual(
			after.plan.paid.tasks.map(({ task }) => task),
			['diagnose', 'propose', 'rewrite', 'solve'],
		);
		// Another draw: by now the lengths and the yield are measured.
		const other = await planned('--seed', '5');
		const otherSel = await did('build', 'sel', '--name', 'sel5', '--pairs', '90', '--seed', '5');
		const otherSyn = await did('build', 'syn', '--name', 'syn5', '--pairs', '90', '--seed', '5');
		near(other.of('rewrite').cost ?? 0, Number(otherSel['cost']), 'cost of rewriting');
		near(other.of('syn').cost ?? 0, Number(otherSyn['cost']), 'cost of STAT-Syn');
		const text = await runCli(['plan', '--pairs', '90'], folder, environment);
		assert.match(text.stdout, /all, with STAT-Syn/);
		assert.match(text.stdout, /paid so far: \d+ replies, \$/);
	} finally {
		await teacher.close();
	}
});
