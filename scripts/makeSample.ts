// Writes the sample project (examples/sample): node scripts/makeSample.mjs. It is seeded, so the bytes are the same
// every time on every machine.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { questionId } from '../src/core/questions/question.ts';
import { makers, skillsOf, subjects } from './sample/catalog.ts';
import type { Maker, Problem } from './sample/hand.ts';
import { Hand } from './sample/hand.ts';
import { Random } from './sample/random.ts';
import { readme } from './sample/readme.ts';
import type { Written } from './sample/student.ts';
import { answer, numeric } from './sample/student.ts';
import type { ReplyLine } from './sample/teacher.ts';
import {
	catalogClusterReplies,
	catalogNameReply,
	diagnoseReplies,
	judgeReplies,
	labelReply,
	Proposer,
	rewriteReplies,
} from './sample/teacher.ts';
import type { Sample } from './sample/sample.ts';

export const seed = 2510;
export const student = 'tiny-student';
const samples = 5;
const sizes = { train: 300, validation: 120 };

function onlyHere(maker: Maker, skill: string): boolean {
	return makers.filter((other) => other.subject === maker.subject && other.skills.includes(skill)).length === 1;
}

/** The whole sample, before it is written in other tools' formats. */
export function makeSample(): Sample {
	const known = new Set<string>();
	const draw = (split: keyof typeof sizes): Problem[] => {
		const random = new Random(seed, split);
		// A skill that only one kind of question needs still gets the five questions that STAT-Sel draws.
		const weighted = makers.map((maker) => ({
			maker,
			weight: random.int(maker.skills.some((skill) => onlyHere(maker, skill)) ? 5 : 2, 6),
		}));
		const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
		let weights = 0;
		const problems = weighted.flatMap(({ maker, weight }) => {
			const from = Math.round((weights * sizes[split]) / total);
			weights += weight;
			const count = Math.round((weights * sizes[split]) / total) - from;
			return Array.from({ length: count }, () => fresh(() => maker.make(random)));
		});
		return subjects.flatMap((subject) =>
			random.shuffled(problems.filter((problem) => problem.subject === subject)),
		);
	};
	const fresh = (make: () => Problem): Problem => {
		for (let i = 0; i < 1000; i++) {
			const problem = make();
			const id = questionId(problem.text);
			if (!known.has(id)) {
				known.add(id);
				return problem;
			}
		}
		throw new Error('a kind of question has too few variants');
	};
	const train = draw('train');
	const validation = draw('validation');
	const answers = validation.map((problem) => answer(problem, samples, new Random(seed, 'student', problem.text)));
	let difficult = 0;
	const diagnoses = validation.map((problem, i) => {
		const own = answers[i] ?? [];
		return diagnoseReplies(
			problem,
			own,
			own[0]?.right === false ? ++difficult : -1,
			new Random(seed, 'diagnose', problem.text),
		);
	});

	const proposer = new Proposer(train);
	const all = [...train, ...validation];
	const replies: ReplyLine[] = [
		...all.map((problem) => labelReply(problem, new Random(seed, 'label', problem.text))),
		...all.map((problem) => catalogNameReply(problem, new Random(seed, 'catalog', problem.text))),
		...subjects.flatMap(catalogClusterReplies),
		...validation.flatMap((problem, i) =>
			judgeReplies(problem, answers[i] ?? [], new Random(seed, 'judge', problem.text)),
		),
		...diagnoses.flat().map(({ flaw: _flaw, skills: _skills, ...line }) => line),
		...train.flatMap((problem) => rewriteReplies(problem, new Random(seed, 'rewrite', problem.text))),
		...validation.flatMap((problem, i) => {
			// New questions are proposed for every skill that a diagnosis of the answers names, and a few for skills
			// that a user might choose instead.
			const named = new Set((diagnoses[i] ?? []).flatMap(({ skills }) => skills));
			const random = new Random(seed, 'propose', problem.text);
			return named.size === 0
				? []
				: [...new Set([...named, ...problem.skills])].flatMap((skill) =>
						proposer.replies(problem, skill, named.has(skill) ? 3 : 1, random),
					);
		}),
	];
	return { train, validation, answers, diagnoses, replies };
}

