import * as vscode from 'vscode';
import { settingIds } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { InlineEditor } from './inlineEditor.ts';

/**
 * Activates lenses, decorations, hovers and comments while there is a project, a visible document may contain its
 * records, and they are switched on. Their code is loaded only then.
 */
export class InlineStart implements vscode.Disposable {
	private editor: InlineEditor | undefined;
	private starting: Promise<void> = Promise.resolve();
	private readonly subscription: vscode.Disposable;

	constructor(
		private readonly project: OpenProject,
		private readonly log: vscode.LogOutputChannel,
	) {
		this.subscription = vscode.Disposable.from(
			project.onDidChange(() => this.update(true)),
			vscode.window.onDidChangeVisibleTextEditors(() => this.update(false)),
			vscode.workspace.onDidChangeConfiguration((change) =>
				change.affectsConfiguration(settingIds.inlineEnabled) ? this.update(false) : undefined,
			),
		);
		this.update(false);
	}

	/** What is currently shown; undefined while inactive. For tests. */
	get current(): InlineEditor | undefined {
		return this.editor;
	}

	private update(anew: boolean): void {
		this.starting = this.starting
			.then(() => this.change(anew))
			.catch((error: unknown) =>
				this.log.error(`inline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
			);
	}

	private async change(anew: boolean): Promise<void> {
		const { session } = this.project;
		const isEnabled =
			session !== null && vscode.workspace.getConfiguration().get<boolean>(settingIds.inlineEnabled, true);
		if (this.editor && (anew || !isEnabled)) {
			this.editor.dispose();
			this.editor = undefined;
		}
		if (
			isEnabled &&
			!this.editor &&
			vscode.window.visibleTextEditors.some(
				({ document }) =>
					/\.(jsonl|ndjson|jsonlines|json|md|markdown)$/i.test(document.uri.path) ||
					document.uri.scheme === 'stat',
			)
		) {
			const { InlineEditor: Editor } = await import('./inlineEditor.ts');
			this.editor = new Editor(session, this.log);
		}
	}

	dispose(): void {
		this.subscription.dispose();
		this.editor?.dispose();
	}
}
