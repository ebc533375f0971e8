import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import type { StandInTeacher } from '../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const servers: StandInTeacher[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function did(
	args: readonly string[],
	folder: string,
	env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], folder, env);
	assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
	return ran.json();
}

const harder = Array.from({ length: 12 }, (_, n) => ({
	problem: `Harder ${n}: what is $${n}^2+1$?`,
	answer: String(n * n + 1),
	subject: 'algebra',
}));

/**
 * Creates validation questions of the small world and of a harder benchmark, answered by the same student: half of the
 * former are answered wrong, and all of the latter.
 */
async function project(): Promise<string> {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'));
	await did(['init'], folder);
	await did(['import', 'skills', ...world.trainBanks, ...world.testBanks], folder);
	await did(['import', 'answers', world.answers, '--student', 's'], folder);
	fs.writeFileSync(path.join(folder, 'harder.jsonl'), harder.map((row) => `${JSON.stringify(row)}\n`).join(''));
	assert.equal(
		(await did(['benchmarks', 'add', 'perturbed', 'harder.jsonl', '--validation', '8'], folder))['validation'],
		8,
	);
	fs.writeFileSync(
		path.join(folder, 'answers.jsonl'),
		harder
			.map(
				({ problem }) =>
					`${JSON.stringify({ question: problem, response: 'We use linear equations.\n\nSo $\\boxed{-5}$.' })}\n`,
			)
			.join(''),
	);
	await did(['import', 'answers', 'answers.jsonl', '--student', 's'], folder);
	return folder;
}

test('a round for a benchmark is diagnosed and built only on that benchmark unless --all-questions is set', async () => {
	const folder = await project();
	const server = await startStandInTeacher({});
	servers.push(server);
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
	await did(['classify'], folder);
	const corrected = await did(['rounds', 'correct', 's:1', '--benchmark', 'perturbed', '--note', 'harder'], folder);
	assert.deepEqual(
		[(corrected['round'] as { benchmark: string }).benchmark, (corrected['round'] as { parent: unknown }).parent],
		['perturbed', null],
	);
	assert.deepEqual(
		(await did(['profile'], folder))['difficult'],
		8,
		'its validation part; the other four are test questions',
	);
	const diagnosed = await did(['diagnose', '--yes'], folder, env);
	assert.deepEqual([diagnosed['diagnosed'], diagnosed['remaining'], server.bodies.length], [8, 0, 8]);
	assert.ok(server.bodies.every((body) => JSON.stringify(body['messages']).includes('Harder')));
	const profile = await did(['profile'], folder);
	assert.deepEqual([profile['benchmark'], profile['questions'], profile['undiagnosed']], ['perturbed', 8, 0]);
	// --benchmark all covers everything that the student has answered.
	const all = await did(['diagnose', '--benchmark', 'all', '--yes'], folder, env);
	assert.equal(all['diagnosed'], 12);
	const [narrow, wide, other] = [
		await did(['profile'], folder),
		await did(['profile', '--benchmark', 'all'], folder),
		await did(['profile', '--benchmark', 'none such'], folder),
	];
	assert.deepEqual([narrow['questions'], wide['questions'], wide['benchmark'], other['questions']], [8, 20, null, 0]);
	// The training questions are the same; pairs are drawn for the benchmark's questions.
	const build = ['build', 'sel', '--answers-from', 'original', '--pairs', '40'];
	await did([...build, '--name', 'narrow'], folder);
	await did([...build, '--name', 'wide', '--benchmark', 'all'], folder);
	const card = (name: string) =>
		JSON.parse(fs.readFileSync(path.join(folder, '.stat/datasets', name, 'card.json'), 'utf8')) as {
			settings: Record<string, unknown>;
			yield: Record<string, number>;
		};
	assert.deepEqual(
		[
			card('narrow').settings['benchmark'],
			card('narrow').yield['difficult'],
			card('wide').settings['benchmark'],
			card('wide').yield['difficult'],
		],
		['perturbed', 8, undefined, 20],
	);
	const nothing = await runCli([...build, '--name', 'x', '--benchmark', 'GSM8K'], folder);
	assert.match(nothing.stderr, /no difficult GSM8K question for s, round 1, has been diagnosed yet/);
	// Without the benchmark, the profile covers everything again.
	await did(['rounds', 'correct', 's:1', '--benchmark', 'none'], folder);
	assert.equal((await did(['profile'], folder))['questions'], 20);
});

test('a teacher at a new address reuses the stored replies and reports this once', async () => {
	const folder = await project();
	const [here, there] = [await startStandInTeacher({}), await startStandInTeacher({})];
	servers.push(here, there);
	const env = (server: StandInTeacher) => ({ STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' });
	await did(['classify'], folder);
	await did(['diagnose', '--yes'], folder, env(here));
	const sent = here.bodies.length;
	assert.ok(sent > 0);
	const same = await runCli(['diagnose', '--again', '--yes'], folder, env(here));
	assert.doesNotMatch(same.stderr, /used again/);
	const moved = await runCli(['diagnose', '--again', '--yes', '--json'], folder, env(there));
	assert.deepEqual([moved.code, there.bodies.length, moved.json()['diagnosed']], [0, 0, sent]);
	const lines = moved.stderr.split('\n').filter((line) => line.includes('used again'));
	assert.equal(lines.length, 1);
	assert.ok(
		lines[0]?.includes(
			`that stand-in gave at ${new URL(here.url).origin} are used again, without asking ` +
				`${new URL(there.url).origin}: if that is another model, serve it under another name`,
		),
		lines[0],
	);
});

test("a round's parent and control flag can be changed, and impossible parents are rejected", async () => {
	const folder = await project();
	await did(['import', 'answers', 'answers.jsonl', '--student', 's', '--round', '2'], folder);
	await did(['rounds', 'start', 's:3', '--parent', 's:1', '--note', 'kept'], folder);
	const round = (await did(['rounds', 'correct', 's:3', '--parent', 's:2', '--control'], folder))['round'] as Record<
		string,
		unknown
	>;
	assert.deepEqual([round['parent'], round['control'], round['note']], [{ student: 's', round: 2 }, true, 'kept']);
	for (const [args, message] of [
		[['s:2', '--parent', 's:3'], /round s:3 cannot be the parent of round s:2/],
		[['s:3', '--parent', 's:9'], /no round s:9/],
		[['s:9', '--control'], /there is no round s:9/],
		[['s:3'], /what is to be corrected/],
		[['s:3', '--control', '--no-control'], /not both/],
	] as const) {
		const ran = await runCli(['rounds', 'correct', ...args], folder);
		assert.equal(ran.code, 2, ran.stderr);
		assert.match(ran.stderr, message);
	}
	assert.equal(
		(
			(await did(['rounds', 'correct', 's:3', '--parent', 'none', '--no-control'], folder))['round'] as Record<
				string,
				unknown
			>
		)['parent'],
		null,
	);
});
