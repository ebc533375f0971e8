import { bundleProduct } from '../scripts/bundle.mjs';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { fork } from 'node:child_process';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { openStore } from '../src/store/openStore.ts';

/**
 * Measures the store at full size: writing answers of 1.5 kB through the worker, then opening, memory and lists.
 * `--answers=N` (default 1,000,000). The baseline for writing is the disk itself: the same bytes are appended and
 * synced in the same pieces with plain fs calls.
 */
const total = Number(process.argv.find((arg) => arg.startsWith('--answers='))?.slice(10) ?? 1_000_000);
const perQuestion = 8;
const batch = 2000;

function main(): Promise<void> {
	const reopen = process.argv.find((arg) => arg.startsWith('--reopen='))?.slice(9);
	return reopen ? measureOpen(reopen) : measureAll();
}

async function measureAll(): Promise<void> {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-bench-store-'));
	try {
		bundleProduct(work, ['storeWorker'], { minify: true });
		const rows: [string, string][] = [];
		const body = 'We compute $x^2 + 3x$ step by step, then simplify the fraction and check the sign. '
			.repeat(18)
			.slice(0, 1480);
		const base = Array.from({ length: 64 }, (_, index) => `${index} ${body}`);
		const rowsOf = (from: number) =>
			Array.from({ length: batch / perQuestion }, (_, offset) => {
				const number = from / perQuestion + offset;
				return {
					question: {
						text: `Question ${number}: ${'find the value of the expression in simplest form. '.repeat(4)}`,
						subject: `subject_${number % 7}`,
						level: 1 + (number % 5),
						gold: String(number),
					},
					samples: Array.from({ length: perQuestion }, (__, sample) => ({
						sample,
						text: `${number}/${sample} ${base[(number + sample) % 64] ?? ''}`,
						extracted: String(number + (sample % 3)),
						verdict: sample % 3 === 0,
						logVerdict: null,
						stepScores: [0.9, 0.8, 0.95],
						steps: [
							[0, 400],
							[400, 900],
							[900, 1480],
						] as const,
					})),
				};
			});

		const store = await openStore({ projectFolder: work, dist: work, create: true });
		const lag = monitorEventLoopDelay({ resolution: 1 });
		lag.enable();
		const cpu = process.cpuUsage();
		const started = performance.now();
		const flying = new Set<Promise<unknown>>();
		for (let from = 0; from < total; from += batch) {
			const write = store.write('addAnswers', {
				student: 's',
				round: 1,
				source: 'bench',
				benchmark: null,
				rows: rowsOf(from),
			});
			const done = write.finally(() => flying.delete(done));
			flying.add(done);
			if (flying.size >= 3) {
				await Promise.race(flying);
			}
			await new Promise((resolve) => setImmediate(resolve));
		}
		await Promise.all(flying);
		const seconds = (performance.now() - started) / 1000;
		lag.disable();
		const spent = process.cpuUsage(cpu);
		rows.push([
			`${total.toLocaleString('en')} answers of 1.5 kB written, ${batch} a write`,
			`${seconds.toFixed(1)} s, ${Math.round(total / seconds).toLocaleString('en')}/s, ` +
				`${((total * 1.5e-3) / seconds).toFixed(0)} MB/s`,
		]);
		rows.push([
			'CPU an answer: making it, sending it, storing it (all threads)',
			`${((spent.user + spent.system) / total).toFixed(1)} µs`,
		]);
		rows.push([
			'main-thread lag while writing, p50 / p99 / max',
			`${(lag.percentile(50) / 1e6).toFixed(1)} / ${(lag.percentile(99) / 1e6).toFixed(1)} / ` +
				`${(lag.max / 1e6).toFixed(1)} ms`,
		]);
		const closing = performance.now();
		await store.close();
		rows.push(['close, with a snapshot', `${((performance.now() - closing) / 1000).toFixed(2)} s`]);
		for (const name of ['stat.db', 'stat.journal', 'texts/000001.seg']) {
			rows.push([`size of ${name}`, `${(fs.statSync(path.join(work, '.stat', name)).size / 1e6).toFixed(1)} MB`]);
		}
		rows.push([
			'bare fs: the same bytes in the same pieces, write + fdatasync',
			`${bareDisk(work, body.length + 20).toFixed(0)} MB/s`,
		]);
		await new Promise<void>((resolve, reject) => {
			const child = fork(process.argv[1] ?? '', [`--reopen=${work}`, `--answers=${total}`]);
			child.on('message', (more) => rows.push(...(more as [string, string][])));
			child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`reopening ended with ${code}`))));
		});
		console.log(
			`Node ${process.version}, ${os.cpus().length} cores\n\n| what | measured |\n| --- | --- ` +
				`|\n${rows.map(([what, measured]) => `| ${what} | ${measured} |`).join('\n')}`,
		);
	} finally {
		fs.rmSync(work, { recursive: true, force: true });
	}
}

