import * as vscode from 'vscode';
import type { Started } from './startStudio.ts';
import type { Studio } from './ui/session/studio.ts';
import { commandIds, panelIds, toolIds } from './ui/ids.ts';

/**
 * Registers what VS Code may call as soon as this returns: commands, panels that come back, tools. All that is behind
 * them is in studio.js, which loads on the first such call, or a moment later (views, documents and the status bar are
 * registered there).
 */
export function activate(context: vscode.ExtensionContext): { readonly studio: () => Promise<Studio> } | undefined {
	let starting: Promise<Started> | undefined;
	const started = () => (starting ??= import('./startStudio.ts').then(({ startStudio }) => startStudio(context)));
	context.subscriptions.push(
		...Object.values(commandIds).map((id) =>
			vscode.commands.registerCommand(id, async (...args: unknown[]) => (await started()).run(id, args)),
		),
		...Object.values(panelIds).map((id) =>
			vscode.window.registerWebviewPanelSerializer(id, {
				deserializeWebviewPanel: async (panel, state) => (await started()).restore[id](panel, state),
			}),
		),
		...Object.values(toolIds).map((id) =>
			vscode.lm.registerTool<object>(id, {
				prepareInvocation: async (options, token) =>
					(await started()).tools[id].prepareInvocation?.(options, token),
				invoke: async (options, token) => (await started()).tools[id].invoke(options, token),
			}),
		),
	);
	// A moment later, not now: VS Code hears first that this is active, and whoever waits for that goes on.
	setTimeout(() => void started(), 25);
	// Tests in the extension host look at trees through this; nobody else is given anything.
	return process.env['STAT_TEST_RESULT'] === undefined ? undefined : { studio: async () => (await started()).studio };
}
