// Runs the trainer's own unittest suite, with modules in two processes at a time, and adds its counts.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const folder = path.join(root, 'trainer', 'tests');

/** Runs `python -m unittest MODULE… -v` in trainer/; resolves with its exit status and its output. */
function unittest(interpreter, modules) {
	const child = spawn(interpreter, ['-W', 'ignore', '-m', 'unittest', ...modules, '-v'], {
		cwd: path.dirname(folder),
		stdio: ['ignore', 'ignore', 'pipe'],
		env: {
			...process.env,
			TRANSFORMERS_VERBOSITY: 'error',
			HF_HUB_OFFLINE: '1',
			PYTHONDONTWRITEBYTECODE: '1',
			OMP_NUM_THREADS: '1',
		},
	});
	let output = '';
	child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (status) => resolve({ status, output }));
	});
}

function add({ status, output }, { count, totals }) {
	const full = (name, place) => `trainer › ${place.endsWith(name) ? place : `${place}.${name}`}`;
	const ran = Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? 0);
	const skipped = [...output.matchAll(/^(\S+) \((\S+?)\).*\.\.\. skipped '(.*)'$/gm)];
	const failed = [...output.matchAll(/^(?:FAIL|ERROR): (\S+) \((\S+?)\)/gm)];
	for (const [, name, place] of failed) {
		count(false, full(name, place));
	}
	if (failed.length > 0) {
		console.log(output.split('\n').slice(-200).join('\n'));
	}
	totals.skipped.push(...skipped.map(([, name, place]) => full(name, place)));
	totals.passed += Math.max(0, ran - failed.length - skipped.length);
	if (ran === 0 || (status !== 0 && failed.length === 0)) {
		count(false, `trainer: unittest ended with ${status} after ${ran} tests`, output.slice(-4000));
	}
}

export async function runTrainerTests({ interpreter, count, totals }) {
	const waiting =
		process.env.STAT_TRAINER_TESTS?.split(' ') ??
		readdirSync(folder)
			.filter((name) => /^test_.*\.py$/.test(name))
			// The largest files tend to take longest, so they start first.
			.sort((one, other) => statSync(path.join(folder, other)).size - statSync(path.join(folder, one)).size)
			.map((name) => `tests.${path.basename(name, '.py')}`);
	const lane = async () => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			add(await unittest(interpreter, [next]), { count, totals });
		}
	};
	await Promise.all([lane(), lane()]);
}
