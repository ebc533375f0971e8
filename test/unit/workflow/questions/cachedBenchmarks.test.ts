import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { cachedBenchmarks, isHubName } from '../../../../src/core/questions/hubFile.ts';
import { newFolder, runCli } from '../../../fixtures/builtCli.ts';
import { noSshd, openSshd } from '../../../fixtures/sshd.ts';

const revision = '0123456789abcdef0123456789abcdef01234567';

/** Creates a dataset in a cache with the layout of the Hub's own tools: a snapshot of links to blobs. */
function cache(
	hub: string,
	repository: string,
	files: Readonly<Record<string, string | Buffer>>,
	commit = revision,
): void {
	const folder = path.join(hub, `datasets--${repository.replace('/', '--')}`);
	fs.mkdirSync(path.join(folder, 'blobs'), { recursive: true });
	fs.mkdirSync(path.join(folder, 'refs'), { recursive: true });
	fs.writeFileSync(path.join(folder, 'refs', 'main'), commit);
	for (const [name, content] of Object.entries(files)) {
		const [blob, link] = [
			path.join(folder, 'blobs', name.replaceAll('/', '_')),
			path.join(folder, 'snapshots', commit, name),
		];
		fs.writeFileSync(blob, content);
		fs.mkdirSync(path.dirname(link), { recursive: true });
		fs.symlinkSync(path.relative(path.dirname(link), blob), link);
	}
}

const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const gsm8k = (from: number, to: number) =>
	lines(
		Array.from({ length: to - from }, (_, n) => ({
			question: `Ada has ${from + n} boxes of 3. How many things?`,
			answer: `3 each.\n#### ${3 * (from + n)}`,
		})),
	);

function fill(hub: string): void {
	cache(hub, 'openai/gsm8k', {
		'main/test-00000-of-00001.jsonl': gsm8k(0, 7),
		'main/train-00000-of-00001.jsonl': gsm8k(100, 120),
		'socratic/test-00000-of-00001.jsonl': gsm8k(0, 7),
		'README.md': '# GSM8K',
	});
	cache(hub, 'HuggingFaceH4/MATH-500', { 'test.jsonl': lines([{ problem: 'What is $1+1$?', answer: '2' }]) });
	cache(hub, 'AI-MO/aimo-validation-amc', {
		'data/train-00000-of-00001.parquet': fs.readFileSync('test/fixtures/tables/questions.parquet'),
	});
	cache(hub, 'somebody/private-notes', { 'test.jsonl': '{}' });
}

interface Cached {
	readonly cached: readonly {
		readonly benchmark: string;
		readonly repository: string;
		readonly files: readonly { readonly name: string }[];
	}[];
}

test('the test split of the main configuration is chosen, or all files if none is called test', () => {
	const file = (repository: string, name: string) => ({ repository, name, bytes: 1 });
	const chosen = (repository: string, ...names: string[]) =>
		cachedBenchmarks(names.map((name) => file(repository, name))).map(({ benchmark, files }) => [
			benchmark,
			...files.map(({ name }) => name),
		]);
	assert.deepEqual(chosen('openai/gsm8k', 'socratic/test-0.parquet', 'main/train-0.parquet', 'main/test-0.parquet'), [
		['GSM8K', 'main/test-0.parquet'],
	]);
	assert.deepEqual(
		chosen(
			'EleutherAI/hendrycks_math',
			'geometry/test-0.parquet',
			'algebra/test-0.parquet',
			'algebra/train-0.parquet',
		),
		[['MATH', 'algebra/test-0.parquet', 'geometry/test-0.parquet']],
	);
	assert.deepEqual(chosen('Maxwell-Jia/AIME_2024', 'aime_2024_problems.parquet', 'dataset_infos.json'), [
		['AIME24', 'aime_2024_problems.parquet'],
	]);
	assert.deepEqual(chosen('somebody/else', 'test.parquet'), []);
	assert.deepEqual(
		chosen('math-ai/aime25', 'latest/rows.jsonl'),
		[['AIME25', 'latest/rows.jsonl']],
		'"latest" names no test part, and there is no other',
	);
	assert.deepEqual(
		[
			isHubName('openai/gsm8k'),
			isHubName('math-perturb-simple'),
			isHubName('../x'),
			isHubName('a/..'),
			isHubName('a/$(b)'),
			isHubName('a/b/c'),
		],
		[true, false, false, false, false, false],
	);
});

