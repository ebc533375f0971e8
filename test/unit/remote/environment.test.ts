import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { HostSettings } from '../../../src/core/training/job.ts';
import { openHost } from '../../../src/remote/openHost.ts';
import { noPython, python, quiet, temporary } from './jobFixtures.ts';

/**
 * Wheels with the names and versions that the trainer pins, each an empty module, so that the whole build runs without
 * downloading gigabytes.
 */
const wheels = `
import pathlib, re, sys, zipfile
for line in open(sys.argv[1]):
    found = re.match(r'([\\w-]+)==([\\w.]+)', line)
    if found:
        name, version = found[1].replace('-', '_'), found[2]
        info = f'{name}-{version}.dist-info'
        with zipfile.ZipFile(pathlib.Path(sys.argv[2]) / f'{name}-{version}-py3-none-any.whl', 'w') as wheel:
            wheel.writestr(f'{name}.py', '')
            wheel.writestr(f'{info}/METADATA', f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')
            wheel.writestr(f'{info}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
            wheel.writestr(f'{info}/RECORD', '')
`;

const host = (root: string, pipArguments: readonly string[]): ReturnType<typeof openHost> => {
	const settings: HostSettings = {
		name: 'local',
		root,
		pipArguments,
		prelude: `PATH=${path.dirname(realpathSync(python))}:$PATH`,
	};
	return openHost(settings, { trainerFolder: path.resolve('trainer') });
};

test('two concurrent callers create the environment once, and a later call reuses it', { skip: noPython }, async () => {
	const [root, from] = [path.join(temporary('root'), "with a space and 'quotes'"), temporary('wheels')];
	for (const set of ['cpu', 'cuda']) {
		assert.equal(
			spawnSync(python, ['-c', wheels, path.resolve(`trainer/requirements-${set}.txt`), from]).status,
			0,
		);
	}
	const here = host(root, ['--no-index', '--find-links', from]);
	const steps: string[] = [];
	const telling = { ...quiet(), progress: ({ label }: { label: string }) => void steps.push(label) };
	await Promise.all([here.prepare(telling), here.prepare(quiet())]);
	assert.ok(
		['Installing PyTorch', "Installing the trainer's packages", 'Checking'].every((step) =>
			steps.some((label) => label.includes(step)),
		),
		steps.join(),
	);
	const [name, ...others] = readdirSync(path.join(root, 'envs'));
	assert.deepEqual(others, []);
	const folder = path.join(root, 'envs', name ?? '');
	assert.ok(existsSync(path.join(folder, '.done')) && !existsSync(path.join(folder, 'building')));
	const made = statSync(path.join(folder, 'log')).mtimeMs;
	await here.prepare(quiet());
	assert.equal(statSync(path.join(folder, 'log')).mtimeMs, made, 'nothing is made again');
	assert.equal(readdirSync(path.join(root, 'trainers')).length, 1);
});

test('a host without access to a package index gives an error that says what to do', { skip: noPython }, async () => {
	const here = host(temporary('root'), ['--no-index', '--find-links', temporary('nothing')]);
	await assert.rejects(
		here.prepare(quiet()),
		/creating the environment failed: .*(No matching distribution|can this host reach a package index)/,
	);
	// A second attempt starts again instead of trusting the incomplete environment.
	await assert.rejects(here.prepare(quiet()), /creating the environment failed/);
});
