import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createShell } from '../../../src/remote/shell.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stat-endless-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** An ssh whose host prints for ever and never runs what it was sent. */
const sshPath = path.join(folder, 'ssh');
writeFileSync(sshPath, '#!/bin/sh\ncase " $* " in *" -G "*) exit 0 ;; esac\nexec yes "Welcome to the cluster"\n', {
	mode: 0o755,
});
const shell = createShell('gpu', { sshPath });
const { signal } = new AbortController();

test('a host that prints for ever before a stream begins is given up', async () => {
	await assert.rejects(
		async () => {
			for await (const bytes of shell.stream('echo hello', { signal })) {
				assert.fail(`${bytes.length} bytes of a banner were taken for output`);
			}
		},
		{ code: 'remote.tooMuchOutput' },
	);
});

test('a host that prints for ever in place of a result is given up', async () => {
	await assert.rejects(shell.run('echo hello', { signal }), { code: 'remote.tooMuchOutput' });
});
