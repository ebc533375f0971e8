import { fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { openStore } from '../../src/store/openStore.ts';
import { builtDist } from '../fixtures/builtDist.ts';
import type { Trials } from '../simulation/diskTrials.ts';
import { bitFlips, fileErrors, powerFailures } from '../simulation/diskTrials.ts';
import type { World } from '../simulation/history.ts';
import type { Tally, TallyOptions } from '../simulation/tally.ts';
import { emptyTally, runHistories } from '../simulation/tally.ts';
import type { Variant } from '../simulation/variants.ts';
import { buildVariant, faults } from '../simulation/variants.ts';

/**
 * Confirmed writes must survive: tests the product's lock, journal, segments and snapshots on simulated disks.
 *
 * - `histories`: several machines, containers and processes on one disk, with stops, kills, stale attributes and wrong
 *   clocks. `--count=N` (default 20,000, half with two writers, half with three) from `--seed=S`, `--parallel=N`.
 *   To share the work, give each machine its own count and seed.
 * - `found`: removes each safeguard in turn, and runs 0.1's engine. The simulation must detect each of them.
 * - `disks`: power failures before every operation, errors in every file call, 1,200 flipped bits.
 * - `writers`: 1,600 writes by two writers on a real disk.
 *
 * `--part=NAME` runs only one of these parts.
 */
const option = (name: string): string | undefined =>
	process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const count = Number(option('count') ?? 20_000);
const seed = Number(option('seed') ?? 1_000_000);
const parallel = Number(option('parallel') ?? Math.max(2, os.cpus().length));
const part = option('part');

/** The number of histories within which a missing safeguard must be found. */
const hunted = 400;
/** Number of histories per process, since stores of killed processes are never closed. */
const chunk = 250;

interface Job extends TallyOptions {
	readonly variant: Variant;
	readonly folder: string;
}

function run(job: Job): Promise<Tally> {
	return new Promise((resolve, reject) => {
		const child = fork(process.argv[1] ?? '', [`--job=${JSON.stringify(job)}`]);
		child.on('message', (tally) => resolve(tally as Tally));
		child.on('exit', (code) => reject(new Error(`a part of the campaign ended with ${code}`)));
	});
}

/** Runs jobs, `parallel` at a time, and adds up their results. */
async function runAll(jobs: readonly Job[]): Promise<Tally> {
	const sum = emptyTally();
	const waiting = [...jobs];
	const lane = async (): Promise<void> => {
		for (let job = waiting.shift(); job; job = waiting.shift()) {
			const tally = await run(job);
			for (const key of Object.keys(sum) as (keyof Tally)[]) {
				if (key === 'bad') {
					sum.bad.push(...tally.bad);
				} else {
					sum[key] += tally[key];
				}
			}
		}
	};
	await Promise.all(Array.from({ length: parallel }, lane));
	return sum;
}

/** Runs the histories and returns whether anything went wrong. */
async function histories(folder: string): Promise<boolean> {
	const rows: string[] = [];
	let bad = 0;
	for (const writers of [2, 3]) {
		const from = seed * writers;
		const end = from + Math.ceil(count / 2);
		const jobs: Job[] = [];
		for (let start = from; start < end; start += chunk) {
			const to = Math.min(end, start + chunk);
			jobs.push({
				variant: 'current',
				folder: path.join(folder, `${writers}-${start}`),
				from: start,
				to,
				writers,
			});
		}
		const tally = await runAll(jobs);
		rows.push(row(`${writers} writers, from seed ${from}`, tally));
		bad += tally.bad.length;
		tally.bad.forEach((history) => console.error(JSON.stringify(history)));
	}
	console.log(historyTable(rows));
	return bad > 0;
}

async function found(folder: string): Promise<boolean> {
	const hunts: readonly (readonly [name: string, variant: Variant, world: World, hunt: 'loss' | 'fault'])[] = [
		...(Object.keys(faults) as (keyof typeof faults)[]).map((name) => [name, name, 'any', 'fault'] as const),
		['0.1: PID namespaces', '0.1', 'containers', 'loss'],
		['0.1: stopped while appending', '0.1', 'stops', 'loss'],
		['0.1: wrong clocks, nothing stopped or killed', '0.1', 'skew', 'fault'],
	];
	const rows: string[] = [];
	let missed = 0;
	for (const [name, variant, world, hunt] of hunts) {
		const tally = await run({
			variant,
			world,
			folder: path.join(folder, variant),
			from: 1,
			to: 1 + hunted,
			writers: 2,
			hunt,
		});
		const [first] = tally.bad;
		rows.push(row(`${name}: ${first ? `found at seed ${first.seed}` : 'NOT FOUND'}`, tally));
		missed += first ? 0 : 1;
	}
	console.log(historyTable(rows));
	return missed > 0;
}

function historyTable(rows: readonly string[]): string {
	return (
		'| engine | histories | confirmed | refused | stops | kills | locks taken | confirmed writes lost | taken from the ' +
		`living | unexplained errors |\n| ${Array(10).fill('---').join(' | ')} |\n${rows.join('\n')}\n`
	);
}

function row(name: string, tally: Tally): string {
	const { histories, confirmed, refused, stops, kills, taken, lost, takenFromLiving, errors } = tally;
	return line([name, histories, confirmed, refused, stops, kills, taken, lost, takenFromLiving, errors]);
}

function line(cells: readonly (string | number)[]): string {
	return `| ${cells.map((cell) => cell.toLocaleString('en')).join(' | ')} |`;
}

async function disks(): Promise<boolean> {
	const trials: readonly (readonly [name: string, made: Trials])[] = [
		['power failures before every operation', await powerFailures({ writes: 65, every: 1, cuts: 6 })],
		['errors of every file call', await fileErrors({ writes: 12, every: 1 })],
		['flipped bits', await bitFlips({ flips: 1200, seed: 1 })],
	];
	console.log(
		'| fault | disks opened | confirmed writes on them | gone in silence | gone and said | replies of the last second ' +
			`gone | not readable | warned |\n| ${Array(8).fill('---').join(' | ')} |`,
	);
	for (const [name, made] of trials) {
		const { confirmed, lost, reported, recent, unreadable, warned } = made;
		console.log(line([name, made.disks, confirmed, lost, reported, recent, unreadable, warned]));
		made.bad.slice(0, 5).forEach((text) => console.error(text));
	}
	console.log('');
	return trials.some(([, { lost, unreadable }]) => lost + unreadable > 0);
}

/** Two stores, each with its own worker thread and lock, write at the same time; a third one counts the writes. */
async function writers(folder: string): Promise<boolean> {
	const project = path.join(folder, 'writers');
	const open = () => openStore({ projectFolder: project, dist: builtDist(), create: true, compactAt: 20_000 });
	fs.mkdirSync(project, { recursive: true });
	const stores = [await open(), await open()];
	const keyOf = (writer: number, index: number): string => `w${writer}-${index}`;
	await Promise.all(
		stores.map(async (store, writer) => {
			for (let index = 0; index < 800; index++) {
				await store.write('setSetting', { key: keyOf(writer, index), value: index });
			}
			await store.close();
		}),
	);
	const reader = await open();
	let lost = 0;
	for (let index = 0; index < 800; index++) {
		for (const writer of [0, 1]) {
			lost += (await reader.read('setting', { key: keyOf(writer, index) })) === index ? 0 : 1;
		}
	}
	const { warnings } = reader;
	await reader.close();
	console.log('| writers | confirmed | lost | warnings |\n| --- | --- | --- | --- |');
	console.log(`${line([2, 1600, lost, warnings.length])}\n`);
	return lost + warnings.length > 0;
}

async function main(): Promise<void> {
	const job = option('job');
	if (job !== undefined) {
		const { variant, folder, ...options } = JSON.parse(job) as Job;
		process.send?.(await runHistories(await buildVariant(variant, folder), options));
		process.exit(0);
	}
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-durability-'));
	const parts: Readonly<Record<string, () => Promise<boolean>>> = {
		histories: () => histories(folder),
		found: () => found(folder),
		disks,
		writers: () => writers(folder),
	};
	const chosen = part === undefined ? Object.keys(parts) : [part];
	try {
		for (const name of chosen) {
			const run = parts[name];
			if (!run) {
				throw new Error(`no part "${name}"; there are: ${Object.keys(parts).join(', ')}`);
			}
			if (await run()) {
				process.exitCode = 1;
			}
		}
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