/** Runs in its own process, so that its memory is the cost of opening. */
async function measureOpen(work: string): Promise<void> {
	const before = process.memoryUsage.rss();
	const started = performance.now();
	const store = await openStore({ projectFolder: work, dist: work });
	const status = await store.read('status', {});
	const rows: [string, string][] = [
		[
			'open, and status',
			`${((performance.now() - started) / 1000).toFixed(2)} s ` +
				`(${status.answers.toLocaleString('en')} answers, ` +
				`${status.questions.validation.toLocaleString('en')} questions)`,
		],
	];
	const scope = { student: 's', round: 1 };
	const time = async (label: string, times: number, run: (index: number) => Promise<unknown>): Promise<void> => {
		const took: number[] = [];
		for (let index = 0; index < times; index++) {
			const begun = performance.now();
			await run(index);
			took.push(performance.now() - begun);
		}
		took.sort((a, b) => a - b);
		rows.push([label, `${(took[Math.floor(times / 2)] ?? 0).toFixed(1)} / ${(took.at(-1) ?? 0).toFixed(1)} ms`]);
	};
	const questions = status.questions.validation;
	await time('page of 100 questions, median / max of 30', 30, (index) =>
		store.read('questions', { scope, filter: {}, offset: Math.floor((questions * index) / 30), limit: 100 }),
	);
	await time('page of 100, one subject, sample 0 wrong', 10, (index) =>
		store.read('questions', {
			scope,
			filter: { subject: `subject_${index % 7}`, verdict: false },
			offset: 0,
			limit: 100,
		}),
	);
	await time('page of 100, text filter', 10, (index) =>
		store.read('questions', { scope, filter: { text: `question ${index}7` }, offset: 0, limit: 100 }),
	);
	await time('groups by subject', 10, () => store.read('questionGroups', { scope, filter: {}, by: 'subject' }));
	const { rows: some } = await store.read('questions', { scope, filter: {}, offset: 0, limit: 100 });
	await time('the 8 answers of a question, with texts', 100, (index) =>
		store.read('answers', { ...scope, questionId: some[index]?.id ?? '' }),
	);
	await time('digests, a page of 1,000 questions', 10, () =>
		store.read('digests', { ...scope, after: null, limit: 1000 }),
	);
	rows.push([
		'resident memory after all of it (bare process)',
		`${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB (${(before / 1e6).toFixed(0)} MB)`,
	]);
	const peak = process.resourceUsage().maxRSS / 1e3;
	rows.push(['peak resident memory', `${peak.toFixed(0)} MB`]);
	await store.close();
	process.send?.(rows);
}

function bareDisk(work: string, bytes: number): number {
	const piece = Buffer.alloc(bytes * batch, 120);
	const file = path.join(work, 'bare');
	const fd = fs.openSync(file, 'w');
	const started = performance.now();
	const times = Math.min(100, Math.ceil(total / batch));
	for (let index = 0; index < times; index++) {
		fs.writeSync(fd, piece);
		fs.fdatasyncSync(fd);
	}
	fs.closeSync(fd);
	fs.rmSync(file);
	return (piece.length * times) / 1e3 / (performance.now() - started);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
