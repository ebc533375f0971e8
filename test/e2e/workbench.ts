/// <reference lib="dom" />
// A real VS Code: the packaged vsix in a real server and extension host, displayed by Chromium. Tests use only the
// palette and the keyboard, and every wait is for something on the screen.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

interface Server {
	readonly port: number;
	readonly authority: string;
	readonly origin: string;
	stop(): Promise<void>;
}

interface RealVscode {
	startServer(options: {
		readonly settings?: object;
		readonly trust?: boolean;
		readonly port?: number;
		readonly dataDir: string;
		readonly extensionsDir: string;
		readonly env?: Readonly<Record<string, string>>;
	}): Promise<Server>;
	installPacked(vsix?: string): Promise<string>;
	workbenchUrl(server: Server, folder: string): string;
	readonly chromiumFlags: readonly string[];
}

const script = async <T>(name: string): Promise<T> =>
	(await import(pathToFileURL(path.resolve('scripts', name)).href)) as T;

/** Patience for a machine that is as busy as in CI; conditions are normally met far sooner. */
const patience = Number(process.env['STAT_E2E_PATIENCE'] ?? 300_000);

export interface WorkbenchOptions {
	/** A folder to copy, so that changes affect only this test; an empty folder by default. */
	readonly folderFrom?: string | undefined;
	/** Whether workspace trust is on and has not been granted. */
	readonly trust?: boolean | undefined;
	readonly settings?: Readonly<Record<string, unknown>> | undefined;
	readonly viewport?: { readonly width: number; readonly height: number } | undefined;
	/** Called with the folder before VS Code opens it. */
	readonly prepare?: ((folder: string) => void | Promise<void>) | undefined;
}

/**
 * An extensions folder into which VS Code's own installer has put the packed vsix, once for every test in a process.
 * STAT_EXTENSIONS names an existing folder, and STAT_VSIX a packed vsix.
 */
let installed: Promise<string> | undefined;

export class Workbench {
	/** Requests that would have left this machine. */
	readonly strayRequests: string[] = [];
	/** Violations of content security policies reported by pages and the workbench. */
	readonly violations: string[] = [];
	/** Browser dialogs, of which we open none. */
	readonly dialogs: string[] = [];
	page!: Page;
	private server!: Server;
	private browser!: Browser;
	private context!: BrowserContext;

	private constructor(
		private readonly vscode: RealVscode,
		private readonly scratch: string,
		private readonly options: WorkbenchOptions,
	) {}

