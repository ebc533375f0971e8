import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { randomStream } from '../../../src/core/stats/random.ts';
import { builtDist } from '../../fixtures/builtDist.ts';
import { runCli } from '../../fixtures/builtCli.ts';
import type { DialSkill } from '../../campaign/evidence/dial.ts';
import {
	allSkills,
	firstWrong,
	isRare,
	rareSkills,
	readQuestion,
	solutionText,
	work,
} from '../../campaign/evidence/dial.ts';
import { runSeed } from '../../campaign/evidence/oneSeed.ts';
import { openProduct } from '../../campaign/evidence/product.ts';
import { collect, paired, report } from '../../campaign/evidence/report.ts';
import { packed } from '../../campaign/evidence/results.ts';
import { arms, fullSettings, smallSettings } from '../../campaign/evidence/settings.ts';
import type { TeacherKind } from '../../campaign/evidence/teacher.ts';
import { elsewhere, replyTo, startTeacher } from '../../campaign/evidence/teacher.ts';
import { bankOf, makeWorld } from '../../campaign/evidence/world.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'stat-evidence-test-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const small = { ...fullSettings, train: 1500, validation: 300, gate: 100, test: 200, harder: 60 };
const world = makeWorld({ ...small, seed: 5, rareInTraining: small.rareInTraining });
const everything = [...world.train, ...world.validation, ...world.gate, ...world.test, ...world.harder];

/**
 * Returns an answer with a wrong result in each step that needs one of the missing skills; later steps continue from
 * the wrong number.
 */
function answerOf(question: string, missing: ReadonlySet<DialSkill>): string {
	const read = readQuestion(question);
	const right = read && work(read.start, read.chain);
	assert.ok(read && right, question);
	const steps = right.steps.map((step) =>
		missing.has(step.skill)
			? {
					...step,
					text: step.text.replace(/\d\d$/, (shown) => String((Number(shown) + 13) % 100).padStart(2, '0')),
				}
			: step,
	);
	return solutionText(
		steps,
		steps.some((step, i) => step !== right.steps[i]) ? (right.result + 13) % 100 : right.result,
	);
}

test('the parts of a generated world are disjoint, its solutions are right and its texts can be parsed', () => {
	assert.equal(new Set(everything.map(({ question }) => question)).size, everything.length);
	for (const { question, solution, answer, skills } of everything) {
		assert.equal(firstWrong(question, solution.split('\n\n')), null);
		const read = readQuestion(question);
		const worked = read && work(read.start, read.chain);
		assert.equal(String(worked?.result).padStart(2, '0'), answer);
		assert.deepEqual(new Set(worked?.steps.map(({ skill }) => skill)), new Set(skills));
	}
	assert.deepEqual(makeWorld({ ...small, seed: 5, rareInTraining: small.rareInTraining }).test, world.test);
	assert.notDeepEqual(makeWorld({ ...small, seed: 6, rareInTraining: small.rareInTraining }).test, world.test);
});

test('the gap exists only in training, and no held-out pair occurs elsewhere', () => {
	const shareOf = (questions: typeof world.train) =>
		questions.filter(({ skills }) => skills.some(isRare)).length / questions.length;
	assert.ok(
		shareOf(world.train) < 0.05 && shareOf(world.validation) > 0.15,
		`${shareOf(world.train)}, ${shareOf(world.validation)}`,
	);
	const level = makeWorld({ ...small, seed: 5, rareInTraining: small.rareShare });
	assert.ok(Math.abs(shareOf(level.train) - shareOf(level.test)) < 0.12);
	const held = (skills: readonly string[]) =>
		skills.some((left) => skills.some((right) => world.pairs.has(`${left}/${right}`)));
	assert.ok(world.harder.every(({ skills }) => held(skills)));
	assert.ok(everything.filter((question) => !world.harder.includes(question)).every(({ skills }) => !held(skills)));
});

test('the text of a question gives no hint of its rare skill', () => {
	const told = (question: string) => question.split(', then ').at(-1)?.replace(/[\d.]/g, '').trim() ?? '';
	for (const skill of rareSkills.filter((name) => name !== 'copying_the_tens')) {
		const its = new Set(
			everything.filter(({ skills }) => skills.includes(skill)).map(({ question }) => told(question)),
		);
		const others = new Set(
			everything.filter(({ skills }) => !skills.includes(skill)).map(({ question }) => told(question)),
		);
		assert.ok(
			[...its].every((move) => others.has(move)),
			skill,
		);
	}
});

