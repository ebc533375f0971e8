import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { openHost } from '../src/remote/openHost.ts';
import { quiet } from '../test/unit/remote/jobFixtures.ts';

/**
 * Measures how long it takes to create the trainer's environment from this machine's package index, as on an unprepared
 * host, in seconds per step. The environment takes several gigabytes; `--keep` keeps it.
 */
async function main(): Promise<void> {
	const root = mkdtempSync(path.join(os.tmpdir(), 'stat-bench-environment-'));
	const host = openHost({ name: 'local', root }, { trainerFolder: path.resolve('trainer') });
	const steps: { label: string; at: number }[] = [];
	try {
		await host.prepare({
			...quiet(),
			progress: ({ label }) =>
				void (steps.at(-1)?.label !== label && steps.push({ label, at: performance.now() })),
		});
		const end = performance.now();
		const size =
			spawnSync('du', ['-sm', path.join(root, 'envs')], { encoding: 'utf8' }).stdout.split('\t')[0] ?? '?';
		console.log(
			`| step | s |\n| --- | --- ` +
				`|\n${steps.map(({ label, at }, index) => `| ${label} | ${(((steps[index + 1]?.at ?? end) - at) / 1000).toFixed(0)} |`).join('\n')}\n\n${size} ` +
				'MB.',
		);
		const again = performance.now();
		await host.prepare(quiet());
		console.log(`Asked again: ${((performance.now() - again) / 1000).toFixed(1)} s.`);
	} finally {
		if (process.argv.includes('--keep')) {
			console.log(root);
		} else {
			rmSync(root, { recursive: true, force: true });
		}
	}
}

void main();
