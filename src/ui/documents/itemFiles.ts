import * as vscode from 'vscode';
import type { ItemContent } from '../../core/curation/curation.ts';
import { contentInForce, isSameContent } from '../../core/curation/curation.ts';
import { itemText, readItemText } from '../../core/curation/itemText.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { StatError } from '../../core/errors/statError.ts';
import { editScheme } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { oneLine } from '../kit/untrustedText.ts';

export interface ItemName {
	readonly dataset: string;
	readonly questionId: QuestionId;
}

export interface ItemEdit extends ItemName {
	readonly before: ItemContent;
	readonly after: ItemContent;
}

/**
 * Returns `stat-edit:/STAT Studio/edit/syn-r1/0f3a…/A train leaves…`: the path determines the tab's title and the
 * language (see package.json).
 */
export function itemUri({ dataset, questionId }: ItemName, title: string): vscode.Uri {
	const name =
		oneLine(title, 50)
			.replace(/[\\/:?#%*"<>|$]+/g, ' ')
			.replace(/\.{2,}/g, '…')
			.replace(/ {2,}/g, ' ')
			.trim() || questionId.slice(0, 8);
	return vscode.Uri.from({ scheme: editScheme, path: `/STAT Studio/edit/${dataset}/${questionId}/${name}` });
}

/** Parses a URI; returns undefined if it is not one of ours. */
export function itemOfUri(uri: vscode.Uri): ItemName | undefined {
	const match =
		uri.scheme === editScheme
			? /^\/STAT Studio\/edit\/([A-Za-z0-9_-][A-Za-z0-9._-]{0,79})\/([0-9a-f]{32})\/[^/]+$/.exec(uri.path)
			: null;
	return match?.[1] !== undefined && match[2] !== undefined ? { dataset: match[1], questionId: match[2] } : undefined;
}

/** Returns the open tabs that show an item's text. */
export function tabsOf(uri: vscode.Uri): vscode.Tab[] {
	return vscode.window.tabGroups.all
		.flatMap((group) => group.tabs)
		.filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

/**
 * Presents synthesized problems as files that an editor can open. Saving one is an edit, which is graded and stored
 * like any other decision. No file on disk has these names; a text that cannot be parsed is not saved, and the editor
 * shows the reason.
 */
export class ItemFiles implements vscode.FileSystemProvider, vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
	readonly onDidChangeFile = this.changed.event;
	private readonly edited = new vscode.EventEmitter<ItemEdit>();
	/** Fires once an edit is durable. */
	readonly onDidEdit = this.edited.event;
	private readonly registration: vscode.Disposable;
	private listener: vscode.Disposable | undefined;

	constructor(private readonly project: OpenProject) {
		this.registration = vscode.Disposable.from(
			vscode.workspace.registerFileSystemProvider(editScheme, this, { isCaseSensitive: true }),
			project.onDidChange((session) => this.follow(session)),
		);
		this.follow(project.session);
	}

	private follow(session: ProjectSession | null): void {
		this.listener?.dispose();
		this.listener = session?.onDidChange((topics) => {
			if (topics.has('curation')) {
				const open = vscode.workspace.textDocuments.filter(({ uri }) => itemOfUri(uri));
				this.changed.fire(open.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
			}
		});
	}

	private async find(uri: vscode.Uri) {
		const name = itemOfUri(uri);
		const session = name && (this.project.session ?? (await this.project.look()));
		if (!name || !session) {
			throw vscode.FileSystemError.FileNotFound(uri);
		}
		const parts = await session.parts();
		const found = await parts.store.read('item', name);
		if (!found) {
			throw vscode.FileSystemError.FileNotFound(uri);
		}
		return { name, session, parts, found, content: contentInForce(found.item, found.history) };
	}

	async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
		const { found, content } = await this.find(uri);
		const { history, item } = found;
		// Each later decision increases it, even if the clock does not advance.
		const mtime = (Date.parse(history.at(-1)?.at ?? item.at) || 0) + history.length;
		return {
			type: vscode.FileType.File,
			ctime: Date.parse(item.at) || 0,
			mtime,
			size: Buffer.byteLength(itemText(content)),
			...(vscode.workspace.isTrusted ? {} : { permissions: vscode.FilePermission.Readonly }),
		};
	}

	async readFile(uri: vscode.Uri): Promise<Uint8Array> {
		return Buffer.from(itemText((await this.find(uri)).content));
	}

	async writeFile(uri: vscode.Uri, bytes: Uint8Array): Promise<void> {
		if (!vscode.workspace.isTrusted) {
			throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Nothing is saved in an untrusted folder.'));
		}
		const { name, session, parts, content: before } = await this.find(uri);
		try {
			const after = readItemText(Buffer.from(bytes).toString('utf8'));
			if (isSameContent(before, after)) {
				return;
			}
			const { curate } = await import('../../workflow/curation/curate.ts');
			await curate(
				parts,
				{
					dataset: name.dataset,
					questionIds: [name.questionId],
					act: { verdict: 'edited', after },
					author: session.author(),
				},
				{
					now: () => new Date().toISOString(),
					signal: new AbortController().signal,
					progress: () => undefined,
				},
			);
			this.edited.fire({ ...name, before, after });
		} catch (error) {
			throw error instanceof StatError ? vscode.FileSystemError.Unavailable(error.message) : error;
		}
	}

	watch(): vscode.Disposable {
		return new vscode.Disposable(() => undefined);
	}

	readDirectory(): never {
		throw vscode.FileSystemError.NoPermissions();
	}

	createDirectory(): never {
		throw vscode.FileSystemError.NoPermissions();
	}

	delete(): never {
		throw vscode.FileSystemError.NoPermissions();
	}

	rename(): never {
		throw vscode.FileSystemError.NoPermissions();
	}

	dispose(): void {
		this.listener?.dispose();
		this.registration.dispose();
		this.changed.dispose();
		this.edited.dispose();
	}
}
