// Checks the scripts that run on hosts and around checkers with shellcheck from a Python environment (test/requirements.txt).
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** Runs shellcheck on them; passes the result to `count(ok, name, detail)`. */
export function runShellcheck({ interpreter, count }) {
	const names = [path.join('src', 'remote', 'scripts'), path.join('src', 'grading', 'exec')].flatMap((folder) =>
		readdirSync(path.join(root, folder))
			.filter((name) => name.endsWith('.sh'))
			.map((name) => path.join(folder, name)),
	);
	const tool = path.join(path.dirname(interpreter), 'shellcheck');
	const { status, stdout, stderr, error } = spawnSync(tool, ['-s', 'sh', ...names], {
		cwd: root,
		encoding: 'utf8',
	});
	count(status === 0, 'shellcheck of the scripts', `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
}
