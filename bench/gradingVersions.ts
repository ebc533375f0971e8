// Compares this grader with an earlier version (and with the labelled pairs in a file) in one run, by kind. Flags:
// --base=FOLDER (a checkout of the earlier version), --cases=FILE (JSONL: gold, answer, want, kind), --list (lists
// every wrong verdict), --near=N (the maximum number of near misses).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Verdict } from '../src/core/questions/answer.ts';
import type { Grader } from '../src/core/ports/grader.ts';
import { goldsOf, nearMisses } from './gradingGolds.ts';

interface Case {
	readonly kind: string;
	readonly gold: string;
	readonly answer: string;
	/** The verdicts that count as right. If `null` is among them, an unsure verdict is right. */
	readonly want: readonly Verdict[];
}

const data = '../shared/data';
const flag = (name: string): string | undefined =>
	process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Bundles the grader of a checkout with its worker. */
async function graderOf(folder: string, out: string): Promise<Grader> {
	await build({
		entryPoints: {
			gradingWorker: path.join(folder, 'src/grading/worker.ts'),
			createGrader: path.join(folder, 'src/grading/createGrader.ts'),
		},
		outdir: out,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node20',
		logLevel: 'warning',
	});
	writeFileSync(path.join(out, 'package.json'), '{ "type": "module" }\n');
	const module = (await import(path.resolve(out, 'createGrader.js'))) as {
		createGrader: (options: { dist: string }) => Grader;
	};
	return module.createGrader({ dist: out });
}

/**
 * Grades as `stat-studio grade` does: the answer may be a whole response, and the gold only if it contains an answer
 * marker of its own.
 */
async function verdictOf(grader: Grader, { gold, answer }: Case): Promise<Verdict> {
	const expected = /\\f?box|####/.test(gold) ? grader.extract(gold).answer : gold;
	const extracted = grader.extract(answer).answer;
	return expected === null || extracted === null ? null : (await grader.equivalent(expected, extracted)).equal;
}

interface Tally {
	cases: number;
	right: number;
	unsure: number;
	wrong: number;
	verdictUnsure: number;
}

async function score(
	grader: Grader,
	cases: readonly Case[],
): Promise<{ tallies: Map<string, Tally>; wrong: string[] }> {
	const tallies = new Map<string, Tally>();
	const wrong: string[] = [];
	for (const each of cases) {
		const verdict = await verdictOf(grader, each);
		for (const kind of [each.kind, 'all']) {
			const tally = tallies.get(kind) ?? { cases: 0, right: 0, unsure: 0, wrong: 0, verdictUnsure: 0 };
			tallies.set(kind, tally);
			tally.cases++;
			tally.verdictUnsure += verdict === null ? 1 : 0;
			if (!each.want.includes(verdict)) {
				tally[verdict === null ? 'unsure' : 'wrong']++;
			} else {
				tally.right++;
			}
		}
		if (!each.want.includes(verdict)) {
			wrong.push(
				`${each.kind}: ${JSON.stringify(each.gold)} and ${JSON.stringify(each.answer.slice(-160))}: ` +
					`${verdict === null ? 'unsure' : String(verdict)}, should be ${each.want.join(' or ')}`,
			);
		}
	}
	return { tallies, wrong };
}

const readLines = <T>(file: string): T[] =>
	readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as T);

/** Returns the real and generated answers in the shared folder; not all of them have a known right verdict. */
function answersOf(folder: string): Case[] {
	const cases: Case[] = [];
	for (const name of ['math_cot_60', 'made_1000']) {
		for (const row of readLines<{ answer: string; code: string[] }>(`${folder}/student-answers/${name}.jsonl`)) {
			row.code.forEach((answer) => cases.push({ kind: name, gold: row.answer, answer, want: [true, false] }));
		}
	}
	for (const name of ['smollm2_arithmetic_base', 'smollm2_arithmetic_trained', 'smollm2_math_gsm8k']) {
		for (const row of readLines<{ gold: string; text: string }>(`${folder}/student-answers/${name}.jsonl`)) {
			cases.push({ kind: name, gold: row.gold, answer: row.text, want: [true, false] });
		}
	}
	return cases;
}

async function table(
	title: string,
	cases: readonly Case[],
	graders: readonly (readonly [string, Grader])[],
): Promise<void> {
	console.log(`### ${title} (${cases.length})\n`);
	const names = graders.map(([name]) => name);
	console.log(
		`| kind | pairs | ${names.map((name) => `${name}: right | unsure, wrongly | wrong | unsure in all`).join(' | ')} |`,
	);
	console.log(`| --- | --- | ${names.map(() => '--- | --- | --- | ---').join(' | ')} |`);
	const scores = [];
	for (const [name, grader] of graders) {
		scores.push({ name, ...(await score(grader, cases)) });
	}
	for (const kind of scores[0]?.tallies.keys() ?? []) {
		const cells = scores.map(({ tallies }) => {
			const tally = tallies.get(kind);
			return tally && `${tally.right} | ${tally.unsure} | ${tally.wrong} | ${tally.verdictUnsure}`;
		});
		console.log(`| ${kind} | ${scores[0]?.tallies.get(kind)?.cases} | ${cells.join(' | ')} |`);
	}
	console.log('');
	if (process.argv.includes('--list')) {
		scores.forEach(({ name, wrong }) => wrong.forEach((line) => console.log(`${name}: ${line}\n`)));
	}
}

async function main(): Promise<void> {
	const graders: [string, Grader][] = [['this version', await graderOf('.', 'out/grading')]];
	const base = flag('base');
	if (base !== undefined) {
		graders.push(['the earlier one', await graderOf(base, 'out/gradingBase')]);
	}
	const file = flag('cases');
	if (file !== undefined) {
		await table(path.basename(file), readLines<Case>(file), graders);
	}
	if (existsSync(data)) {
		await table('Answers in the shared folder', answersOf(data), graders);
		const every = nearMisses(goldsOf(data));
		const step = Math.max(1, Math.ceil(every.length / Number(flag('near') ?? 1500)));
		await table(
			'Near misses of the gold answers',
			every
				.filter(({ kind }, index) => kind === 'unit' || kind === 'bracket' || index % step === 0)
				.map(({ kind, gold, answer }) => ({ kind, gold, answer, want: [false] })),
			graders,
		);
	} else {
		console.log(`Skipped: real answers and near misses need ${data}.`);
	}
	await Promise.all(graders.map(([, grader]) => grader.dispose()));
}

void main();
