import { usageError } from './usageError.ts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { formatPercent } from '../core/text/formatNumber.ts';
import { drillFiles, drillStudent } from '../drill/drillFiles.ts';
import { drillTransport } from '../drill/drillTeacher.ts';
import { drillWorld } from '../drill/drillWorld.ts';
import { drillSubject, microSkills } from '../drill/microSkills.ts';
import { initProject } from '../store/engine/initProject.ts';
import { createTeacherOver } from '../teacher/ask/teacherOver.ts';
import type { DrillResult } from '../workflow/profile/drill.ts';
import { drill } from '../workflow/profile/drill.ts';
import type { CommandContext } from './command.ts';
import { command } from './command.ts';
import { openParts } from './openParts.ts';
import { table } from './wording.ts';

/** The fraction of the paper's diagnoses that the paper's own teacher judged wrong (E.3). */
const defaultNoise = 0.3;
const defaultWorld = { skills: 12, questions: 500 } as const;

export const drillCommand = command({
	about:
		'Tests the loop on planted weaknesses: a student with known weaknesses answers questions in written ' +
		'arithmetic; a teacher that sees only those texts re-checks every step; the loop runs on them in a temporary ' +
		'project, and the profile is compared with what was planted. No key, no network.',
	options: {
		skills: {
			type: 'string',
			value: 'K',
			help: `number of micro-skills in the world, 4 to ${microSkills.length} (default ${defaultWorld.skills})`,
		},
		questions: {
			type: 'string',
			value: 'N',
			help: `number of validation questions, 20 to 5000 (default ${defaultWorld.questions})`,
		},
		noise: {
			type: 'string',
			value: 'X',
			help: `probability that the teacher names a random skill, 0 to 1 (default ${defaultNoise})`,
		},
		seed: { type: 'string', value: 'S', help: 'seed of the world (default 0)' },
		shuffle: {
			type: 'boolean',
			help: "pair each question with another question's answer, so that nothing can be recovered",
		},
	},
	async run(context) {
		const { values } = context;
		const settings = {
			skills: inRange('skills', values.whole('skills') ?? defaultWorld.skills, 4, microSkills.length),
			questions: inRange('questions', values.whole('questions') ?? defaultWorld.questions, 20, 5000),
			seed: values.whole('seed') ?? 0,
		};
		const noise = inRange('noise', values.number('noise') ?? defaultNoise, 0, 1);
		const shuffle = values.flag('shuffle');
		const began = performance.now();
		const { result, planted } = await inThrowawayProject(context, settings, noise, shuffle);
		const seconds = Math.round((performance.now() - began) / 100) / 10;
		const json = {
			planted: planted.filter(({ weak }) => weak).map(({ skill, rate, impact }) => ({ skill, rate, impact })),
			found: result.found,
			precision: result.precision,
			recall: result.recall,
			rank_correlation: result.rankCorrelation,
			background: result.background,
			...settings,
			noise,
			shuffle,
			answered: result.questions,
			difficult: result.difficult,
			diagnosed: result.diagnosed,
			disputed: result.disputed,
			failed: result.failed,
			profile: result.skills.map(({ skill, questions, share, ci95 }) => ({ skill, questions, share, ci95 })),
			seconds,
		};
		return { json, text: formatResult(result, planted, noise, shuffle) };
	},
});

type World = ReturnType<typeof drillWorld>;

async function inThrowawayProject(
	{ dist, run }: CommandContext,
	settings: Parameters<typeof drillWorld>[0],
	noise: number,
	shuffle: boolean,
): Promise<{ result: DrillResult; planted: World['planted'] }> {
	const folder = await mkdtemp(path.join(os.tmpdir(), 'stat-drill-'));
	try {
		run.progress({ label: 'Making questions and answers', done: 0, total: settings.questions });
		const world = drillWorld(settings);
		const files = drillFiles(world, { shuffle, seed: settings.seed });
		const bank = path.join(folder, drillSubject, 'validation', 'validation_post_cluster.json');
		const answers = path.join(folder, 'answers.jsonl');
		await mkdir(path.dirname(bank), { recursive: true });
		await Promise.all([writeFile(bank, files.bank), writeFile(answers, files.answers)]);
		initProject(folder);
		const opened = await openParts(folder, dist, run);
		const teacher = createTeacherOver({
			transport: drillTransport({ noise, seed: settings.seed }),
			model: 'drill-teacher',
			endpoint: 'drill',
			replies: opened.parts.store,
			facts: { input: 0, output: 0 },
			concurrency: 32,
			log: run.log,
		});
		try {
			return {
				result: await drill(
					{ ...opened.parts, teacher },
					{ bank, answers, student: drillStudent, planted: world.planted },
					run,
				),
				planted: world.planted,
			};
		} finally {
			await teacher.dispose();
			await opened.close();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function formatResult(result: DrillResult, planted: World['planted'], noise: number, shuffle: boolean): string {
	const shown = new Map(result.skills.map((skill) => [skill.skill, skill]));
	const rows = [...planted]
		.sort((left, right) => (shown.get(right.skill)?.questions ?? 0) - (shown.get(left.skill)?.questions ?? 0))
		.map(({ skill, weak, rate }) => {
			const { questions = 0, share = 0, ci95: [low, high] = [0, 0] } = shown.get(skill) ?? {};
			return [
				weak ? formatPercent(rate) : '',
				result.found.includes(skill) ? 'found' : '',
				questions,
				formatPercent(share),
				`${formatPercent(low)}–${formatPercent(high)}`,
				skill,
			];
		});
	return [
		`${result.questions} questions, ${result.difficult} difficult, ${result.diagnosed} diagnosed by a ` +
			`teacher with noise ${noise}${shuffle ? ', answers shuffled' : ''}`,
		table([['planted', 'profile', 'missed', 'share', '95 %', 'skill'], ...rows]),
		`found: the interval lies above the background rate of ${formatPercent(result.background)}`,
		`precision ${formatPercent(result.precision)}, recall ${formatPercent(result.recall)}, rank ` +
			`correlation ${result.rankCorrelation === null ? '–' : result.rankCorrelation.toFixed(2)}`,
	].join('\n');
}

function inRange(name: string, value: number, least: number, most: number): number {
	if (value < least || value > most) {
		throw usageError(`--${name} must be from ${least} to ${most}, not ${value}`);
	}
	return value;
}
