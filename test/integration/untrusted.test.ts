import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, toolIds } from '../../src/ui/ids.ts';
import { activate, failing, root } from './studio.ts';
import { invoke } from './invokeTool.ts';

/**
 * Runs like the other integration tests, but in an untrusted workspace: a command hidden in the UI must also be refused
 * by the code.
 */
describe('an untrusted workspace', () => {
	it('is recognized as untrusted', () => {
		assert.equal(vscode.workspace.isTrusted, false);
	});

	it('cannot be turned into a project', async () => {
		await activate();
		for (const id of [commandIds.initialise, commandIds.loadSample]) {
			assert.match(await failing(id), /not trusted/);
		}
		assert.equal(fs.existsSync(path.join(root().fsPath, '.stat')), false);
	});

	it('shows its project but writes nothing', async () => {
		const studio = await activate();
		// Created as if by somebody else, directly with the store's own function.
		await studio.initialise(root().fsPath);
		const session = await studio.project.look();
		assert.ok(session);
		const before = listing(path.join(root().fsPath, '.stat'));
		const state = await studio.facts.read();
		assert.equal(state.kind, 'open', state.kind === 'failed' ? state.message : '');
		const { store } = await session.parts();
		await assert.rejects(store.write('addSkills', { skills: [{ subject: '', name: 'x' }] }), /read/i);
		assert.deepEqual(listing(path.join(root().fsPath, '.stat')), before);
	});

	it('can be read but not written by tools', async () => {
		await activate();
		const before = listing(path.join(root().fsPath, '.stat'));
		for (const id of Object.values(toolIds)) {
			assert.match(await invoke(id, {}), /no student answers yet/);
		}
		assert.deepEqual(listing(path.join(root().fsPath, '.stat')), before);
	});

	it('calls no teacher, whatever its settings are', async () => {
		const studio = await activate();
		fs.mkdirSync(path.join(root().fsPath, '.vscode'), { recursive: true });
		fs.writeFileSync(
			path.join(root().fsPath, '.vscode', 'settings.json'),
			JSON.stringify({
				'stat.teacher.scripted': 'teacher.jsonl',
				'stat.teacher.baseUrl': 'http://127.0.0.1:1/v1',
				'stat.teacher.model': 'm',
			}),
		);
		await new Promise((resolve) => setTimeout(resolve, 1000));
		assert.equal(studio.teachers.chosen(studio.project.session!.root), null);
		for (const id of [
			commandIds.diagnose,
			commandIds.label,
			commandIds.testTeacher,
			commandIds.build,
			commandIds.classify,
			commandIds.importAnswers,
			commandIds.agree,
			commandIds.annotate,
			commandIds.editAnnotation,
			commandIds.acceptAnnotation,
			commandIds.dismissAnnotation,
			commandIds.chooseTeacher,
			commandIds.setKey,
		]) {
			assert.match(await failing(id, 'some-question'), /not trusted/, id);
		}
		await assert.rejects(studio.teachers.make(studio.project.session!), /not trusted/);
	});
});

function listing(folder: string): string[] {
	return fs.readdirSync(folder, { recursive: true }).map(String).sort();
}
