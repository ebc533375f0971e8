import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { TeacherComparison } from '../../../src/workflow/datasets/compareTeachers.ts';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('another teacher reads every diagnosed answer beside the first, changes nothing, and is paid once', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 30, validation: 40 });
	const teacher = await startStandInTeacher({ models: ['old'], extraSkills: [0, 1] });
	const other = await startStandInTeacher({ models: ['new'], extraSkills: [0, 1], diagnosisNoise: 0.5, seed: 9 });
	const environment = { STAT_TEACHER_URL: teacher.url, STAT_TEACHER_MODEL: 'old' };
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], folder, environment);
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const compare = async (...args: string[]) =>
		(await did(
			'diagnose',
			'--compare',
			'new',
			'--compare-url',
			other.url,
			...args,
		)) as unknown as TeacherComparison;
	try {
		await did('init');
		await did('import', 'skills', ...world.trainBanks, ...world.testBanks);
		await did('import', 'answers', world.answers, '--student', 's');
		await did('classify');
		const early = await runCli(['diagnose', '--compare', 'new', '--compare-url', other.url], folder, environment);
		assert.match(early.stderr, /has been diagnosed yet: a second teacher only reads/);
		await did('diagnose');
		const { difficult } = world.counts;
		const before = [await did('profile'), await did('quality'), await did('status')];

		const pilot = await compare('--limit', '10');
		assert.deepEqual([pilot.compared, pilot.calls, pilot.diagnosed], [10, 10, difficult]);
		const poor = await compare('--budget-calls', '5');
		assert.deepEqual([poor.calls, poor.compared, poor.remaining], [5, 15, difficult - 15]);
		const whole = await compare();
		assert.deepEqual([whole.compared, whole.calls, whole.failed], [difficult, difficult - 15, 0]);
		assert.deepEqual([whole.first, whole.second], [['old'], 'new']);

		// Nothing that counts has changed; only replies were added.
		const after = [await did('profile'), await did('quality'), await did('status')];
		assert.deepEqual(after.slice(0, 2), before.slice(0, 2));
		assert.deepEqual({ ...after[2], replies: 0 }, { ...before[2], replies: 0 });

		// Every number follows from the readings themselves.
		const { questions, agreement, profile } = whole;
		const keys = (skills: readonly { subject: string; name: string }[]): string =>
			[...new Set(skills.map(({ subject, name }) => `${subject}/${name}`))].sort().join();
		const same = questions.filter(({ first, second }) => keys(first.skills) === keys(second.skills)).length;
		assert.equal(agreement.identical.hits, same);
		assert.equal(questions.filter(({ concord }) => concord === 'same').length, same);
		assert.ok(same > 0 && same < questions.length);
		assert.ok(questions.every(({ first, second }) => first.model === 'old' && second.model === 'new'));
		for (const skill of profile.skills) {
			const missing = (which: 'first' | 'second'): number =>
				questions.filter((question) => question[which].skills.some((one) => keys([one]) === keys([skill])))
					.length;
			assert.deepEqual([skill.first, skill.second], [missing('first'), missing('second')], skill.name);
		}
		assert.ok(profile.skills.some(({ first, second }) => first !== second));
		const sel = await did('build', 'sel', '--name', 'sel', '--answers-from', 'original', '--seed', '3');
		assert.equal(whole.selection.first.pairs, Number(sel['pairs']));
		assert.ok(whole.selection.shared > 0 && whole.selection.shared < whole.selection.first.pairs);

		// Again: nothing is paid, also after a person has decided, which counts in both profiles.
		const received = other.stats().received;
		const [contested] = questions.filter(({ concord }) => concord === 'apart');
		assert.ok(contested);
		await did('correct', contested.questionId, '--dispute', '--author', 'me');
		const again = await compare();
		assert.deepEqual([again.calls, other.stats().received], [0, received]);
		assert.equal(again.profile.corrected, 1);
		assert.equal(again.people?.first.precision.of, contested.first.skills.length);

		const text = await runCli(['diagnose', '--compare', 'new', '--compare-url', other.url], folder, environment);
		assert.match(text.stdout, /the diagnoses of old stay as they are/);
		assert.match(text.stdout, /most missed skills are the same/);
		const refused = await runCli(['diagnose', '--compare', 'old'], folder, environment);
		assert.match(refused.stderr, /old made these diagnoses itself: choose another second teacher/);
		// Taking the other teacher's diagnoses over pays for none of them again.
		const taken = await runCli(
			['diagnose', '--again', '--teacher-url', other.url, '--teacher-model', 'new', '--json'],
			folder,
			{},
		);
		assert.deepEqual([taken.json()['diagnosed'], taken.json()['calls']], [difficult, 0]);
		const both = await runCli(['diagnose', '--compare', 'new', '--again'], folder, environment);
		assert.equal(both.code, 2);
	} finally {
		await teacher.close();
		await other.close();
	}
});
