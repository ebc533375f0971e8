// Runs the trainer's own unittest suite and adds its counts.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './setup.mjs';

export function runTrainerTests({ interpreter, count, totals }) {
	const { status, stderr } = spawnSync(
		interpreter,
		[
			'-W',
			'ignore',
			'-m',
			'unittest',
			...(process.env.STAT_TRAINER_TESTS?.split(' ') ?? ['discover', '-s', 'tests', '-t', '.']),
			'-v',
		],
		{
			cwd: path.join(root, 'trainer'),
			encoding: 'utf8',
			maxBuffer: 1 << 28,
			stdio: ['ignore', 'ignore', 'pipe'],
			env: {
				...process.env,
				TRANSFORMERS_VERBOSITY: 'error',
				HF_HUB_OFFLINE: '1',
				PYTHONDONTWRITEBYTECODE: '1',
				OMP_NUM_THREADS: '2',
			},
		},
	);
	const ran = Number(/^Ran (\d+) tests?/m.exec(stderr)?.[1] ?? 0);
	const skipped = [...stderr.matchAll(/^(\S+) \((\S+?)\).*\.\.\. skipped '(.*)'$/gm)].map(([, name, place]) =>
		`trainer › ${place}`.endsWith(name) ? `trainer › ${place}` : `trainer › ${place}.${name}`,
	);
	const failed = [...stderr.matchAll(/^(?:FAIL|ERROR): (\S+) \((\S+?)\)/gm)].map(
		([, name, place]) => `trainer › ${place.endsWith(name) ? place : `${place}.${name}`}`,
	);
	for (const name of failed) {
		count(false, name);
	}
	if (failed.length > 0) {
		console.log(stderr.split('\n').slice(-200).join('\n'));
	}
	totals.skipped.push(...skipped);
	totals.passed += Math.max(0, ran - failed.length - skipped.length);
	if (ran === 0 || (status !== 0 && failed.length === 0)) {
		count(false, `trainer: unittest ended with ${status} after ${ran} tests`, stderr.slice(-4000));
	}
}
