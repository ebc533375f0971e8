import * as fs from 'node:fs';
import path from 'node:path';
import { ended, newFolder, runCli, startCli } from '../fixtures/builtCli.ts';
import { startStandInStudent } from '../fixtures/standInStudent.ts';

/**
 * Kills an evaluation at an endpoint with -9 at random moments (40 questions, 16 samples each; 5% of requests get a
 * 500, and the token limit cuts off 2% of the replies). After four kills, each evaluation runs to its end and is
 * compared with what the server sent. `--kills=N` (default 20).
 */
const kills = Number(process.argv.find((arg) => arg.startsWith('--kills='))?.slice(8) ?? 20);
const inFlight = 8;
const samples = 16;
const questions = Array.from({ length: 40 }, (_, n) => ({
	part: `crate ${n}:`,
	problem: `In crate ${n}: there are $${n}$ boxes of 7. How many things are there?`,
	answer: String(7 * n),
}));

async function must(args: readonly string[], cwd: string): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], cwd);
	if (ran.code !== 0) {
		throw new Error(`${args.join(' ')}: ${ran.stderr}`);
	}
	return ran.json();
}

async function main(): Promise<void> {
	const tally = {
		evaluations: 0,
		kills: 0,
		met: 0,
		answers: 0,
		sentTwice: 0,
		beyond: 0,
		lost: 0,
		different: 0,
		repeated: 0,
		unreadable: 0,
	};
	while (tally.kills < kills) {
		const folder = newFolder();
		fs.writeFileSync(
			path.join(folder, 'q.jsonl'),
			questions.map(({ problem, answer }) => `${JSON.stringify({ problem, answer })}\n`).join(''),
		);
		await must(['init'], folder);
		await must(['benchmarks', 'add', 'crates', 'q.jsonl'], folder);
		const server = await startStandInStudent({
			golds: new Map(questions.map(({ part, answer }) => [part, answer])),
			skill: (part) => (Number(part.slice(6, -1)) % 10) / 10,
			latency: 80,
			cut: 0.02,
			broken: 0.05,
		});
		try {
			const args = [
				'evaluate',
				'--model',
				'tiny',
				'--url',
				server.url,
				'--benchmark',
				'crates',
				'--samples',
				String(samples),
				'--concurrency',
				String(inFlight),
			];
			let met = 0;
			for (let kill = 0; kill < 4; kill++) {
				const child = startCli([...args, '--json'], folder);
				const end = ended(child);
				// The kill comes at a random moment while requests are being sent, however fast this machine is.
				const until = server.received() + 10 + Math.floor(Math.random() * 120);
				while (child.exitCode === null && server.received() < until) {
					await new Promise((resolve) => setTimeout(resolve, 5));
				}
				met += child.exitCode === null ? 1 : 0;
				child.kill('SIGKILL');
				await end;
				const { warnings } = await must(['status'], folder);
				tally.unreadable += (warnings as unknown[]).length > 0 ? 1 : 0;
			}
			const result = await must(args, folder);
			const [crates] = result['benchmarks'] as { n: number; avgk: number; unanswered: number }[];
			const right = [...server.sent.values()].filter((one) => one.right).length;
			const before = server.received();
			const again = await must(args, folder);
			tally.evaluations += 1;
			tally.kills += 4;
			tally.met += met;
			tally.answers += server.sent.size;
			tally.sentTwice += server.sentTwice();
			tally.beyond += Math.max(0, server.sentTwice() - met * inFlight);
			tally.lost += questions.length * samples - server.sent.size + (crates?.unanswered ?? 1);
			tally.different +=
				Math.abs((crates?.avgk ?? -1) - right / (questions.length * samples)) < 1e-12 &&
				JSON.stringify(again['benchmarks']) === JSON.stringify(result['benchmarks'])
					? 0
					: 1;
			tally.repeated += server.received() - before;
			process.stderr.write(`\r${tally.kills} of ${kills}`);
		} finally {
			await server.close();
		}
	}
	process.stderr.write('\n');
	console.log(
		'| evaluations | kills | met it running | answers | sent twice | … beyond those in flight | lost | ' +
			'results different | asked again when run again | databases unreadable |',
	);
	console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
	console.log(
		`| ${tally.evaluations} | ${tally.kills} | ${tally.met} | ${tally.answers} | ${tally.sentTwice} | ` +
			`${tally.beyond} | ${tally.lost} | ${tally.different} | ${tally.repeated} | ${tally.unreadable} |`,
	);
	process.exitCode = tally.beyond + tally.lost + tally.different + tally.repeated + tally.unreadable > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