test("the benchmarks in this machine's cache are listed, and one of them can be added", async () => {
	const folder = newFolder();
	const home = newFolder();
	fill(path.join(home, 'hub'));
	// An older snapshot is not the one that main points to. A link that leads out of the cache has a name like any
	// other and is only read when its file is requested.
	const env = {
		HF_HOME: home,
		HF_HUB_CACHE: '',
		HUGGINGFACE_HUB_CACHE: '',
		STAT_STUDIO_HOSTS: path.join(folder, 'hosts.json'),
	};
	fs.mkdirSync(path.join(home, 'hub/datasets--openai--gsm8k/snapshots/ffff'), { recursive: true });
	fs.writeFileSync(path.join(home, `hub/datasets--openai--gsm8k/snapshots/${revision}/main/odd: "name".jsonl`), '{}');
	const elsewhere = newFolder();
	fs.writeFileSync(path.join(elsewhere, 'test-elsewhere.jsonl'), gsm8k(0, 7));
	fs.symlinkSync(elsewhere, path.join(home, `hub/datasets--openai--gsm8k/snapshots/${revision}/main/out`));
	fs.symlinkSync(
		elsewhere,
		path.join(home, `hub/datasets--openai--gsm8k/snapshots/${revision}/main/test-folder.jsonl`),
	);
	const did = async (...args: string[]) => {
		const ran = await runCli([...args, '--json'], folder, env);
		assert.equal(ran.code, 0, ran.stderr);
		return ran.json();
	};
	await did('init');
	const { cached } = (await did('benchmarks', 'cached')) as unknown as Cached;
	assert.deepEqual(
		cached.map(({ benchmark, repository, files }) => [benchmark, repository, files.map(({ name }) => name)]),
		[
			['GSM8K', 'openai/gsm8k', ['main/test-00000-of-00001.jsonl']],
			['AMC23-83', 'AI-MO/aimo-validation-amc', ['data/train-00000-of-00001.parquet']],
			['MATH-500', 'HuggingFaceH4/MATH-500', ['test.jsonl']],
		],
	);
	const added = await did('benchmarks', 'add', 'gsm8k', '--cached');
	assert.deepEqual([added['benchmark'], added['test'], added['questions']], ['GSM8K', 7, 7]);
	assert.ok(((await did('benchmarks', 'add', 'AMC23-83', '--cached'))['questions'] as number) > 0, 'Parquet as well');
	const nothing = await runCli(['benchmarks', 'add', 'AIME24', '--cached'], folder, env);
	assert.equal(nothing.code, 2);
	assert.match(
		nothing.stderr,
		/cache on this machine has no files for AIME24, only for GSM8K, AMC23-83, MATH-500: add AIME24 from your own files/,
	);
	assert.match((await runCli(['benchmarks', 'add', 'GSM8K'], folder, env)).stderr, /which files\?/);
	assert.match((await runCli(['benchmarks', 'add', 'GSM8K', 'x.jsonl', '--cached'], folder, env)).stderr, /not both/);
	assert.match((await runCli(['benchmarks', 'cached', '--host', 'stranger'], folder, env)).stderr, /stranger/);
	assert.match(
		(await runCli(['benchmarks', 'cached'], folder, { ...env, HF_HOME: path.join(home, 'none') })).stdout,
		/holds no benchmark we know/,
	);
});

describe("a host's cache over ssh", { skip: noSshd() }, () => {
	const opened = openSshd('');
	after(async () => (await opened).close());

	test("is located with the host's prelude, and its files are fetched over the connection and checked", async () => {
		const sshd = await opened;
		const folder = newFolder();
		fill(path.join(sshd.home, "scratch of 'mine'", 'hub'));
		const env = { STAT_SSH_CONFIG: sshd.configFile, STAT_STUDIO_HOSTS: path.join(folder, 'hosts.json') };
		const did = async (...args: string[]) => {
			const ran = await runCli([...args, '--json'], folder, env);
			assert.equal(ran.code, 0, ran.stderr);
			return ran.json();
		};
		await did('init');
		await did('hosts', 'add', 'gpu', '--prelude', `echo loading modules; export HF_HOME="$HOME/scratch of 'mine'"`);
		assert.deepEqual(
			((await did('benchmarks', 'cached', '--host', 'gpu')) as unknown as Cached).cached.map(
				({ benchmark }) => benchmark,
			),
			['GSM8K', 'AMC23-83', 'MATH-500'],
		);
		const added = await did('benchmarks', 'add', 'GSM8K', '--cached', '--host', 'gpu', '--validation', '2');
		assert.deepEqual([added['test'], added['validation']], [5, 2]);
	});
});
