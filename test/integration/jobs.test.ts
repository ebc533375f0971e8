import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../src/ui/ids.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import type { JobNode } from '../../src/ui/views/jobsTree.ts';
import { activate, eventually, failing, root, run, sample } from './studio.ts';

const stranger = '0123456789ab';

describe('jobs', () => {
	let studio: Studio;
	const home = mkdtempSync(path.join(os.tmpdir(), 'stat-jobs-'));
	const nodes = async () => (await studio.jobs.getChildren()) as JobNode[];
	before(async () => {
		process.env['STAT_STUDIO_HOSTS'] = path.join(home, 'hosts.json');
		const { project } = await activate();
		if (!project.session && !(await project.look())) {
			await run(commandIds.initialise);
		}
		studio = await sample();
		const folder = path.join(root().fsPath, '.stat', 'jobs', stranger);
		mkdirSync(folder, { recursive: true });
		const spec = {
			version: 1,
			recipe: 'sft',
			job: stranger,
			model: { name: 'tiny' },
			data: 'data.jsonl',
			template: { kind: 'chat', system: null, instruction: null },
			settings: {},
		};
		writeFileSync(
			path.join(folder, 'job.json'),
			JSON.stringify({
				id: stranger,
				token: 'a'.repeat(32),
				host: 'evil.example',
				launcher: 'process',
				recipe: 'sft',
				dataset: '$(trash) [x](command:y)',
				model: 'tiny',
				dataSha256: 'b'.repeat(64),
				createdAt: '2026-01-01T00:00:00Z',
				spec,
			}),
		);
	});
	after(() => {
		rmSync(path.join(root().fsPath, '.stat', 'jobs', stranger), { recursive: true, force: true });
		rmSync(home, { recursive: true, force: true });
	});

	it('shows a job on an unconfirmed host without connecting to it', async () => {
		await run(commandIds.refreshJobs);
		const node = (await nodes()).find(({ id }) => id === stranger);
		assert.ok(node);
		const item = studio.jobs.getTreeItem(node);
		assert.match(String(item.description), /^last known state: queued · sft · evil\.example/);
		assert.equal(item.contextValue, 'job;queued;');
		assert.match(node.job.detail, /has not been confirmed on this machine/);
		assert.match(await failing(commandIds.fetchJob, node), /has not been confirmed on this machine/);
		assert.match(
			await failing(commandIds.cancelJob, { id: stranger, sure: true }),
			/has not been confirmed on this machine/,
		);
	});

	it('dispatches a training job, follows it until it ends and fetches its results', async function () {
		const python = process.env['STAT_PYTHON'];
		if (!python) {
			this.skip();
		}
		this.timeout(900_000);
		const { hosts, jobs } = await studio.project.session!.hostParts();
		await hosts.confirm({
			name: 'local',
			root: path.join(home, 'root'),
			python,
			prelude: 'OMP_NUM_THREADS=1; export OMP_NUM_THREADS',
		});
		await run(commandIds.build, {
			method: 'train',
			name: 'for-a-job',
			settings: 'defaults',
			pairs: 12,
			replace: true,
		});
		await run(commandIds.dispatchTraining, {
			name: 'for-a-job',
			host: 'local',
			model: 'tiny',
			recipe: 'sft',
			settings: 'steps=3 quantize=none',
		});
		const mine = async () => (await nodes()).find(({ id }) => id !== stranger);
		assert.ok(await mine(), 'it is not in the view');
		await eventually('the job is done', async () => (await mine())?.job.state === 'done', 800_000);
		const node = (await mine()) as JobNode;
		assert.match(String(studio.jobs.getTreeItem(node).description), /^done · step 3\/3 · sft · local/);
		await run(commandIds.openJob, node);
		await eventually('the job panel', () =>
			vscode.window.tabGroups.all.some(({ tabs }) =>
				tabs.some(
					({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('stat.job'),
				),
			),
		);
		await run(commandIds.openJobLog, node);
		const document = vscode.window.activeTextEditor?.document;
		assert.equal(document?.uri.scheme, 'stat');
		assert.match(document.getText(), /# Job [^]*## Steps, newest first[^]*## Other messages/);
		await run(commandIds.fetchJob, node);
		assert.equal((await jobs.note(node.id))?.fetched, true);
		assert.match(studio.jobs.getTreeItem((await mine()) as JobNode).contextValue ?? '', /;done;fetched;/);
		await run(commandIds.nextRound, { id: node.id, sample: 'none' });
		const { store } = await studio.project.session!.parts();
		const round = (await store.read('rounds', {})).find(({ job }) => job === node.id);
		assert.ok(round, 'no round came of the job');
		assert.ok(round.round >= 2 && round.parent !== null);
	});
});
