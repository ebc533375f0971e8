import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openParts } from '../../src/cli/openParts.ts';
import type { Run } from '../../src/core/run.ts';
import { loadModelTable } from '../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../src/teacher/wire/openAiTeacher.ts';
import { label } from '../../src/workflow/skills/label.ts';
import { builtDist } from '../fixtures/builtDist.ts';
import { ended, newFolder, runCli, startCli } from '../fixtures/builtCli.ts';
import { writeSmallWorld } from '../fixtures/smallWorld.ts';
import { standardFaults, startStandInTeacher } from '../fixtures/standInTeacher.ts';

/**
 * Two commands and an editor's session label the same questions of one project at once, again and again, with a teacher
 * that has the standard faults. In every second round one of the commands is killed with -9 and started again. No reply
 * may be paid for twice, except what was in flight or about to be stored at a kill. `--minutes=N` (default 10).
 */
const minutes = Number(process.argv.find((arg) => arg.startsWith('--minutes='))?.slice(10) ?? 10);
const inFlight = 16;
const perSkill = { train: 60, validation: 12 };
/** There are six skills. */
const questions = 6 * (perSkill.train + perSkill.validation);
const totals = {
	rounds: 0,
	kills: 0,
	questions: 0,
	requests: 0,
	byCommands: 0,
	bySession: 0,
	paidTwice: 0,
	beyond: 0,
	unlabelled: 0,
	failed: 0,
	leftovers: 0,
	damage: 0,
};

async function main(): Promise<void> {
	const template = newFolder();
	const world = writeSmallWorld(path.join(template, 'data'), perSkill);
	await must(['init'], template);
	await must(['import', 'skills', ...world.trainBanks, ...world.testBanks], template);
	const end = performance.now() + minutes * 60_000;
	while (performance.now() < end) {
		await round(template);
		process.stderr.write(`\r${totals.rounds} rounds, ${totals.kills} kills`);
	}
	process.stderr.write('\n');
	console.log(
		'| rounds | kill -9 | questions | requests | answered for commands | … for the session | paid twice | … beyond ' +
			'what was in flight at a kill | unlabelled | commands failed | claims left | damage |',
	);
	console.log(
		`| ${Object.keys(totals)
			.map(() => '---')
			.join(' | ')} |`,
	);
	console.log(`| ${Object.values(totals).join(' | ')} |`);
	const { beyond, unlabelled, failed, leftovers, damage } = totals;
	process.exitCode = beyond + unlabelled + failed + leftovers + damage > 0 ? 1 : 0;
}

async function round(template: string): Promise<void> {
	const isKilling = totals.rounds % 2 === 1;
	const project = newFolder();
	fs.cpSync(template, project, { recursive: true });
	const server = await startStandInTeacher({
		latency: 40,
		spread: 0.5,
		retryAfter: 0.1,
		faults: { ...standardFaults, stall: 0 },
		refusals: 0,
	});
	try {
		const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
		const command = ['label', '--concurrency', String(inFlight), '--json'];
		const children: ChildProcess[] = [];
		const start = () => {
			const child = startCli(command, project, env);
			children.push(child);
			return ended(child);
		};
		const first = start();
		const second = start();
		const session = labelInSession(project, server.url);
		if (isKilling) {
			await sleep(700 + Math.random() * 2500);
			children[0]?.kill('SIGKILL');
			totals.kills++;
		}
		const results = [await first, await second, ...(isKilling ? [await start()] : [])];
		for (const { code, stdout, stderr } of results) {
			if (code === 0) {
				totals.byCommands += Number((JSON.parse(stdout) as { calls: number }).calls);
			} else if (code !== null) {
				totals.failed++;
				console.error(stderr);
			}
		}
		totals.bySession += await session;
		const { goodTwice, received } = server.stats();
		totals.requests += received;
		totals.paidTwice += goodTwice;
		totals.beyond += Math.max(0, goodTwice - (isKilling ? 2 * inFlight : 0));
		totals.questions += questions;
		const setAside = Number((await must(['set-aside', 'label'], project))['total']);
		totals.unlabelled += Number((await must(['label'], project, env))['questions']) + setAside;
		totals.leftovers += fs.existsSync(path.join(project, '.stat', 'lock.claims')) ? 1 : 0;
		totals.damage += (await runCli(['check'], project)).code === 0 ? 0 : 1;
		totals.rounds++;
	} finally {
		await server.close();
		fs.rmSync(project, { recursive: true, force: true });
	}
}

/** Labels as an editor does: with a store that stays open and follows the project. Returns the calls paid for. */
async function labelInSession(project: string, url: string): Promise<number> {
	const dist = builtDist();
	const run: Run = {
		signal: new AbortController().signal,
		progress: () => undefined,
		log: () => undefined,
		now: () => new Date().toISOString(),
	};
	const { parts, close } = await openParts(project, dist, run);
	const stop = parts.store.onDidChange(() => void parts.store.read('skillList', { subject: null }));
	const teacher = createOpenAiTeacher({
		baseUrl: url,
		model: 'stand-in',
		replies: parts.store,
		models: loadModelTable({ folder: path.join(dist, 'data'), userFile: null }),
		concurrency: inFlight,
	});
	try {
		return (await label({ ...parts, teacher }, {}, run)).calls;
	} finally {
		stop();
		await teacher.dispose();
		await close();
	}
}

async function must(
	args: readonly string[],
	cwd: string,
	env: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], cwd, env);
	if (ran.code !== 0) {
		throw new Error(`${args.join(' ')}: ${ran.stderr}`);
	}
	return ran.json();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
