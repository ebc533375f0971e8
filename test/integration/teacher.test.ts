import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { commandIds } from '../../src/ui/ids.ts';
import { toChat, toTransportError } from '../../src/ui/teacher/languageModelTransport.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import { failing, run, sample } from './studio.ts';

const settings = () => vscode.workspace.getConfiguration();

describe('the teacher', () => {
	let studio: Studio;
	before(async () => {
		studio = await sample();
	});
	afterEach(async () => {
		await settings().update('stat.teacher.scripted', 'teacher.jsonl', vscode.ConfigurationTarget.Workspace);
		for (const id of ['stat.teacher.baseUrl', 'stat.teacher.model', 'stat.teacher.kind']) {
			await settings().update(id, undefined, vscode.ConfigurationTarget.Global);
		}
	});

	it('cannot be redirected by a workspace', async () => {
		await settings().update('stat.teacher.scripted', undefined, vscode.ConfigurationTarget.Workspace);
		for (const [id, value] of [
			['stat.teacher.baseUrl', 'https://attacker.example/v1'],
			['stat.teacher.model', 'evil'],
			['stat.teacher.kind', 'vscode'],
		] as const) {
			// VS Code refuses to write a machine setting into workspace settings; one written into the file by hand is
			// ignored.
			await settings()
				.update(id, value, vscode.ConfigurationTarget.Workspace)
				.then(
					() => undefined,
					() => undefined,
				);
		}
		assert.equal(studio.teachers.chosen(studio.project.session!.root), null);
	});

	it('reads scripted replies only from a file inside the workspace', async () => {
		for (const file of ['../teacher.jsonl', '/etc/hosts', 'a/../../b.jsonl', 'C:\\x.jsonl']) {
			await settings().update('stat.teacher.scripted', file, vscode.ConfigurationTarget.Workspace);
			assert.match(await failing(commandIds.testTeacher), /inside the workspace folder/);
		}
		await settings().update('stat.teacher.scripted', 'nowhere.jsonl', vscode.ConfigurationTarget.Workspace);
		assert.match(await failing(commandIds.testTeacher), /the file nowhere\.jsonl, which does not exist/);
	});

	it('is reported as missing if none is set', async () => {
		await settings().update('stat.teacher.scripted', undefined, vscode.ConfigurationTarget.Workspace);
		assert.match(await failing(commandIds.diagnose), /[Nn]o teacher is set/);
	});

	it('rejects invalid addresses and addresses with credentials', async () => {
		await settings().update('stat.teacher.scripted', undefined, vscode.ConfigurationTarget.Workspace);
		await settings().update('stat.teacher.model', 'm', vscode.ConfigurationTarget.Global);
		for (const url of ['https://user:pass@example.org/v1', 'file:///etc/passwd', 'not an address']) {
			await settings().update('stat.teacher.baseUrl', url, vscode.ConfigurationTarget.Global);
			assert.match(await failing(commandIds.testTeacher), /address/);
		}
	});

	it('is called at its configured endpoint, and no key is sent to an endpoint on this machine', async () => {
		const seen: (string | undefined)[] = [];
		const server = createServer((request, response) => {
			seen.push(request.headers.authorization);
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ object: 'list', data: [{ id: 'local-model', object: 'model' }] }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const before = process.env['OPENAI_API_KEY'];
		process.env['OPENAI_API_KEY'] = 'sk-not-for-you';
		try {
			await settings().update('stat.teacher.scripted', undefined, vscode.ConfigurationTarget.Workspace);
			await settings().update(
				'stat.teacher.baseUrl',
				`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
				vscode.ConfigurationTarget.Global,
			);
			await settings().update('stat.teacher.model', 'local-model', vscode.ConfigurationTarget.Global);
			await run(commandIds.testTeacher);
			assert.ok(seen.length > 0, 'nobody asked');
			assert.ok(
				seen.every((header) => !header?.includes('sk-not-for-you')),
				'the key of the environment went to a local server',
			);
		} finally {
			if (before === undefined) {
				delete process.env['OPENAI_API_KEY'];
			} else {
				process.env['OPENAI_API_KEY'] = before;
			}
			server.close();
		}
	});

	it('receives the system text at the start of the first message if it is a VS Code language model', () => {
		const chat = toChat([
			{ role: 'system', content: 'S' },
			{ role: 'user', content: 'U' },
			{ role: 'assistant', content: 'A' },
			{ role: 'user', content: 'V' },
		]);
		const text = chat.map(({ role, content }) => [
			role,
			(content as vscode.LanguageModelTextPart[]).map(({ value }) => value).join(''),
		]);
		assert.deepEqual(text, [
			[vscode.LanguageModelChatMessageRole.User, 'S\n\nU'],
			[vscode.LanguageModelChatMessageRole.Assistant, 'A'],
			[vscode.LanguageModelChatMessageRole.User, 'V'],
		]);
		assert.equal(toTransportError(vscode.LanguageModelError.NotFound('gone')).kind, 'fatal');
		assert.equal(toTransportError(vscode.LanguageModelError.Blocked('quota exceeded')).kind, 'rate');
		assert.equal(toTransportError(vscode.LanguageModelError.Blocked('filtered')).kind, 'refused');
		assert.equal(toTransportError(new Error('network')).kind, 'transient');
	});
});
