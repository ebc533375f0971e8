// npm test: installs, builds and runs everything; the last line is `N passed, N failed, N skipped`.
//   npm test                 every suite
//   npm test -- unit e2e     only these suites
// Programs that the machine lacks are installed on Debian as root; otherwise the command is printed and the tests that
// need them are skipped by name. In CI, a skip that test/expected-skips.txt does not name counts as a failure.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { styleChecks, typeChecks } from './checks.mjs';
import { ensureBuilt, ensureChromium, ensureInstalled, root } from './setup.mjs';

process.chdir(root);
const requested = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const totals = { passed: 0, failed: 0, skipped: [], failures: [] };
const began = Date.now();

function count(ok, name, detail = '') {
	if (ok) {
		totals.passed++;
	} else {
		totals.failed++;
		totals.failures.push(name);
		console.log(`  FAILED   ${name}${detail ? `\n${detail}` : ''}`);
	}
}

function skip(name, why) {
	totals.skipped.push(name);
	console.log(`  skipped  ${name}: ${why}`);
}

const command = (name, args) =>
	new Promise((resolve) => {
		execFile(process.execPath, args, { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
			count(error === null, name, `${stdout}${stderr}`);
			resolve();
		});
	});

/** Runs the tasks, two at a time. */
async function inTwoLanes(tasks) {
	const waiting = [...tasks];
	const lane = async () => {
		for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
			await task();
		}
	};
	await Promise.all([lane(), lane()]);
}

/**
 * Bundles and runs the node:test files in a folder, and adds their counts. Three files at a time keep two cores busy,
 * since most tests wait for processes now and then.
 */
async function nodeTests(folder, { env = {}, concurrency = 3 } = {}) {
	if (!existsSync(folder)) {
		return;
	}
	const { bundleTests, testDist, testFlags } = await import('./unit.mjs');
	const bundles = await bundleTests(folder);
	if (bundles.length === 0) {
		return count(false, `${folder} holds no test`);
	}
	const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-test-'));
	const totalsFile = path.join(scratch, 'totals.jsonl');
	const { status } = spawnSync(
		process.execPath,
		[
			...testFlags,
			'--test',
			`--test-concurrency=${concurrency}`,
			'--test-reporter=./scripts/reporter.mjs',
			'--test-reporter-destination=stdout',
			...bundles,
		],
		{
			stdio: ['ignore', 'inherit', 'inherit'],
			env: { ...process.env, ...testDist, ...env, STAT_TEST_TOTALS: totalsFile },
		},
	);
	const lines = existsSync(totalsFile) ? readFileSync(totalsFile, 'utf8').trim().split('\n').filter(Boolean) : [];
	rmSync(scratch, { recursive: true, force: true });
	let counted = 0;
	for (const line of lines) {
		const part = JSON.parse(line);
		totals.passed += part.passed;
		totals.failed += part.failed;
		totals.failures.push(...part.failures);
		totals.skipped.push(...part.skipped);
		counted += part.passed + part.failed + part.skipped.length;
	}
	if (counted === 0 || (status !== 0 && !lines.some((line) => JSON.parse(line).failed > 0))) {
		count(false, `${folder} ended with ${status} and ${counted} tests counted`);
	}
}

let chromium;
function browser() {
	chromium ??= ensureChromium() ?? null;
	return chromium;
}

let python;
/** Returns a Python with the trainer's packages, or null. */
async function pythonFor() {
	if (python === undefined) {
		const { ensurePython } = await import('./python.mjs');
		python = ensurePython();
	}
	return python;
}

let installed;
/** Returns the extensions folder into which VS Code's own installer has put the packed vsix. */
function installedVsix() {
	installed ??= import('./realVscode.mjs').then(({ installPacked }) => installPacked());
	return installed;
}

const suites = {
	async check() {
		ensureInstalled();
		// Lint takes longest, so it goes first.
		const checks = [...typeChecks, ...styleChecks].reverse();
		await inTwoLanes(
			checks.map(
				([name, args]) =>
					() =>
						command(name, args),
			),
		);
		const interpreter = await pythonFor();
		if (!interpreter) {
			return skip('ruff and shellcheck', 'need the Python packages of test/requirements.txt');
		}
		const { runRuff } = await import('./ruff.mjs');
		runRuff({ interpreter, count });
		const { runShellcheck } = await import('./shellcheck.mjs');
		runShellcheck({ interpreter, count });
	},
	async unit() {
		const peer = await pythonFor();
		await nodeTests('test/unit', { env: peer ? { STAT_PYTHON: peer } : {} });
	},
	async manifest() {
		await nodeTests('test/manifest');
	},
	async webview() {
		if (!browser()) {
			return skip('test/webview', 'needs Chromium');
		}
		await nodeTests('test/webview', { env: { STAT_CHROMIUM: browser() }, concurrency: 2 });
	},
	async integration() {
		const { runIntegration } = await import('./integration.mjs');
		await runIntegration({ browser, installedVsix, count, skip, totals });
	},
	async e2e() {
		if (!browser()) {
			return skip('test/e2e', 'needs Chromium');
		}
		const trainer = await pythonFor();
		await nodeTests('test/e2e', {
			env: {
				STAT_CHROMIUM: browser(),
				STAT_EXTENSIONS: await installedVsix(),
				...(trainer ? { STAT_PYTHON: trainer } : {}),
			},
			concurrency: 2,
		});
	},
	async trainer() {
		const interpreter = await pythonFor();
		if (!interpreter) {
			return skip('trainer', 'needs Python 3.10 or newer with the trainer’s packages');
		}
		const { runTrainerTests } = await import('./trainerTests.mjs');
		await runTrainerTests({ interpreter, count, totals });
	},
};

const unknown = requested.filter((name) => !(name in suites));
if (unknown.length > 0) {
	console.error(`no suite called ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
	process.exit(2);
}
try {
	ensureInstalled();
	ensureBuilt({ force: true });
	for (const [name, run] of Object.entries(suites)) {
		if (requested.length > 0 && !requested.includes(name)) {
			continue;
		}
		const started = Date.now();
		const before = totals.passed;
		console.log(`\n${name}`);
		try {
			await run();
		} catch (error) {
			count(false, `${name}: ${error.message}`, error.stack);
		}
		console.log(`  ${totals.passed - before} passed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
	}
} catch (error) {
	count(false, 'set-up', error.stack);
}

if (process.env.CI) {
	const expected = new Set(
		readFileSync('test/expected-skips.txt', 'utf8')
			.split('\n')
			.filter((line) => !line.endsWith('# needs ../shared') || !existsSync('../shared'))
			.map((line) => line.replace(/#.*/, '').trim())
			.filter(Boolean),
	);
	for (const name of totals.skipped.filter((skipped) => !expected.has(skipped))) {
		count(false, `${name} was skipped, and test/expected-skips.txt does not name it`);
	}
}
if (totals.failures.length > 0) {
	console.log(`\nfailed:\n${totals.failures.map((name) => `  ${name}`).join('\n')}`);
}
console.log(`\n${((Date.now() - began) / 1000).toFixed(0)} s`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped.length} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
