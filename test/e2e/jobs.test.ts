import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { loadedSample } from '../screenshots/projects.ts';
import { Workbench } from './workbench.ts';

const python = process.env['STAT_PYTHON'] ?? '';
const skip = python === '' ? 'needs the trainer’s Python packages (STAT_PYTHON)' : false;

interface Listed {
	readonly jobs: {
		readonly id: string;
		readonly state: string;
		readonly step: number | null;
		readonly steps: number | null;
	}[];
}

test('a training job survives closing the editor and is found again', { skip }, async (t) => {
	const home = mkdtempSync(path.join(os.tmpdir(), 'stat-e2e-jobs-'));
	// This machine's hosts, as a user would have set them up.
	process.env['STAT_STUDIO_HOSTS'] = path.join(home, 'hosts.json');
	writeFileSync(
		process.env['STAT_STUDIO_HOSTS'],
		JSON.stringify({
			hosts: [
				{
					name: 'local',
					root: path.join(home, 'root'),
					python,
					prelude: 'OMP_NUM_THREADS=1; export OMP_NUM_THREADS',
				},
			],
		}),
	);
	const bench = await Workbench.open({
		folderFrom: 'examples/sample',
		prepare: (folder) => loadedSample(folder),
	});
	t.after(async () => {
		for (const { id, state } of bench.cli<Listed>('jobs', 'list').jobs) {
			if (state === 'running' || state === 'queued') {
				bench.cli('jobs', 'cancel', id);
			}
		}
		await bench.close();
		rmSync(home, { recursive: true, force: true });
	});
	const toasts = () => bench.page.locator('.notification-toast .notification-list-item').allInnerTexts();
	const jobs = () => bench.cli<Listed>('jobs', 'list').jobs;
	bench.cli('build', 'train', '--name', 'base', '--pairs', '64');

	await t.test(
		'a training job is dispatched from the palette and followed in the Jobs view without notifications',
		async () => {
			await bench.palette('STAT: Dispatch Training…');
			await bench.pick('On which host?', 'This machine');
			await bench.pick('How should the student be trained?', 'supervised, QLoRA');
			await bench.answer('The student', 'tiny');
			await bench.answer('No earlier job shows how long this takes.', 'epochs=5000 quantize=none saveEvery=20');
			await bench.palette('View: Show STAT Studio');
			await bench.until(
				'steps in the Jobs view',
				() => bench.rows('Jobs'),
				(rows) => rows.some((row) => /^base.*running · step .* · sft · local/.test(row)),
			);
			assert.deepEqual(await toasts(), []);
		},
	);

	await t.test('a restarted editor finds the training job still running', async () => {
		const [before] = jobs();
		await bench.restart();
		await bench.palette('View: Show STAT Studio');
		const rows = await bench.until(
			'the job in the view',
			() => bench.rows('Jobs'),
			(found) => found.some((row) => /^base.*(running|done) · step .* · sft · local/.test(row)),
		);
		assert.equal(rows.length, 1);
		const [after] = jobs();
		assert.equal(after?.id, before?.id);
		assert.ok((after?.step ?? 0) > (before?.step ?? 0));
	});

	await t.test(
		'a job cancelled elsewhere is shown as cancelled, and the editor resumes it as the same job',
		async () => {
			const id = jobs()[0]?.id ?? '';
			bench.cli('jobs', 'cancel', id);
			await bench.until(
				'its end in the view',
				() => bench.rows('Jobs'),
				(rows) => rows.some((row) => /^base.*cancelled/.test(row)),
			);
			await bench.palette('STAT: Resume Job…');
			await bench.pick('Which job?', 'base');
			await bench.until(
				'it to go on',
				() => bench.rows('Jobs'),
				(rows) => rows.some((row) => /^base.*running/.test(row)),
			);
			assert.deepEqual(
				jobs().map((job) => job.id),
				[id],
			);
			bench.cli('jobs', 'cancel', id);
			assert.deepEqual(await toasts(), [], 'a job that somebody cancelled is no news');
		},
	);

	await t.test(
		'a job that this machine does not know is resumed only after a dialog that shows what runs',
		async () => {
			const id = jobs()[0]?.id ?? '';
			const { consents } = bench.cli<{ consents: { id: string; subject: string }[] }>('consents');
			// As if the record had come with the project.
			bench.cli('consents', 'withdraw', consents.find(({ subject }) => subject === id)?.id ?? '');
			const dialog = bench.page.locator('.monaco-dialog-box');
			const resume = async (button: string): Promise<string> => {
				await bench.palette('STAT: Resume Job…');
				await bench.pick('Which job?', 'base');
				await dialog.waitFor();
				const text = await dialog.innerText();
				await dialog.locator('.monaco-button', { hasText: button }).click();
				await dialog.waitFor({ state: 'detached' });
				return text;
			};
			const text = await resume('Cancel');
			assert.match(text, new RegExp(`Job ${id} was not started on this machine`));
			assert.match(text, /Host: local\s+Model: tiny\s+Revision: none\s+.*trust_remote_code\): no/);
			assert.equal(jobs()[0]?.state, 'cancelled');
			await resume('Run It Here');
			await bench.until(
				'it to go on',
				() => bench.rows('Jobs'),
				(rows) => rows.some((row) => /^base.*running/.test(row)),
			);
			bench.cli('jobs', 'cancel', id);
		},
	);

	await t.test('the next dispatch estimates its duration, and a notification reports its end', async () => {
		await bench.palette('STAT: Dispatch Training…');
		await bench.pick('On which host?', 'This machine');
		await bench.pick('How should the student be trained?', 'supervised, QLoRA');
		await bench.answer('The student', 'tiny');
		await bench.answer('min according to earlier jobs there (1)', 'steps=3 quantize=none');
		await bench.notification(/sft of base on local is done/);
		assert.deepEqual(jobs().map(({ state, step }) => [state, step])[0], ['done', 3]);
	});
});