	static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
		const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-e2e-'));
		const bench = new Workbench(await script<RealVscode>('realVscode.mjs'), scratch, options);
		try {
			mkdirSync(bench.dataDir);
			mkdirSync(bench.folder);
			if (options.folderFrom !== undefined) {
				cpSync(options.folderFrom, bench.folder, { recursive: true });
			}
			await options.prepare?.(bench.folder);
			const { STAT_EXTENSIONS, STAT_VSIX } = process.env;
			const extensions = STAT_EXTENSIONS ?? (await (installed ??= bench.vscode.installPacked(STAT_VSIX)));
			cpSync(extensions, bench.extensionsDir, { recursive: true });
			await bench.startServer(0);
			bench.browser = await chromium.launch({
				executablePath: process.env['STAT_CHROMIUM'] ?? '/usr/bin/chromium-headless-shell',
				args: [...bench.vscode.chromiumFlags],
			});
			bench.context = await bench.browser.newContext({
				viewport: options.viewport ?? { width: 1280, height: 800 },
				permissions: ['clipboard-read', 'clipboard-write'],
			});
			bench.context.setDefaultTimeout(patience);
			bench.watch();
			await bench.show();
		} catch (error) {
			await bench.close();
			throw error;
		}
		return bench;
	}

	get folder(): string {
		return path.join(this.scratch, 'project');
	}

	get extensionsDir(): string {
		return path.join(this.scratch, 'extensions');
	}

	private get dataDir(): string {
		return path.join(this.scratch, 'data');
	}

	private async startServer(port: number): Promise<void> {
		this.server = await this.vscode.startServer({
			settings: { 'workbench.reduceMotion': 'on', ...this.options.settings },
			trust: this.options.trust === true,
			port,
			dataDir: this.dataDir,
			extensionsDir: this.extensionsDir,
		});
	}

	private watch(): void {
		this.context.on('requestfinished', (request) => {
			void request.response().then(
				(response) => {
					if (isOutside(request.url()) && response?.fromServiceWorker() !== true) {
						this.strayRequests.push(request.url());
					}
				},
				() => undefined,
			);
		});
		this.context.on('requestfailed', (request) => {
			// A closing page aborts requests for its own files; a request to another machine would have failed to
			// resolve its host.
			const ownFile =
				new URL(request.url()).hostname.endsWith('.vscode-resource.vscode-cdn.net') &&
				request.failure()?.errorText === 'net::ERR_ABORTED';
			if (isOutside(request.url()) && !ownFile) {
				this.strayRequests.push(request.url());
			}
		});
		this.context.on('console', (message) => {
			if (/content security policy|refused to (load|execute|apply|connect|frame|run)/i.test(message.text())) {
				this.violations.push(message.text());
			}
		});
		this.context.on('dialog', (dialog) => {
			if (dialog.type() !== 'beforeunload') {
				this.dialogs.push(dialog.message());
			}
			void dialog.accept().catch(() => undefined);
		});
	}

	private async show(): Promise<void> {
		this.page = await this.context.newPage();
		await this.page.goto(this.vscode.workbenchUrl(this.server, this.folder));
		await this.page.waitForSelector('.monaco-workbench .activitybar .action-label[aria-label^="STAT"]');
		await this.page.waitForSelector('.monaco-workbench .statusbar-item');
	}

	/**
	 * Stops the server and starts it again with the same data and port, as after a reboot; the browser keeps its state.
	 */
	async restart(): Promise<void> {
		const { port } = this.server;
		// VS Code stores its open editors in the browser every five seconds, but not while a panel's page has the
		// focus; what it writes on closing may come too late.
		await this.page.evaluate(() =>
			document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined,
		);
		await this.page.waitForTimeout(8000);
		await this.page.goto('about:blank');
		await this.page.close();
		await this.server.stop();
		await this.startServer(port);
		await this.show();
	}

	/**
	 * Runs a command as a user does: F1, its whole title, Enter once the palette lists it. A palette that was opened
	 * while extensions were being read does not list all commands, so it is opened again.
	 */
	async palette(title: string): Promise<void> {
		const { page } = this;
		const found = this.quickInput.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first();
		for (const end = Date.now() + patience; ;) {
			await page.keyboard.press('F1');
			if (await appears(this.quickInput.locator('input.input'), 3000)) {
				await page.keyboard.press('ControlOrMeta+a');
				await page.keyboard.type(`>${title}`);
				// Recently used commands come first, so the cursor moves down to the right one.
				const listed = this.quickInput
					.locator('.quick-input-list .monaco-list-row', { hasText: title })
					.first();
				for (let down = 0; down < 8 && (await appears(listed, 5000)) && !(await appears(found, 300)); down++) {
					await page.keyboard.press('ArrowDown');
				}
				if (await appears(found, 500)) {
					break;
				}
				await page.keyboard.press('Escape');
			}
			if (Date.now() > end) {
				await this.screenshot('failed');
				assert.fail(`the palette has no “${title}”`);
			}
		}
		await page.keyboard.press('Enter');
	}

	/** Whether the palette currently offers a command; checked once extensions have been read. */
	async offers(title: string): Promise<boolean> {
		const { page } = this;
		await page.keyboard.press('F1');
		await this.seen(this.quickInput.locator('input.input'));
		await page.keyboard.press('ControlOrMeta+a');
		await page.keyboard.type(`>${title}`);
		const found = await appears(
			this.quickInput.locator('.quick-input-list .monaco-list-row', { hasText: title }).first(),
			3000,
		);
		await page.keyboard.press('Escape');
		await this.quickInput.waitFor({ state: 'hidden' });
		return found;
	}

	get quickInput(): Locator {
		return this.page.locator('.quick-input-widget');
	}

	/** Waits for a quick pick whose placeholder contains the given words, narrows it to `label` and accepts it. */
	async pick(placeholder: string, label: string): Promise<void> {
		const input = this.quickInput.locator(`input.input[placeholder*="${placeholder}"]`);
		await this.seen(input);
		await this.page.keyboard.type(label);
		await this.focusedRow(label);
		await this.page.keyboard.press('Enter');
		// A list that is redrawn at that moment does not take the key.
		for (let again = 0; again < 3; again++) {
			await input.waitFor({ state: 'hidden', timeout: 5000 }).catch(() => undefined);
			if (!(await input.isVisible()) || (await input.inputValue()) !== label) {
				return;
			}
			await this.page.keyboard.press('Enter');
		}
	}

	/** Waits for an input box whose prompt contains the given words and fills it in. */
	async answer(prompt: string, text: string): Promise<void> {
		await this.seen(this.quickInput.locator('.quick-input-message', { hasText: prompt }));
		await this.page.keyboard.press('ControlOrMeta+a');
		await this.page.keyboard.type(text);
		await this.page.keyboard.press('Enter');
	}

	private async focusedRow(label: string): Promise<void> {
		await this.seen(
			this.quickInput.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).first(),
		);
	}

	/** Waits for a condition. If it fails, a screenshot of what was shown instead goes to STAT_E2E_SHOTS. */
	private async seen(locator: Locator): Promise<void> {
		try {
			await locator.waitFor();
		} catch (error) {
			await this.screenshot('failed');
			throw error;
		}
	}

	/** Waits until the status bar shows the text. */
	async status(text: string | RegExp): Promise<void> {
		await this.seen(this.page.locator('.statusbar-item', { hasText: text }).first());
	}

	async notification(text: string | RegExp): Promise<Locator> {
		const found = this.page.locator('.notification-toast .notification-list-item', { hasText: text }).first();
		await this.seen(found);
		return found;
	}

	/** Returns the rows of one of our views as shown on the screen: `Algebra 185 train`. */
	async rows(view: 'Skills' | 'Questions' | 'Datasets' | 'Jobs'): Promise<string[]> {
		const pane = this.page
			.locator('.split-view-view', { has: this.page.locator(`.pane-header[aria-label^="${view}"]`) })
			.last();
		return (await pane.locator('.monaco-list-row').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
	}

	/** Returns the page of a panel, once the page shows `ready`. */
	async panel(
		title: 'Diagnosis' | 'Missing Skills' | 'Curation' | 'Rounds' | `Job ${string}`,
		ready: string,
	): Promise<Frame> {
		for (const end = Date.now() + patience; Date.now() < end; await this.page.waitForTimeout(100)) {
			for (const frame of this.page.frames()) {
				const there = await frame
					.evaluate(
						([expected, selector]) =>
							document.title === expected && document.querySelector(selector ?? '') !== null,
						[title, ready],
					)
					.catch(() => false);
				if (there) {
					return frame;
				}
			}
		}
		await this.screenshot('failed');
		throw new Error(`the panel “${title}” never showed ${ready}`);
	}

	/** Retries until the condition holds. */
	async until<T>(what: string, look: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
		let last: T | undefined;
		for (const end = Date.now() + patience; Date.now() < end; await this.page.waitForTimeout(100)) {
			last = await look();
			if (holds(last)) {
				return last;
			}
		}
		await this.screenshot('failed');
		throw new Error(`did not come to pass: ${what}; last seen: ${JSON.stringify(last)?.slice(0, 2000)}`);
	}

	/** Returns what the command line of the same build reads in the project. */
	cli<T>(...args: readonly string[]): T {
		const extension = path.resolve('dist', 'cli.js');
		return JSON.parse(
			execFileSync(process.execPath, [extension, ...args, '--json', '--project', this.folder], {
				encoding: 'utf8',
				stdio: ['ignore', 'pipe', 'pipe'],
			}),
		) as T;
	}

	async screenshot(name: string): Promise<void> {
		const folder = process.env['STAT_E2E_SHOTS'];
		if (folder !== undefined) {
			mkdirSync(folder, { recursive: true });
			await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
		}
	}

	async close(): Promise<void> {
		await this.browser?.close();
		await this.server?.stop();
		if (existsSync(this.scratch)) {
			rmSync(this.scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
		}
	}
}

async function appears(locator: Locator, timeout: number): Promise<boolean> {
	return locator.waitFor({ timeout }).then(
		() => true,
		() => false,
	);
}

/**
 * VS Code serves a webview's files through its service worker under an invented host; the response shows whether it did
 * so.
 */
function isOutside(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return (
		(protocol === 'http:' || protocol === 'https:' || protocol === 'ws:' || protocol === 'wss:') &&
		hostname !== '127.0.0.1' &&
		hostname !== 'localhost'
	);
}
