// Runs plain-Node tests: node scripts/unit.mjs [part of a file name …]. esbuild bundles each test file into out/test/
// without packages (in milliseconds), and node:test runs it.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { programOptions } from './bundle.mjs';
import { buildTestDist } from './testDist.mjs';

/**
 * Flags for Node. WebAssembly is compiled without optimization, which would take longer than a test uses its small
 * database.
 */
export const testFlags = ['--enable-source-maps', '--liftoff-only'];
/** Where {@link bundleTests} puts the command line for tests, which find it through this variable. */
export const testDist = { STAT_TEST_DIST: path.resolve('out/test/dist') };

/**
 * Files that run jobs take longest, then those that run commands or simulate disks. They go first, so that none of them
 * is left running alone at the end.
 */
function expectedTime(file) {
	if (/[\\/]remote[\\/]/.test(file)) {
		return 2;
	}
	return /[\\/](?:campaign|cli)[\\/]|exportPeers|simulation|damage|hostile/.test(file) ? 1 : 0;
}

/** Bundles the tests in `folder` and its subfolders whose path contains one of `patterns`, and returns the bundles. */
export async function bundleTests(folder, patterns = []) {
	const files = readdirSync(folder, { recursive: true })
		.map((name) => path.join(folder, String(name)))
		.filter(
			(name) =>
				name.endsWith('.test.ts') && (patterns.length === 0 || patterns.some((part) => name.includes(part))),
		)
		.sort()
		.sort((one, other) => expectedTime(other) - expectedTime(one));
	const outdir = path.join('out', folder);
	if (patterns.length === 0) {
		rmSync(outdir, { recursive: true, force: true });
	}
	if (files.length > 0) {
		await buildTestDist(testDist.STAT_TEST_DIST);
		await build({
			...programOptions,
			entryPoints: files,
			outbase: folder,
			outdir,
		});
	}
	return files.map((file) => path.join(outdir, path.relative(folder, file)).replace(/\.ts$/, '.js'));
}

if (import.meta.url === `file://${process.argv[1]}`) {
	const bundles = await bundleTests('test/unit', process.argv.slice(2));
	if (bundles.length === 0) {
		console.error('no test file matches');
		process.exit(1);
	}
	const { status } = spawnSync(process.execPath, [...testFlags, '--test', '--test-concurrency=2', ...bundles], {
		stdio: 'inherit',
		env: { ...process.env, ...testDist },
	});
	process.exit(status ?? 1);
}
