import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Run } from '../../../../src/core/run.ts';
import { openJobFiles } from '../../../../src/store/jobFiles.ts';
import { listJobs } from '../../../../src/workflow/training/jobs.ts';
import { gradeSweeps } from '../../../../src/workflow/training/sweeps.ts';

test('the results of a training job without validation answers are fetched, and one warning is given', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'sweeps-'));
	const id = 'ab12cd34ef56';
	mkdirSync(path.join(folder, 'jobs', id), { recursive: true });
	writeFileSync(
		path.join(folder, 'jobs', id, 'job.json'),
		JSON.stringify({
			id,
			token: 'a'.repeat(32),
			host: 'gpu',
			launcher: 'process',
			recipe: 'sft',
			dataset: 'base',
			sweep: { id, lr: 1e-5 },
			model: 'tiny',
			dataSha256: 'b'.repeat(64),
			createdAt: '2026-01-01T00:00:00Z',
			spec: {
				version: 1,
				recipe: 'sft',
				job: id,
				model: { name: 'tiny' },
				data: 'data.jsonl',
				template: { kind: 'chat', system: null, instruction: null },
				settings: {},
			},
		}),
	);
	const warned: string[] = [];
	const run: Run = {
		signal: new AbortController().signal,
		progress: () => undefined,
		log: (level, message) => void (level === 'warn' && warned.push(message)),
		now: () => '2026-01-02T03:04:05.000Z',
	};
	let fetched = 0;
	const jobs = openJobFiles(folder);
	await jobs.setNote(id, {
		state: 'done',
		detail: 'done',
		step: 1,
		steps: 1,
		loss: 1,
		at: run.now(),
		fetched: false,
	});
	// A host whose job folder has no answers.
	const parts = {
		jobs,
		hosts: { open: () => Promise.resolve({ fetch: () => Promise.resolve((fetched++, [])) }) },
	} as unknown as Parameters<typeof gradeSweeps>[0];
	const look = async () => gradeSweeps(parts, (await listJobs(parts, run)).jobs, run);
	assert.equal(await look(), true);
	assert.equal(await look(), false);
	assert.equal(fetched, 1);
	assert.equal(warned.length, 1);
	assert.match(warned[0] ?? '', /ab12cd34ef56: the job left no validation answers/);
	assert.equal((await jobs.note(id))?.validation, undefined);
	rmSync(folder, { recursive: true });
});
