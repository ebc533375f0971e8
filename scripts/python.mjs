// Creates a Python environment in the cache folder, once per set of requirements, with the packages that the trainer
// and the reference tools (Math-Verify, TRL, datasets) need. PyTorch is pinned and installed first, so that a later
// version range installs nothing more.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, ensureDebian, isDebianRoot, root, runStep } from './setup.mjs';

/**
 * Returns the path of an interpreter with the packages, or null after printing how to get one. `STAT_PYTHON` has
 * priority.
 */
export function ensurePython() {
	if (process.env.STAT_PYTHON) {
		return process.env.STAT_PYTHON;
	}
	const requirements = path.join(root, 'test', 'requirements.txt');
	const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
	const home = path.join(cacheFolder, `python-${hash}`);
	const interpreter = path.join(home, 'bin', 'python');
	if (existsSync(path.join(home, '.done'))) {
		return interpreter;
	}
	const manual =
		`python3 -m venv ${home} && ${interpreter} -m pip install torch==2.13.0 && ${interpreter} -m pip ` +
		`install -r test/requirements.txt && touch ${path.join(home, '.done')}`;
	if (!isDebianRoot()) {
		process.stderr.write(`missing: Python packages for the trainer and the peers. To install them:\n  ${manual}\n`);
		return null;
	}
	try {
		const python = ensureDebian(['python3'], ['python3', 'python3-venv']);
		if (!python) {
			return null;
		}
		if (spawnSync(python, ['-c', 'import venv, ensurepip']).status !== 0) {
			runStep('Installing python3-venv', 'apt-get', ['install', '-y', '-qq', 'python3-venv']);
		}
		rmSync(home, { recursive: true, force: true });
		runStep('Making a Python environment', python, ['-m', 'venv', home]);
		const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--no-input'];
		runStep('Installing PyTorch', interpreter, [...pip, 'torch==2.13.0']);
		runStep('Installing the trainer’s packages', interpreter, [...pip, '-r', requirements]);
		writeFileSync(path.join(home, '.done'), '');
		return interpreter;
	} catch (error) {
		process.stderr.write(`${error.message}\nTo install them by hand:\n  ${manual}\n`);
		return null;
	}
}
