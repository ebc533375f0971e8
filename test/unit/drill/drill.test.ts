import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingSkillProfile } from '../../../src/core/profile/profile.ts';
import { skillLines, stepLines } from '../../../src/core/ports/promptValues.ts';
import { questionId } from '../../../src/core/questions/question.ts';
import type { Recovery } from '../../../src/core/profile/recovery.ts';
import { recovery, spearman } from '../../../src/core/profile/recovery.ts';
import { splitSteps } from '../../../src/core/questions/steps.ts';
import { checkWorking } from '../../../src/drill/checkWorking.ts';
import { drillFiles } from '../../../src/drill/drillFiles.ts';
import { diagnosisOf } from '../../../src/drill/drillTeacher.ts';
import type { DrillWorld } from '../../../src/drill/drillWorld.ts';
import { drillWorld } from '../../../src/drill/drillWorld.ts';
import { drillSubject, microSkills } from '../../../src/drill/microSkills.ts';
import { replyParsers } from '../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../src/teacher/prompts.ts';

const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
const skills = 12;
const worlds = seeds.map((seed) => drillWorld({ skills, questions: 300, seed }));
const prompts = createPrompts({ folder: 'src/teacher/prompts', userFolder: 'src/teacher/no-such-folder' });
const final = (answer: string): string => /\\boxed\{(.*)\}/.exec(answer)?.[1] ?? '';

interface Read {
	readonly question: string;
	readonly answer: string;
	readonly gold: string;
}

/** Returns which answer belongs to which question, from the files that the drill writes. */
function rows(world: DrillWorld, seed: number, shuffle: boolean): Read[] {
	return drillFiles(world, { shuffle, seed })
		.answers.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { question: string; gt: string; code: [string] })
		.map(({ question, gt, code: [answer] }) => ({ question, answer, gold: gt }));
}

/**
 * Runs everything from the built-in prompt to the profile, as the workflows do but without a store, so that it is fast
 * enough for many seeds.
 */
