import * as vscode from 'vscode';
import { newNonce, pageHtml } from './pageHtml.ts';
import type { MessageReader } from './readMessage.ts';

/** What every panel needs of the studio. */
export interface PanelHost {
	readonly context: vscode.ExtensionContext;
	readonly log: vscode.LogOutputChannel;
}

export interface PageOptions<ToHost> {
	readonly host: PanelHost;
	readonly panel: vscode.WebviewPanel;
	/** Its folder in webview/, and its bundle. */
	readonly name: 'diagnosis' | 'profile' | 'job' | 'curation' | 'rounds';
	readonly title: string;
	/** Turns what the page posted into one of the panel's messages; what it drops is logged. */
	readonly read: MessageReader<ToHost & { readonly type: string }>;
	/** Called for `ready` too: the page was made, or made again after it was hidden or moved. */
	readonly onMessage: (message: ToHost) => void;
}

/**
 * A page of dist/webview in a panel: its HTML, messages that wait until the page says it is ready, and what ends with
 * the panel.
 */
export class WebviewPage<ToPage, ToHost> {
	private ready = false;
	private readonly disposables: { dispose(): unknown }[] = [];
	private readonly ended = new AbortController();

	private readonly panel: vscode.WebviewPanel;

	constructor({ host: { context, log }, panel, name, title, read, onMessage }: PageOptions<ToHost>) {
		this.panel = panel;
		const { webview } = panel;
		panel.onDidDispose(() => {
			this.ready = false;
			this.ended.abort();
			this.disposables.forEach((disposable) => disposable.dispose());
		});
		const folder = vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview');
		webview.options = {
			enableScripts: true,
			enableForms: false,
			enableCommandUris: false,
			localResourceRoots: [folder],
		};
		panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'icon.png');
		this.disposables.push(
			webview.onDidReceiveMessage((value: unknown) => {
				const message = read(value, (problem) => log.warn(`${name} panel: dropped a message: ${problem}`));
				if (!message) {
					return;
				}
				this.ready ||= message.type === 'ready';
				onMessage(message);
			}),
			// A hidden page is thrown away (retainContextWhenHidden is off); it says ready again when it is back.
			panel.onDidChangeViewState(() => {
				this.ready &&= panel.visible;
			}),
		);
		webview.html = pageHtml({
			cspSource: webview.cspSource,
			script: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.js`)).toString(),
			style: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.css`)).toString(),
			title,
			language: vscode.env.language,
			nonce: newNonce(),
			styleNonce: newNonce(),
		});
	}

	/** Does nothing while there is no page: `ready` asks for the whole state anyway. */
	post(message: ToPage): void {
		if (this.ready) {
			void this.panel.webview.postMessage(message);
		}
	}

	/** Aborted when the panel is closed. */
	get closed(): AbortSignal {
		return this.ended.signal;
	}

	/** Disposed of when the panel is closed. */
	keep(...disposables: readonly { dispose(): unknown }[]): void {
		this.disposables.push(...disposables);
	}
}

/**
 * Runs `work` for the newest call and at most once more for all that came meanwhile. What takes long rests four times
 * as long after it (two seconds at most): a panel that follows a run of thousands of calls leaves the host to the run.
 */
export class Latest {
	private running = false;
	private again = false;

	constructor(
		private readonly work: () => Promise<void>,
		/** Milliseconds of pause after work that took long, at most. */
		private readonly longestPause = 2000,
	) {}

	run(): void {
		if (this.running) {
			this.again = true;
			return;
		}
		this.running = true;
		const began = Date.now();
		const next = () => {
			this.running = false;
			if (this.again) {
				this.again = false;
				this.run();
			}
		};
		void this.work().finally(() => {
			const took = Date.now() - began;
			if (took < 50) {
				next();
			} else {
				setTimeout(next, Math.min(this.longestPause, 4 * took));
			}
		});
	}
}
