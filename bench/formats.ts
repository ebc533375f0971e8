// Compares reading logs with a bare JSON.parse of the same lines, in one run. The file has 500 MB of rows in the format
// of the Qwen2.5-Math evaluator (8 samples of about 1.5 kB with step scores); it is generated here and deleted
// afterwards.
import { closeSync, createWriteStream, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { files } from '../src/formats/files.ts';
import { jsonLines } from '../src/formats/jsonLines.ts';

const megabytes = Number(process.argv.find((arg) => arg.startsWith('--mb='))?.slice(5) ?? 500);
const repeats = 3;

/**
 * Returns one row: plain ASCII as json.dumps writes it, or with a non-ASCII word in each answer as with
 * ensure_ascii=False.
 */
function row(index: number, ascii: boolean): string {
	const steps = Array.from(
		{ length: 7 },
		(_, step) =>
			`Step ${step + 1}: we multiply $${index} \\cdot ${step + 3}$ by ` +
			`$\\frac{${step + 1}}{${index % 97 || 1}}$ and collect the terms that hold $x$, so the left ` +
			`side is ${'a longer run of words that a student would write '.repeat(2)}${ascii ? '' : 'so “x” ≥ 2'}.`,
	);
	const code = Array.from(
		{ length: 8 },
		(_, sample) => `${steps.join('\n\n')}\n\nThe final answer is \\boxed{${index + (sample % 3)}}.`,
	);
	return JSON.stringify({
		idx: index,
		question: `What is the value of $x$ when $${index} x = ${index * 3}$ and $x$ is positive? (${index})`,
		gt_cot: 'Divide both sides.',
		gt: '3',
		level: `Level ${(index % 5) + 1}`,
		type: 'Algebra',
		answer: '3',
		code,
		pred: code.map((_, sample) => String(index + (sample % 3))),
		report: code.map(() => null),
		score: code.map((_, sample) => sample % 3 === 0),
		step_scores: code.map(() => steps.map((_, step) => 0.9 - step / 100)),
	});
}

async function make(file: string, ascii: boolean): Promise<{ bytes: number; rows: number }> {
	const out = createWriteStream(file);
	let bytes = 0;
	let rows = 0;
	while (bytes < megabytes * 1e6) {
		const lines = `${Array.from({ length: 50 }, () => row(rows++, ascii)).join('\n')}\n`;
		bytes += Buffer.byteLength(lines);
		if (!out.write(lines)) {
			await once(out, 'drain');
		}
	}
	out.end();
	await once(out, 'close');
	return { bytes, rows };
}

/** The baseline: the same lines, split by our splitter and parsed, with the result unused. */
async function bareParse(file: string, signal: AbortSignal): Promise<number> {
	let rows = 0;
	for await (const { lines } of jsonLines(file, { signal })) {
		for (const { text } of lines) {
			rows += typeof JSON.parse(text) === 'object' ? 1 : 0;
		}
	}
	return rows;
}

async function readAnswers(file: string, signal: AbortSignal): Promise<number> {
	let rows = 0;
	for await (const batch of files.readAnswers(file, { signal })) {
		rows += batch.rows.length;
	}
	return rows;
}

/** Runs JSON.parse on strings already in memory, which no reader can beat. */
function parseOnly(file: string): number {
	const lines = start(file, 50_000_000).split('\n').slice(0, -1);
	const started = performance.now();
	let bytes = 0;
	for (const line of lines) {
		JSON.parse(line);
		bytes += Buffer.byteLength(line);
	}
	return bytes / 1e6 / ((performance.now() - started) / 1000);
}

/** Returns the first bytes of a file as text. */
function start(file: string, bytes: number): string {
	const handle = openSync(file, 'r');
	const buffer = Buffer.alloc(bytes);
	const read = readSync(handle, buffer, 0, bytes, 0);
	closeSync(handle);
	return buffer.toString('utf8', 0, read);
}

/** Returns wall and CPU seconds. The CPU time of all threads stays comparable on a machine with other load. */
async function timed(run: () => Promise<number>): Promise<{ seconds: number; cpu: number; rows: number }> {
	const started = performance.now();
	const before = process.cpuUsage();
	const rows = await run();
	const { user, system } = process.cpuUsage(before);
	return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6, rows };
}

type Timing = Awaited<ReturnType<typeof timed>>;

async function main(): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-bench-formats-'));
	const { signal } = new AbortController();
	console.log(
		'| file | JSON.parse in memory MB/s | split + JSON.parse MB/s | reader MB/s | reader ÷ split + ' +
			'parse, wall | the same, CPU time | peak RSS MB |',
	);
	console.log('| --- | --- | --- | --- | --- | --- | --- |');
	try {
		for (const ascii of [true, false]) {
			const file = path.join(folder, 'log.jsonl');
			const { bytes, rows } = await make(file, ascii);
			const bare: Timing[] = [];
			const reader: Timing[] = [];
			let rss = 0;
			for (let repeat = 0; repeat < repeats; repeat++) {
				bare.push(await timed(() => bareParse(file, signal)));
				const timer = setInterval(() => (rss = Math.max(rss, process.memoryUsage.rss())), 20);
				const read = await timed(() => readAnswers(file, signal));
				clearInterval(timer);
				if (read.rows !== rows) {
					throw new Error(`read ${read.rows} of ${rows} rows`);
				}
				reader.push(read);
			}
			const parse = parseOnly(file);
			const speed = (timings: Timing[], clock: 'seconds' | 'cpu') =>
				bytes / 1e6 / Math.min(...timings.map((timing) => timing[clock]));
			console.log(
				`| ${(bytes / 1e6).toFixed(0)} MB, ${rows} rows of 8 answers, ${ascii ? 'ASCII' : 'UTF-8'} ` +
					`| ${parse.toFixed(0)} | ${speed(bare, 'seconds').toFixed(0)} | ` +
					`${speed(reader, 'seconds').toFixed(0)} | ` +
					`${(speed(reader, 'seconds') / speed(bare, 'seconds')).toFixed(2)} | ` +
					`${(speed(reader, 'cpu') / speed(bare, 'cpu')).toFixed(2)} | ${(rss / 1e6).toFixed(0)} |`,
			);
			rmSync(file);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

void main();
