import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TeacherCall } from '../../../src/core/ports/teacher.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { modelTable } from '../../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../../src/teacher/wire/openAiTeacher.ts';
import { builtDist } from '../../fixtures/builtDist.ts';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import type { StandInTeacher } from '../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const questions = 432;
const inFlight = 16;
const command = ['label', '--concurrency', String(inFlight), '--json'];

/** What the teacher says until both commands have begun. */
const overloaded = { status: 503, error: { message: 'overloaded' }, headers: { 'retry-after': '0.05' } };

/** Makes a project of 432 questions to label, and a teacher that counts its requests. */
async function withProject(
	latency: number,
	body: (project: string, server: StandInTeacher, env: Record<string, string>) => Promise<void>,
): Promise<void> {
	const server = await startStandInTeacher({ latency, spread: 0.3 });
	try {
		const project = newFolder();
		const world = writeSmallWorld(path.join(project, 'data'), { train: 60, validation: 12 });
		assert.equal((await runCli(['init'], project)).code, 0);
		const imported = await runCli(['import', 'skills', ...world.trainBanks, ...world.testBanks], project);
		assert.equal(imported.code, 0, imported.stderr);
		await body(project, server, { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' });
	} finally {
		await server.close();
	}
}

function namesIn(project: string): string[] {
	const folder = path.join(project, '.stat', 'lock.claims');
	return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** Starts two commands. Both have claimed something, and nothing is answered yet, when this resolves. */
async function startTwo(project: string, server: StandInTeacher, env: Record<string, string>) {
	server.settings = { ...server.settings, always: overloaded };
	const start = () => {
		const child = startCli(command, project, env);
		return { child, end: ended(child) };
	};
	const both = [start(), start()] as const;
	while (namesIn(project).length < 3) {
		await sleep(5);
	}
	server.settings = { ...server.settings, always: null };
	return both;
}

test('two commands on the same questions at once pay for each reply once', async () => {
	await withProject(20, async (project, server, env) => {
		const started = await startTwo(project, server, env);
		const both = await Promise.all(started.map(({ end }) => end));
		for (const { code, stderr } of both) {
			assert.equal(code, 0, stderr);
		}
		const { good, goodTwice } = server.stats();
		assert.deepEqual({ good, goodTwice }, { good: questions, goodTwice: 0 });
		const results = both.map((one) => one.json());
		assert.deepEqual(
			results.map((result) => result['questions']),
			[questions, questions],
		);
		const calls = results.map((result) => Number(result['calls']));
		assert.equal(calls[0]! + calls[1]!, questions);
		assert.ok(
			calls.every((count) => count > 0),
			`both worked: ${calls.join(' and ')}`,
		);
		assert.deepEqual(namesIn(project), [], 'no claim is left');
	});
});

// The time limit is shorter than any wait for a claim to expire.
test(
	'a command takes over at once what a killed one had claimed, and repeats only what was in flight',
	{ timeout: 50_000 },
	async () => {
		await withProject(60, async (project, server, env) => {
			const [{ child: first }, { end: second }] = await startTwo(project, server, env);
			while (server.stats().good < questions / 4) {
				await sleep(5);
			}
			first.kill('SIGKILL');
			await new Promise((resolve) => first.once('close', resolve));
			const { code, stderr, stdout } = await second;
			assert.equal(code, 0, stderr);
			assert.equal((JSON.parse(stdout) as { questions: number }).questions, questions);
			const { received, counts } = server.stats();
			const repeated = received - (counts['always503'] ?? 0) - questions;
			// At the kill, as many replies may have been about to be stored as were in flight.
			assert.ok(repeated <= 2 * inFlight, `${repeated} requests were repeated`);
			assert.deepEqual(namesIn(project), []);
		});
	},
);

test('two sessions of an editor, and two runs of one session, pay for each reply once', async () => {
	await withProject(10, async (project, server) => {
		const stores = await Promise.all([1, 2].map(() => openStore({ projectFolder: project, dist: builtDist() })));
		const calls = Array.from({ length: 200 }, (_, n): TeacherCall => ({
			task: 'label',
			about: `q${n}`,
			messages: [{ role: 'user', content: `Name the skills of question ${n}.` }],
			sampling: {},
			sample: 0,
			promptVersion: 'label@1',
		}));
		// Two runs in the first session, one of them by another client, and one in the second session.
		const runs = [stores[0], stores[0], stores[1]].map(async (store, index) => {
			const teacher = createOpenAiTeacher({
				baseUrl: server.url,
				model: 'stand-in',
				replies: store!,
				models: modelTable([]),
				concurrency: inFlight,
			});
			const own = index === 1 ? [...calls].reverse() : calls;
			let paid = 0;
			let answered = 0;
			// A run may also name the same call twice.
			for await (const outcome of teacher.ask([...own, ...own.slice(0, 5)], (text) => text, {
				signal: new AbortController().signal,
			})) {
				answered += 'value' in outcome ? 1 : 0;
				paid += 'value' in outcome && !outcome.cached ? 1 : 0;
			}
			await teacher.dispose();
			return { answered, paid };
		});
		const results = await Promise.all(runs);
		assert.deepEqual(
			results.map(({ answered }) => answered),
			[205, 205, 205],
		);
		assert.equal(
			results.reduce((sum, { paid }) => sum + paid, 0),
			200,
		);
		assert.equal(server.stats().received, 200);
		await Promise.all(stores.map((store) => store.close()));
		assert.deepEqual(namesIn(project), []);
	});
});