test('the teacher names the skill of the first wrong step using only the steps', () => {
	const prompt = (question: string, answer: string) =>
		`<skill_list>\n${allSkills.join('\n')}\n</skill_list>\n<question>\n${question}\n</question>\n<student_answer>\n${answer
			.split('\n\n')
			.map((step, i) => `[${i + 1}] ${step}`)
			.join('\n')}\n</student_answer>`;
	const rare = world.validation.filter(({ skills }) => skills.some(isRare)).slice(0, 60);
	const settings = { seed: 1, pairs: world.pairs };
	const named = (kind: TeacherKind, text: string) =>
		/<skill>(.*)<\/skill>/.exec(replyTo(text, kind, settings, 0))?.[1];
	let same = 0;
	for (const { question, skills } of rare) {
		const skill = skills.find(isRare) as DialSkill;
		const text = prompt(question, answerOf(question, new Set([skill])));
		assert.equal(named('faithful', text), skill);
		assert.equal(named('shuffled', text), elsewhere(skill, 1));
		assert.notEqual(elsewhere(skill, 1), skill);
		same += named('uniform', text) === skill ? 1 : 0;
		assert.match(
			replyTo(prompt(question, answerOf(question, new Set())), 'faithful', settings, 0),
			/<judge>correct/,
		);
	}
	assert.ok(same < 15, `uniform names the right skill ${same} times of 60`);
	assert.equal(new Set(allSkills.map((skill) => elsewhere(skill, 1))).size, allSkills.length);
});

test('a new question uses its skill, and reworded solutions stay right', () => {
	for (const skill of allSkills) {
		for (let time = 0; time < 5; time++) {
			const question =
				/<question>(.*)<\/question>/.exec(
					replyTo(
						`<skill_name>\n${skill}\n</skill_name>\n<reference_questions>\n</reference_questions>`,
						'faithful',
						{ seed: 2, pairs: world.pairs },
						time,
					),
				)?.[1] ?? '';
			const read = readQuestion(question);
			assert.ok(
				read && work(read.start, read.chain)?.steps.some((step) => step.skill === skill),
				`${skill}: ${question}`,
			);
			const solved = replyTo(
				`<question>\n${question}\n</question>`,
				'faithful',
				{ seed: 2, pairs: world.pairs },
				time,
			);
			assert.equal(firstWrong(question, solved.split('\n\n')), null, solved);
		}
	}
});

