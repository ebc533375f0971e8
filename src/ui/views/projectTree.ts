import { errorText } from '../kit/describeError.ts';
import * as vscode from 'vscode';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession, SessionTopic } from '../session/projectSession.ts';
import { oneLine } from '../kit/untrustedText.ts';
import type { ProblemNode } from './rows.ts';

/**
 * The behaviour that all views share. They follow the window's project, and are filled when they first become visible.
 * During a run they refresh at most once a second (less often if filling is slow, because a run of thousands of calls
 * needs the store too). They show an error as a row.
 */
export abstract class ProjectTree<Node extends { readonly kind: string }>
	implements vscode.TreeDataProvider<Node | ProblemNode>, vscode.Disposable
{
	private readonly changed = new vscode.EventEmitter<Node | ProblemNode | undefined>();
	readonly onDidChangeTreeData = this.changed.event;
	protected readonly disposables: vscode.Disposable[] = [];
	private listener: vscode.Disposable | undefined;
	private timer: NodeJS.Timeout | undefined;
	private refreshed = 0;
	/** Duration of the last filling in ms. */
	private took = 0;

	constructor(
		protected readonly project: OpenProject,
		private readonly log: vscode.LogOutputChannel,
		private readonly topics: readonly SessionTopic[],
	) {
		this.disposables.push(
			project.onDidChange((session) => {
				this.follow(session);
				this.refresh();
			}),
		);
		this.follow(project.session);
	}

	private follow(session: ProjectSession | null): void {
		this.listener?.dispose();
		this.listener = session?.onDidChange((topics) => {
			if (this.topics.some((topic) => topics.has(topic))) {
				this.onChange(topics);
				this.refreshSoon();
			}
		});
	}

	/** Called before a refresh, so that a view can drop state that it retains between refreshes. */
	protected onChange(_topics: ReadonlySet<SessionTopic>): void {}

	refresh(): void {
		clearTimeout(this.timer);
		this.timer = undefined;
		this.refreshed = Date.now();
		this.changed.fire(undefined);
	}

	/**
	 * Refreshes at once if idle. During a series of changes, refreshes once a second, or less often, so that filling
	 * takes no more than a tenth of the time.
	 */
	protected refreshSoon(): void {
		this.timer ??= setTimeout(
			() => this.refresh(),
			Math.max(50, this.refreshed + Math.max(1000, Math.min(10_000, 10 * this.took)) - Date.now()),
		);
	}

	async getChildren(node?: Node | ProblemNode): Promise<(Node | ProblemNode)[]> {
		const { session } = this.project;
		if (!session || node?.kind === 'problem') {
			return [];
		}
		const began = Date.now();
		try {
			const nodes = await this.children(session, node as Node | undefined);
			this.took = node === undefined ? Date.now() - began : this.took;
			return nodes;
		} catch (error) {
			const message = errorText(error);
			this.log.error(`filling a view: ${error instanceof Error ? (error.stack ?? message) : message}`);
			return [{ kind: 'problem', message: oneLine(message, 300) }];
		}
	}

	/** Returns the children of `node`, or the roots if it is undefined. */
	protected abstract children(session: ProjectSession, node: Node | undefined): Promise<Node[]>;
	abstract getTreeItem(node: Node | ProblemNode): vscode.TreeItem;

	dispose(): void {
		clearTimeout(this.timer);
		this.listener?.dispose();
		this.disposables.forEach((disposable) => disposable.dispose());
		this.changed.dispose();
	}
}
