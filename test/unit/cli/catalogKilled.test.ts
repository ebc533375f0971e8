import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const inFlight = 4;
const about = [
	'a triangle with two equal angles',
	'the prime factors of a number',
	'rolling two dice',
	'the roots of an equation',
	'a sequence of terms',
	'a fraction of a cake',
];

// The full-size form is test/campaign/catalog.ts.
test('a catalog run killed while naming or labelling can be resumed with the same command and pays for nothing twice', async () => {
	const project = newFolder();
	const questions = Array.from({ length: 36 }, (_, index) =>
		JSON.stringify({
			question: `Question ${index}: what do we know of ${about[index % about.length]}?`,
			subject: index % 2 === 0 ? 'geometry' : 'algebra',
		}),
	);
	fs.writeFileSync(path.join(project, 'questions.jsonl'), `${questions.join('\n')}\n`);
	const teacher = await startStandInTeacher({ latency: 20 });
	const env = { STAT_TEACHER_URL: teacher.url, STAT_TEACHER_MODEL: 'stand-in' };
	const args = ['catalog', '--concurrency', String(inFlight), '--json'];
	try {
		await runCli(['init', '--json'], project, env);
		assert.equal(
			(
				await runCli(['import', 'questions', 'questions.jsonl', '--split', 'train', '--json'], project, env)
			).json()['questions'],
			36,
		);
		for (const good of [12, 52]) {
			const child = startCli(args, project, env);
			const end = ended(child);
			const timer = setInterval(() => {
				if (teacher.stats().good >= good) {
					child.kill('SIGKILL');
				}
			}, 5);
			await end;
			clearInterval(timer);
		}
		const refused = await runCli(['label', '--limit', '1', '--json'], project);
		assert.notEqual(refused.code, 0, 'no teacher, no labels');
		const result = (await runCli(args, project, env)).json() as {
			questions: number;
			failed: number;
			subjects: number;
			skills: number;
			unfinished: null;
		};
		assert.deepEqual(
			[result.questions + result.failed, result.questions, result.subjects, result.unfinished],
			[36, 36, 2, null],
		);
		assert.ok(result.skills >= 4 && result.skills <= 14, `${result.skills}`);
		const { good, goodTwice } = teacher.stats();
		// Each of the two kills loses the replies in flight, and at most as many that were about to be stored.
		assert.ok(goodTwice <= 2 * 2 * inFlight, `${goodTwice} replies were sent twice at two kills`);
		const status = (await runCli(['status', '--json'], project)).json() as {
			replies: number;
			skills: number;
			warnings: string[];
		};
		assert.deepEqual(
			[status.replies, status.skills, status.warnings],
			[good - goodTwice, result.skills, []],
			'every good reply is kept once',
		);
		const stands = await runCli(args, project, env);
		assert.equal(stands.code, 2);
		assert.match(stands.stderr, /already \d+ skills: --add .* --replace/);
	} finally {
		await teacher.close();
	}
});
