import * as fs from 'node:fs';
import path from 'node:path';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import type { SmallWorld } from '../../fixtures/smallWorld.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import type { StandInSettings } from '../../fixtures/standInTeacher.ts';
import { noFaults, standardFaults, startStandInTeacher } from '../../fixtures/standInTeacher.ts';

/** The process to kill: one command, or two at once on one project. */
export const kinds = ['import', 'diagnose', 'build', 'two'] as const;
export type Kind = (typeof kinds)[number];

export interface Tally {
	kills: number;
	/** Number of kills that met a running process (the others came after its end). */
	met: number;
	/**
	 * Number of the teacher's good replies, counting each request once, that are missing from the project in the end.
	 */
	lost: number;
	/** Number of good replies sent again for a request that already had one. */
	paidTwice: number;
	/** How many of those cannot have been in flight at a kill. */
	paidTwiceBeyond: number;
	/** Number of runs of `status` that failed or warned. */
	unreadable: number;
	/**
	 * Number of imports that differ from an undisturbed one, and of builds that differ, or cost something, when
	 * repeated.
	 */
	different: number;
	/** Number of rows that are neither in the result nor set aside. */
	unaccounted: number;
}

const inFlight = 8;
const size = { train: 12, validation: 12 };
/**
 * Slow and faulty, so that a kill interrupts something. There are no stalls, which take half a minute each;
 * openAiTeacher.test.ts covers them.
 */
const teacherSettings: Partial<StandInSettings> = {
	latency: 15,
	spread: 0.5,
	retryAfter: 0.05,
	faults: { ...standardFaults, stall: 0 },
	wrongRewrites: 0.05,
	extraSkills: [1, 2],
};

export interface Templates {
	readonly world: SmallWorld;
	/** Projects to copy: with only questions, with answers, with diagnoses. */
	readonly projects: Readonly<Record<Kind, string>>;
	/** The results of an undisturbed run. */
	readonly expected: { readonly answers: number; readonly difficult: number };
}

/** Creates the projects that rounds start from, and the results that they must have. */
export async function makeTemplates(): Promise<Templates> {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), size);
	const imported = path.join(folder, 'import');
	fs.mkdirSync(imported);
	await must(['init'], imported);
	await must(['import', 'skills', ...world.trainBanks, ...world.testBanks], imported);
	const answered = path.join(folder, 'answered');
	fs.cpSync(imported, answered, { recursive: true });
	const { answers } = await must(['import', 'answers', world.answers, '--student', 's'], answered);
	const { difficult } = await must(['classify'], answered);
	const diagnosed = path.join(folder, 'diagnosed');
	fs.cpSync(answered, diagnosed, { recursive: true });
	const server = await startStandInTeacher({ ...teacherSettings, faults: noFaults, latency: 0 });
	try {
		const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
		await must(['diagnose'], diagnosed, env);
		return {
			world,
			projects: { import: imported, diagnose: answered, build: diagnosed, two: answered },
			expected: { answers: Number(answers), difficult: Number(difficult) },
		};
	} finally {
		await server.close();
	}
}

/**
 * Kills a command `times` times at random moments, checks each time that the project still opens, then runs the command
 * to its end and compares the results.
 */
export async function killRound(
	templates: Templates,
	kind: Kind,
	times: number,
	tally: Tally,
	settings: Partial<StandInSettings> = {},
): Promise<void> {
	const project = newFolder();
	fs.cpSync(templates.projects[kind], project, { recursive: true });
	const server = await startStandInTeacher({ ...teacherSettings, ...settings });
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
	const args = commandOf(kind === 'two' ? 'diagnose' : kind, templates.world);
	const before = Number((await must(['status'], project))['replies']);
	try {
		for (let kill = 0; kill < times; kill++) {
			const children = [startCli(args, project, env)];
			if (kind === 'two') {
				children.push(
					startCli(
						[
							'import',
							'answers',
							templates.world.answers,
							'--student',
							's',
							'--round',
							String(kill + 2),
							'--json',
						],
						project,
						env,
					),
				);
			}
			const ends = children.map(ended);
			await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * (kind === 'import' ? 500 : 2000)));
			for (const child of children) {
				tally.kills += 1;
				tally.met += child.exitCode === null ? 1 : 0;
				child.kill('SIGKILL');
			}
			await Promise.all(ends);
			const status = await runCli(['status', '--json'], project);
			if (status.code !== 0 || (status.json()['warnings'] as unknown[]).length > 0) {
				tally.unreadable += 1;
				console.error(status.stderr);
			}
		}
		const result = await must(args, project, env);
		compare(kind, result, await must(['status'], project), templates, tally);
		if (kind === 'build') {
			const again = await must(args, project, env);
			tally.different += again['sha256'] === result['sha256'] && again['calls'] === 0 ? 0 : 1;
		}
		const { good, goodTwice } = server.stats();
		tally.paidTwice += goodTwice;
		tally.paidTwiceBeyond += Math.max(0, goodTwice - inFlight * times);
		tally.lost += Math.max(0, good - goodTwice - (Number((await must(['status'], project))['replies']) - before));
	} finally {
		await server.close();
		fs.rmSync(project, { recursive: true, force: true });
	}
}

export const newTally = (): Tally => ({
	kills: 0,
	met: 0,
	lost: 0,
	paidTwice: 0,
	paidTwiceBeyond: 0,
	unreadable: 0,
	different: 0,
	unaccounted: 0,
});

function compare(
	kind: Kind,
	result: Record<string, unknown>,
	status: Record<string, unknown>,
	{ expected }: Templates,
	tally: Tally,
): void {
	if (kind === 'import') {
		tally.different += status['answers'] === expected.answers ? 0 : 1;
	} else if (kind === 'build') {
		tally.unaccounted += Math.abs(
			Number((result['yield'] as Record<string, number>)['setAside']) + Number(result['pairs']) - pairs,
		);
	} else {
		tally.unaccounted += Math.abs(Number(status['diagnosed']) + Number(result['failed']) - expected.difficult);
	}
}

const pairs = 100;

function commandOf(kind: Exclude<Kind, 'two'>, world: SmallWorld): string[] {
	switch (kind) {
		case 'import':
			return ['import', 'answers', world.answers, '--student', 's', '--json'];
		case 'diagnose':
			return ['diagnose', '--round', '1', '--concurrency', String(inFlight), '--json'];
		case 'build':
			return [
				'build',
				'sel',
				'--round',
				'1',
				'--name',
				'x',
				'--pairs',
				String(pairs),
				'--replace',
				'--concurrency',
				String(inFlight),
				'--json',
			];
	}
}

async function must(
	args: readonly string[],
	folder: string,
	env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
	const ran = await runCli(args.includes('--json') ? args : [...args, '--json'], folder, env);
	if (ran.code !== 0) {
		throw new Error(`${args.join(' ')}: ${ran.stderr}`);
	}
	return ran.json();
}
