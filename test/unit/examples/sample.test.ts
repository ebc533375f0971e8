import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makeSample, sampleFiles, student } from '../../../scripts/makeSample.ts';
import { makers, skillsOf, subjects } from '../../../scripts/sample/catalog.ts';
import { Hand } from '../../../scripts/sample/hand.ts';
import { Random } from '../../../scripts/sample/random.ts';
import { MalformedReply } from '../../../src/core/ports/teacher.ts';
import { questionId } from '../../../src/core/questions/question.ts';
import { splitSteps } from '../../../src/core/questions/steps.ts';
import { replyParsers } from '../../../src/teacher/replies/parseReply.ts';

const folder = 'examples/sample';
const sample = makeSample();
const listed = (subject: string) => skillsOf(subject).map((name) => ({ subject, name }));

test("the committed sample equals its script's output byte for byte", () => {
	const files = sampleFiles(sample);
	for (const [name, contents] of files) {
		assert.equal(
			readFileSync(path.join(folder, name), 'utf8'),
			contents,
			`${name}: run node scripts/makeSample.mjs`,
		);
	}
	const there = readdirSync(folder, { recursive: true })
		.map(String)
		.filter((name) => statSync(path.join(folder, name)).isFile())
		.map((name) => name.replaceAll(path.sep, '/'));
	assert.deepEqual(there.sort(), [...files.keys()].sort());
	assert.ok([...files.values()].reduce((bytes, contents) => bytes + Buffer.byteLength(contents), 0) < 6e6);
});

test('the sample has a realistic size and spread', () => {
	assert.ok(sample.train.length >= 290 && sample.validation.length >= 115);
	assert.ok(subjects.length >= 3);
	assert.ok(subjects.reduce((total, subject) => total + skillsOf(subject).length, 0) >= 15);
	assert.deepEqual([...new Set(sample.validation.map(({ level }) => level))].sort(), [1, 2, 3, 4, 5]);
	const ids = [...sample.train, ...sample.validation].map(({ text }) => questionId(text));
	assert.equal(new Set(ids).size, ids.length, 'no question twice, none in both splits');
	const wrong = sample.answers.filter((answers) => !answers[0]?.right).length / sample.answers.length;
	assert.ok(wrong > 0.4 && wrong < 0.6, `${wrong} of the first answers are wrong`);
	for (const subject of subjects) {
		for (const skill of skillsOf(subject)) {
			assert.ok(
				sample.train.filter((problem) => problem.subject === subject && problem.skills.includes(skill))
					.length >= 5,
				`${subject}/${skill} has too few training questions to draw 5`,
			);
		}
	}
	for (const odd of ['no box', 'truncated', 'unit', 'other form']) {
		assert.ok(
			sample.answers.flat().some((written) => written.odd === odd),
			odd,
		);
	}
});

// `make` throws if the worked answer differs from that of the independent method (mostly a search).
test('the answers to 2,550 more questions agree with an independent solver, and slips nearly always change them', () => {
	let [slips, unchanged] = [0, 0];
	for (const maker of makers) {
		for (let i = 0; i < 50; i++) {
			const problem = maker.make(new Random(i, 'test', maker.name));
			const dry = new Hand(() => 0);
			const final = problem.write(dry);
			for (const opening of dry.openings) {
				const hand = new Hand(() => 0, opening);
				const slipped = problem.write(hand);
				assert.ok(
					hand.slip && maker.skills.includes(hand.slip.skill),
					`${maker.name}: a slip in a skill the question does not need`,
				);
				assert.doesNotMatch(`${hand.steps.join(' ')} ${slipped}`, /NaN|undefined|Infinity|null/);
				unchanged += slipped === final ? 1 : 0;
				slips++;
			}
		}
	}
	assert.ok(slips > 5000 && unchanged / slips < 0.05, `${unchanged} of ${slips}`);
});

test('each step has a score, and the scores drop at the slip', () => {
	let before = 0;
	let at = 0;
	let slips = 0;
	sample.answers.forEach((answers, i) => {
		const problem = sample.validation[i];
		assert.equal(answers.length, 5);
		assert.equal(new Set(answers.map(({ text }) => text)).size, 5);
		for (const { text, stepScores, slip, right } of answers) {
			const steps = splitSteps(text, stepScores.length);
			assert.equal(steps.length, stepScores.length, text);
			assert.deepEqual(steps, splitSteps(text), 'the default split is the one scored');
			assert.ok(stepScores.every((score) => score >= 0 && score <= 1));
			assert.ok(!(slip && right));
			if (slip) {
				const [start, end] = steps[slip.step] ?? [0, 0];
				assert.ok(
					text.slice(start, end).includes(slip.wrote),
					`“${slip.wrote}” is not step ${slip.step} of ${problem?.template}`,
				);
				slips++;
				at += stepScores[slip.step] ?? 0;
				before +=
					stepScores.slice(0, slip.step).reduce((sum, score) => sum + score, 0) / Math.max(1, slip.step) ||
					0.95;
			}
		}
	});
	assert.ok(
		slips > 150 && at / slips < 0.5 && before / slips > 0.85,
		`${slips} slips; scores ${at / slips} there, ${before / slips} before`,
	);
});

