import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../../src/ui/ids.ts';
import { activate, extensionId } from './studio.ts';

describe('activation', () => {
	it('starts without opening a project or loading a database', async () => {
		const studio = await activate();
		assert.equal(studio.project.session, null);
		assert.equal(studio.facts.current.kind, 'none');
	});

	it('registers every command in the manifest and no others', async () => {
		await activate();
		const declared = (
			vscode.extensions.getExtension(extensionId)?.packageJSON as {
				contributes: { commands: { command: string }[] };
			}
		).contributes.commands
			.map(({ command }) => command)
			.sort();
		const registered = (await vscode.commands.getCommands(true))
			.filter((id) => Object.values<string>(commandIds).includes(id))
			.sort();
		assert.deepEqual(registered, declared);
	});

	it('shows its views', async () => {
		for (const id of Object.values(viewIds)) {
			await vscode.commands.executeCommand(`${id}.focus`);
		}
	});

	it('names the next step if there is no project', async () => {
		const message = await vscode.commands.executeCommand(commandIds.showProfile);
		assert.match(String(message), /no STAT project here yet/);
	});
});
