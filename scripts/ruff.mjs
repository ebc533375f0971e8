// Lint and format of the trainer, by the ruff of a Python environment (test/requirements.txt).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './setup.mjs';

/** Runs `ruff check` and `ruff format --check`; `count(ok, name, detail)` takes each verdict. */
export function runRuff({ interpreter, count }) {
	for (const args of [['check'], ['format', '--check']]) {
		const { status, stdout, stderr } = spawnSync(interpreter, ['-m', 'ruff', ...args, '.'], {
			cwd: path.join(root, 'trainer'),
			encoding: 'utf8',
		});
		count(status === 0, `ruff ${args.join(' ')} of trainer/`, `${stdout}${stderr}`);
	}
}
