import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtSample, cli } from '../projects.ts';
import type { Scene } from '../scene.ts';

const home = mkdtempSync(path.join(os.tmpdir(), 'stat-shots-jobs-'));

/**
 * The Jobs view and the job panel while a tiny student actually trains on this machine, beside a finished sweep. Needs
 * STAT_PYTHON.
 */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare(folder) {
			process.env['STAT_STUDIO_HOSTS'] = path.join(home, 'hosts.json');
			writeFileSync(
				path.join(home, 'hosts.json'),
				JSON.stringify({
					hosts: [
						{
							name: 'local',
							root: path.join(home, 'root'),
							python: process.env['STAT_PYTHON'],
							prelude: 'OMP_NUM_THREADS=1; export OMP_NUM_THREADS',
						},
					],
				}),
			);
			builtSample(folder);
			const tiny = ['--host', 'local', '--model', 'tiny', '--set', 'quantize=none'];
			cli(
				folder,
				'train',
				'sel-r1',
				...tiny,
				'--sweep',
				'0.0005,0.0002',
				'--validation',
				'3',
				'--set',
				'steps=3',
				'--set',
				'maxAnswer=6',
			);
			cli(folder, 'train', 'sel-r1', ...tiny, '--set', 'epochs=6', '--set', 'saveEvery=100');
		},
	},
	async shoot(bench, take) {
		const [{ id }] = bench.cli<{ jobs: [{ id: string }] }>('jobs', 'list').jobs;
		try {
			await bench.palette('View: Show STAT Studio');
			await bench.until(
				'steps in the Jobs view',
				() => bench.rows('Jobs'),
				(rows) => rows.some((row) => /running .*step/.test(row)),
			);
			await bench.palette('STAT: Focus on Jobs View').catch(() => undefined);
			await bench.palette('STAT: Show Job…');
			await bench.pick('Which job?', 'running');
			await bench.panel(`Job ${id}`, '.figure canvas');
			await bench.page.waitForTimeout(20_000);
			await take('job');
		} finally {
			bench.cli('jobs', 'cancel', id);
			rmSync(home, { recursive: true, force: true });
		}
	},
};
