import type { Kind } from '../unit/cli/killed.ts';
import { killRound, kinds, makeTemplates, newTally } from '../unit/cli/killed.ts';

/**
 * Kills imports, diagnoses, builds and pairs of processes on one project with -9 at random moments, with a teacher that
 * has all the standard faults except stalls. `--kills=N` (default 100).
 */
const kills = Number(process.argv.find((arg) => arg.startsWith('--kills='))?.slice(8) ?? 100);

async function main(): Promise<void> {
	const templates = await makeTemplates();
	const tallies = new Map(kinds.map((kind) => [kind, newTally()] as const));
	const all = () => [...tallies.values()].reduce((sum, tally) => sum + tally.kills, 0);
	for (let round = 0; all() < kills; round++) {
		const kind = kinds[round % kinds.length] as Kind;
		await killRound(templates, kind, 2, tallies.get(kind) ?? newTally());
		process.stderr.write(`\r${all()} of ${kills}`);
	}
	process.stderr.write('\n');
	console.log(
		'| killed in | kills | met it running | replies lost | good replies paid twice | … beyond those in ' +
			'flight | databases unreadable | results different | rows unaccounted |',
	);
	console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
	let bad = 0;
	for (const [
		kind,
		{ kills: count, met, lost, paidTwice, paidTwiceBeyond, unreadable, different, unaccounted },
	] of tallies) {
		console.log(
			`| ${kind === 'two' ? 'diagnose and import at once' : kind} | ${count} | ${met} | ${lost} | ` +
				`${paidTwice} | ${paidTwiceBeyond} | ${unreadable} | ${different} | ${unaccounted} |`,
		);
		bad += lost + paidTwiceBeyond + unreadable + different + unaccounted;
	}
	process.exitCode = bad > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