/** Returns the files of the sample as a map from name to content. */
export function sampleFiles(sample: Sample): Map<string, string> {
	const files = new Map<string, string>();
	const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
	const banks = { train: [] as string[], validation: [] as string[] };
	for (const split of ['train', 'validation'] as const) {
		for (const subject of subjects) {
			const skills = skillsOf(subject);
			const rows = sample[split].filter((problem) => problem.subject === subject);
			const dict = Object.fromEntries(
				skills.map((skill) => [
					skill,
					rows
						.filter((problem) => problem.skills.includes(skill))
						.map((problem) => ({
							question: problem.text,
							answer: split === 'train' ? reference(problem) : printed(problem.gold),
						})),
				]),
			);
			const name = `skills/${subject}/${split}/${split}_post_cluster.json`;
			files.set(
				name,
				`${JSON.stringify({ skills, example_nums: Object.fromEntries(skills.map((skill) => [skill, dict[skill]?.length ?? 0])), skill_dict: dict }, null, '\t')}\n`,
			);
			banks[split].push(name);
		}
	}
	files.set(
		'questions/train.jsonl',
		lines(
			sample.train.map((problem, i) => ({
				problem: problem.text,
				solution: reference(problem),
				answer: problem.gold,
				subject: problem.subject,
				level: problem.level,
				unique_id: `train/${problem.subject}/${i + 1}`,
			})),
		),
	);
	files.set(
		`answers/${student}.jsonl`,
		lines(sample.validation.map((problem, i) => logRow(problem, sample.answers[i] ?? [], i))),
	);
	files.set(
		'teacher.jsonl',
		'// Made by scripts/makeSample.ts: no model wrote these replies. docs/scripted-teacher.md has the ' +
			`format.\n${lines([{ model: 'sample-teacher' }, ...sample.replies])}`,
	);
	files.set(
		'sample.json',
		`${JSON.stringify(
			{
				name: 'STAT Studio sample',
				student,
				round: 1,
				samples,
				skills: banks,
				questions: { train: ['questions/train.jsonl'] },
				answers: [`answers/${student}.jsonl`],
				teacher: 'teacher.jsonl',
			},
			null,
			'\t',
		)}\n`,
	);
	files.set('README.md', readme(sample, makers.length));
	return files;
}

/** Returns the reference solution, as terse as in a textbook. */
function reference(problem: Problem): string {
	const hand = new Hand(() => 0);
	const final = problem.write(hand);
	return `${hand.steps.join(' ')} The answer is $\\boxed{${final}}$.`;
}

/** Prints an answer as the published test banks do: a Python list of the LaTeX and its value. */
function printed(gold: string): string {
	return `['${gold.replace(/\\/g, '\\\\')}', ${numeric(gold)}]`;
}

/** Returns a line of a Qwen2.5-Math evaluator's log with process rewards. */
function logRow(problem: Problem, answers: readonly Written[], idx: number): unknown {
	const scores = answers[0]?.stepScores ?? [];
	const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
	const easy = (scores.at(-1) ?? 0) > 0.85 && mean > 0.85 && scores.slice(0, -1).every((score) => score > 0.7);
	return {
		idx,
		question: problem.text,
		gt_cot: reference(problem),
		gt: problem.gold,
		level: `Level ${problem.level}`,
		type: problem.subject,
		answer: problem.gold,
		code: answers.map(({ text }) => text),
		pred: answers.map(({ pred }) => pred),
		report: null,
		score: answers.map(({ pred }) => pred === problem.gold),
		PRM_pred: easy,
		step_scores: answers.map(({ stepScores }) => stepScores),
	};
}

export function writeSample(folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	for (const [name, contents] of sampleFiles(makeSample())) {
		const file = path.join(folder, name);
		mkdirSync(path.dirname(file), { recursive: true });
		writeFileSync(file, contents);
	}
}
