// Runs one seed of one world through the product: project, base student, profile, then one arm after another. Finished
// steps are stored, so a killed run resumes after the last complete step.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DialSkill } from './dial.ts';
import { allSkills, isRare } from './dial.ts';
import type { Product } from './product.ts';
import type { ArmResult, Marks, ProfileResult } from './results.ts';
import { measuredMissing, packed } from './results.ts';
import type { Arm, EvidenceSettings, WorldName } from './settings.ts';
import type { TeacherKind } from './teacher.ts';
import { startTeacher } from './teacher.ts';
import type { World } from './world.ts';
import { bankOf, makeWorld } from './world.ts';

export interface SeedRun {
	readonly product: Product;
	readonly settings: EvidenceSettings;
	readonly world: WorldName;
	readonly seed: number;
	/** The folder for the project, the students and the answers, which may be deleted afterwards. */
	readonly work: string;
	/** The folder for the results, with one file per arm. */
	readonly out: string;
	readonly arms: readonly Arm[];
	/**
	 * Whether every arm also answers the gate's questions. Used only on pilot seeds, while settings are being chosen.
	 */
	readonly tune: boolean;
	/** Whether GRPO runs after base and after each arm, starting from its student. */
	readonly grpo: boolean;
	readonly log: (text: string) => void;
}

const students: Readonly<Record<NonNullable<Arm['student']>, TeacherKind>> = {
	base: 'faithful',
	noisy: 'noisy',
	uniform: 'uniform',
	shuffled: 'shuffled',
};

export const resultFile = (out: string, world: WorldName, seed: number, arm: string): string =>
	path.join(out, `${world}-${seed}-${arm}.json`);

/** Runs a step and stores its result. The step is done only once, however often the run is started. */
async function once<T>(folder: string, name: string, step: () => Promise<T>): Promise<T> {
	const mark = path.join(folder, `done-${name}.json`);
	if (existsSync(mark)) {
		return JSON.parse(readFileSync(mark, 'utf8')) as T;
	}
	const result = await step();
	save(mark, JSON.stringify(result ?? null));
	return result;
}

function save(file: string, text: string): void {
	writeFileSync(`${file}.part`, text);
	renameSync(`${file}.part`, file);
}

const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const rowsOf = <T>(file: string): T[] =>
	readFileSync(file, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => JSON.parse(line) as T);

export async function runSeed(seedRun: SeedRun): Promise<void> {
	const { product, settings, world: name, seed, work, out, log } = seedRun;
	const isMissing = (arm: string) => !existsSync(resultFile(out, name, seed, arm));
	const after = seedRun.grpo ? seedRun.arms.filter((arm) => isMissing(`${arm.name}+grpo`)) : [];
	// GRPO continues from an arm's student, so the arm's job must exist even if its result is already stored.
	const arms = seedRun.arms.filter(
		(arm) => arm.worlds.includes(name) && (isMissing(arm.name) || after.includes(arm)),
	);
	if (arms.length === 0 && !isMissing('base') && !(seedRun.grpo && isMissing('base+grpo'))) {
		return;
	}
	const world = makeWorld({
		...settings,
		seed,
		rareInTraining: name === 'gap' ? settings.rareInTraining : settings.rareShare,
	});
	const project = path.join(work, `${name}-${seed}`);
	mkdirSync(project, { recursive: true });
	mkdirSync(out, { recursive: true });
	const teacher = await startTeacher({ seed, pairs: world.pairs });
	// Each kind of teacher has its own model name: replies are stored by model and prompt, not by address, and must not
	// be shared between kinds.
	const asking = (kind: TeacherKind) => [
		'--teacher-url',
		teacher.url(kind),
		'--teacher-model',
		`dial-${kind}`,
		'--concurrency',
		'16',
		'--yes',
	];
	try {
		await once(project, 'import', () => importWorld(product, project, world));
		const base = await once(project, 'base', async () => {
			const student = path.join(project, 'untrained');
			await product.python(project, 'makeStudent.py', [
				student,
				String(seed),
				String(settings.width),
				String(settings.layers),
			]);
			await product.cli(project, ['build', 'train', '--name', 'p', '--replace', '--seed', String(seed)]);
			log(`${name} ${seed}: training the base`);
			return product.train(project, [
				'p',
				'--model',
				student,
				...sets({
					quantize: 'full',
					group: 'none',
					lr: settings.base.lr,
					epochs: settings.base.epochs,
					batch: settings.base.batch,
					accumulation: 1,
					seed,
					saveEvery: 1_000_000,
				}),
			]);
		});
		await once(project, 'base-answers', () => answerAll(product, project, base.folder, 'base', world));
		if (isMissing('base')) {
			save(
				resultFile(out, name, seed, 'base'),
				JSON.stringify({
					arm: 'base',
					world: name,
					seed,
					...(await marksOf(product, project, 'base', world, ['gate', 'test', 'harder'])),
					cpu: Math.round(product.cpu(project)),
				} satisfies ArmResult),
			);
		}

		for (const student of Object.keys(students) as (keyof typeof students)[]) {
			if (!arms.some((arm) => arm.student === student)) {
				continue;
			}
			await once(project, `diagnosed-${student}`, async () => {
				await product.cli(project, [
					'import',
					'answers',
					path.join(project, 'base-validation.jsonl'),
					'--student',
					student,
				]);
				await product.cli(project, ['classify', '--method', 'answer', '--student', student]);
				const diagnosed = await product.cli(project, [
					'diagnose',
					'--student',
					student,
					...asking(students[student]),
				]);
				const profile = await product.cli(project, ['profile', '--student', student]);
				const result: ProfileResult = {
					profile: student,
					world: name,
					seed,
					difficult: Number(diagnosed['diagnosed']),
					skills: profile['skills'] as ProfileResult['skills'],
					measured: measuredMissing(
						rowsOf(path.join(project, 'base-gate.jsonl')).concat(
							rowsOf(path.join(project, 'base-test.jsonl')),
						) as { question: string; response: string }[],
					),
				};
				save(resultFile(out, name, seed, `profile-${student}`), JSON.stringify(result));
			});
		}
		if (seedRun.grpo && isMissing('base+grpo')) {
			await runGrpo(seedRun, 'base', base.id, project, world);
		}
		for (const arm of arms) {
			const job = await runArm(seedRun, arm, {
				project,
				base,
				world,
				teacher: arm.asks ? asking('faithful') : [],
			});
			if (after.includes(arm)) {
				await runGrpo(seedRun, arm.name, job.id, project, world);
			}
		}
	} finally {
		await teacher.close();
	}
}