function run(
	world: DrillWorld,
	seed: number,
	noise: number,
	shuffle = false,
): Recovery & { readonly difficult: number } {
	const offered = world.planted
		.map(({ skill }) => ({ subject: drillSubject, name: skill }))
		.sort((left, right) => (left.name < right.name ? -1 : 1));
	const missing = rows(world, seed, shuffle)
		.filter(({ answer, gold }) => final(answer) !== gold)
		.map(({ question, answer }) => {
			const { messages } = prompts.render('diagnose', {
				subject: drillSubject,
				skills: skillLines(offered),
				question,
				steps: stepLines(answer, splitSteps(answer)),
				finalAnswer: final(answer),
			});
			const { judge, skills: named } = replyParsers.parseDiagnosis(
				diagnosisOf(messages, { noise, seed }),
				offered,
			);
			return {
				questionId: questionId(question),
				subject: drillSubject,
				skills: named,
				from: 'teacher' as const,
				disputed: judge === 'correct',
			};
		});
	return {
		...recovery(world.planted, missingSkillProfile({ missing, train: [], answered: [] })),
		difficult: missing.length,
	};
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const overall = (
	results: readonly Recovery[],
): { precision: number; recall: number; rank: number; found: number; hits: number } => {
	const found = results.reduce((sum, result) => sum + result.found.length, 0);
	const hits = results.reduce(
		(sum, result) => sum + result.found.filter((skill) => result.planted.includes(skill)).length,
		0,
	);
	return {
		found,
		hits,
		precision: hits / found,
		recall: hits / results.reduce((sum, { planted }) => sum + planted.length, 0),
		rank: mean(results.map(({ rankCorrelation }) => rankCorrelation ?? 0)),
	};
};

test('the same settings give the same world, and another seed gives another', () => {
	assert.deepEqual(drillWorld({ skills, questions: 40, seed: 3 }), drillWorld({ skills, questions: 40, seed: 3 }));
	assert.notDeepEqual(
		drillWorld({ skills, questions: 40, seed: 3 }).questions,
		drillWorld({ skills, questions: 40, seed: 4 }).questions,
	);
});

test('questions need two to four skills, all skills are needed about equally often, and no question occurs twice', () => {
	for (const world of worlds) {
		assert.equal(new Set(world.questions.map(({ text }) => questionId(text))).size, world.questions.length);
		assert.ok(world.questions.every((question) => question.skills.length >= 2 && question.skills.length <= 4));
		const times = world.planted.map(
			({ skill }) => world.questions.filter((question) => question.skills.includes(skill)).length,
		);
		assert.ok(Math.max(...times) < 1.6 * Math.min(...times), times.join());
	}
});

test("neither a question nor an answer contains a skill's name, an id or a marker", () => {
	const names = microSkills.flatMap((name) => [name, name.replace(/_/g, ' '), name.replace(/_/g, '-')]);
	for (const { text, answer } of worlds.flatMap(({ questions }) => questions)) {
		const lower = `${text}\n${answer}`.toLowerCase();
		for (const name of names) {
			assert.ok(!lower.includes(name), `${name}: ${lower}`);
		}
		// Only the characters of the phrasings and of LaTeX occur; a marker would need others.
		assert.match(answer, /^[\x20-\x7e\n]*$/);
		assert.doesNotMatch(answer, /slip|wrong|mistake|error|planted|weak|skill|[#@_*`]|[ \t]\n|\n{3}| {2}/i);
	}
});

test('a slip changes numbers but not the sentences around them', () => {
	const sentences = (answers: readonly string[]): Set<string> =>
		new Set(answers.flatMap((answer) => answer.split('\n\n').map((line) => line.replace(/\$[^$]*\$/g, '$'))));
	const all = drillWorld({ skills: microSkills.length, questions: 2000, seed: 9 }).questions;
	const right = sentences(all.filter(({ answer, gold }) => final(answer) === gold).map(({ answer }) => answer));
	const wrong = sentences(all.filter(({ answer, gold }) => final(answer) !== gold).map(({ answer }) => answer));
	// The extra words in wrong answers only describe how a value from an earlier slip is processed (a negative number
	// or a fraction).
	const only = [...wrong].filter((sentence) => !right.has(sentence));
	assert.deepEqual(
		only.filter((sentence) => !/^(?:Multiplied, \$\.|Going down, \$\.|That is \$\.)$/.test(sentence)),
		[],
	);
});

test('the teacher finds a wrong step in every wrong answer and none in a right one', () => {
	for (const world of worlds) {
		const perfect = world.questions.filter(({ answer, gold }) => final(answer) === gold);
		assert.ok(perfect.length > 50);
		for (const { text, answer, gold } of world.questions) {
			const finding = checkWorking(text, answer.split('\n\n'));
			assert.ok(final(answer) === gold || finding !== null, answer);
			assert.ok(
				finding === null || !/question|result so far/.test(finding.why),
				`a right number called a stranger: ${text}\n${answer}\n${finding?.why}`,
			);
		}
	}
});

test('the teacher knows only the messages it receives', () => {
	const prompt = (question: string, steps: string, list: string): string =>
		diagnosisOf(
			[
				{
					role: 'user',
					content: `<skill_list>\n${list}\n</skill_list>\n<question>\n${question}\n</question>\n<student_answer>\n${steps}\n</student_answer>`,
				},
			],
			{ noise: 0, seed: 1 },
		);
	const list = 'carrying\nborrowing\nrow_of_seven';
	const question = 'The score in a game starts at $47$. Then it goes up by $38$. What is the score in the end?';
	assert.match(
		prompt(question, '[1] Now it is $47 + 38 = 75$.\n\n[2] The answer is $\\boxed{75}$.', list),
		/<skill>carrying<\/skill>\n<step>1</,
	);
	assert.match(
		prompt(question, '[1] Now it is $47 + 38 = 85$.\n\n[2] The answer is $\\boxed{85}$.', list),
		/<judge>correct/,
	);
	assert.match(prompt(question, '[1] Now it is $48 + 38 = 86$.', list), /48 is neither in the question/);
	assert.match(
		prompt('The score starts at $85$. Then it goes down by $38$.', '[1] That leaves $85 - 38 = 53$.', list),
		/<skill>borrowing</,
	);
	assert.match(
		prompt(
			'The score starts at $26$. Then it is multiplied by $7$.',
			'[1] In parts, $7 \\cdot 6 = 49$ and $7 \\cdot 20 = 140$.',
			list,
		),
		/<skill>row_of_seven</,
	);
	assert.match(
		prompt(
			'The number $x$ with $3x + 6 = 51$.',
			'[1] From $3x + 6 = 51$ we get $3x = 57$.\n\n[2] So $x = 19$.',
			'moving_a_term\ndividing_by_a_coefficient',
		),
		/<skill>moving_a_term<\/skill>\n<step>1</,
	);
	assert.match(
		prompt(
			'The number $x$ with $3x + 6 = 51$.',
			'[1] From $3x + 6 = 51$ we get $3x = 45$.\n\n[2] So $x = 42$.',
			'moving_a_term\ndividing_by_a_coefficient',
		),
		/<skill>dividing_by_a_coefficient<\/skill>\n<step>2</,
	);
});

test("all planted skills are recovered without noise, and fewer with the paper's noise of 0.3", () => {
	const clean = overall(worlds.map((world, i) => run(world, i, 0)));
	assert.ok(clean.precision >= 0.95 && clean.recall >= 0.8 && clean.rank >= 0.7, JSON.stringify(clean));
	const noisy = overall(worlds.map((world, i) => run(world, i, 0.3)));
	assert.ok(noisy.precision >= 0.9 && noisy.recall >= 0.6 && noisy.rank >= 0.4, JSON.stringify(noisy));
});

// By chance, a skill is found with a probability of at most 0.025 (one end of a 95% interval), so about 2.4 of 8 × 12
// are found, and more than 9 in fewer than 1 of 1,000 worlds. Spearman's coefficient has standard deviation 1/√11 =
// 0.30 for 12 skills, and 0.107 for the mean of 8 seeds; ±0.35 is 3.3 of those.
test('a guessing teacher (noise 1) finds no more planted skills than chance', () => {
	const results = worlds.map((world, i) => run(world, i, 1));
	const { found, rank } = overall(results);
	assert.ok(found <= 9, `${found} found`);
	assert.ok(Math.abs(rank) < 0.35, `mean rank correlation ${rank}`);
});

// In a shuffled answer, the first step that does not fit its question is blamed. Some skills always come first, so some
// are found, independently of the planted ones: by chance a share of 1/3 of the `found` skills is planted
// (hypergeometric, here bounded by 3.3 standard deviations of the binomial).
test('answers shuffled between questions hide the planted skills', () => {
	const results = worlds.map((world, i) => run(world, i, 0, true));
	assert.ok(results.every(({ difficult }) => difficult > 250));
	const { found, hits, rank } = overall(results);
	const share = 4 / 12;
	assert.ok(hits <= found * share + 3.3 * Math.sqrt(found * share * (1 - share)) + 0.5, `${hits} of ${found}`);
	assert.ok(Math.abs(rank) < 0.35, `mean rank correlation ${rank}`);
});

test('no question keeps its own answer when answers are shuffled', () => {
	const world = worlds[0] as DrillWorld;
	const own = new Map(world.questions.map(({ text, answer }) => [text, answer]));
	assert.equal(
		rows(world, 0, false).filter(({ question, answer }) => own.get(question) === answer).length,
		world.questions.length,
	);
	assert.ok(
		rows(world, 0, true).filter(({ question, answer }) => own.get(question) === answer).length < 3,
		'but for equal texts',
	);
});

test("Spearman's rank correlation averages the ranks of ties and is null if one side is constant", () => {
	assert.equal(spearman([1, 2, 3], [10, 20, 30]), 1);
	assert.equal(spearman([1, 2, 3], [30, 20, 10]), -1);
	assert.equal(spearman([1, 2, 3], [5, 5, 5]), null);
	assert.equal(spearman([], []), null);
	// Computed by hand: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
	assert.ok(Math.abs((spearman([1, 2, 2, 3], [1, 2, 3, 4]) ?? 0) - 4.5 / Math.sqrt(4.5 * 5)) < 1e-12);
});
