import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

interface Split {
	readonly questionId: string;
	readonly concord: string;
	readonly settled: boolean;
	readonly teacher: readonly { name: string }[];
	readonly jury: readonly { skills: readonly { name: string; subject: string }[] }[];
}

test('stat-studio jury reports agreement with the diagnoses, and the profile omits unresolved disagreements', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 4, validation: 12 });
	const project = path.join(folder, 'project');
	fs.mkdirSync(project);
	const teacher = await startStandInTeacher({ models: ['stand-in'], extraSkills: [0, 0] });
	const juror = await startStandInTeacher({
		models: ['juror'],
		extraSkills: [0, 0],
		diagnosisNoise: 0.7,
		seed: 9,
	});
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], project, {
			STAT_TEACHER_URL: teacher.url,
			STAT_TEACHER_MODEL: 'stand-in',
		});
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const refused = async (...args: string[]) => {
		const ran = await runCli(args, project, { STAT_TEACHER_URL: teacher.url, STAT_TEACHER_MODEL: 'stand-in' });
		assert.notEqual(ran.code, 0, args.join(' '));
		return ran.stderr.trim();
	};
	try {
		await did('init');
		await did('import', 'skills', ...world.trainBanks, ...world.testBanks);
		await did('import', 'answers', world.answers, '--student', 's');
		await did('classify');
		assert.match(
			await refused('jury', '--jury-url', juror.url, '--jury-model', 'juror'),
			/no answer from s in round 1 has been diagnosed yet/,
		);
		const { diagnosed } = await did('diagnose');
		assert.equal(diagnosed, world.counts.difficult);
		assert.match(await refused('jury', '--jury-model', 'stand-in'), /choose another second teacher/);
		const whole = await did(
			'jury',
			'--jury-url',
			juror.url,
			'--jury-model',
			'juror',
			'--questions',
			'24',
			'--seed',
			'3',
		);
		assert.deepEqual([whole['asked'], whole['failed'], whole['calls'], whole['sample']], [24, 0, 24, 24]);
		const again = await did(
			'jury',
			'--jury-url',
			juror.url,
			'--jury-model',
			'juror',
			'--questions',
			'24',
			'--seed',
			'3',
		);
		assert.deepEqual([again['asked'], again['calls']], [0, 0], 'what was read is not read again');

		const before = await did('profile');
		assert.equal(before['questions'], diagnosed, 'verdicts do not count');
		const { disagreements } = (await did('jury', 'list')) as unknown as { disagreements: Split[] };
		const apart = disagreements.filter(({ concord }) => concord === 'apart');
		assert.ok(apart.length >= 2 && disagreements.length < 24, `${apart.length} of ${disagreements.length}`);
		const without = await did('profile', '--without', 'contested');
		assert.equal(without['questions'], Number(diagnosed) - apart.length);
		const { juries, people } = (await did('quality')) as {
			juries: { read: number; identical: { hits: number }; overall: { kappa: number } }[];
			people: unknown;
		};
		assert.deepEqual(
			[juries.length, juries[0]?.read, juries[0]?.identical.hits, people],
			[1, 24, 24 - disagreements.length, null],
		);
		assert.ok((juries[0]?.overall.kappa ?? 0) > 0 && (juries[0]?.overall.kappa ?? 1) < 0.95);

		const [first, second] = apart as [Split, Split];
		await did('correct', first.questionId, '--agree');
		await did(
			'correct',
			second.questionId,
			'--skills',
			second.jury[0]?.skills.map(({ subject, name }) => `${subject}/${name}`).join(',') ?? '',
		);
		const settled = (await did('jury', 'list', '--all')) as unknown as {
			disagreements: Split[];
			settled: number;
		};
		assert.deepEqual([settled.settled, settled.disagreements.length], [2, disagreements.length]);
		const quality = (await did('quality')) as {
			people: {
				looked: number;
				agreed: number;
				changed: number;
				precision: { hits: number; of: number };
				recall: { hits: number; of: number };
			};
			caveats: string[];
		};
		const named = first.teacher.length + second.teacher.length;
		assert.deepEqual(
			[
				quality.people.looked,
				quality.people.agreed,
				quality.people.changed,
				quality.people.precision.hits,
				quality.people.precision.of,
			],
			[2, 1, 1, first.teacher.length, named],
		);
		assert.ok(quality.caveats.some((caveat) => caveat.includes('2 of')));

		const merged = await did(
			'skills',
			'merge',
			'inequalities',
			'quadratic equations',
			'--into',
			'beyond lines',
			'--note',
			'one thing here',
		);
		assert.deepEqual([merged['kind'], merged['id']], ['merge', 1]);
		const { skills } = (await did('skills', 'list', '--subject', 'algebra')) as {
			skills: { name: string; train: number }[];
		};
		assert.deepEqual(
			skills.map(({ name, train }) => [name, train]),
			[
				['beyond_lines', 8],
				['linear_equations', 4],
			],
		);
		assert.match(
			await refused('skills', 'rename', 'linear_equations', 'lines'),
			/skill of algebra, number_theory: write subject\/name/,
		);
		await did('import', 'skills', ...world.trainBanks);
		assert.equal((await did('status'))['skills'], world.counts.skills - 1, 'the bank again');
		const parts = await did(
			'skills',
			'split',
			'beyond lines',
			'--into',
			'inequalities',
			'--into',
			'quadratic_equations',
		);
		assert.ok(
			(parts['parts'] as { questions: number }[]).reduce((sum, { questions }) => sum + questions, 0) > 0 &&
				Number(parts['calls']) > 0,
		);
		assert.match(await refused('skills', 'undo', '1'), /undo edit \d+ first/);
		await did('skills', 'undo');
		await did('skills', 'undo');
		assert.equal((await did('status'))['skills'], world.counts.skills);
		const { edits } = (await did('skills', 'history')) as {
			edits: { undone: object | null; note: string | null }[];
		};
		assert.deepEqual(
			edits.map(({ undone, note }) => [undone !== null, note]),
			[
				[true, 'one thing here'],
				[true, null],
			],
		);
	} finally {
		await Promise.all([teacher.close(), juror.close()]);
	}
});
