import * as vscode from 'vscode';
import { newNonce, pageHtml } from './pageHtml.ts';
import type { MessageReader } from './readMessage.ts';

/** What every panel needs from the studio. */
export interface PanelHost {
	readonly context: vscode.ExtensionContext;
	readonly log: vscode.LogOutputChannel;
}

export interface PageOptions<ToHost> {
	readonly host: PanelHost;
	readonly panel: vscode.WebviewPanel;
	/** Names its folder in webview/ and its bundle. */
	readonly name: 'diagnosis' | 'profile' | 'job' | 'curation' | 'rounds';
	readonly title: string;
	/** Parses a posted value as one of the panel's messages; dropped values are logged. */
	readonly read: MessageReader<ToHost & { readonly type: string }>;
	/**
	 * Also called for `ready`, which means that the page was created, or created again after it was hidden or moved.
	 */
	readonly onMessage: (message: ToHost) => void;
}

/**
 * A page of dist/webview in a panel: provides its HTML, posts messages to it once it is ready, and disposes of what
 * belongs to the panel.
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
			// A hidden page is discarded (retainContextWhenHidden is off), and posts ready again when it is shown.
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

	/** Does nothing while there is no page: when a page posts `ready`, it gets the whole state. */
	post(message: ToPage): void {
		if (this.ready) {
			void this.panel.webview.postMessage(message);
		}
	}

	/** Aborted when the panel is closed. */
	get closed(): AbortSignal {
		return this.ended.signal;
	}

	/** Registers objects to dispose of when the panel is closed. */
	keep(...disposables: readonly { dispose(): unknown }[]): void {
		this.disposables.push(...disposables);
	}
}

/**
 * Runs `work` for the newest call, and at most once more for all calls made meanwhile. After a run of 50 ms or
 * more it pauses for four times that duration (at most two seconds by default), so that a panel that follows thousands
 * of calls leaves the extension host to them.
 */
export class Latest {
	private running = false;
	private again = false;

	constructor(
		private readonly work: () => Promise<void>,
		/** Maximum length of the pause after a run, in ms. */
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
