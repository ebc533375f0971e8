import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('damaged answers are set aside, the rest is diagnosed, and check names what to import again to repair them', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 2, validation: 8 });
	const project = path.join(folder, 'project');
	fs.mkdirSync(project);
	const teacher = await startStandInTeacher({ models: ['stand-in'], extraSkills: [0, 0] });
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], project, {
			STAT_TEACHER_URL: teacher.url,
			STAT_TEACHER_MODEL: 'stand-in',
		});
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const segment = path.join(project, '.stat', 'texts', '000001.seg');
	try {
		await did('init');
		await did('import', 'skills', ...world.trainBanks, ...world.testBanks);
		await did('import', 'answers', world.answers, '--student', 's');
		await did('classify');
		assert.deepEqual(await did('check'), { damaged: [], repaired: false });

		const bytes = fs.readFileSync(segment);
		const wrong = 'an expression that does not follow';
		for (let at = bytes.indexOf(wrong), places = 0; places < 3 * 2; at = bytes.indexOf(wrong, at + 1), places++) {
			bytes[at] = 65;
		}
		fs.writeFileSync(segment, bytes);
		const { damaged } = (await did('check')) as { damaged: { file: string; what: string; do: string }[] };
		assert.equal(damaged.length, 1);
		assert.equal(damaged[0]?.file, '.stat/texts/000001.seg');
		assert.match(
			damaged[0]?.what ?? '',
			/^6 answers cannot be read; the first: s, round 1, question [0-9a-f]{32}, sample 0/,
		);
		assert.match(damaged[0]?.do ?? '', /import again, with the same student and round: .*answers/);

		const { diagnosed, failed, calls } = await did('diagnose');
		assert.equal(failed, 2, 'two questions have damaged samples');
		assert.equal(Number(diagnosed) + 2, world.counts.difficult);
		assert.equal(calls, diagnosed, 'nothing is sent for a damaged answer');
		const { rows } = (await did('set-aside', 'diagnose')) as { rows: { message: string }[] };
		assert.equal(rows.length, 2);
		assert.match(rows[0]?.message ?? '', /000001\.seg is damaged at byte \d+/);

		const again = await did('import', 'answers', world.answers, '--student', 's');
		assert.equal(again['answers'], 6, 'the damaged ones alone');
		assert.deepEqual(await did('check', '--repair'), { damaged: [], repaired: false });
		assert.equal((await did('diagnose'))['diagnosed'], 2);
		assert.deepEqual((await did('set-aside', 'diagnose'))['rows'], []);
		assert.equal((await did('status'))['answers'], world.counts.answers);
	} finally {
		await teacher.close();
	}
});

test('check lists a damaged journal and changes nothing, and check --repair repairs it', async () => {
	const project = newFolder();
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], project);
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json() as { damaged: { what: string }[]; repaired: boolean };
	};
	const world = writeSmallWorld(path.join(project, 'data'));
	await did('init');
	await did('import', 'skills', ...world.trainBanks);
	const journal = path.join(project, '.stat', 'stat.journal');
	const bytes = fs.readFileSync(journal);
	const at = bytes.indexOf(10) + 60;
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	fs.writeFileSync(journal, bytes);
	const before = fs.readdirSync(path.join(project, '.stat')).sort();
	const { damaged, repaired } = await did('check');
	assert.match(damaged[0]?.what ?? '', /stat\.journal: the record at byte \d+ is damaged/);
	assert.equal(repaired, false);
	assert.deepEqual(fs.readdirSync(path.join(project, '.stat')).sort(), before);
	assert.deepEqual(fs.readFileSync(journal), bytes);
	const mended = await did('check', '--repair');
	assert.equal(mended.repaired, true);
	assert.match(
		mended.damaged.map(({ what }) => what).join('\n'),
		/what could not be read is stored in \.stat\/stat\.journal\.corrupt-/,
	);
	assert.deepEqual(await did('check'), { damaged: [], repaired: false });
});
