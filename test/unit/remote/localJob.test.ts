import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Host, JobRecord } from '../../../src/core/job.ts';
import { openHost } from '../../../src/remote/openHost.ts';
import { noPython, python, quiet, temporary, tinyJob, until } from './jobFixtures.ts';

const host = (root = path.join(temporary('root'), "with a space and 'quotes'")): Host & { root: string } => ({ ...openHost({ name: 'local', root, python }, { trainerFolder: path.resolve('trainer') }), root });

const stateOf = async (one: Host, record: JobRecord) => (await one.status([record], new AbortController().signal))[0];
const text = async (one: Host, record: JobRecord, offset = 0, follow = true) => {
	const chunks: Uint8Array[] = [];
	for await (const { bytes } of one.tail(record, { file: 'events', offset, follow, signal: new AbortController().signal })) {
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString();
};

test('a job is sent, trained, followed to its end and fetched; its adapter is whole', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 1, method: 'lora' });
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	const log = await text(here, record);
	const status = await stateOf(here, record);
	assert.equal(status?.state, 'done', status?.detail);
	assert.equal(Buffer.byteLength(log), status.eventBytes);
	const events = log.trimEnd().split('\n').map((line) => JSON.parse(line) as { kind: string; step?: number });
	assert.deepEqual(events.filter((event) => event.kind === 'step').map((event) => event.step), [1, 2, 3, 4]);
	assert.equal(events.at(-1)?.kind, 'end');
	const folder = temporary('fetched');
	const files = await here.fetch(record, folder, quiet());
	assert.ok(files.some((file) => file.name === 'out/model/adapter_model.safetensors' && file.bytes > 0));
	assert.ok(!files.some((file) => file.name.includes('checkpoint')));
	assert.equal(readFileSync(path.join(folder, 'events.jsonl'), 'utf8'), log);
	assert.deepEqual(await here.fetch(record, folder, quiet()), files, 'fetching again changes nothing');
	const sizes = await here.clean([record], true, quiet());
	assert.ok(sizes.some((size) => size.name === `jobs/${record.id}` && size.bytes > 0));
	assert.equal((await stateOf(here, record))?.state, 'lost');
});

test('launching ten times at once starts one trainer', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 1, method: 'lora' });
	await here.prepare(quiet());
	await Promise.all(Array.from({ length: 10 }, () => here.launch(record, data, quiet())));
	const events = (await text(here, record)).trimEnd().split('\n').map((line) => JSON.parse(line) as { kind: string });
	assert.equal(events.filter((event) => event.kind === 'start').length, 1);
	await here.launch(record, data, quiet());
	assert.equal((await stateOf(here, record))?.state, 'done');
});

test('cancel ends the whole process group and says so', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 5000, method: 'lora', save_every: 100000 });
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	await until('a step', async () => ((await stateOf(here, record))?.eventBytes ?? 0) > 3000);
	assert.equal((await stateOf(here, record))?.state, 'running');
	const [pid] = readFileSync(path.join(here.root, 'jobs', record.id, 'identity'), 'utf8').split('\n');
	await here.cancel(record, quiet());
	assert.equal((await stateOf(here, record))?.state, 'cancelled');
	await until('the group to be gone', async () => {
		try {
			process.kill(-Number(pid), 0);
			return false;
		} catch {
			return true;
		}
	});
	await here.cancel(record, quiet());
});

test('a trainer killed -9 is started again and goes on from its checkpoint', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 40, method: 'lora', save_every: 10 });
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	await until('a checkpoint', async () => (await text(here, record, 0, false)).includes('"checkpoint"'));
	const folder = path.join(here.root, 'jobs', record.id);
	const beat = readFileSync(path.join(folder, 'heartbeat'), 'utf8').split(' ');
	process.kill(Number(beat[1]), 'SIGKILL');
	const log = await text(here, record);
	const events = log.trimEnd().split('\n').map((line) => JSON.parse(line) as { kind: string; step?: number });
	assert.equal((await stateOf(here, record))?.state, 'done');
	const at = events.findIndex((event) => event.kind === 'resumed');
	assert.ok(at > 0);
	const from = events[at]?.step ?? 0;
	assert.deepEqual(events.slice(at).filter((event) => event.kind === 'step').map((event) => event.step), Array.from({ length: 160 - from }, (_, index) => from + 1 + index));
});

test('a bad spec fails before anything is spent, and the state says why in one line', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { rank: -3 });
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	const status = await until('its end', async () => {
		const seen = await stateOf(here, record);
		return seen?.state === 'failed' && seen;
	});
	assert.match(status.detail, /settings\.rank: expected more than 0/);
	assert.ok(!status.detail.includes('\n'));
});

