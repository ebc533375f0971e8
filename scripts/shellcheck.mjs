// Checks the scripts that run on hosts with shellcheck from a Python environment (test/requirements.txt).
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** Runs shellcheck on src/remote/scripts; passes the result to `count(ok, name, detail)`. */
export function runShellcheck({ interpreter, count }) {
	const folder = path.join(root, 'src', 'remote', 'scripts');
	const names = readdirSync(folder).filter((name) => name.endsWith('.sh'));
	const tool = path.join(path.dirname(interpreter), 'shellcheck');
	const { status, stdout, stderr, error } = spawnSync(tool, ['-s', 'sh', ...names], {
		cwd: folder,
		encoding: 'utf8',
	});
	count(status === 0, 'shellcheck of src/remote/scripts', `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
}
