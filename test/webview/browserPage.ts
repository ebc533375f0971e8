/// <reference lib="dom" />
// Opens a page of dist/webview in a real Chromium. The page is served on loopback with the extension's own HTML and
// policy, and with a stand-in for acquireVsCodeApi that records what the page posts. Counts requests, policy violations
// and script errors.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { newNonce, pageHtml } from '../../src/ui/kit/pageHtml.ts';
import themes from './themes.json';

export type ThemeName = keyof typeof themes;
export const themeNames = Object.keys(themes) as ThemeName[];

const dist = path.resolve('dist/webview');
/** The folder where kitPage is built; see kit.test.ts. */
export const kitFolder = path.resolve('out/test/kitPage');
const types: Record<string, string> = {
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.woff2': 'font/woff2',
	'.html': 'text/html',
};

/** Returns the browser's path, or undefined after printing how to get one. In CI, a missing browser is a failure. */
function chromiumPath(): string | undefined {
	const found = [
		process.env['STAT_CHROMIUM'],
		process.env['CHROMIUM'],
		'/usr/bin/chromium-headless-shell',
		'/usr/bin/chromium',
		'/usr/bin/chromium-browser',
		'/usr/bin/google-chrome',
	].find((name) => name !== undefined && existsSync(name));
	if (!found) {
		const message =
			'the panels are tested in Chromium, which is missing here: sudo apt-get install -y ' +
			'chromium-headless-shell fonts-dejavu-core';
		if (process.env['CI']) {
			throw new Error(message);
		}
		console.error(message);
	}
	return found;
}

/** A value for `test(name, { skip }, …)`. */
export const skip: string | false =
	chromiumPath() === undefined ? 'needs Chromium: sudo apt-get install -y chromium-headless-shell' : false;

export async function launch(): Promise<Browser> {
	const executablePath = chromiumPath();
	if (!executablePath) {
		throw new Error('no Chromium');
	}
	if (!existsSync(path.join(dist, 'diagnosis.js'))) {
		throw new Error('dist/webview is missing: npm run build');
	}
	return chromium.launch({
		executablePath,
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
		],
	});
}

type PageName = 'diagnosis' | 'profile' | 'job' | 'curation' | 'rounds' | 'kitPage';

/** Starts one browser for the tests of a file, and returns a function that opens pages in it. */
export function useBrowser(): <ToPage, ToHost>(
	name: PageName,
	options?: PageOptions,
) => Promise<OpenPage<ToPage, ToHost>> {
	let browser: Browser | undefined;
	before(async () => {
		if (!skip) {
			browser = await launch();
		}
	});
	after(() => browser?.close());
	return async (name, options) => {
		assert.ok(browser);
		return openPage(browser, name, options);
	};
}

export interface Violation {
	readonly directive: string;
	readonly blocked: string;
	readonly source: string;
	readonly sample: string;
}

export interface OpenPage<ToPage, ToHost> {
	readonly page: Page;
	/** Delivers a message as the extension does. */
	send(message: ToPage): Promise<void>;
	/** Returns everything that the page has posted. */
	posted(): Promise<ToHost[]>;
	/** Waits for a posted message of this type; fails after a minute. */
	waitFor(type: string, count?: number): Promise<ToHost[]>;
	/** Presses keys one after another, under the names that Playwright uses. */
	press(...keys: string[]): Promise<void>;
	remembered(): Promise<unknown>;
	violations(): Promise<Violation[]>;
	/** Requests for anything other than the page's own files, and script errors. */
	readonly strayRequests: string[];
	readonly errors: string[];
	/** Closes the page; fails if anything went wrong in it. */
	close(): Promise<void>;
}

interface Recorder {
	readonly posted: unknown[];
	state: unknown;
	readonly violations: Violation[];
}

export interface PageOptions {
	readonly theme?: ThemeName;
	readonly width?: number;
	readonly height?: number;
	/** The result of acquireVsCodeApi().getState(). */
	readonly remembered?: unknown;
}

