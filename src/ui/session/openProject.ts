import * as vscode from 'vscode';
import { contextKeys } from '../ids.ts';
import type { OpenedParts } from './projectSession.ts';
import { FolderSession } from './projectSession.ts';

/**
 * Finds the project that this window works on: the first workspace folder that contains `.stat`. This takes one `stat`
 * call per folder; nothing is opened or walked.
 */
export class OpenProject implements vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<FolderSession | null>();
	/** Fires when a project has appeared, disappeared or been replaced by another. */
	readonly onDidChange = this.changed.event;
	private current: FolderSession | null = null;
	private watchers: vscode.Disposable[] = [];
	private readonly subscription: vscode.Disposable;
	private looking: Promise<FolderSession | null> | undefined;
	private nextLook: Promise<FolderSession | null> | undefined;

	constructor(
		private readonly memento: vscode.Memento,
		private readonly open: (root: string) => Promise<OpenedParts>,
	) {
		this.subscription = vscode.Disposable.from(
			vscode.workspace.onDidChangeWorkspaceFolders(() => {
				this.watch();
				void this.look();
			}),
			// Until trust is granted, the store is open read-only.
			vscode.workspace.onDidGrantWorkspaceTrust(() => void this.reopen()),
		);
		this.watch();
	}

	/** The project; `null` if no folder contains `.stat`. */
	get session(): FolderSession | null {
		return this.current;
	}

	/**
	 * Looks again and resolves with the result. A look already in flight may have seen the folder in its earlier state,
	 * so another one follows it.
	 */
	async look(): Promise<FolderSession | null> {
		if (!this.looking) {
			this.looking = this.lookOnce().finally(() => (this.looking = undefined));
			return this.looking;
		}
		this.nextLook ??= this.looking
			.then(
				() => undefined,
				() => undefined,
			)
			.then(() => {
				this.nextLook = undefined;
				return this.look();
			});
		return this.nextLook;
	}

	private async lookOnce(): Promise<FolderSession | null> {
		const roots = await Promise.all(
			(vscode.workspace.workspaceFolders ?? []).map(async ({ uri }) =>
				(await exists(vscode.Uri.joinPath(uri, '.stat'), vscode.FileType.Directory)) ? uri : undefined,
			),
		);
		const root = roots.find((uri) => uri !== undefined);
		const first = vscode.workspace.workspaceFolders?.[0];
		await vscode.commands.executeCommand(
			'setContext',
			contextKeys.sampleHere,
			first !== undefined && (await exists(vscode.Uri.joinPath(first.uri, 'sample.json'), vscode.FileType.File)),
		);
		await vscode.commands.executeCommand('setContext', contextKeys.project, root ? 'open' : 'none');
		if (root?.toString() !== this.current?.root.toString()) {
			this.current?.dispose();
			this.current = root ? new FolderSession(root, this.memento, this.open) : null;
			this.changed.fire(this.current);
		}
		return this.current;
	}

	private async reopen(): Promise<void> {
		await this.looking;
		this.current?.dispose();
		this.current = null;
		await this.look();
	}

	/** The command line may create a project in this folder, or somebody may delete it. */
	private watch(): void {
		this.watchers.forEach((watcher) => watcher.dispose());
		this.watchers = (vscode.workspace.workspaceFolders ?? []).map((folder) => {
			const watcher = vscode.workspace.createFileSystemWatcher(
				new vscode.RelativePattern(folder, '.stat'),
				false,
				true,
				false,
			);
			watcher.onDidCreate(() => void this.look());
			watcher.onDidDelete(() => void this.look());
			return watcher;
		});
	}

	dispose(): void {
		this.subscription.dispose();
		this.watchers.forEach((watcher) => watcher.dispose());
		this.current?.dispose();
		this.changed.dispose();
	}
}

async function exists(uri: vscode.Uri, type: vscode.FileType): Promise<boolean> {
	try {
		return ((await vscode.workspace.fs.stat(uri)).type & type) !== 0;
	} catch {
		return false;
	}
}
