// Measures a queue of 10,000 synthesized problems: the store and the panel's reads in this process, and the page in
// Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { bundleProduct } from '../scripts/bundle.mjs';
import type { CurationItem } from '../src/core/curation/curation.ts';
import { questionId } from '../src/core/questions/question.ts';
import { createGrader } from '../src/grading/createGrader.ts';
import { openStore } from '../src/store/openStore.ts';
import { readItemState, readQueueState, readRepairOffer } from '../src/ui/panels/curation/curationState.ts';
import { Decisions } from '../src/ui/panels/curation/decisions.ts';
import { launch, openPage, skip } from '../test/webview/browserPage.ts';
import { itemState, queueState, row } from '../test/webview/curationFixtures.ts';
import type { ToHost, ToPage } from '../webview/curation/protocol.ts';

const size = Number(process.env['STAT_BENCH_ITEMS'] ?? 10_000);
const at = '2026-01-02T03:04:05.000Z';
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? NaN;
const ninetyFive = (values: readonly number[]): number => sorted(values)[Math.floor(values.length * 0.95)] ?? NaN;
const lines: string[] = [];
const line = (what: string, figure: string): void =>
	void lines.push(`| ${what} | ${figure}${figure.includes(' | ') ? '' : ' |'} |`);
function ms(value: number): string {
	if (value < 10) {
		return `${value.toFixed(1)} ms`;
	}
	return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}
const MB = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const timed = async <T>(work: () => Promise<T>): Promise<readonly [number, T]> => {
	const began = performance.now();
	const result = await work();
	return [performance.now() - began, result];
};
/** Also reports the CPU time of all threads, which does not depend on the machine's load. */
const both = async <T>(what: (result: T) => string, work: () => Promise<T>): Promise<T> => {
	const cpu = process.cpuUsage();
	const [wall, result] = await timed(work);
	const { user, system } = process.cpuUsage(cpu);
	line(what(result), `${ms(wall)} | ${ms((user + system) / 1000)}`);
	return result;
};

