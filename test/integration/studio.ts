import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Studio } from '../../src/ui/session/studio.ts';
import { commandIds } from '../../src/ui/ids.ts';

export const extensionId = 'stat-studio.stat-studio';

/** Returns the extension's parts, which it exposes only to tests. */
export async function activate(): Promise<Studio> {
	const extension = vscode.extensions.getExtension<{ studio(): Promise<Studio> } | undefined>(extensionId);
	assert.ok(extension, `${extensionId} is not installed`);
	const api = await extension.activate();
	assert.ok(api, 'the extension gives its parts away only under STAT_TEST_RESULT');
	return api.studio();
}

export function root(): vscode.Uri {
	const folder = vscode.workspace.workspaceFolders?.[0];
	assert.ok(folder, 'the tests need a folder');
	return folder.uri;
}

/** Runs a command; if it fails, the test fails with the command's message. */
export async function run(id: string, ...args: unknown[]): Promise<void> {
	const message = await vscode.commands.executeCommand<string | undefined>(id, ...args);
	assert.equal(message, undefined, `${id}: ${message}`);
}

/** Runs a command that must fail, and returns its message. */
export async function failing(id: string, ...args: unknown[]): Promise<string> {
	const message = await vscode.commands.executeCommand<string | undefined>(id, ...args);
	assert.equal(typeof message, 'string', `${id} did not fail`);
	return message ?? '';
}

/** Retries until the condition holds; the limit only ends a hang. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
	for (const end = Date.now() + ms; Date.now() < end;) {
		if (await holds()) {
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	assert.fail(`did not come to pass: ${what}`);
}

let loaded: Promise<Studio> | undefined;

/** Returns the sample project, loaded, classified and diagnosed by its scripted teacher once for all suites. */
export function sample(): Promise<Studio> {
	loaded ??= (async () => {
		const studio = await activate();
		await run(commandIds.loadSample);
		await run(commandIds.classify, { method: 'answer' });
		await run(commandIds.diagnose, { limit: 1000 });
		return studio;
	})();
	return loaded;
}
