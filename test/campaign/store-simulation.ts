import { fork } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import type { World } from '../simulation/simulation.ts';
import type { Tally, TallyOptions } from '../simulation/tally.ts';
import { emptyTally, runHistories } from '../simulation/tally.ts';
import type { Variant } from '../simulation/variants.ts';
import { buildVariant, faults } from '../simulation/variants.ts';

/**
 * The product's lock, journal, segments and snapshots over a simulated file system that several machines share:
 * `--histories=N` (default 20,000, half with two writers, half with three), `--from=SEED`, `--parallel=N`. Then each
 * safeguard taken away, and 0.1's engine: the simulation must find them. `--only=NAME` runs one line of the table.
 */
const option = (name: string): string | undefined =>
	process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const histories = Number(option('histories') ?? 20_000);
const from = Number(option('from') ?? 1_000_000);
const parallel = Number(option('parallel') ?? Math.max(2, os.cpus().length));
const hunts = Number(option('hunts') ?? 400);

interface Job extends TallyOptions {
	readonly variant: Variant;
	readonly folder: string;
}

async function work(job: Job): Promise<void> {
	process.send?.(await runHistories(await buildVariant(job.variant, job.folder), job));
}

function run(job: Job): Promise<Tally> {
	return new Promise((resolve, reject) => {
		const child = fork(process.argv[1] ?? '', [`--job=${JSON.stringify(job)}`]);
		child.on('message', (tally) => resolve(tally as Tally));
		child.on('exit', (code) => reject(new Error(`a part of the campaign ended with ${code}`)));
	});
}

/** Runs jobs, `parallel` at a time, and adds up what they found. */
async function all(jobs: readonly Job[]): Promise<Tally> {
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

async function main(): Promise<void> {
	const given = option('job');
	if (given !== undefined) {
		await work(JSON.parse(given) as Job);
		process.exit(0);
	}
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-simulation-'));
	const only = option('only');
	const lines: string[] = [];
	let failed = 0;
	try {
		for (const writers of only === undefined || only === 'current' ? [2, 3] : []) {
			const chunk = 250;
			const jobs = Array.from({ length: Math.ceil(histories / 2 / chunk) }, (_, index) => {
				const start = from * writers + index * chunk;
				const folderOfJob = path.join(folder, `${writers}-${index}`);
				const count = Math.min(chunk, histories / 2 - index * chunk);
				return { variant: 'current' as const, folder: folderOfJob, from: start, to: start + count, writers };
			});
			const tally = await all(jobs);
			lines.push(row(`${writers} writers, from seed ${from * writers}`, tally));
			failed += tally.bad.length;
			report(tally);
		}
		const worlds: readonly [string, Variant, World][] = [
			...(Object.keys(faults) as (keyof typeof faults)[]).map((name): [string, Variant, World] => [
				name,
				name,
				'any',
			]),
			['0.1: PID namespaces', '0.1', 'containers'],
			['0.1: stopped while appending', '0.1', 'stops'],
			['0.1: skewed clocks, nothing stopped or killed', '0.1', 'skew'],
		];
		for (const [name, variant, world] of worlds.filter(([name]) => only === undefined || only === name)) {
			const job = {
				variant,
				world,
				folder: path.join(folder, variant),
				from: 1,
				to: 1 + hunts,
				writers: 2,
				isHunt: true,
			};
			const tally = await run(job);
			lines.push(row(`${name}: ${tally.bad[0] ? `found at seed ${tally.bad[0].seed}` : 'NOT FOUND'}`, tally));
			failed += tally.bad.length > 0 ? 0 : 1;
		}
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
	console.log(
		'| engine | histories | confirmed | refused | stops | kills | locks taken | confirmed writes lost | taken from the ' +
			`living | unexplained errors |\n| ${Array(10).fill('---').join(' | ')} |\n${lines.join('\n')}`,
	);
	process.exitCode = failed > 0 ? 1 : 0;
}

function row(name: string, tally: Tally): string {
	const { histories, confirmed, refused, stops, kills, taken, lost, takenFromLiving, errors } = tally;
	const counts = [histories, confirmed, refused, stops, kills, taken, lost, takenFromLiving, errors];
	return `| ${name} | ${counts.map((count) => count.toLocaleString('en')).join(' | ')} |`;
}

function report(tally: Tally): void {
	for (const history of tally.bad) {
		console.error(JSON.stringify(history));
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
