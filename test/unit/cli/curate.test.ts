import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';

interface Decision {
	readonly verdict: string;
	readonly author: string;
	readonly note: string | null;
	readonly before: { readonly question: string };
	readonly after: { readonly question: string } | null;
	readonly made?: { readonly hint: string; readonly agreement: { readonly agree: number; readonly of: number } };
}

const hinted = 'A basket holds $7$ rows of $6$ apples and $5$ apples beside them. How many apples is that?';

test('stat-studio curate regenerates a problem from a hint, rejects edits that leak, and writes every decision as JSONL', async () => {
	const project = path.join(newFolder(), 'project');
	fs.cpSync('examples/sample', project, { recursive: true });
	const replies = [
		{
			task: 'propose',
			about: '*/hint-*',
			contains: 'fruit, please',
			text:
				'<reason>Another setting.</reason> <draft>7 rows of 6 and 5.</draft> ' +
				`<question>${hinted}</question>`,
		},
		...[0, 1, 2].map((sample) => ({
			task: 'solve',
			question: hinted,
			sample,
			text:
				sample === 2
					? 'That is $7 + 6 + 5 = \\boxed{18}$.'
					: 'There are $7 \\cdot 6 + 5 = \\boxed{47}$ apples.',
		})),
	];
	fs.appendFileSync(
		path.join(project, 'teacher.jsonl'),
		replies.map((reply) => `${JSON.stringify(reply)}\n`).join(''),
	);
	const teacher = ['--teacher', 'scripted:teacher.jsonl', '--yes'];
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], project);
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const refused = async (...args: string[]) => {
		const ran = await runCli(args, project);
		assert.notEqual(ran.code, 0, args.join(' '));
		return ran.stderr.trim();
	};
	const banks = (split: string) =>
		fs
			.readdirSync(path.join(project, 'skills'))
			.flatMap((subject) =>
				fs
					.readdirSync(path.join(project, 'skills', subject, split))
					.map((name) => path.join('skills', subject, split, name)),
			);
	await did('init');
	await did('import', 'skills', ...banks('train'), '--split', 'train');
	await did('import', 'skills', ...banks('validation'), '--split', 'validation');
	await did('import', 'answers', path.join('answers', 'tiny-student.jsonl'), '--student', 's');
	await did('classify', '--method', 'answer');
	await did('diagnose', ...teacher);
	await did('build', 'syn', '--name', 'written', '--pairs', '60', ...teacher);
	const items = (await did('curate', 'written', 'list'))['items'] as {
		readonly questionId: string;
		readonly title: string;
	}[];
	const [first, second] = items;
	assert.ok(first && second);

	const { kept, why, calls } = (await did(
		'curate',
		'written',
		'regenerate',
		first.questionId.slice(0, 12),
		'--hint',
		'fruit, please',
		'--author',
		'Ada',
		...teacher,
	)) as unknown as {
		readonly kept: { readonly question: string } | null;
		readonly why: string | null;
		readonly calls: number;
	};
	assert.deepEqual([kept?.question, why, calls], [hinted, null, 4]);
	assert.match(
		await refused(
			'curate',
			'written',
			'regenerate',
			first.questionId,
			second.questionId,
			'--hint',
			'x',
			...teacher,
		),
		/takes one id/,
	);
	assert.match(
		await refused('curate', 'written', 'regenerate', first.questionId, ...teacher),
		/what should the new question be like/,
	);
	await did('curate', 'written', 'accept', first.questionId, '--author', 'Ada', '--note', 'good');

	const [line = ''] = fs.readFileSync(path.join(project, 'answers', 'tiny-student.jsonl'), 'utf8').split('\n');
	const validation = (JSON.parse(line) as { readonly question: string }).question;
	assert.match(
		await refused('curate', 'written', 'edit', second.questionId, '--question', validation),
		/copy of an evaluation question.*nothing was saved/,
	);
	await did(
		'curate',
		'written',
		'edit',
		second.questionId,
		'--question',
		'How many days have seven weeks?',
		'--solution',
		'They have $\\boxed{49}$ days.',
		'--author',
		'Bo',
	);
	await did('curate', 'written', 'undo', second.questionId, '--author', 'Bo');
	assert.match(await refused('curate', 'written', 'undo', second.questionId), /nothing to undo/);

	const out = path.join(project, 'history.jsonl');
	assert.deepEqual(await did('curate', 'written', 'history', '--out', out), { decisions: 4, path: out });
	const history = fs
		.readFileSync(out, 'utf8')
		.trimEnd()
		.split('\n')
		.map((text) => JSON.parse(text) as Decision);
	assert.deepEqual(
		history.map(({ verdict, author, note }) => [verdict, author, note]),
		[
			['regenerated', 'Ada', null],
			['accepted', 'Ada', 'good'],
			['edited', 'Bo', null],
			['withdrawn', 'Bo', null],
		],
	);
	const [again, accepted, edited] = history;
	assert.deepEqual(
		[again?.made?.hint, again?.made?.agreement, again?.after?.question, accepted?.before.question],
		['fruit, please', { agree: 2, of: 3 }, hinted, hinted],
	);
	assert.notEqual(again?.before.question, hinted, 'the old one stays in the history');
	assert.deepEqual(
		[edited?.after?.question, edited?.before.question.startsWith(second.title.slice(0, 20))],
		['How many days have seven weeks?', true],
	);
	assert.deepEqual(
		fs.readdirSync(project).filter((name) => name.includes('writing')),
		[],
		'nothing half-written is left',
	);

	// A bulk repair leaves unreviewed items undecided, and a demand for reviews still covers them.
	const listed = async () =>
		(await did('curate', 'written', 'list', '--limit', '1000')) as unknown as {
			readonly items: readonly { readonly status: string }[];
			readonly left: number;
		};
	await did('curate', 'written', 'demand', 'all');
	const { items: before, left } = await listed();
	const { matched, decided } = (await did(
		'curate',
		'written',
		'repair',
		'--find',
		'What is',
		'--with',
		'Determine',
		'--apply',
		'--author',
		'Bo',
	)) as unknown as { readonly matched: number; readonly decided: number };
	assert.ok(matched > 3 && decided > 3, `${decided} of ${matched}`);
	const { items: after, left: leftAfter } = await listed();
	assert.deepEqual(
		[after.map(({ status }) => status), leftAfter],
		[before.map(({ status }) => (status === 'accepted' ? status : 'waiting')), left],
	);
});
