import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { builtDist } from '../fixtures/builtDist.ts';
import { crashOnce } from '../unit/store/crash.ts';

/**
 * Kills with -9 at random moments: two processes write questions and replies to one project and compact it all the
 * time. Both are killed, the project is opened, and every confirmed write must be there. `--kills=N` (default 44; two
 * per round).
 */
const kills = Number(process.argv.find((arg) => arg.startsWith('--kills='))?.slice(8) ?? 44);

async function main(): Promise<void> {
	const dist = builtDist();
	const project = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-campaign-'));
	const totals = { rounds: 0, acked: 0, lost: 0, unreadable: 0, warnings: 0, leftovers: 0 };
	try {
		for (; totals.rounds * 2 < kills; totals.rounds++) {
			const outcome = await crashOnce(project, dist, totals.rounds, 20 + Math.random() * 700);
			totals.acked += outcome.acked;
			totals.lost += outcome.lost;
			totals.unreadable += outcome.unreadable;
			totals.warnings += outcome.warnings.length;
			totals.leftovers += outcome.leftovers;
			for (const warning of outcome.warnings) {
				console.error(warning);
			}
		}
	} finally {
		fs.rmSync(project, { recursive: true, force: true });
	}
	console.log(
		'| kill -9 | confirmed writes | lost | databases unreadable | warnings | half-written temporary ' +
			'files met |\n| --- | --- | --- | --- | --- | --- |',
	);
	console.log(
		`| ${totals.rounds * 2} | ${totals.acked.toLocaleString('en')} | ${totals.lost} | ` +
			`${totals.unreadable} | ${totals.warnings} | ${totals.leftovers} |`,
	);
	process.exitCode = totals.lost + totals.unreadable + totals.warnings > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
