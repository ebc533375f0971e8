import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { classifyProject } from '../../fixtures/classifyProject.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('request fields come from options and the environment, and what is not a JSON object or is set by us is refused', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 3, validation: 4 });
	const teacher = await startStandInTeacher({ models: ['stand-in'] });
	const environment = { STAT_TEACHER_URL: teacher.url, STAT_TEACHER_MODEL: 'stand-in' };
	const diagnose = (args: readonly string[], more: Record<string, string> = {}) =>
		runCli(['diagnose', '--limit', '1', '--again', ...args, '--json'], folder, { ...environment, ...more });
	try {
		await classifyProject(folder, world, environment);
		const options = ['--reasoning-effort', 'low', '--chat-template-kwargs', '{"enable_thinking": false}'];
		const ran = await diagnose(options, { STAT_TEACHER_BODY: '{"top_k": 20, "reasoning_effort": "high"}' });
		assert.equal(ran.code, 0, ran.stderr);
		const { reasoning_effort: effort, chat_template_kwargs: template, top_k: k } = teacher.bodies.at(-1) ?? {};
		assert.deepEqual([effort, template, k], ['low', { enable_thinking: false }, 20]);
		const again = await diagnose(options, { STAT_TEACHER_BODY: '{"top_k": 20}' });
		assert.equal(again.json()['calls'], 0);
		const plain = await diagnose([]);
		assert.equal(plain.json()['calls'], 1);
		const refused = async (...args: string[]): Promise<string> => {
			const failed = await runCli(['diagnose', '--limit', '1', ...args], folder, environment);
			assert.equal(failed.code, 2, failed.stderr);
			return failed.stderr;
		};
		assert.match(await refused('--teacher-body', '[1]'), /--teacher-body takes a JSON object such as/);
		assert.match(await refused('--chat-template-kwargs', 'no'), /--chat-template-kwargs takes a JSON object/);
		assert.match(
			await refused('--teacher-body', '{"stream": true}'),
			/the request field "stream" is set by STAT Studio itself/,
		);
	} finally {
		await teacher.close();
	}
});