/** Opens a panel's page and waits until it posts ready. */
export async function openPage<ToPage, ToHost>(
	browser: Browser,
	name: PageName,
	options: PageOptions = {},
): Promise<OpenPage<ToPage, ToHost>> {
	const server = await serve(name, options.theme ?? 'dark');
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const context = await browser.newContext({
		viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
	});
	const page = await context.newPage();
	const strayRequests: string[] = [];
	const errors: string[] = [];
	page.on('request', (request) => {
		if (!request.url().startsWith(`${origin}/`)) {
			strayRequests.push(request.url());
		}
	});
	page.on('crash', () => errors.push('the page crashed'));
	page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
	page.on('dialog', (dialog) => {
		errors.push(`dialog: ${dialog.message()}`);
		void dialog.dismiss();
	});
	await page.addInitScript((remembered) => {
		const recorder: Recorder = { posted: [], state: remembered, violations: [] };
		Object.assign(globalThis, {
			recorder,
			acquireVsCodeApi: () => ({
				postMessage: (message: unknown) => recorder.posted.push(structuredClone(message)),
				getState: () => recorder.state,
				setState: (state: unknown) => (recorder.state = structuredClone(state)),
			}),
		});
		document.addEventListener('securitypolicyviolation', (event) =>
			recorder.violations.push({
				directive: event.effectiveDirective,
				blocked: event.blockedURI,
				source: event.sourceFile,
				sample: event.sample,
			}),
		);
	}, options.remembered);
	await page.goto(`${origin}/page.html`);
	const read = <T>(pick: 'posted' | 'state' | 'violations'): Promise<T> =>
		page.evaluate((key) => (globalThis as unknown as { recorder: Recorder }).recorder[key], pick) as Promise<T>;
	const opened: OpenPage<ToPage, ToHost> = {
		page,
		strayRequests,
		errors,
		send: async (message) => {
			await page.evaluate((data) => window.postMessage(data, '*'), message as unknown);
			await page.evaluate(
				() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
			);
		},
		posted: () => read<ToHost[]>('posted'),
		waitFor: async (type, count = 1) => {
			await page.waitForFunction(
				([expected, least]) =>
					(globalThis as unknown as { recorder: Recorder }).recorder.posted.filter(
						(message) => (message as { type: string }).type === expected,
					).length >= Number(least),
				[type, count] as const,
				{ timeout: 60_000 },
			);
			return (await read<(ToHost & { type: string })[]>('posted')).filter((message) => message.type === type);
		},
		press: async (...keys) => {
			for (const key of keys) {
				await page.keyboard.press(key);
			}
		},
		remembered: () => read('state'),
		violations: () => read<Violation[]>('violations'),
		close: async () => {
			assert.deepEqual(errors, []);
			assert.deepEqual(strayRequests, []);
			assert.deepEqual(await opened.violations(), []);
			await context.close();
			server.closeAllConnections();
			server.close();
		},
	};
	await opened.waitFor('ready');
	return opened;
}

/** Serves the extension's HTML with a theme as VS Code applies it: variables on the root, classes on the body. */
async function serve(name: PageName, theme: ThemeName): Promise<Server> {
	const folder = name === 'kitPage' ? kitFolder : dist;
	const { class: classes, variables } = themes[theme];
	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '/', 'http://127.0.0.1');
		if (url.pathname === '/page.html') {
			const origin = `http://${request.headers.host ?? ''}`;
			const html = pageHtml({
				cspSource: origin,
				script: `${origin}/${name}.js`,
				style: `${origin}/${name}.css`,
				title: name,
				language: 'en',
				nonce: newNonce(),
				styleNonce: newNonce(),
			});
			response.setHeader('content-type', 'text/html; charset=utf-8');
			response.end(
				html
					.replace(
						'<body>',
						`<body class="${classes}" data-vscode-theme-kind="${classes.split(' ')[0] ?? ''}">`,
					)
					.replace('</head>', '<link rel="stylesheet" href="/theme.css"></head>'),
			);
			return;
		}
		if (url.pathname === '/theme.css') {
			response.setHeader('content-type', 'text/css');
			response.end(
				`html { ${Object.entries(variables)
					.map(([key, value]) => `${key}: ${value};`)
					.join(' ')} }`,
			);
			return;
		}
		const file = path.join(folder, path.normalize(url.pathname));
		if (!file.startsWith(folder + path.sep) || !existsSync(file)) {
			response.statusCode = 404;
			response.end();
			return;
		}
		response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
		response.end(readFileSync(file));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	// A failed test may leave the server open, which must not block the run.
	server.unref();
	return server;
}
