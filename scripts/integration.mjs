// Runs test/integration (mocha, inside an extension host) twice: with the development extension and with the packaged
// vsix. If VSCODE_EXECUTABLE names a desktop VS Code, the suite also runs there with @vscode/test-electron.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programOptions } from './bundle.mjs';
import { ensurePython } from './python.mjs';
import { runInHost } from './realVscode.mjs';
import { root } from './setup.mjs';

export async function bundleSuite() {
	await build({
		...programOptions,
		entryPoints: ['test/integration/index.ts'],
		outfile: 'out/test/integration/index.mjs',
	});
	return path.join(root, 'out/test/integration/index.mjs');
}

/** Creates a folder to open, with a copy of the sample's files. */
function workspace() {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'stat-workspace-'));
	if (existsSync('examples/sample')) {
		cpSync('examples/sample', folder, { recursive: true });
	}
	return folder;
}

/** `installedVsix` packs and installs the extension once for all suites. */
export async function runIntegration({ browser, installedVsix, count, skip, totals }) {
	const tests = await bundleSuite();
	const add = (label, result) => {
		totals.passed += result.passes;
		for (const name of result.pending) {
			totals.skipped.push(`integration (${label}) › ${name}`);
		}
		for (const { name, error } of result.failures) {
			count(false, `integration (${label}) › ${name}`, error);
		}
	};
	const desktop = process.env.VSCODE_EXECUTABLE;
	if (desktop) {
		const { runTests } = await import('@vscode/test-electron');
		const folder = workspace();
		const resultFile = path.join(folder, '.result.json');
		await runTests({
			vscodeExecutablePath: desktop,
			extensionDevelopmentPath: root,
			extensionTestsPath: tests,
			launchArgs: [folder, '--disable-workspace-trust'],
			extensionTestsEnv: { STAT_TEST_RESULT: resultFile },
		}).catch(() => undefined);
		add('desktop', JSON.parse((await import('node:fs')).readFileSync(resultFile, 'utf8')));
		rmSync(folder, { recursive: true, force: true });
	}
	if (!browser()) {
		return skip('test/integration', 'needs Chromium');
	}
	// Jobs actually train on this machine if it has the trainer's packages.
	const python = ensurePython();
	const run = async (label, { env = {}, ...options }) => {
		const folder = workspace();
		try {
			add(
				label,
				await runInHost({
					chromium: browser(),
					folder,
					tests,
					log: process.env.STAT_TEST_VERBOSE ? console.log : () => undefined,
					env: { ...(python ? { STAT_PYTHON: python } : {}), ...env },
					...options,
				}),
			);
		} catch (error) {
			count(false, `integration (${label})`, error.stack);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	};
	const ofTheSources = async () => {
		await run('development', { development: root });
		// The Workspace Trust feature is enabled and the folder is not trusted (test/integration/untrusted.test.ts).
		await run('untrusted workspace', { development: root, trust: true, env: { STAT_TEST_SUITE: 'untrusted' } });
	};
	// Tests the packaged vsix, installed by VS Code's own installer; an empty extension brings the tests into the host.
	const ofTheVsix = async () => {
		const extensionsDir = await installedVsix();
		const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-carrier-'));
		const carrier = path.join(scratch, 'carrier');
		mkdirSync(carrier);
		writeFileSync(
			path.join(carrier, 'package.json'),
			JSON.stringify({ name: 'test-carrier', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } }),
		);
		await run('packaged vsix', { development: carrier, extensionsDir, env: { STAT_PACKAGED: '1' } });
		rmSync(scratch, { recursive: true, force: true });
	};
	await Promise.all([ofTheSources(), ofTheVsix()]);
}
