import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import type { ToPage } from '../../../../webview/curation/protocol.ts';
import { readItemText } from '../../../core/curation/itemText.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { ItemName } from '../../documents/itemFiles.ts';
import { itemOfUri, itemUri, tabsOf } from '../../documents/itemFiles.ts';
import { shownContent } from './curationState.ts';

type Preview = Omit<Extract<ToPage, { readonly type: 'preview' }>, 'type'>;

export interface EditorPreviewOptions {
	/** Returns the dataset whose items are previewed. */
	readonly dataset: () => string;
	readonly parts: () => Promise<Pick<Parts, 'store' | 'grader'>>;
	readonly onPreview: (preview: Preview) => void;
	/** Runs a read and shows any error in the panel. */
	readonly guard: (work: () => Promise<void>) => Promise<void>;
}

/** Milliseconds between the last key and the update of the preview. */
const delay = 150;

/** Opens items in an editor and shows each one in the panel as it is being typed. */
export class EditorPreview implements vscode.Disposable {
	private timer: NodeJS.Timeout | undefined;
	/** The document that the page is previewing. */
	private previewed: vscode.Uri | undefined;
	private readonly listeners: readonly vscode.Disposable[];

	constructor(private readonly options: EditorPreviewOptions) {
		this.listeners = [
			vscode.workspace.onDidChangeTextDocument(({ document }) => this.follow(document)),
			vscode.workspace.onDidSaveTextDocument((document) => this.follow(document)),
			// If the last tab of a group closes together with the group, VS Code reports no tab.
			vscode.window.tabGroups.onDidChangeTabs(() => this.closeIfGone()),
			vscode.window.tabGroups.onDidChangeTabGroups(() => this.closeIfGone()),
		];
	}

	dispose(): void {
		clearTimeout(this.timer);
		this.listeners.forEach((listener) => listener.dispose());
	}

	/** Opens an item beside the panel, with the caret at the beginning of its question. */
	async open(questionId: QuestionId): Promise<void> {
		const { store } = await this.options.parts();
		const dataset = this.options.dataset();
		const [row] = await store.read('itemRows', { dataset, ids: [questionId] });
		const document = await vscode.workspace.openTextDocument(itemUri({ dataset, questionId }, row?.title ?? ''));
		const start = new vscode.Position(Math.min(1, document.lineCount - 1), 0);
		await vscode.window.showTextDocument(document, {
			viewColumn: vscode.ViewColumn.Beside,
			preview: true,
			selection: new vscode.Range(start, start),
		});
		this.follow(document);
	}

	private follow(document: vscode.TextDocument): void {
		const name = itemOfUri(document.uri);
		if (name?.dataset !== this.options.dataset()) {
			return;
		}
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.options.guard(() => this.show(name, document)), delay);
	}

	private async show({ questionId }: ItemName, document: vscode.TextDocument): Promise<void> {
		const { content, problem } = await this.read(document.getText());
		// A document outlives its tab for a while, but its preview must not.
		if (tabsOf(document.uri).length > 0) {
			this.previewed = document.uri;
			this.options.onPreview({ questionId, content, problem, isSaved: !document.isDirty });
		}
	}

	private async read(text: string): Promise<Pick<Preview, 'content' | 'problem'>> {
		const parts = await this.options.parts();
		try {
			return { content: await shownContent(parts, readItemText(text)), problem: null };
		} catch (error) {
			return { content: null, problem: errorText(error) };
		}
	}

	private closeIfGone(): void {
		if (this.previewed && tabsOf(this.previewed).length === 0) {
			this.previewed = undefined;
			this.options.onPreview({ questionId: null, content: null, problem: null, isSaved: true });
		}
	}
}