test("no answer reveals its mistake by a skill's name, an id or a marker", () => {
	const names = [...new Set(subjects.flatMap(skillsOf))].flatMap((name) => [
		name,
		name.replace(/_/g, ' '),
		name.replace(/_/g, '-'),
	]);
	for (const { text } of sample.answers.flat()) {
		const lower = text.toLowerCase();
		for (const name of names) {
			assert.ok(!lower.includes(name), `“${name}” in: ${text}`);
		}
		assert.doesNotMatch(text, /mistake|error|slip\b|wrong|oops|\b[0-9a-f]{16,}\b|_[a-z]{3,}/i);
	}
});

test('every scripted reply can be parsed and names listed skills, except for the planted faults', () => {
	const counts = { diagnoses: 0, offList: 0, malformed: 0, disputed: 0, mistaken: 0 };
	sample.diagnoses.forEach((lines, i) => {
		const subject = sample.validation[i]?.subject ?? '';
		for (const { text, flaw, attempt } of lines) {
			if (flaw === 'malformed first') {
				counts.malformed++;
				assert.equal(attempt, 0);
				assert.throws(() => replyParsers.parseDiagnosis(text, listed(subject)), MalformedReply);
				continue;
			}
			const parsed = replyParsers.parseDiagnosis(text, listed(subject));
			counts.diagnoses++;
			counts.offList += parsed.offList.length;
			counts.disputed += flaw === 'disputed' ? 1 : 0;
			counts.mistaken += flaw === 'mistaken' ? 1 : 0;
			assert.equal(parsed.offList.length, flaw === 'off-list' ? 1 : 0, text);
			if (parsed.judge === 'incorrect') {
				assert.ok(parsed.skills.length >= 1 && parsed.skills.length <= 3 && parsed.firstWrongStep !== null);
			}
		}
	});
	assert.equal(counts.diagnoses, 600);
	assert.ok(
		counts.offList >= 2 && counts.malformed >= 2 && counts.disputed >= 2 && counts.mistaken >= 4,
		JSON.stringify(counts),
	);
	for (const line of sample.replies) {
		const subject =
			[...sample.train, ...sample.validation].find(({ text }) => text === line.question)?.subject ?? '';
		if (line.task === 'label') {
			const { skills, offList } = replyParsers.parseLabel(line.text, listed(subject));
			assert.ok(skills.length >= 1 && skills.length <= 4 && offList.length === 0, line.text);
		} else if (line.task === 'judge') {
			replyParsers.parseJudge(line.text);
		} else if (line.task === 'propose' && line.attempt === undefined) {
			assert.ok(replyParsers.parseProposal(line.text).question.length > 20);
		} else if (line.task === 'check') {
			assert.equal(replyParsers.parseCheck(line.text).solvable, true);
		} else if (line.task === 'catalogName') {
			assert.ok(replyParsers.parseCatalogNames(line.text).names.length >= 1);
		} else if ((line.task === 'rewrite' && line.attempt === undefined) || line.task === 'solve') {
			assert.ok(replyParsers.parseSolution(line.text).includes('\\boxed{'));
		}
	}
});

test('three rewritten solutions have different texts, and nearly all of them are right', () => {
	let right = 0;
	let all = 0;
	for (const problem of sample.train) {
		const rewrites = sample.replies.filter(
			(line) => line.task === 'rewrite' && line.question === problem.text && line.attempt === undefined,
		);
		assert.equal(rewrites.length, 3);
		const bodies = rewrites.map(({ text }) => text.replace(/\*\*[^*]*\*\*/g, '').replace(/\s+/g, ' '));
		assert.equal(new Set(bodies).size, 3, problem.template);
		all += 3;
		right += rewrites.filter(({ text }) => text.includes(`\\boxed{${problem.gold}}`)).length;
	}
	assert.ok(right / all > 0.98 && right < all, `${right} of ${all}`);
});

test('every reference solution ends with its gold answer', () => {
	for (const problem of [...sample.train, ...sample.validation]) {
		assert.equal(problem.write(new Hand(() => 0)), problem.gold, problem.text);
	}
	const log = readFileSync(path.join(folder, 'answers', `${student}.jsonl`), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { gt: string; gt_cot: string; question: string });
	for (const row of log) {
		assert.ok(row.gt_cot.endsWith(`\\boxed{${row.gt}}$.`), row.question);
	}
});
