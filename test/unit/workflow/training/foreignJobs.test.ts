import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import type { JobRecord } from '../../../../src/core/training/job.ts';
import { createHosts } from '../../../../src/remote/hostsFile.ts';
import { openJobFiles } from '../../../../src/store/jobFiles.ts';
import { resumeJob } from '../../../../src/workflow/training/jobs.ts';
import { newFolder, runCli } from '../../../fixtures/builtCli.ts';
import { tinyJob } from '../../remote/jobFixtures.ts';

const run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => new Date().toISOString(),
};

/** A project with a job that was never sent: sending it starts with the interpreter, which writes a file. */
async function world() {
	const [folder, home] = [newFolder(), newFolder()];
	const proof = path.join(home, 'ran');
	const interpreter = path.join(home, 'python');
	fs.writeFileSync(interpreter, `#!/bin/sh\ntouch ${proof}\nexit 1\n`, { mode: 0o755 });
	const file = path.join(home, 'hosts.json');
	const settings = { name: 'local', root: path.join(home, 'root'), python: interpreter };
	fs.writeFileSync(file, JSON.stringify({ hosts: [settings] }));
	const hosts = createHosts({ trainerFolder: path.resolve('trainer'), file });
	const jobs = openJobFiles(path.join(folder, '.stat'));
	const { record: plain, data } = tinyJob('local', 'sft', {});
	const record: JobRecord = {
		...plain,
		model: 'harmless/label',
		spec: {
			...plain.spec,
			model: { name: 'attacker/model', revision: 'f'.repeat(40), trust_remote_code: true },
		},
	};
	await jobs.save(record);
	fs.copyFileSync(data, path.join(jobs.folder(record.id), 'data.jsonl'));
	return { folder, file, hosts, jobs, record, hasRun: () => fs.existsSync(proof) };
}

test('a job record that came with the project is not resumed without a yes', async () => {
	const { folder, file, record, hasRun } = await world();
	const env = { STAT_STUDIO_HOSTS: file };
	assert.equal((await runCli(['init'], folder, env)).code, 0);
	const refused = await runCli(['jobs', 'resume', record.id], folder, env);
	assert.equal(hasRun(), false, refused.stderr);
	assert.notEqual(refused.code, 0);
	assert.match(refused.stderr, /attacker\/model .*f{40}.* trust_remote_code: yes.* local.* --yes/);
	await runCli(['jobs', 'resume', record.id, '--yes'], folder, env);
	assert.equal(hasRun(), true, 'after a yes it runs');
	const { stdout } = await runCli(['consents'], folder, env);
	assert.match(stdout, new RegExp(`job .*${record.id}`), 'and the yes can be withdrawn');
});

test('a job that this machine launched is resumed without a question, unless its record was changed', async () => {
	const { hosts, jobs, record, hasRun } = await world();
	await hosts.allowJob(record);
	const questions: string[] = [];
	const confirm = ({ id }: JobRecord) => {
		questions.push(id);
		return Promise.reject(new Error('no'));
	};
	const { spec } = record;
	for (const changed of [
		{ ...record, spec: { ...spec, model: { ...spec.model, name: 'another/model' } } },
		{ ...record, spec: { ...spec, settings: { epochs: 9 } } },
		{ ...record, dataSha256: '0'.repeat(64) },
		{ ...record, gpus: 4 },
	]) {
		await jobs.save(changed);
		await assert.rejects(resumeJob({ hosts, jobs }, await jobs.get(record.id), confirm, run), /^Error: no$/);
	}
	assert.equal(questions.length, 4);
	assert.equal(hasRun(), false);
	await jobs.save(record);
	await assert.rejects(resumeJob({ hosts, jobs }, await jobs.get(record.id), confirm, run));
	assert.equal(questions.length, 4, 'no question');
	assert.equal(hasRun(), true);
});
