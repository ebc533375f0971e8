// Lints the trainer and checks its format with ruff from a Python environment (test/requirements.txt).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './setup.mjs';

/** Runs `ruff check` and `ruff format --check`; passes each result to `count(ok, name, detail)`. */
export function runRuff({ interpreter, count }) {
	for (const args of [['check'], ['format', '--check']]) {
		const { status, stdout, stderr } = spawnSync(interpreter, ['-m', 'ruff', ...args, '.'], {
			cwd: path.join(root, 'trainer'),
			encoding: 'utf8',
		});
		count(status === 0, `ruff ${args.join(' ')} of trainer/`, `${stdout}${stderr}`);
	}
}
