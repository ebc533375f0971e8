import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { TeacherReply } from '../../../src/core/ports/teacher.ts';
import { decodeMark, encodeLine } from '../../../src/store/engine/journal.ts';
import { newProject, open } from './buildWorker.ts';

const file = (project: string, name: string) => path.join(project, '.stat', name);

function reply(n: number): TeacherReply {
	return {
		key: `k${n}`,
		task: 'label',
		about: `q${n}`,
		model: 'm',
		promptVersion: 'label@1',
		sampling: {},
		sample: 0,
		attempt: 0,
		text: `reply ${n}`,
		usage: null,
		cost: null,
		at: '2026-01-01T00:00:00.000Z',
	};
}

/** Creates a project with a setting and then five replies, of which the last three have not been synced. */
async function withUnsyncedReplies(): Promise<string> {
	const project = newProject();
	const store = await open(project);
	await store.write('setSetting', { key: 'a', value: 1 });
	for (let n = 0; n < 5; n++) {
		await store.put(reply(n));
	}
	await store.close();
	const mark = decodeMark(fs.readFileSync(file(project, 'lock.mark')).subarray(0, -1));
	assert.ok(mark);
	assert.equal(mark.seq, 6);
	fs.writeFileSync(file(project, 'lock.mark'), encodeLine({ ...mark, seq: 3, unsynced: 6 }));
	return project;
}

function cutJournal(project: string, lines: number): void {
	const text = fs.readFileSync(file(project, 'stat.journal'), 'utf8').trimEnd().split('\n');
	fs.writeFileSync(file(project, 'stat.journal'), `${text.slice(0, -lines).join('\n')}\n`);
}

function cutTexts(project: string, records: number): void {
	const segment = file(project, 'texts/000001.seg');
	const bytes = fs.readFileSync(segment);
	let end = bytes.length;
	for (let n = 0; n < records; n++) {
		end = bytes.lastIndexOf('S2', end - 1, 'latin1');
	}
	fs.truncateSync(segment, end);
}

/** Opens the project and returns which replies it has, and what it warned of. */
async function found(
	project: string,
): Promise<{ readonly keys: readonly string[]; readonly warnings: readonly string[] }> {
	const store = await open(project, { create: false });
	try {
		const keys = await store.known(Array.from({ length: 5 }, (_, n) => `k${n}`));
		return { keys: [...keys], warnings: [...store.warnings] };
	} finally {
		await store.close();
	}
}

test('a power failure that took replies with their journal records is reported once, with their number', async () => {
	const project = await withUnsyncedReplies();
	cutJournal(project, 3);
	cutTexts(project, 3);
	const { keys, warnings } = await found(project);
	assert.deepEqual(keys, ['k0', 'k1']);
	assert.deepEqual(warnings, [
		'3 replies of the teacher did not reach the disk before the computer stopped, and will be requested again ' +
			'where they are needed',
	]);
	assert.deepEqual((await found(project)).warnings, []);
	const store = await open(project);
	await store.put(reply(3));
	assert.equal((await store.get('k3'))?.text, 'reply 3');
	await store.close();
	assert.deepEqual(await found(project), { keys: ['k0', 'k1', 'k3'], warnings: [] });
});

test('a power failure that took only the texts of replies is reported once, and those count as not stored', async () => {
	const project = await withUnsyncedReplies();
	cutTexts(project, 2);
	const { keys, warnings } = await found(project);
	assert.deepEqual(keys, ['k0', 'k1', 'k2']);
	assert.match(warnings.join(), /^2 replies of the teacher did not reach the disk/);
	assert.deepEqual(await found(project), { keys: ['k0', 'k1', 'k2'], warnings: [] });
});

test('replies whose journal records were lost are found by their texts', async () => {
	const project = await withUnsyncedReplies();
	cutJournal(project, 2);
	const { keys, warnings } = await found(project);
	assert.deepEqual(keys, ['k0', 'k1', 'k2', 'k3', 'k4']);
	assert.match(warnings.join(), /all of them were found/);
	assert.deepEqual((await found(project)).warnings, []);
});

test('after a kill of the process, everything confirmed is there and nothing is reported', async () => {
	const project = await withUnsyncedReplies();
	assert.deepEqual(await found(project), { keys: ['k0', 'k1', 'k2', 'k3', 'k4'], warnings: [] });
});
