import * as vscode from 'vscode';
import type { Started } from './startStudio.ts';
import type { Studio } from './ui/session/studio.ts';
import { commandIds, panelIds, toolIds } from './ui/ids.ts';

/**
 * Registers what VS Code may call as soon as this returns: commands, restored panels and tools. Everything behind them
 * is loaded with the first such call, or a moment later, when views, documents and the status bar are registered.
 */
export function activate(context: vscode.ExtensionContext): { readonly studio: () => Promise<Studio> } | undefined {
	let starting: Promise<Started> | undefined;
	const started = () => {
		starting ??= import('./startStudio.ts')
			.then(({ startStudio }) => startStudio(context))
			.catch((error: unknown) => {
				// The next call tries again.
				starting = undefined;
				throw error;
			});
		return starting;
	};
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
	// Waits a moment, so that VS Code first sees the extension as active and whoever waits for that can continue.
	setTimeout(() => void started().catch((error: unknown) => console.error(error)), 25);
	// Lets tests in the extension host inspect the trees; everyone else gets nothing.
	return process.env['STAT_TEST_RESULT'] === undefined ? undefined : { studio: async () => (await started()).studio };
}
