import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { questionId } from '../../../src/core/questions/question.ts';
import type { Ran } from '../../fixtures/builtCli.ts';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import type { SmallWorld } from '../../fixtures/smallWorld.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import type { StandInTeacher } from '../../fixtures/standInTeacher.ts';
import { noFaults, startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const servers: StandInTeacher[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

async function teacher(
	settings: Parameters<typeof startStandInTeacher>[0] = {},
): Promise<{ server: StandInTeacher; env: Record<string, string> }> {
	const server = await startStandInTeacher(settings);
	servers.push(server);
	return { server, env: { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' } };
}

/** Runs a command that must succeed, and returns its JSON. */
async function did(
	args: readonly string[],
	folder: string,
	env: Record<string, string> = {},
): Promise<Record<string, unknown>> {
	const ran: Ran = await runCli([...args, '--json'], folder, env);
	assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
	return ran.json();
}

async function project(): Promise<{ folder: string; world: SmallWorld }> {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'));
	await did(['init'], folder);
	await did(['import', 'skills', ...world.trainBanks, ...world.testBanks], folder);
	await did(['import', 'answers', world.answers, '--student', 's'], folder);
	return { folder, world };
}

const pick = (result: Record<string, unknown>, ...names: string[]) =>
	Object.fromEntries(names.map((name) => [name, result[name]]));

test('the loop runs from import to export, and running it again changes nothing', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'));
	await did(['init'], folder);
	const skills = await did(['import', 'skills', ...world.trainBanks, ...world.testBanks], folder);
	assert.deepEqual(pick(skills, 'questions', 'skills', 'links', 'duplicates', 'skipped'), {
		questions: world.counts.train + world.counts.validation,
		skills: 6,
		links: world.counts.train + world.counts.validation,
		duplicates: 0,
		skipped: 0,
	});
	const answers = await did(['import', 'answers', world.answers, '--student', 's'], folder);
	assert.deepEqual(
		pick(answers, 'answers', 'questions', 'graded', 'correct', 'unsure', 'disagreeing', 'duplicates', 'skipped'),
		{ answers: 120, questions: 0, graded: 120, correct: 84, unsure: 0, disagreeing: 0, duplicates: 0, skipped: 0 },
	);
	assert.deepEqual(
		pick(
			await did(['import', 'answers', world.answers, '--student', 's'], folder),
			'answers',
			'graded',
			'correct',
			'duplicates',
		),
		{ answers: 0, graded: 0, correct: 0, duplicates: 120 },
	);
	assert.deepEqual(
		pick(
			await did(['import', 'skills', ...world.trainBanks, ...world.testBanks], folder),
			'questions',
			'skills',
			'links',
		),
		{ questions: 0, skills: 0, links: 0 },
	);

	assert.deepEqual(
		pick(await did(['classify'], folder), 'method', 'questions', 'difficult', 'unclassified', 'accuracy', 'f1'),
		{ method: 'answer', questions: 24, difficult: 12, unclassified: 0, accuracy: 1, f1: 1 },
	);
	assert.deepEqual(
		pick(await did(['classify', '--method', 'consistency'], folder), 'difficult', 'precision', 'recall', 'f1'),
		{ difficult: 0, precision: null, recall: 0, f1: null },
	);
	assert.equal(
		(await did(['classify', '--method', 'answer', '--samples', '5'], folder))['difficult'],
		12,
		'three of five are wrong',
	);
	const strict = await did(['classify', '--method', 'answer', '--samples', '5', '--right-below', '5'], folder);
	assert.deepEqual(strict['settings'], { samples: 5, rightBelow: 5 });
	assert.ok(Number(strict['difficult']) >= 12);
	for (const args of [
		['--samples', '1', '--right-below', '1'],
		['--samples', '5', '--right-below', '6'],
		['--samples', '5', '--right-below', '0'],
		['--right-below', '2'],
	]) {
		const ran = await runCli(['classify', '--method', 'answer', ...args], folder);
		assert.equal(ran.code, 2, ran.stderr);
		assert.match(ran.stderr, /--right-below/);
	}
	const unjudged = await runCli(['classify', '--method', 'answer', '--samples', '9'], folder);
	assert.match(unjudged.stdout, /^24 of 24 questions could not be judged: they have fewer than 9 answers/);
	assert.deepEqual(pick(await did(['classify', '--method', 'reward'], folder), 'difficult', 'recall'), {
		difficult: 12,
		recall: 1,
	});
	assert.equal(((await did(['grid'], folder))['cells'] as unknown[]).length, 16);

	const { server, env } = await teacher();
	const diagnosed = await did(['diagnose'], folder, env);
	assert.deepEqual(pick(diagnosed, 'diagnosed', 'failed', 'calls', 'remaining'), {
		diagnosed: 12,
		failed: 0,
		calls: 12,
		remaining: 0,
	});
	assert.deepEqual(pick(await did(['diagnose'], folder, env), 'diagnosed', 'calls'), { diagnosed: 0, calls: 0 });
	assert.deepEqual(
		pick(await did(['diagnose', '--again'], folder, env), 'diagnosed', 'calls'),
		{ diagnosed: 12, calls: 0 },
		'asked again, answered from disk',
	);
	const prompts = server.bodies.map((body) => JSON.stringify(body['messages']));
	assert.ok(
		prompts.every((prompt) => prompt.includes('linear_equations')),
		'skill names in plain sight',
	);
	assert.ok(
		prompts.every((prompt) => !prompt.includes('\\\\boxed{0}')),
		'the wrong sample is read, and no gold answer shown',
	);

	const profile = await did(['profile', '--top', '6'], folder);
	assert.deepEqual(pick(profile, 'questions', 'difficult', 'undiagnosed', 'disputed'), {
		questions: 12,
		difficult: 12,
		undiagnosed: 0,
		disputed: 0,
	});
	const first = (profile['skills'] as Record<string, unknown>[])[0] ?? {};
	assert.deepEqual(
		Object.keys(first).filter((name) => ['subject', 'skill', 'questions', 'share', 'ci95'].includes(name)).length,
		5,
	);

	const build = ['build', 'sel', '--pairs', '60', '--name'];
	const made = await did([...build, 'one'], folder, env);
	assert.equal(made['pairs'], 60);
	const again = await did([...build, 'two'], folder, env);
	assert.deepEqual([again['sha256'], again['calls']], [made['sha256'], 0]);
	const bytes = fs.readFileSync(path.join(folder, '.stat/datasets/one/data.jsonl'));
	assert.equal(createHash('sha256').update(bytes).digest('hex'), made['sha256']);
	assert.ok(!bytes.includes('stand-in'), 'data holds no model, date or cost');
	assert.notEqual(
		(await did(['build', 'sel', '--pairs', '60', '--seed', '1', '--name', 'three'], folder, env))['sha256'],
		made['sha256'],
	);
	assert.match((await runCli([...build, 'one'], folder, env)).stderr, /--replace/);

	const why = await did(['why', 'one', '7'], folder);
	const [row] = [JSON.parse(bytes.toString().split('\n')[7] ?? '') as Record<string, unknown>];
	assert.equal((why['row'] as Record<string, unknown>)['question'], row?.['question']);
	assert.deepEqual(why['skill'], row?.['skill']);
	assert.equal((why['student_answer'] as Record<string, unknown>)['verdict'], false);
	assert.equal((why['diagnosis'] as Record<string, unknown>)['judge'], 'incorrect');
	assert.equal((why['teacher'] as Record<string, unknown>)['model'], 'stand-in');
	assert.match((await runCli(['why', 'one', '60'], folder)).stderr, /60/);

	const exported = await did(['export', 'one', '--out', path.join(folder, 'out.jsonl')], folder);
	assert.equal(exported['rows'], 60);
	assert.equal(fs.readFileSync(path.join(folder, 'out.jsonl'), 'utf8').trim().split('\n').length, 60);
	for (const [out, says] of [
		['out.jsonl', /out\.jsonl already exists: give another --out, or add --replace/],
		['out.json', /out\.meta\.jsonl already exists/],
		[path.join('no', 'such', 'out.jsonl'), /there is no folder .*such: create it first, or add --replace/],
	] as const) {
		const refused = await runCli(['export', 'one', '--out', path.join(folder, out)], folder);
		assert.deepEqual([refused.code, says.test(refused.stderr)], [1, true], refused.stderr);
	}
	assert.equal(
		(await did(['export', 'one', '--out', path.join(folder, 'no', 'such', 'out.jsonl'), '--replace'], folder))[
			'rows'
		],
		60,
	);
	assert.equal(
		(await did(['export', 'one', '--out', path.join(folder, 'out.jsonl'), '--replace'], folder))['rows'],
		60,
	);
	const card = await did(['dataset', 'show', 'one'], folder);
	assert.deepEqual((card['teacher'] as Record<string, unknown>)['model'], 'stand-in');
	assert.ok((card['deviations'] as string[]).some((deviation) => deviation.includes('12 difficult questions')));
	const status = await did(['status'], folder);
	assert.deepEqual(pick(status, 'skills', 'answers', 'difficult', 'diagnosed', 'setAside'), {
		skills: 6,
		answers: 120,
		difficult: 12,
		diagnosed: 12,
		setAside: 0,
	});
	assert.equal((status['datasets'] as unknown[]).length, 3);
});

test('builds without a teacher use the original solutions, state this on the card, and cost nothing', async () => {
	const { folder } = await project();
	const { server, env } = await teacher();
	await did(['diagnose'], folder, env);
	const received = server.stats().received;
	const sel = await did(['build', 'sel', '--name', 'sel'], folder);
	assert.equal(sel['distinct'], sel['questions']);
	assert.ok((sel['deviations'] as string[]).some((deviation) => deviation.includes('original solutions')));
	assert.deepEqual(
		pick(
			await did(['build', 'sel', '--name', 'sel2', '--answers-from', 'original'], folder, env),
			'sha256',
			'calls',
		),
		{ sha256: sel['sha256'], calls: 0 },
	);
	const dropped = await did(['build', 'sel', '--name', 'sel3', '--repeats', 'drop'], folder);
	assert.equal(dropped['pairs'], dropped['questions']);
	assert.deepEqual(
		pick(
			await did(['build', 'train', '--name', 'train'], folder, env),
			'pairs',
			'distinct',
			'questions',
			'calls',
			'deviations',
		),
		{ pairs: 48, distinct: 48, questions: 48, calls: 0, deviations: [] },
	);
	assert.equal((await did(['build', 'train', '--name', 'train10', '--pairs', '10'], folder))['pairs'], 10);
	assert.match((await runCli(['build', 'hard', '--name', 'hard'], folder)).stderr, /level 4 or 5/);
	assert.equal((await did(['build', 'augment', '--name', 'augment', '--pairs', '100'], folder))['pairs'], 100);
	const mixed = await did(
		['build', 'sel', '--name', 'mixed', '--pairs', '80', '--mix', '0.25', '--rank', 'exposure'],
		folder,
	);
	assert.deepEqual([mixed['pairs'], (mixed['yield'] as Record<string, number>)['rehearsal']], [80, 20]);
	assert.ok(
		['25 % of the rows', 'weighs by how often'].every((part) =>
			(mixed['deviations'] as string[]).some((deviation) => deviation.includes(part)),
		),
	);
	const drawnFromAll = fs
		.readFileSync(path.join(folder, '.stat/datasets/mixed/data.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.findIndex((line) => (JSON.parse(line) as { skill: unknown }).skill === null);
	assert.deepEqual(
		pick(await did(['why', 'mixed', String(drawnFromAll)], folder), 'skill', 'student_answer', 'diagnosis'),
		{ skill: null, student_answer: null, diagnosis: null },
	);
	assert.match((await runCli(['build', 'sel', '--name', 'x', '--mix', '1'], folder)).stderr, /--mix must be a share/);
	assert.match(
		(await runCli(['build', 'augment', '--name', 'x', '--mix', '0.5'], folder)).stderr,
		/only with build sel/,
	);
	assert.equal(server.stats().received, received);
});

test('a correction changes the profile, survives another diagnosis and appears in the explanation of a row', async () => {
	const { folder } = await project();
	const { env } = await teacher();
	await did(['diagnose'], folder, env);
	const before = await did(['profile'], folder);
	const question = 'Validation algebra inequalities 0: what is $0\\cdot 11$?';
	await did(
		[
			'correct',
			question,
			'--skills',
			'Quadratic Equations, number_theory/linear_equations',
			'--note',
			'see step 2',
			'--author',
			'ana',
		],
		folder,
	);
	await did(['correct', 'Validation algebra inequalities 2: what is $2\\cdot 11$?', '--dispute'], folder);
	await did(['diagnose', '--again'], folder, env);
	const after = await did(['profile'], folder);
	assert.deepEqual(pick(after, 'questions', 'disputed', 'corrected'), { questions: 12, disputed: 1, corrected: 2 });
	assert.notDeepEqual(after['skills'], before['skills']);
	assert.equal((await did(['profile', '--without', 'disputed'], folder))['questions'], 11);
	await did(['build', 'sel', '--name', 'x'], folder);
	const rows = fs
		.readFileSync(path.join(folder, '.stat/datasets/x/data.jsonl'), 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { skill: { subject: string; name: string }; forQuestion: string });
	// For an algebra question, the teacher can choose only from algebra's skills: only a user can have named a number
	// theory skill for it.
	const index = rows.findIndex(
		({ skill, forQuestion }) => skill.subject === 'number_theory' && forQuestion === questionId(question),
	);
	const { diagnosis } = await did(['why', 'x', String(index)], folder);
	assert.deepEqual(pick(diagnosis as Record<string, unknown>, 'from', 'reason'), {
		from: 'person',
		reason: 'see step 2',
	});
	await did(['correct', question, '--withdraw'], folder);
	assert.equal((await did(['profile'], folder))['corrected'], 1);
	assert.equal((await runCli(['correct', question, '--skills', 'nonsense'], folder)).code, 1);
	assert.match((await runCli(['correct', 'no such question', '--agree'], folder)).stderr, /no question/);
	assert.equal((await runCli(['correct', question, '--agree', '--dispute'], folder)).code, 2);
});

test('malformed replies and wrong rewrites are retried, then set aside with their text', async () => {
	const { folder } = await project();
	const { env: silly, server } = await teacher({ says: 'I would rather not say.' });
	const failed = await did(['diagnose', '--limit', '3'], folder, silly);
	assert.deepEqual(pick(failed, 'diagnosed', 'failed', 'calls', 'remaining'), {
		diagnosed: 0,
		failed: 3,
		calls: 9,
		remaining: 12,
	});
	const listed = await did(['set-aside', 'diagnose'], folder);
	assert.equal(listed['total'], 3);
	assert.match(String((listed['rows'] as Record<string, unknown>[])[0]?.['text']), /rather not/);
	assert.deepEqual(
		pick(await did(['diagnose', '--limit', '3'], folder, silly), 'failed', 'calls'),
		{ failed: 3, calls: 0 },
		'known replies are not paid for again',
	);
	assert.equal(server.stats().goodTwice, 0);
	// Another teacher model has its own cache, so items that failed now succeed and leave the list.
	const { env } = await teacher({ models: ['other'], wrongRewrites: 0.3 });
	const other = { ...env, STAT_TEACHER_MODEL: 'other' };
	assert.deepEqual(pick(await did(['diagnose'], folder, other), 'diagnosed', 'failed'), { diagnosed: 12, failed: 0 });
	assert.equal((await did(['set-aside', 'diagnose'], folder))['total'], 0);
	const built = await did(['build', 'sel', '--name', 'x', '--pairs', '80'], folder, other);
	const stages = built['yield'] as Record<string, number>;
	assert.ok((stages['unequal'] ?? 0) > 0, 'some were graded unequal');
	assert.equal((stages['setAside'] ?? 0) + Number(built['pairs']), 80);
	assert.equal((await did(['set-aside', 'build', 'x'], folder))['total'], built['failed']);
	assert.equal(
		(await did(['build', 'sel', '--name', 'x', '--pairs', '80', '--replace'], folder, other))['sha256'],
		built['sha256'],
	);
});

test('a budget stops a run before it is exceeded, and the next run reuses the replies already paid for', async () => {
	const { folder } = await project();
	const { server, env } = await teacher({ latency: 10 });
	const stopped = await did(['diagnose', '--budget', '5'], folder, env);
	assert.deepEqual(pick(stopped, 'diagnosed', 'calls', 'remaining', 'failed'), {
		diagnosed: 5,
		calls: 5,
		remaining: 7,
		failed: 0,
	});
	assert.equal(server.stats().good, 5);
	assert.deepEqual(pick(await did(['diagnose'], folder, env), 'diagnosed', 'calls'), { diagnosed: 7, calls: 7 });
	const short = await runCli(
		['build', 'sel', '--name', 'x', '--pairs', '40', '--budget', '6', '--json'],
		folder,
		env,
	);
	assert.equal(short.code, 1);
	assert.match(short.stderr, /budget is used up: 6 of \d+/);
	assert.deepEqual(fs.readdirSync(path.join(folder, '.stat/datasets')), [], 'no half dataset');
	const whole = await did(['build', 'sel', '--name', 'x', '--pairs', '40'], folder, env);
	assert.equal(server.stats().goodTwice, 0);
	assert.equal(server.stats().good, 12 + 6 + Number(whole['calls']));
});

test('a cancelled run exits with code 130, prints one JSON object and keeps all finished work', async () => {
	const { folder } = await project();
	const { server, env } = await teacher({ latency: 300 });
	const child = startCli(['diagnose', '--concurrency', '2', '--json'], folder, env);
	const end = ended(child);
	while (server.stats().good < 4) {
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	child.kill('SIGINT');
	const ran = await end;
	assert.equal(ran.code, 130, ran.stderr);
	assert.equal(ran.json()['kind'], 'cancelled');
	const stored = Number((await did(['status'], folder))['diagnosed']);
	assert.ok(stored >= 2 && stored < 12, String(stored));
	server.settings = { ...server.settings, latency: 0 };
	const rest = await did(['diagnose'], folder, env);
	assert.equal(rest['diagnosed'], 12 - stored);
	assert.ok(Number(rest['calls']) <= 12 - stored);
});

test('an endpoint that refuses connections or is down is reported in one line with its address', async () => {
	const { folder } = await project();
	const { env } = await teacher({ key: 'right' });
	const refused = await runCli(['diagnose', '--json'], folder, { ...env, OPENAI_API_KEY: 'wrong-secret' });
	assert.equal(refused.code, 1);
	assert.match(refused.stderr, /127\.0\.0\.1/);
	assert.doesNotMatch(refused.stderr + refused.stdout, /wrong-secret/, 'a key is never shown');
	assert.equal((await did(['diagnose'], folder, { ...env, OPENAI_API_KEY: 'right' }))['diagnosed'], 12);
});

test('endpoints named in .stat are ignored', async () => {
	const { folder } = await project();
	fs.writeFileSync(
		path.join(folder, '.stat/teacher.json'),
		JSON.stringify({ baseUrl: 'http://127.0.0.1:9/v1', model: 'evil', apiKey: 'x' }),
	);
	fs.writeFileSync(
		path.join(folder, '.stat/.env'),
		'STAT_TEACHER_URL=http://127.0.0.1:9/v1\nSTAT_TEACHER_MODEL=evil\n',
	);
	const ran = await runCli(['diagnose'], folder);
	assert.equal(ran.code, 2);
	assert.match(ran.stderr, /no teacher is set/);
});

test('a scripted teacher labels questions, and its labels replace those of the bank', async () => {
	const { folder } = await project();
	const file = path.join(folder, 'teacher.jsonl');
	fs.writeFileSync(
		file,
		'{"model": "scripted"}\n{"task": "label", "about": "*", "text": "<skill>linear ' +
			'equations</skill><reason>Linear.</reason>"}\n',
	);
	const labelled = await did(['label', '--split', 'train', '--teacher', `scripted:${file}`], folder);
	assert.deepEqual(pick(labelled, 'questions', 'failed', 'cost'), { questions: 48, failed: 0, cost: 0 });
	assert.equal((await did(['label', '--split', 'train', '--teacher', `scripted:${file}`], folder))['questions'], 0);
	const { env } = await teacher({ faults: noFaults });
	await did(['diagnose'], folder, env);
	const skills = (await did(['profile'], folder))['skills'] as { skill: string; train: number }[];
	assert.ok(
		skills.every(({ skill, train }) => (skill === 'linear_equations' ? train === 24 : train === 0)),
		JSON.stringify(skills),
	);
});

test('the lineage, compare, ledger and report commands work from the command line', async () => {
	const { folder, world } = await project();
	// The second round has the same answers, except that every question of one skill is answered right.
	const mended = fs
		.readFileSync(world.answers, 'utf8')
		.trim()
		.split('\n')
		.map((line) => {
			const row = JSON.parse(line) as { question: string; gt: string; code: string[]; score: boolean[] };
			return JSON.stringify(
				row.question.includes('inequalities')
					? {
							...row,
							code: row.code.map(() => `It is $\\boxed{${row.gt}}$.`),
							score: row.score.map(() => true),
						}
					: row,
			);
		});
	fs.writeFileSync(path.join(folder, 'second.jsonl'), `${mended.join('\n')}\n`);
	await did(['import', 'answers', path.join(folder, 'second.jsonl'), '--student', 's', '--round', '2'], folder);
	const { env } = await teacher();
	await did(['diagnose', '--round', '1'], folder, env);
	await did(['build', 'sel', '--name', 'sel', '--round', '1'], folder);
	assert.match((await runCli(['ledger', '2'], folder)).stderr, /parent of round s:2 is not known/);
	await did(['rounds', 'start', 's:1', '--model', 'base'], folder);
	const started = await did(['rounds', 'start', 's:2', '--dataset', 'sel', '--recipe', 'sft'], folder);
	assert.deepEqual(pick(started['round'] as Record<string, unknown>, 'parent', 'dataset', 'control'), {
		parent: { student: 's', round: 1 },
		dataset: 'sel',
		control: false,
	});
	const compared = await did(['compare', '1', 's:2', '--answers', 'first'], folder);
	const overall = compared['overall'] as Record<string, unknown>;
	assert.deepEqual(pick(overall, 'n', 'gained', 'lost', 'interval'), {
		n: 24,
		gained: 2,
		lost: 0,
		interval: 'exact',
	});
	const skills = compared['skills'] as Record<string, unknown>[];
	assert.deepEqual(
		pick(skills.find(({ skill }) => skill === 'inequalities') ?? {}, 'before', 'after', 'delta', 'p'),
		{ before: 0.5, after: 1, delta: 0.5, p: 0.5 },
	);
	assert.deepEqual(
		(compared['flips'] as Record<string, unknown>[]).map(({ to }) => to),
		['right', 'right'],
	);
	const ledger = await did(['ledger', '2'], folder);
	assert.equal(
		(ledger['skills'] as Record<string, unknown>[]).reduce((sum, row) => sum + Number(row['rows']), 0),
		(await did(['dataset', 'show', 'sel'], folder))['pairs'],
	);
	const out = path.join(folder, 'report.md');
	assert.equal((await did(['report', '2', '--out', out], folder))['path'], out);
	assert.match(fs.readFileSync(out, 'utf8'), /^# s:2 against s:1\n/);
	assert.equal(((await did(['rounds', 'show', '1'], folder))['children'] as unknown[]).length, 1);
	fs.writeFileSync(
		path.join(folder, 'bare.jsonl'),
		`${JSON.stringify({ question: 'What is $1+1$?', gold: '2', response: '2' })}\n`,
	);
	for (const round of ['1', '2']) {
		await did(['import', 'answers', path.join(folder, 'bare.jsonl'), '--student', 's', '--round', round], folder);
	}
	assert.match(
		(await runCli(['compare', '1', '2'], folder)).stdout,
		/\n1 in no skill's row: nothing labels them \("label" does\)/,
	);
	fs.writeFileSync(
		path.join(folder, 'test.jsonl'),
		`${JSON.stringify({ question: 'What is $1+2$?', gold: '3', response: '4' })}\n`,
	);
	await did(['import', 'questions', path.join(folder, 'test.jsonl'), '--split', 'test'], folder);
	await did(['import', 'answers', path.join(folder, 'test.jsonl'), '--student', 's', '--round', '3'], folder);
	assert.match(
		(await runCli(['diagnose', '--round', '3'], folder, env)).stderr,
		/1 of 1 questions are difficult\n[^]*1 difficult test questions are reported on, not diagnosed/,
	);
	assert.match((await runCli(['compare', '1', 'x'], folder)).stderr, /"x" is not a round/);
	assert.equal((await runCli(['compare', '1'], folder)).code, 2);
	assert.match((await runCli(['rounds', 'next', 'ffffffffffff'], folder)).stderr, /ffffffffffff/);
});
