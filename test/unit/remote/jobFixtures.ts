import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Host, HostRun } from '../../../src/core/ports/hosts.ts';
import type { JobRecord, JobStatus } from '../../../src/core/training/job.ts';
import type { Recipe } from '../../../src/core/training/recipe.ts';

/** A Python with the trainer's packages (scripts/python.mjs), or empty if there is none. */
export const python = process.env['STAT_PYTHON'] ?? '';
export const noPython =
	python === ''
		? 'needs the trainer’s Python packages (STAT_PYTHON); npm test installs them on Debian as root'
		: false;

export const quiet = (signal: AbortSignal = new AbortController().signal): HostRun => ({
	signal,
	progress: () => undefined,
	log: () => undefined,
});

export const stateOf = async (host: Host, record: JobRecord): Promise<JobStatus | undefined> =>
	(await host.status([record], new AbortController().signal))[0];

export const temporary = (name: string): string => mkdtempSync(path.join(os.tmpdir(), `stat-${name}-`));

/** Returns a job record with its data file: sums for the tiny student. */
export function tinyJob(
	host: string,
	recipe: Recipe,
	settings: Record<string, number | string | boolean>,
	more: Partial<JobRecord> = {},
): { record: JobRecord; data: string } {
	const id = `t${randomBytes(6).toString('hex')}`;
	const lines = Array.from({ length: 32 }, (_, index) =>
		JSON.stringify({
			questionId: `q${index}`,
			question: `What is $${index}+${index * 3}$?`,
			solution: `It is $\\boxed{${index * 4}}$.`,
			gold: String(index * 4),
		}),
	);
	const text = `${lines.join('\n')}\n`;
	const data = path.join(temporary('data'), 'data.jsonl');
	writeFileSync(data, text);
	const record: JobRecord = {
		id,
		token: randomBytes(16).toString('hex'),
		host,
		launcher: 'process',
		recipe,
		dataset: 'sums',
		model: 'tiny',
		createdAt: '2026-01-01T00:00:00Z',
		dataSha256: createHash('sha256').update(text).digest('hex'),
		spec: {
			version: 1,
			recipe,
			job: id,
			model: { name: 'tiny' },
			data: 'data.jsonl',
			template: { kind: 'chat', system: null, instruction: null },
			settings,
		},
		...more,
	};
	return { record, data };
}

/** Waits for a condition. The limit only ends a hang: no machine is so slow that the limit decides a verdict. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, seconds = 1200): Promise<T> {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const value = await look();
		if (value) {
			return value;
		}
		if (Date.now() > end) {
			throw new Error(`waited ${seconds} s for ${what}`);
		}
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}
