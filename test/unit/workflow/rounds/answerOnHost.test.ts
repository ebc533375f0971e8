import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Hosts } from '../../../../src/core/ports/hosts.ts';
import type { JobRecord } from '../../../../src/core/training/job.ts';
import { StatError } from '../../../../src/core/errors/statError.ts';
import { files } from '../../../../src/formats/files.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { openJobFiles } from '../../../../src/store/jobFiles.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { answerOnHost } from '../../../../src/workflow/rounds/answerOnHost.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

const run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-05-06T07:08:09Z',
};
const scope = { student: 's', round: 2 };
const chat = { kind: 'chat', system: null, instruction: 'Think.' } as const;

/** Creates a project whose job was fetched but not imported before a kill; requests to the host are refused. */
async function world(model: JobRecord['spec']['model'], template: JobRecord['spec']['template'] = chat) {
	const folder = newProject();
	const store = await open(folder);
	await store.write('setSetting', { key: 'studentTemplate', value: chat });
	const { ids } = await store.write('addQuestions', {
		split: 'test',
		benchmark: 'B',
		source: 'b',
		rows: [{ text: 'What is 1 + 1?', gold: '2' }],
	});
	const jobs = openJobFiles(path.join(folder, '.stat'));
	const id = 'aaaaaaaaaaaa';
	await jobs.save({
		id,
		token: 'a'.repeat(32),
		host: 'gpu',
		launcher: 'process',
		recipe: 'generate',
		dataset: null,
		scope,
		model: 'm',
		createdAt: run.now(),
		dataSha256: 'a'.repeat(64),
		spec: {
			version: 1,
			recipe: 'generate',
			job: id,
			model,
			data: 'data.jsonl',
			template,
			settings: { samples: 1, temperature: 0.1 },
		},
	});
	await jobs.setNote(id, { state: 'done', detail: '', step: 1, steps: 1, loss: null, at: run.now(), fetched: true });
	const out = path.join(jobs.folder(id), 'fetched', 'out');
	fs.mkdirSync(out, { recursive: true });
	fs.writeFileSync(
		path.join(out, 'answers.jsonl'),
		`${JSON.stringify({ question: 'What is 1 + 1?', questionId: ids[0], responses: ['It is \\boxed{2}.'] })}\n`,
	);
	const refuse = () =>
		Promise.reject(new StatError('remote.unreachable', { host: 'gpu', reason: 'the host is asked' }));
	const hosts: Hosts = {
		confirmed: () => Promise.resolve([]),
		confirm: refuse,
		withdraw: refuse,
		allowJob: refuse,
		isAllowedJob: refuse,
		open: refuse,
	};
	const dist = builtDist();
	const grader = createGrader({ dist });
	const parts = {
		store,
		jobs,
		hosts,
		grader,
		files,
		datasets: store.datasets,
		prompts: createPrompts({ folder: 'src/teacher/prompts', userFolder: path.join(folder, '.stat', 'prompts') }),
		replies: replyParsers,
		teacher: null,
	};
	const ask = (adapter?: string) =>
		answerOnHost(parts, {
			host: 'gpu',
			...(adapter === undefined ? { model: 'm' } : { adapter }),
			makeId: () => ({ id: 'b'.repeat(12), token: 'b'.repeat(32) }),
		}).answer({ ...scope, questions: ids, samples: 1, temperature: 0.1 }, run);
	return { ask, store, close: async () => [await grader.dispose(), await store.close()] };
}

test('fetched answers that have not been imported are imported instead of being sampled again', async () => {
	const { ask, store, close } = await world({ name: 'm' });
	const { imported, jobs } = await ask();
	assert.deepEqual([imported.answers, imported.correct, jobs], [1, 1, []]);
	assert.equal((await store.read('scores', { ...scope, after: null, limit: 9 })).length, 1);
	assert.deepEqual((await ask()).imported.answers, 0, 'and once');
	await close();
});

test('a job for another student or template is not reused', async () => {
	for (const [model, template, adapter] of [
		[{ name: 'm', adapter: '../cccccccccccc/out/model' }, chat, undefined],
		[{ name: 'm' }, { ...chat, instruction: 'Answer.' }, undefined],
		[{ name: 'm', adapter: '/weights/one' }, chat, '/weights/on'],
	] as const) {
		const { ask, store, close } = await world(model, template);
		await assert.rejects(ask(adapter), /the host is asked|the model is missing/);
		assert.deepEqual(await store.read('scores', { ...scope, after: null, limit: 9 }), []);
		await close();
	}
});
