import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { StatError } from '../../../../src/core/errors/statError.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { addBenchmark } from '../../../../src/workflow/questions/benchmarks.ts';
import { gradingRules } from '../../../../src/workflow/questions/gradingRules.ts';
import { importAnswers } from '../../../../src/workflow/questions/importAnswers.ts';
import { previewImport } from '../../../../src/workflow/questions/previewImport.ts';
import { regrade } from '../../../../src/workflow/questions/regrade.ts';
import { classify } from '../../../../src/workflow/difficulty/classify.ts';
import { inProject, quietRun as run, writeRows } from '../../../fixtures/inProject.ts';

const scope = { student: 's', round: 1 };
const before = process.env['STAT_STUDIO_CONSENTS'];
const own = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-consents-'));
process.env['STAT_STUDIO_CONSENTS'] = path.join(own, 'consents.json');
after(() => {
	fs.rmSync(own, { recursive: true });
	if (before === undefined) {
		delete process.env['STAT_STUDIO_CONSENTS'];
	} else {
		process.env['STAT_STUDIO_CONSENTS'] = before;
	}
});

/** Verdicts by the number in the question. */
async function verdicts({ store }: Parts): Promise<unknown[]> {
	const digests = await store.read('digests', { ...scope, after: null, limit: 100 });
	const questions = await store.read('questionsById', { ids: digests.map(({ questionId }) => questionId) });
	const number = (id: string) => Number(/\d+/.exec(questions.find((one) => one.id === id)?.text ?? '')?.[0]);
	return digests
		.map(({ questionId, verdicts: found }) => [number(questionId), ...found] as const)
		.sort(([left], [right]) => left - right)
		.map(([, verdict]) => verdict);
}

const rows = [
	{ question: 'Task 1', gold: 'B', response: 'The answer is (b).', correct: false },
	{ question: 'Task 2', gold: 'B', response: 'The answer is C', correct: true },
	{ question: 'Task 3', response: 'free text', correct: true },
	{ question: 'Task 4', response: 'more text' },
];

test('the rule "log" trusts the verdicts that came with the answers, also without gold', () =>
	inProject(async (parts, folder) => {
		const file = writeRows(folder, 'log.jsonl', rows);
		const result = await importAnswers(parts, { ...scope, files: [file], grading: 'log' }, run);
		assert.deepEqual(await verdicts(parts), [false, true, true, null]);
		assert.deepEqual([result.graded, result.correct, result.unsure], [3, 2, 1]);
		assert.equal((await gradingRules(parts.store)).of(null), 'log');
		const { difficult, unclassified } = await classify(parts, { ...scope }, run);
		assert.deepEqual([difficult, unclassified], [1, 1]);
		// The rule is the project's now: the next import needs no option.
		const more = writeRows(folder, 'more.jsonl', [{ question: 'Task 5', gold: '1', response: '2', correct: true }]);
		await importAnswers(parts, { ...scope, files: [more] }, run);
		assert.deepEqual(await verdicts(parts), [false, true, true, null, true]);
	}));

test('a benchmark has a rule of its own, and regrading follows a new one', () =>
	inProject(async (parts, folder) => {
		const file = writeRows(folder, 'log.jsonl', rows);
		await importAnswers(parts, { ...scope, files: [file], benchmark: 'options', grading: 'choice' }, run);
		assert.deepEqual(await verdicts(parts), [true, false, null, null]);
		const rules = await gradingRules(parts.store);
		assert.deepEqual([rules.of('options'), rules.of(null), rules.of('MATH')], ['choice', 'math', 'math']);
		await addBenchmark(parts, { name: 'options', files: [writeRows(folder, 'q.jsonl', rows)] }, run);
		assert.equal((await gradingRules(parts.store)).of('options'), 'choice');
		const result = await regrade(parts, { ...scope, grading: 'log' }, run);
		assert.deepEqual(await verdicts(parts), [false, true, true, null]);
		assert.equal((await gradingRules(parts.store)).of('options'), 'log');
		assert.deepEqual([result.right, result.wrong, result.unsure], [2, 1, 1]);
	}));