test('on the command line, STAT-Sel targets the planted skills with the true profile but not with a shuffled one', async () => {
	const project = path.join(scratch, 'targets');
	mkdirSync(project);
	const missing = new Set<DialSkill>(['doubling_with_a_carry', 'rounding_up', 'gap_turned']);
	const jsonl = (name: string, rows: readonly object[]) => {
		writeFileSync(path.join(project, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
		return name;
	};
	const teacher = await startTeacher({ seed: 1, pairs: world.pairs });
	const did = async (...args: string[]) => {
		const result = await runCli([...args, '--json'], project, { OPENAI_API_KEY: 'none' });
		assert.equal(result.code, 0, result.stderr);
		return result.json();
	};
	try {
		await did('init');
		await did(
			'import',
			'questions',
			jsonl(
				'train.jsonl',
				world.train.map(({ question, solution }) => ({ problem: question, solution, type: 'dial' })),
			),
			'--split',
			'train',
		);
		writeFileSync(path.join(project, 'bank.json'), bankOf(world.train));
		await did('import', 'skills', 'bank.json', '--split', 'train', '--subject', 'dial');
		await did(
			'import',
			'questions',
			jsonl(
				'validation.jsonl',
				world.validation.map(({ question, solution }) => ({ problem: question, solution, type: 'dial' })),
			),
			'--split',
			'validation',
		);
		const answers = jsonl(
			'answers.jsonl',
			world.validation.map(({ question, answer }) => ({
				question,
				answer,
				response: answerOf(question, missing),
			})),
		);
		const trained: Record<string, number> = {};
		for (const kind of ['faithful', 'shuffled'] as const) {
			await did('import', 'answers', answers, '--student', kind);
			await did('classify', '--method', 'answer', '--student', kind);
			const { failed } = await did(
				'diagnose',
				'--student',
				kind,
				'--teacher-url',
				teacher.url(kind),
				'--teacher-model',
				`dial-${kind}`,
				'--yes',
			);
			assert.equal(failed, 0);
			const { path: folder } = await did(
				'build',
				'sel',
				'--name',
				kind,
				'--student',
				kind,
				'--pairs',
				'200',
				'--answers-from',
				'original',
			);
			const skills = new Map(world.train.map((question) => [question.question, question.skills]));
			const rows = readFileSync(path.join(String(folder), 'data.jsonl'), 'utf8')
				.trim()
				.split('\n')
				.map((line) => (JSON.parse(line) as { question: string }).question);
			trained[kind] =
				rows.filter((question) => skills.get(question)?.some((skill) => missing.has(skill))).length /
				rows.length;
		}
		assert.equal(trained['faithful'], 1, 'a faithful teacher: every row needs a missing skill');
		assert.ok((trained['shuffled'] ?? 1) < 0.3, `shuffled: ${trained['shuffled']}`);
	} finally {
		await teacher.close();
	}
});

test('differences are paired by seed and get a Student’s t interval', () => {
	const { mean, interval, ahead, p } = paired([1, 2, 3, 4]);
	assert.equal(mean, 2.5);
	assert.equal(ahead, 4);
	// t(0.975, 3) = 3.1824, standard error 0.6455.
	assert.ok(interval && Math.abs(interval[0] - 0.4457) < 1e-3 && Math.abs(interval[1] - 4.5543) < 1e-3);
	assert.ok(p !== null && Math.abs(p - 0.0305) < 1e-3);
	const random = randomStream(1, 'marks');
	const right = world.test.map(() => random.int(2) === 1);
	const marks = packed(world.test, right);
	assert.equal(marks.bits.length, Math.ceil(world.test.length / 4));
	assert.deepEqual(
		[...marks.bits]
			.flatMap((digit) => [8, 4, 2, 1].map((bit) => (Number.parseInt(digit, 16) & bit) > 0))
			.slice(0, right.length),
		right,
	);
	assert.equal(marks.rare[1] + marks.frequent[1], marks.n);
});

const python = process.env['STAT_PYTHON'];
test(
	'the small campaign runs from the first question to the table and resumes where it stopped',
	{ skip: python === undefined && 'needs Python with the trainer’s packages (STAT_PYTHON)' },
	async () => {
		const dist = builtDist();
		const out = path.join(scratch, 'out');
		const product = await openProduct({
			dist,
			home: path.join(scratch, 'home'),
			python: python as string,
			warm: true,
		});
		const told: string[] = [];
		const run = () =>
			runSeed({
				product,
				settings: smallSettings,
				world: 'gap',
				seed: 3,
				work: path.join(scratch, 'work'),
				out,
				arms: arms.filter(({ name }) => name === 'train' || name === 'sel'),
				tune: false,
				grpo: false,
				log: (text) => told.push(text),
			});
		try {
			await run();
			// The cost belongs to one run; everything else belongs to the seed.
			const left = () =>
				readdirSync(out).map((name) => readFileSync(path.join(out, name), 'utf8').replace(/"cpu":\d+/, ''));
			const before = left();
			const lines = told.length;
			rmSync(path.join(out, 'gap-3-sel.json'));
			await run();
			assert.deepEqual(left(), before, 'begun again, it ends with the same bytes');
			assert.equal(told.length, lines + 1, 'only what was missing was done again');
		} finally {
			product.close();
		}
		const { results, profiles } = collect(out);
		assert.deepEqual(results.map(({ arm }) => arm).sort(), ['base', 'sel', 'train']);
		for (const one of results) {
			assert.equal(one.test.n, smallSettings.test);
			assert.equal(one.harder.n, smallSettings.harder);
			assert.ok(one.arm === 'base' || one.rows === smallSettings.pairs, `${one.arm}: ${one.rows} rows`);
		}
		assert.equal(profiles.length, 1);
		assert.ok(existsSync(path.join(out, 'gap-3-profile-base.json')));
		assert.match(report({ results, profiles }), /\| gap \| sel − train \| 1 \|/);
	},
);
