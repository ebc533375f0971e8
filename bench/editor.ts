// Measures the editor in a real VS Code (code-server and Chromium) with the packaged vsix. `--hosts=N`: the number of
// extension hosts in which activate() is measured (default 12); `--calls=N`: the number of teacher calls (default
// 2,000, 0 for none); `--activation`: measure only activate(). The baseline is an empty extension in the same hosts.
import { build } from 'esbuild';
import { programOptions } from '../scripts/bundle.mjs';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openStore } from '../src/store/openStore.ts';
import { fillLargeProject } from '../test/fixtures/largeProject.ts';
import { startStandInTeacher } from '../test/fixtures/standInTeacher.ts';
import type { Row } from './editor/workHost.ts';

interface Host {
	runInHost<R>(options: object): Promise<R>;
	installVsix(vsix: string, extensionsDir: string, dataDir: string): Promise<void>;
}

const script = async <T>(name: string): Promise<T> =>
	(await import(pathToFileURL(path.resolve('scripts', name)).href)) as T;
const quantile = (values: readonly number[], share: number) =>
	[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;
const hosts = Number(process.argv.find((arg) => arg.startsWith('--hosts='))?.slice(8) ?? 12);
const ours = 'stat-studio.stat-studio';
const empty = 'bench.empty';

/** Creates a folder that VS Code accepts as an extension. */
function extensionFolder(folder: string, name: string, main: string | null): string {
	mkdirSync(folder);
	writeFileSync(
		path.join(folder, 'package.json'),
		JSON.stringify({
			name,
			publisher: 'bench',
			version: '0.0.1',
			license: 'MIT',
			engines: { vscode: '^1.101.0' },
			...(main === null
				? {}
				: { main: './main.js', activationEvents: ['onCommand:bench.never'], files: ['main.js'] }),
		}),
	);
	if (main !== null) {
		writeFileSync(path.join(folder, 'main.js'), main);
	}
	return folder;
}

async function activation(
	{ runInHost }: Host,
	scratch: string,
	carrier: string,
	extensionsDir: string,
	chromium: string,
): Promise<void> {
	const times = new Map<string, number[]>([
		[ours, []],
		[empty, []],
	]);
	for (let launch = 0; launch < hosts; launch++) {
		const order = launch % 2 === 0 ? [ours, empty] : [empty, ours];
		const folder = mkdtempSync(path.join(scratch, 'folder-'));
		const measured = await runInHost<Record<string, number>>({
			chromium,
			folder,
			development: carrier,
			tests: path.resolve('out/bench/activationHost.mjs'),
			extensionsDir,
			env: { STAT_BENCH_ORDER: order.join(',') },
			log: () => undefined,
		});
		for (const [id, list] of times) {
			list.push(measured[id] ?? NaN);
		}
	}
	const [own = [], theirs = []] = [times.get(ours), times.get(empty)];
	console.log(`| activate(), ${hosts} hosts | median | best | worst |\n| --- | ---: | ---: | ---: |`);
	for (const [name, list] of [
		['STAT Studio', own],
		['an empty extension', theirs],
	] as const) {
		console.log(
			`| ${name} | ${quantile(list, 0.5).toFixed(1)} ms | ${Math.min(...list).toFixed(1)} ms | ` +
				`${Math.max(...list).toFixed(1)} ms |`,
		);
	}
	console.log(
		`| ratio of medians; median of the ratios | ${(quantile(own, 0.5) / quantile(theirs, 0.5)).toFixed(2)}; ${quantile(
			own.map((value, at) => value / (theirs[at] ?? NaN)),
			0.5,
		).toFixed(2)} | | |\n`,
	);
}

async function work(
	{ runInHost }: Host,
	scratch: string,
	carrier: string,
	extensionsDir: string,
	chromium: string,
): Promise<void> {
	const folder = mkdtempSync(path.join(scratch, 'large-'));
	const dist = path.join(extensionsDir, installed(extensionsDir), 'dist');
	const store = await openStore({ projectFolder: folder, dist, create: true });
	await fillLargeProject(store, 100_000);
	await store.close();
	const teacher = await startStandInTeacher();
	try {
		const rows = await runInHost<Row[]>({
			chromium,
			folder,
			development: carrier,
			tests: path.resolve('out/bench/workHost.mjs'),
			extensionsDir,
			env: {
				STAT_BENCH_TEACHER: teacher.url,
				STAT_BENCH_CALLS: process.argv.find((arg) => arg.startsWith('--calls='))?.slice(8) ?? '2000',
			},
			log: () => undefined,
			timeoutMs: 550_000,
		});
		console.log('| 100,000 questions | ms | event loop late: p50 / p99 / max, ms | |\n| --- | ---: | ---: | --- |');
		for (const { what, ms, lag, note } of rows) {
			console.log(
				`| ${what} | ${ms.toFixed(0)} | ${lag.p50.toFixed(1)} / ${lag.p99.toFixed(1)} / ` +
					`${lag.max.toFixed(1)} | ${note} |`,
			);
		}
		console.log('');
	} finally {
		await teacher.close();
	}
}

const installed = (extensionsDir: string) => readdirSync(extensionsDir).find((name) => name.startsWith(ours)) ?? '';

function sizes(extensionsDir: string): void {
	const dist = path.join(extensionsDir, installed(extensionsDir), 'dist');
	console.log('| in the vsix | kB | gzip |\n| --- | ---: | ---: |');
	const list = (folder: string, ends: RegExp) =>
		readdirSync(path.join(dist, folder))
			.filter((name) => ends.test(name))
			.map((name) => path.join(folder, name));
	for (const file of [...list('.', /\.js$|\.wasm$/), ...list('webview', /\.(js|css)$/)]) {
		const bytes = readFileSync(path.join(dist, file));
		console.log(
			`| ${file.replace(/chunk-[^.]*/, 'shared')} | ${(bytes.length / 1000).toFixed(0)} | ` +
				`${(gzipSync(bytes).length / 1000).toFixed(0)} |`,
		);
	}
}

async function main(): Promise<void> {
	const host = await script<Host>('realVscode.mjs');
	const chromium = [
		process.env['STAT_CHROMIUM'],
		'/usr/bin/chromium-headless-shell',
		'/usr/bin/chromium',
		'/usr/bin/google-chrome',
	].find((file) => file !== undefined && existsSync(file));
	if (chromium === undefined) {
		console.log('(no browser: sudo apt-get install -y chromium-headless-shell)');
		return;
	}
	const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-bench-'));
	try {
		const vsix =
			process.env['STAT_VSIX'] ??
			(await script<{ packageVsix(out: string): string }>('package.mjs')).packageVsix(
				path.join(scratch, 'stat-studio.vsix'),
			);
		const nothing = path.join(scratch, 'empty.vsix');
		execFileSync(
			process.execPath,
			[
				path.resolve('node_modules/@vscode/vsce/vsce'),
				'package',
				'--no-dependencies',
				'--allow-missing-repository',
				'--skip-license',
				'--out',
				nothing,
			],
			{
				cwd: extensionFolder(path.join(scratch, 'empty'), 'empty', 'exports.activate = () => undefined;\n'),
				stdio: 'pipe',
			},
		);
		// Both extensions are installed in the same way; a third one without code only brings the measuring code into
		// the host.
		const carrier = extensionFolder(path.join(scratch, 'carrier'), 'carrier', null);
		const extensionsDir = path.join(scratch, 'extensions');
		for (const file of [nothing, vsix]) {
			await host.installVsix(file, extensionsDir, path.join(scratch, 'data'));
		}
		await build({
			...programOptions,
			entryPoints: ['bench/editor/activationHost.ts', 'bench/editor/workHost.ts'],
			outdir: 'out/bench',
			outExtension: { '.js': '.mjs' },
		});
		await activation(host, scratch, carrier, extensionsDir, chromium);
		if (!process.argv.includes('--activation')) {
			await work(host, scratch, carrier, extensionsDir, chromium);
		}
		sizes(extensionsDir);
	} finally {
		rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
	}
}

void main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
