// Measures the panels as shipped: bundle sizes; time to the first paint of a diagnosis; 200 answers with formulas
// rendered near the viewport, compared with all of them at once (what KaTeX costs without the observer); and 128 skills
// in the profile.
import { build } from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { launch, openPage, skip } from '../test/webview/browserPage.ts';
import { answer, diagnosis, profileOf, profileState, questionState } from '../test/webview/fixtures.ts';

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const median = (values: readonly number[]): number =>
	[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function sizes(): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-webview-'));
	await build({
		entryPoints: { diagnosis: 'webview/diagnosis/main.tsx', profile: 'webview/profile/main.tsx' },
		outdir: folder,
		bundle: true,
		minify: true,
		keepNames: true,
		platform: 'browser',
		format: 'esm',
		splitting: true,
		target: 'es2022',
		loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
		assetNames: 'fonts/[name]',
		legalComments: 'none',
		logLevel: 'error',
	});
	console.log('| file, minified | bytes | gzip |\n| --- | ---: | ---: |');
	for (const name of readdirSync(folder)
		.filter((file) => !file.startsWith('fonts'))
		.sort()) {
		const bytes = readFileSync(path.join(folder, name));
		console.log(
			`| ${name.replace(/chunk-.*\.js/, 'shared.js')} | ${kB(bytes.length)} | ${kB(gzipSync(bytes).length)} |`,
		);
	}
	const fonts = existsSync(path.join(folder, 'fonts'))
		? readdirSync(path.join(folder, 'fonts')).map((name) => statSync(path.join(folder, 'fonts', name)).size)
		: [];
	console.log(
		`| ${fonts.length} fonts, loaded as needed | ${kB(fonts.reduce((sum, size) => sum + size, 0))} | – |\n`,
	);
	rmSync(folder, { recursive: true, force: true });
}

/**
 * Measures from the request for the page to the frame that shows the student's answer. The state is posted when the
 * page is ready.
 */
async function firstPaint(browser: Browser): Promise<number> {
	const began = performance.now();
	const opened = await openPage<unknown, unknown>(browser, 'diagnosis');
	await opened.send({ type: 'state', state: questionState() });
	const ended = performance.now();
	await opened.close();
	return ended - began;
}

const steps = 200;
const text = Array.from(
	{ length: steps },
	(_, index) =>
		`Step ${index + 1}: as $a_{${index}} = \\frac{${index}}{${index + 1}}$ and $b = \\sqrt{${index}}$, ` +
		`\\(c = a_{${index}}^2\\), we have $x \\le y$, $y < ${index}$ and $$\\sum_{i=0}^{${index}} x_i^2 = ` +
		`${index}.$$`,
).join('\n\n');

/**
 * Renders 200 texts of six formulas each. Measures the time until the page responds again, and its longest period
 * without a response.
 */
async function manyFormulas(browser: Browser, all: boolean): Promise<{ shown: number; lag: number; drawn: number }> {
	const opened = await openPage<unknown, unknown>(browser, 'diagnosis', all ? { height: 60_000 } : {});
	const state = questionState({
		samples: [answer(0, text, '7', false)],
		diagnosis: { ...diagnosis, sample: 0, firstWrongStep: null },
		consistency: null,
	});
	await opened.page.evaluate(() => {
		const longest = { lag: 0, last: performance.now() };
		Object.assign(globalThis, { longest });
		const tick = (): void => {
			const now = performance.now();
			longest.lag = Math.max(longest.lag, now - longest.last);
			longest.last = now;
			requestAnimationFrame(tick);
		};
		tick();
	});
	const began = performance.now();
	await opened.send({ type: 'state', state });
	const enough = all ? steps * 6 : 12;
	await opened.page.waitForFunction(
		(least) => document.querySelectorAll('.answer .katex-html').length >= least,
		enough,
		{ timeout: 60_000 },
	);
	await opened.page.evaluate(
		() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
	);
	const shown = performance.now() - began;
	const { lag, drawn } = await opened.page.evaluate(() => ({
		lag: (globalThis as unknown as { longest: { lag: number } }).longest.lag,
		drawn: document.querySelectorAll('.answer .katex-html').length,
	}));
	await opened.close();
	return { shown, lag, drawn };
}

async function bigProfile(browser: Browser): Promise<number> {
	const counts = Array.from(
		{ length: 128 },
		(_, index) => [`subject_${index % 7}`, `skill_${index}`, 300 - index, 58, 60] as const,
	);
	const opened = await openPage<unknown, unknown>(browser, 'profile', { remembered: { all: true } });
	const began = performance.now();
	await opened.send({
		type: 'state',
		state: profileState({ profile: profileOf(2, 500, counts), before: profileOf(1, 500, counts) }),
	});
	const ended = performance.now();
	await opened.close();
	return ended - began;
}

async function main(): Promise<void> {
	await sizes();
	if (skip) {
		console.log(`(no browser: ${skip})`);
		return;
	}
	const browser = await launch();
	await firstPaint(browser);
	const paints: number[] = [];
	for (let run = 0; run < 7; run++) {
		paints.push(await firstPaint(browser));
	}
	const near = await manyFormulas(browser, false);
	const all = await manyFormulas(browser, true);
	const profile: number[] = [];
	for (let run = 0; run < 5; run++) {
		profile.push(await bigProfile(browser));
	}
	await browser.close();
	console.log('| what | ms |\n| --- | ---: |');
	console.log(
		`| first paint of a diagnosis, from the page's request (median of ${paints.length}, worst) | ` +
			`${median(paints).toFixed(0)}, ${Math.max(...paints).toFixed(0)} |`,
	);
	console.log(
		`| 200 texts of six formulas: shown, drawn near the window (${near.drawn} of ${steps * 6} drawn) | ` +
			`${near.shown.toFixed(0)} |`,
	);
	console.log(`| … longest time without a frame | ${near.lag.toFixed(0)} |`);
	console.log(`| the same, all in view at once (${all.drawn} drawn) | ${all.shown.toFixed(0)} |`);
	console.log(`| … longest time without a frame | ${all.lag.toFixed(0)} |`);
	console.log(`| near against all | ${(all.shown / near.shown).toFixed(1)} times sooner |`);
	console.log(
		`| profile of 128 skills, two rounds, all rows (median of ${profile.length}) | ${median(profile).toFixed(0)} |`,
	);
}

void main();
