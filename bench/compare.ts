import { bundleProduct } from '../scripts/bundle.mjs';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { openStore } from '../src/store/openStore.ts';
import { compare } from '../src/workflow/rounds/compare.ts';
import { ledger } from '../src/workflow/rounds/ledger.ts';
import { report } from '../src/workflow/rounds/report.ts';
import { fillRounds, smallRounds, worldStudent } from '../test/fixtures/roundsWorld.ts';

/**
 * Measures comparing two rounds, the ledger and the report, with a project on disk. There are two sizes: the paper's
 * (5,000 questions, one answer each) and 100,000 answers in two rounds (12,500 questions × 4 answers, 128 skills; a
 * third round is the control arm). The baseline is a bare scan: the same rows of both rounds are read from the store
 * and nothing is computed.
 */
async function main(): Promise<void> {
	const work = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-bench-compare-'));
	try {
		bundleProduct(work, ['storeWorker'], { minify: true });
		console.log(
			'| questions | answers a round | skills | scan | compare | ratio | ledger with a control arm | ' +
				'report |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
		);
		for (const [skills, perSkill, samples] of [
			[118, 42, 1],
			[128, 98, 4],
		] as const) {
			const folder = path.join(work, `${skills}-${perSkill}`);
			fs.mkdirSync(folder);
			const store = await openStore({ projectFolder: folder, dist: work, create: true });
			await fillRounds(store, {
				...smallRounds,
				skills,
				perSkill,
				samples,
				train: 60,
				planted: [1, 4, 9, 20, 40],
			});
			const parts = { store, datasets: store.datasets };
			const run = { signal: new AbortController().signal };
			const scope = (round: number) => ({ student: worldStudent, round });
			const scan = await best(async () => {
				await Promise.all(
					[1, 2].map(async (round) => {
						for (let after: string | null = null; ;) {
							const page: readonly { readonly questionId: string }[] = await store.read('scores', {
								...scope(round),
								after,
								limit: 5000,
							});
							after = page.at(-1)?.questionId ?? null;
							if (page.length < 5000) {
								return;
							}
						}
					}),
				);
			});
			const compared = await best(
				async () => void (await compare(parts, { before: scope(1), after: scope(2) }, run)),
			);
			const book = await best(async () => void (await ledger(parts, { round: scope(2) }, run)));
			const written = await best(async () => void (await report(parts, { round: scope(2) }, run)));
			const formatTime = (ms: number) => `${ms.toFixed(0)} ms`;
			console.log(
				`| ${(skills * perSkill).toLocaleString('en')} | ` +
					`${(skills * perSkill * samples).toLocaleString('en')} | ${skills} | ${formatTime(scan)} | ` +
					`${formatTime(compared)} | ${(compared / scan).toFixed(1)} | ${formatTime(book)} | ${formatTime(written)} |`,
			);
			await store.close();
		}
	} finally {
		fs.rmSync(work, { recursive: true, force: true });
	}
}

/** Returns the CPU time of all threads in ms, best of three, so that other work on the machine does not count. */
async function best(work: () => Promise<void>): Promise<number> {
	const times: number[] = [];
	for (let at = 0; at < 3; at++) {
		const began = process.cpuUsage();
		await work();
		const { user, system } = process.cpuUsage(began);
		times.push((user + system) / 1000);
	}
	return Math.min(...times);
}

void main();