test('an interpreter without the packages is refused by name', async () => {
	const bare = openHost({ name: 'local', root: temporary('root'), python: '/bin/true' }, { trainerFolder: path.resolve('trainer') });
	const missing = openHost({ name: 'local', root: temporary('root'), python: '/nowhere/python' }, { trainerFolder: path.resolve('trainer') });
	await assert.rejects(missing.prepare(quiet()), /local: \/nowhere\/python does not run/);
	void bare;
});

test('another job’s folder is never touched: wrong token, or a link', async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', {});
	const folder = path.join(here.root, 'jobs', record.id);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'token'), `${'0'.repeat(32)}\n`);
	writeFileSync(path.join(folder, 'exit'), '0\n');
	assert.equal((await stateOf(here, record))?.state, 'lost');
	await assert.rejects(here.cancel(record, quiet()), /token is another job's/);
	await assert.rejects(here.fetch(record, temporary('fetched'), quiet()), /token is another job's/);
	await assert.rejects(here.launch(record, data, quiet()), /another job's/);
	await here.clean([record], true, quiet());
	assert.ok(existsSync(path.join(folder, 'token')));
	const linked = tinyJob('local', 'sft', {});
	symlinkSync(folder, path.join(here.root, 'jobs', linked.record.id));
	await assert.rejects(here.cancel({ ...linked.record, token: '0'.repeat(32) }, quiet()), /no such job folder/);
});

test('names a host offers stay inside the folder they are fetched into', async () => {
	const here = host();
	const { record } = tinyJob('local', 'sft', {});
	const folder = path.join(here.root, 'jobs', record.id);
	mkdirSync(path.join(folder, 'out', '-rf'), { recursive: true });
	writeFileSync(path.join(folder, 'token'), `${record.token}\n`);
	writeFileSync(path.join(folder, 'out', '-rf', 'a'), 'x');
	await assert.rejects(here.fetch(record, temporary('fetched'), quiet()), /not a plain relative name/);
	symlinkSync('/etc/passwd', path.join(folder, 'events.jsonl'));
	const clean = tinyJob('local', 'sft', {});
	const other = path.join(here.root, 'jobs', clean.record.id);
	mkdirSync(path.join(other, 'out'), { recursive: true });
	writeFileSync(path.join(other, 'token'), `${clean.record.token}\n`);
	symlinkSync('/etc/passwd', path.join(other, 'out', 'secret'));
	symlinkSync('/etc/passwd', path.join(other, 'events.jsonl'));
	const into = temporary('fetched');
	assert.deepEqual(await here.fetch(clean.record, into, quiet()), []);
	assert.deepEqual(readdirSync(into), []);
});

test('an upload that was cut goes on where it ended; one that was changed begins anew', async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', {});
	const blobs = path.join(here.root, 'blobs');
	mkdirSync(blobs, { recursive: true });
	const { upload } = await import('../../../src/remote/launch.ts');
	const { createShell } = await import('../../../src/remote/shell.ts');
	const whole = readFileSync(data);
	appendFileSync(path.join(blobs, `${record.dataSha256}.part`), whole.subarray(0, 700));
	await upload(createShell('local'), here.settings, data, record.dataSha256, quiet());
	assert.deepEqual(readFileSync(path.join(blobs, record.dataSha256)), whole);
	const second = tinyJob('local', 'sft', {});
	writeFileSync(second.data, `${readFileSync(second.data, 'utf8')}{"question":"x","solution":"y"}\n`);
	const { fileHash } = await import('../../../src/remote/launch.ts');
	const sha = await fileHash(second.data);
	writeFileSync(path.join(blobs, `${sha}.part`), 'something else altogether');
	await upload(createShell('local'), here.settings, second.data, sha, quiet());
	assert.deepEqual(readFileSync(path.join(blobs, sha)), readFileSync(second.data));
});

test('preflight says what there is and how to mend what there is not', async () => {
	const here = host();
	const findings = await here.preflight(quiet());
	assert.equal(findings.find((finding) => finding.what === 'folder')?.level, 'ok');
	assert.ok(findings.every((finding) => finding.level === 'ok' || finding.mend !== ''));
	const nowhere = openHost({ name: 'local', root: '/proc/nowhere' }, { trainerFolder: path.resolve('trainer') });
	assert.equal((await nowhere.preflight(quiet())).find((finding) => finding.what === 'folder')?.level, 'missing');
	const relative = openHost({ name: 'local', root: 'relative/../x' }, { trainerFolder: path.resolve('trainer') });
	await assert.rejects(relative.preflight(quiet()), /expected an absolute path/);
});
