import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, mementoKeys } from '../../src/ui/ids.ts';
import { addBenchmark } from '../../src/workflow/questions/benchmarks.ts';
import type { StandInStudent } from '../fixtures/standInStudent.ts';
import { startStandInStudent } from '../fixtures/standInStudent.ts';
import { activate, failing, run, sample } from './studio.ts';

const questions = Array.from({ length: 6 }, (_, n) => ({
	part: `shelf ${n}:`,
	problem: `On shelf ${n}: there are $${n}$ boxes of 3. How many things?`,
	answer: String(3 * n),
}));

describe('evaluating a served student', () => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'stat-evaluate-'));
	let server: StandInStudent;
	before(async () => {
		server = await startStandInStudent({
			golds: new Map(questions.map(({ part, answer }) => [part, answer])),
			skill: () => 1,
			latency: 5,
			cut: 0,
			broken: 0,
		});
		const { project } = await activate();
		if (!project.session && !(await project.look())) {
			await run(commandIds.initialise);
		}
		const studio = await sample();
		const file = path.join(folder, 'shelves.jsonl');
		writeFileSync(
			file,
			questions.map(({ problem, answer }) => `${JSON.stringify({ problem, answer })}\n`).join(''),
		);
		// As if the user had typed the address before.
		await studio.context.workspaceState.update(mementoKeys.evaluateOrigins, [new URL(server.url).origin]);
		const parts = await studio.project.session!.parts();
		await addBenchmark(
			parts,
			{ name: 'shelves', files: [file] },
			{
				signal: new AbortController().signal,
				progress: () => undefined,
				log: () => undefined,
				now: () => new Date().toISOString(),
			},
		);
	});
	after(async () => {
		await server.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('sends one request per question and opens the result', async () => {
		const request = {
			by: 'endpoint',
			url: server.url,
			model: 'tiny',
			student: 'served',
			round: 1,
			benchmarks: ['shelves'],
			samples: 2,
			temperature: 1,
		};
		await run(commandIds.evaluate, request);
		assert.equal(server.sent.size, 12);
		const page = vscode.window.activeTextEditor?.document;
		assert.equal(page?.uri.scheme, 'stat');
		const text = page?.getText() ?? '';
		assert.match(text, /^# Evaluation of served, round 1/);
		assert.match(text, /shelves +6 +100\.0 % +100\.0 % +100\.0 % +\d+\.\d % to 100\.0 % +avg@2/);
		await run(commandIds.evaluate, request);
		assert.equal(server.received(), 12);
		await vscode.commands.executeCommand('workbench.action.closeAllEditors');
	});

	it('does not contact an endpoint that appears only in an argument', async () => {
		const request = {
			by: 'endpoint',
			url: server.url,
			model: 'tiny',
			student: 'lured',
			round: 1,
			benchmarks: ['shelves'],
			samples: 1,
			temperature: 1,
		};
		const before = server.received();
		// Dialogs cannot be answered in a test window, so a confirmation counts as declined.
		await failing(commandIds.evaluate, { ...request, url: server.url.replace('127.0.0.1', 'localhost') });
		await failing(commandIds.evaluate, { ...request, by: 'host', host: 'local' });
		assert.match(await failing(commandIds.evaluate, { ...request, url: 7 }), /argument is no evaluation/);
		assert.equal(server.received(), before);
	});

	it('names the obstacle in a one-line message', async () => {
		assert.match(
			await failing(commandIds.evaluate, {
				by: 'endpoint',
				url: server.url,
				model: 'tiny',
				student: 'served',
				round: 1,
				benchmarks: ['AIME25'],
			}),
			/no questions from AIME25/,
		);
		assert.match(
			await failing(commandIds.evaluate, {
				by: 'host',
				host: 'local',
				model: 'tiny',
				student: 'served',
				round: 1,
				benchmarks: ['shelves'],
				samples: 2,
				temperature: 0,
			}),
			/made with other settings/,
		);
	});
});