async function runArm(
	{ product, settings, world: name, seed, out, tune, log }: SeedRun,
	arm: Arm,
	{
		project,
		base,
		world,
		teacher,
	}: { project: string; base: { id: string; folder: string }; world: World; teacher: readonly string[] },
): Promise<{ id: string; folder: string }> {
	const before = product.cpu(project);
	const evaluated =
		arm.build[0] === 'train' || tune ? (['gate', 'test', 'harder'] as const) : (['test', 'harder'] as const);
	const built = (await once(project, `built-${arm.name}`, () =>
		product.cli(project, [
			'build',
			...arm.build,
			'--name',
			arm.name,
			'--replace',
			'--seed',
			String(seed),
			'--pairs',
			String(settings.pairs),
			...(arm.student ? ['--student', arm.student] : []),
			...teacher,
		]),
	)) as {
		pairs: number;
		distinct: number;
		questions: number;
		calls: number;
		yield: Record<string, number>;
		sha256: string;
		path: string;
	};
	const job = await once(project, `trained-${arm.name}`, () =>
		product.train(project, [
			arm.name,
			'--adapter',
			base.id,
			...sets({
				quantize: 'full',
				group: 'none',
				lr: arm.lr,
				epochs: settings.epochs,
				batch: settings.batch,
				accumulation: 1,
				seed,
				saveEvery: 1_000_000,
			}),
		]),
	);
	if (existsSync(resultFile(out, name, seed, arm.name))) {
		return job;
	}
	await once(project, `answers-${arm.name}`, () =>
		answerAll(product, project, job.folder, arm.name, world, evaluated),
	);
	const needs = new Map(world.train.map((question) => [question.question, question.skills]));
	const rows = rowsOf<{ question: string; skill?: { name: string } | null }>(path.join(built.path, 'data.jsonl'));
	const result: ArmResult = {
		arm: arm.name,
		world: name,
		seed,
		lr: arm.lr,
		pairs: built.pairs,
		distinct: built.distinct,
		questions: built.questions,
		calls: built.calls,
		yield: built.yield,
		sha256: built.sha256,
		rareRows: rows.filter(({ question }) => (needs.get(question) ?? []).some(isRare)).length,
		rows: rows.length,
		skillsTrained: countSkills(rows, needs),
		...(await marksOf(product, project, arm.name, world, evaluated)),
		cpu: Math.round(product.cpu(project) - before),
	};
	save(resultFile(out, name, seed, arm.name), JSON.stringify(result));
	log(`${name} ${seed} ${arm.name}: ${result.test.correct}/${result.test.n}, ${result.cpu} s of CPU`);
	return job;
}