function item(index: number): CurationItem {
	const question =
		`Problem ${index}: a cyclist rides from a village to a lake at $${10 + (index % 17)}$ km per hour and ` +
		`comes back along the same road at $${7 + (index % 5)}$ km per hour. The whole trip takes ` +
		`$${2 + (index % 9)}$ hours. How many kilometres is it from the village to the lake, if the wind ` +
		`turned after ${index} minutes?`;
	const text = (sample: number): string =>
		`Let the distance be $d$ km. Out it takes $\\frac{d}{${10 + (index % 17)}}$ hours, back ` +
		`$\\frac{d}{${7 + (index % 5)}}$ hours, together ` +
		`$${2 + (index % 9)}$.\n\n${'We multiply by the common denominator and collect the terms on one side. '.repeat(6)}\n\nSo ` +
		`$d = \\boxed{${sample === 2 ? index + 1 : index}}$.`;
	return {
		dataset: 'queue',
		questionId: questionId(question),
		question,
		subject: 'algebra',
		skill: { subject: 'algebra', name: `skill ${index % 40}` },
		forQuestion: null,
		references: [],
		solutions: [0, 1, 2].map((sample) => ({
			sample,
			text: text(sample),
			answer: String(sample === 2 ? index + 1 : index),
			agrees: sample < 2,
			replyKey: null,
		})),
		agreement: { agree: 2, of: 3 },
		flags: index % 5 === 0 ? [{ kind: 'twin', with: null, score: 0.7 }] : [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at,
	};
}

async function host(): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-bench-curation-'));
	bundleProduct(folder, ['storeWorker', 'gradingWorker']);
	const store = await openStore({ projectFolder: folder, dist: folder, create: true });
	const grader = createGrader({ dist: folder });
	const parts = { store, grader, datasets: store.datasets };
	try {
		const rss = process.memoryUsage().rss;
		await both(
			() => `${size.toLocaleString('en')} problems put in the queue (about 2 kB each)`,
			async () => {
				for (let from = 0; from < size; from += 200) {
					await store.write('addItems', {
						rows: Array.from({ length: Math.min(200, size - from) }, (_, index) => item(from + index)),
					});
				}
			},
		);
		line('… resident memory taken', MB(process.memoryUsage().rss - rss));
		const queueAt = {
			dataset: 'queue',
			filter: { status: 'waiting' as const },
			version: 1,
			total: size,
			start: 0,
			undo: null,
			readOnly: null,
			trusted: true,
		};
		const openOnce = async () => {
			const ids = await store.read('itemIds', { dataset: 'queue', filter: { status: 'waiting' } });
			await readQueueState(parts, queueAt);
			await readItemState(parts, {
				dataset: 'queue',
				questionId: ids[0] ?? '',
				version: 1,
				index: 0,
				asking: false,
			});
			await store.read('itemRows', { dataset: 'queue', ids: ids.slice(0, 60) });
			return ids;
		};
		await openOnce();
		const ids = await both(() => 'host: list, counts, first problem and 60 rows', openOnce);
		const next: number[] = [];
		for (let index = 0; index < 300; index++) {
			next.push(
				(
					await timed(() =>
						readItemState(parts, {
							dataset: 'queue',
							questionId: ids[(index * 37) % ids.length] ?? '',
							version: 1,
							index,
							asking: false,
						}),
					)
				)[0],
			);
		}
		line('host: one problem read (median, 95th percentile)', `${ms(median(next))}, ${ms(ninetyFive(next))}`);
		await both(
			(found) => `host: filter by words (${found.length} found)`,
			() => store.read('itemIds', { dataset: 'queue', filter: { text: 'after 77', status: 'waiting' } }),
		);
		const panelDecisions = new Decisions(
			parts,
			'queue',
			() => 'Ada',
			() => new Date().toISOString(),
		);
		const quiet = { now: () => at, signal: new AbortController().signal, progress: () => undefined };
		const one: number[] = [];
		for (let index = 0; index < 100; index++) {
			one.push(
				(await timed(() => panelDecisions.decide([ids[index] ?? ''], { verdict: 'accepted' }, null, quiet)))[0],
			);
		}
		line('one problem accepted, durable (median, 95th percentile)', `${ms(median(one))}, ${ms(ninetyFive(one))}`);
		await both(
			() => `${ids.length.toLocaleString('en')} accepted at once, durable`,
			() => panelDecisions.decide(ids, { verdict: 'accepted' }, null, quiet),
		);
		await both(
			() => '… taken back at once',
			() => panelDecisions.undo(null, quiet),
		);
		const repair = { find: 'per hour', replace: 'an hour' };
		await both(
			(offer) => `a repair offered: ${offer?.matched.toLocaleString('en')} that match counted, five shown`,
			() => readRepairOffer(parts, 'queue', repair, ids[0] ?? '', quiet),
		);
		await both(
			() => '… one that matches nothing else',
			() => readRepairOffer(parts, 'queue', { find: 'after 4711 minutes', replace: '' }, '', quiet),
		);
		await both(
			({ decided }) => `${decided.toLocaleString('en')} repaired and graded again at once, durable`,
			() => panelDecisions.repair(repair, null, quiet),
		);
		line('resident memory after all that', MB(process.memoryUsage().rss));
	} finally {
		await grader.dispose();
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Returns a function that reads how many milliseconds the main thread of a page has been busy. */
async function threadClock(page: Page): Promise<() => Promise<number>> {
	const session = await page.context().newCDPSession(page);
	await session.send('Performance.enable', { timeDomain: 'threadTicks' });
	return async () => {
		const { metrics } = await session.send('Performance.getMetrics');
		return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
	};
}

async function page(): Promise<void> {
	if (skip) {
		line('the page', `not measured: ${skip}`);
		return;
	}
	const browser = await launch();
	const paint: number[] = [];
	for (let round = 0; round < 6; round++) {
		const began = performance.now();
		const opened = await openPage<ToPage, ToHost>(browser, 'curation', { width: 1400, height: 900 });
		await opened.send({ type: 'queue', state: queueState({ total: size }) });
		await opened.send({
			type: 'rows',
			version: 1,
			offset: 0,
			rows: Array.from({ length: 60 }, (_, index) => row(index)),
		});
		await opened.send({ type: 'item', item: itemState(0), show: false });
		paint.push(performance.now() - began);
		await opened.close();
	}
	line('page: first paint of a problem and its list, from the request (median)', ms(median(paint.slice(1))));
	const opened = await openPage<ToPage, ToHost>(browser, 'curation', { width: 1400, height: 900 });
	await opened.send({ type: 'queue', state: queueState({ total: size }) });
	for (let index = 0; index < 60; index++) {
		await opened.send({ type: 'item', item: itemState(index), show: false });
	}
	// The busy time of the page's own thread hardly changes on a busy machine.
	const threadTime = await threadClock(opened.page);
	const began = await threadTime();
	// Measures in the page from the keypress to the second frame after it, when the next problem is on screen.
	const steps = await opened.page.evaluate(async () => {
		const times: number[] = [];
		const frame = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
		const { port1, port2 } = new MessageChannel();
		// Components render in microtasks, all of which have run by the time a message arrives.
		const drawn = () =>
			new Promise((resolve) => {
				port1.onmessage = resolve;
				port2.postMessage(null);
			});
		for (let index = 0; index < 50; index++) {
			await frame();
			const began = performance.now();
			document.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }));
			await drawn();
			const working = performance.now() - began;
			await frame();
			times.push(working, performance.now() - began);
		}
		return times;
	});
	const stepTime = ((await threadTime()) - began) / (steps.length / 2);
	line(
		'page: A pressed, script until the next problem stands in the document (median, 95th percentile)',
		`${ms(median(steps.filter((_, index) => index % 2 === 0)))}, ` +
			`${ms(ninetyFive(steps.filter((_, index) => index % 2 === 0)))}`,
	);
	line(
		'page: … until it is on the screen, two frames (median, 95th percentile)',
		`${ms(median(steps.filter((_, index) => index % 2 === 1)))}, ` +
			`${ms(ninetyFive(steps.filter((_, index) => index % 2 === 1)))}`,
	);
	line("page: … time of the page's thread, formulas drawn (mean)", ms(stepTime));
	const scrolling = await opened.page.evaluate(async () => {
		const list = document.querySelector('.list') as HTMLElement;
		let longest = 0;
		let last = performance.now();
		for (let round = 0; round < 120; round++) {
			list.scrollTop = (list.scrollHeight * ((round * 37) % 120)) / 120;
			await new Promise((resolve) => requestAnimationFrame(resolve));
			longest = Math.max(longest, performance.now() - last);
			last = performance.now();
		}
		return { longest, rows: document.querySelectorAll('.row').length };
	});
	line(`page: longest frame while the list is thrown about (${scrolling.rows} rows drawn)`, ms(scrolling.longest));
	await opened.page.evaluate(() => (globalThis as unknown as { gc?: () => void }).gc?.());
	const [all] = await timed(async () => {
		await opened.page.keyboard.press('Control+a');
		await opened.page.keyboard.press('a');
		await opened.waitFor('decide', 51);
	});
	line(`page: all ${size.toLocaleString('en')} chosen and accepted, until the message is sent`, ms(all));
	await opened.close();
	await browser.close();
}

async function main(): Promise<void> {
	// `--page` measures only the panel's page.
	if (!process.argv.includes('--page')) {
		await host();
	}
	await page();
	console.log(`| queue of ${size.toLocaleString('en')} | time | CPU |\n| --- | ---: | ---: |\n${lines.join('\n')}`);
}

void main();
