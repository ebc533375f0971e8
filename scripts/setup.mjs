// Ensures what every command needs before its own work: installed packages and a built dist/. This is plain Node
// without packages, since a fresh clone has none.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Downloaded tools are shared between clones, since a real VS Code server takes 0.8 GB. */
export const cacheFolder =
	process.env.STAT_STUDIO_CACHE ??
	path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'stat-studio');

/** Runs a program until it ends; its output goes to stderr so that the command's own stdout stays clean. */
export function runStep(label, program, args, options = {}) {
	process.stderr.write(`${label} …\n`);
	const started = Date.now();
	const { status, error, stdout, stderr } = spawnSync(program, args, {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
		encoding: 'utf8',
		maxBuffer: 1 << 28,
		...options,
	});
	if (error || status !== 0) {
		process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
		throw new Error(`${label} failed (${error?.message ?? `exit ${status}`}): ${program} ${args.join(' ')}`);
	}
	process.stderr.write(`${label}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
	return stdout;
}

/** Runs npm with our own Node, since `npm` may be a .cmd file, a shim or absent from PATH. */
export function npm(label, args, options) {
	const cli = process.env.npm_execpath;
	return cli && cli.endsWith('.js')
		? runStep(label, process.execPath, [cli, ...args], options)
		: runStep(label, process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
				shell: process.platform === 'win32',
				...options,
			});
}

export function checkNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major < 20 || (major === 20 && minor < 19)) {
		throw new Error(`Node ${process.versions.node} is too old: STAT Studio needs Node 20.19 or newer`);
	}
}

/** Runs `npm ci` unless node_modules was installed from the current lock file. */
export function ensureInstalled() {
	checkNode();
	const mark = path.join(root, 'node_modules', '.stat-studio-lock');
	const lock = createHash('sha256')
		.update(readFileSync(path.join(root, 'package-lock.json')))
		.digest('hex');
	if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) {
		return;
	}
	if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
		// npm ci would empty the folder that the link points to, which holds somebody else's packages.
		throw new Error('node_modules is a symbolic link; remove it, and this installs its own');
	}
	npm('Installing packages', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
	// esbuild's binary comes as an optional dependency, so its install script is not needed.
	writeFileSync(mark, lock);
}

function newest(folder) {
	let latest = 0;
	for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
		if (entry.isFile()) {
			latest = Math.max(latest, statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
		}
	}
	return latest;
}

/** Bundles dist/ if a source file is newer than it. */
export function ensureBuilt({ force = false } = {}) {
	ensureInstalled();
	const built = path.join(root, 'dist', '.built');
	const sources = ['src', 'webview', 'trainer', 'scripts']
		.map((folder) => path.join(root, folder))
		.filter(existsSync);
	const stamp = existsSync(built) ? statSync(built).mtimeMs : 0;
	if (!force && stamp > Math.max(...sources.map(newest), statSync(path.join(root, 'package-lock.json')).mtimeMs)) {
		return;
	}
	runStep('Building', process.execPath, [path.join(root, 'scripts', 'build.mjs')]);
	mkdirSync(path.dirname(built), { recursive: true });
	writeFileSync(built, '');
}

export const isDebianRoot = () =>
	process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

let refreshed = false;
/**
 * Makes sure that a program exists which this machine may lack. On Debian as root, its package is installed; otherwise
 * the command to install it is printed and `undefined` is returned, so that dependent tests are skipped by name.
 */
export function ensureDebian(programs, packages) {
	const found = () => programs.map(which).find(Boolean);
	const there = found();
	if (there) {
		return there;
	}
	if (!isDebianRoot()) {
		process.stderr.write(
			`missing: ${programs.join(' or ')}. On Debian or Ubuntu: sudo apt-get install -y ${packages.join(' ')}\n`,
		);
		return undefined;
	}
	try {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		if (!refreshed) {
			runStep('apt-get update', 'apt-get', ['update', '-qq'], { env });
			refreshed = true;
		}
		runStep(
			`Installing ${packages.join(', ')}`,
			'apt-get',
			['install', '-y', '-qq', '--no-install-recommends', ...packages],
			{ env },
		);
	} catch (error) {
		process.stderr.write(`${error.message}\n`);
	}
	return found();
}

export function which(program) {
	if (program.includes('/')) {
		return existsSync(program) ? program : undefined;
	}
	return [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']
		.map((folder) => path.join(folder, program))
		.find(existsSync);
}

const headlessShell = 'chromium-headless-shell';

/** Returns a Chromium: where possible the headless shell, which needs half the CPU time of the whole browser. */
export function ensureChromium() {
	const packages = [headlessShell, 'fonts-dejavu-core'];
	return (
		process.env.CHROMIUM ??
		(isDebianRoot() ? ensureDebian([headlessShell], packages) : undefined) ??
		ensureDebian([headlessShell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'], packages)
	);
}
