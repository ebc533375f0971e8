import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../../fixtures/builtCli.ts';
import { builtDist } from '../../fixtures/builtDist.ts';

test('a process whose store hangs in a file call still ends, and otherwise a process keeps its exit status', (context) => {
	const pipe = path.join(newFolder(), 'pipe');
	if (spawnSync('mkfifo', [pipe]).status !== 0) {
		context.skip('no pipes here');
		return;
	}
	const program = path.join(builtDist(), 'hangingStore.js');
	const hanging = spawnSync(process.execPath, [program, pipe], { timeout: 60_000, encoding: 'utf8' });
	assert.deepEqual([hanging.error, hanging.signal], [undefined, 'SIGKILL']);
	assert.match(hanging.stderr, /the disk of the project does not answer/);
	const { status, signal } = spawnSync(process.execPath, [program], { timeout: 60_000, encoding: 'utf8' });
	assert.deepEqual([status, signal], [130, null]);
});