/** Runs GRPO on questions of P, starting from an arm's student (sec. C.1), with the product's own recipe. */
async function runGrpo(
	{ product, settings, world: name, seed, out, log }: SeedRun,
	from: string,
	job: string,
	project: string,
	world: World,
): Promise<void> {
	const { lr, questions, rollouts, miniBatch, pairs, epochs } = settings.grpo;
	await once(project, 'built-grpo', () =>
		product.cli(project, [
			'build',
			'train',
			'--name',
			'grpo',
			'--replace',
			'--seed',
			String(seed),
			'--pairs',
			String(pairs),
		]),
	);
	const trained = await once(project, `trained-${from}+grpo`, () =>
		product.train(project, [
			'grpo',
			'--recipe',
			'grpo',
			'--adapter',
			job,
			...sets({
				quantize: 'full',
				lr,
				epochs,
				questions,
				rollouts,
				miniBatch,
				microBatch: miniBatch * rollouts,
				maxCompletion: 40,
				seed,
				saveEvery: 1_000_000,
			}),
		]),
	);
	await once(project, `answers-${from}+grpo`, () =>
		answerAll(product, project, trained.folder, `${from}+grpo`, world, ['test', 'harder']),
	);
	const result: ArmResult = {
		arm: `${from}+grpo`,
		world: name,
		seed,
		lr,
		pairs,
		...(await marksOf(product, project, `${from}+grpo`, world, ['test', 'harder'])),
	};
	save(resultFile(out, name, seed, result.arm), JSON.stringify(result));
	log(`${name} ${seed} ${result.arm}: ${result.test.correct}/${result.test.n}`);
}

/** Returns the number of rows in a training set that need each skill. New questions (STAT-Syn) are not counted. */
function countSkills(
	rows: readonly { question: string }[],
	needs: ReadonlyMap<string, readonly DialSkill[]>,
): Record<string, number> {
	const counts: Record<string, number> = Object.fromEntries(allSkills.map((skill) => [skill, 0]));
	rows.forEach(({ question }) => needs.get(question)?.forEach((skill) => (counts[skill] = (counts[skill] ?? 0) + 1)));
	return counts;
}

const sets = (settings: Readonly<Record<string, string | number>>): string[] =>
	Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);

async function importWorld(product: Product, project: string, world: World): Promise<true> {
	const file = (name: string) => path.join(project, name);
	if (!existsSync(file('.stat'))) {
		await product.cli(project, ['init']);
	}
	for (const [split, questions] of [
		['train', world.train],
		['validation', world.validation],
	] as const) {
		writeFileSync(
			file(`${split}.jsonl`),
			lines(
				questions.map(({ question, solution, level }) => ({
					problem: question,
					solution,
					level: `Level ${level}`,
					type: 'dial',
				})),
			),
		);
		writeFileSync(file(`${split}_post_cluster.json`), bankOf(questions));
		await product.cli(project, ['import', 'questions', file(`${split}.jsonl`), '--split', split]);
		await product.cli(project, [
			'import',
			'skills',
			file(`${split}_post_cluster.json`),
			'--split',
			split,
			'--subject',
			'dial',
		]);
	}
	return true;
}

const parts = ['validation', 'gate', 'test', 'harder'] as const;

/** Runs the student model saved in a job's folder on every part of the evaluation, in a single process. */
async function answerAll(
	product: Product,
	project: string,
	job: string,
	name: string,
	world: World,
	selected: readonly (typeof parts)[number][] = parts,
): Promise<true> {
	const questions = path.join(project, `ask-${name}.jsonl`);
	writeFileSync(
		questions,
		lines(selected.flatMap((part) => world[part].map(({ question, answer }) => ({ part, question, answer })))),
	);
	await product.python(project, 'answer.py', [
		path.join(job, 'out', 'model'),
		questions,
		path.join(project, `said-${name}.jsonl`),
	]);
	const replies = rowsOf<{ part: string }>(path.join(project, `said-${name}.jsonl`));
	selected.forEach((part) =>
		save(path.join(project, `${name}-${part}.jsonl`), lines(replies.filter((row) => row.part === part))),
	);
	return true;
}

/** Grades answers with the product's own grader and returns one right-or-wrong mark per question. */
async function marksOf(
	product: Product,
	project: string,
	name: string,
	world: World,
	evaluated: readonly ('gate' | 'test' | 'harder')[],
): Promise<{ readonly gate?: Marks; readonly test: Marks; readonly harder: Marks }> {
	const rows = evaluated.flatMap((part) =>
		rowsOf<{ part: string; answer: string; response: string }>(path.join(project, `${name}-${part}.jsonl`)),
	);
	const verdicts = (
		await product.lines(
			project,
			['grade'],
			lines(rows.map(({ answer, response }) => ({ gold: answer, answer: response }))),
		)
	).map((line) => (JSON.parse(line) as { equal: boolean | null }).equal === true);
	if (verdicts.length !== rows.length) {
		throw new Error(`${verdicts.length} verdicts for ${rows.length} answers`);
	}
	const marks = (part: 'gate' | 'test' | 'harder'): Marks =>
		packed(
			world[part],
			verdicts.filter((_, place) => rows[place]?.part === part),
		);
	return {
		...(evaluated.includes('gate') ? { gate: marks('gate') } : {}),
		test: marks('test'),
		harder: marks('harder'),
	};
}