test('a checker that nobody allowed here does not run, whatever the project says', () =>
	inProject(async (parts, folder) => {
		fs.writeFileSync(path.join(folder, 'check.sh'), `touch ${path.join(folder, 'ran')}\n`);
		const grading = 'exec:sh check.sh' as const;
		const file = writeRows(folder, 'log.jsonl', rows);
		const preview = await previewImport(parts, { files: [file], grading }, run);
		assert.match(preview.files[0]?.warnings.join() ?? '', /not part of a preview/);
		const result = await importAnswers(parts, { ...scope, files: [file], grading }, run);
		assert.deepEqual([result.waiting, result.graded, result.unsure], [4, 0, 4]);
		assert.deepEqual(await verdicts(parts), [null, null, null, null]);
		const { waiting } = await regrade(parts, scope, run);
		assert.equal(waiting, 4);
		await assert.rejects(
			async () =>
				parts.checker?.check(
					'sh check.sh',
					{ question: '', gold: null, answer: null, response: '', metadata: {} },
					run.signal,
				),
			(error: unknown) => error instanceof StatError && error.kind === 'consent',
		);
		assert.ok(!fs.existsSync(path.join(folder, 'ran')));
	}));

test('an allowed checker grades at the import, and only what has no verdict is asked again', () =>
	inProject(async (parts, folder) => {
		const script = (found: string) =>
			fs.writeFileSync(
				path.join(folder, 'check.py'),
				[
					'import json, sys',
					'task = json.loads(sys.stdin.readline())',
					`verdict = ${found}`,
					'print(json.dumps({"nonce": task["nonce"], "verdict": verdict, "reason": "no idea"}))',
				].join('\n'),
			);
		const grading = 'exec:python3 check.py' as const;
		script('"unsure" if task["gold"] is None else "right" if "C" in task["response"] else "wrong"');
		await parts.checker?.allow('python3 check.py');
		const file = writeRows(folder, 'log.jsonl', rows);
		const result = await importAnswers(parts, { ...scope, files: [file], grading }, run);
		assert.deepEqual(await verdicts(parts), [false, true, null, null]);
		assert.deepEqual([result.graded, result.correct, result.unsure, result.waiting], [2, 1, 2, 0]);
		assert.deepEqual(result.reasons, [{ reason: 'no idea', answers: 2 }]);
	}));

test('a checker that is missing stops regrading before a verdict is forgotten, and lost verdicts count as changed', () =>
	inProject(async (parts, folder) => {
		const file = writeRows(folder, 'log.jsonl', rows);
		await importAnswers(parts, { ...scope, files: [file], grading: 'log' }, run);
		const old = await verdicts(parts);
		for (const [grading, code] of [
			['exec:nosuchprog-of-stat', 'questions.checkerProgram'],
			['exec:python3 missing.py', 'questions.checkerMissing'],
			['exec:sh -c true', 'questions.checkerNotAllowed'],
		] as const) {
			await assert.rejects(
				regrade(parts, { ...scope, grading }, run),
				(error) => error instanceof StatError && error.code === code,
			);
			assert.deepEqual(await verdicts(parts), old);
			assert.equal((await gradingRules(parts.store)).of(null), 'log');
		}
		await parts.checker?.allow('sh -c true');
		const { changed, unsure } = await regrade(parts, { ...scope, grading: 'exec:sh -c true' }, run);
		assert.deepEqual([changed, unsure], [3, 4]);
		assert.deepEqual((await regrade(parts, { ...scope, grading: 'log' }, run)).changed, 3);
		assert.deepEqual((await regrade(parts, { ...scope, grading: 'choice' }, run)).changed, 3);
	}));
