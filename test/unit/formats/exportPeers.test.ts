// Reads exports with the tools that they are for. Needs the Python of test/requirements.txt (STAT_PYTHON, set by npm
// test). LLaMA-Factory pins older versions of the same packages, so it is installed in the cache folder without them.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { files } from '../../../src/formats/files.ts';
import { studentPrompt } from '../../../src/core/questions/studentPrompt.ts';
import { freshFolder } from './collect.ts';
import { awkward, chat, datasetRow, each, plain } from './datasetRows.ts';

const python = process.env['STAT_PYTHON'];
const cache =
	process.env['STAT_STUDIO_CACHE'] ??
	path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'stat-studio');
const factory = path.join(cache, 'llamafactory-0.9.5');
const factoryInstall = [
	'-m',
	'pip',
	'install',
	'-q',
	'--disable-pip-version-check',
	'--no-deps',
	'--target',
	factory,
	'llamafactory==0.9.5',
	'omegaconf==2.4.0',
];

const noPython = python
	? false
	: 'STAT_PYTHON names no Python with test/requirements.txt (npm test sets it): python3 -m pip install ' +
		'torch==2.13.0 && python3 -m pip install -r test/requirements.txt';
const noFactory =
	noPython || (hasFactory() ? false : `LLaMA-Factory is not installed: ${python} ${factoryInstall.join(' ')}`);

function hasFactory(): boolean {
	if (!python || existsSync(path.join(factory, 'omegaconf'))) {
		return Boolean(python);
	}
	return spawnSync(python, factoryInstall, { stdio: 'ignore', timeout: 120_000 }).status === 0;
}

interface Read {
	readonly columns?: string[];
	readonly prompt: string;
	readonly completion: string;
	readonly supervised: number;
	readonly tokens: number;
}

async function readBy(script: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Read[]> {
	const { stdout } = await promisify(execFile)(
		python ?? '',
		[path.resolve('test/fixtures/formats', script), ...args],
		{
			env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', ...env },
			maxBuffer: 1 << 26,
			timeout: 300_000,
		},
	);
	return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { rows: Read[] }).rows;
}

const { signal } = new AbortController();
const rows = [...awkward, datasetRow({ question: 'Long?', solution: `${'Then we go on. '.repeat(300)}\\boxed{1}` })];
const wellFormed = (text: string) => text.replace('\ud800 ', '\ufffd ');

test('TRL computes the loss only on the solution and its end of turn', { skip: noPython }, async () => {
	for (const template of [chat, plain]) {
		const { path: file } = await files.export(
			'trl',
			'sel',
			each(rows),
			path.join(freshFolder(), 'trl.jsonl'),
			template,
			signal,
		);
		const read = await readBy('read_trl.py', [file, template.kind]);
		assert.equal(read.length, rows.length);
		read.forEach(({ prompt, completion, supervised, tokens, columns }, index) => {
			const source = rows[index];
			assert.ok(source);
			assert.deepEqual(columns, ['prompt', 'completion']);
			assert.equal(completion, `${source.solution}<|end|>`);
			assert.equal(
				prompt,
				template.kind === 'plain'
					? studentPrompt(template, wellFormed(source.question))
					: `<|start|>system\n${template.system}<|end|><|start|>user\n${wellFormed(source.question)}\n${template.instruction}<|end|><|start|>assistant\n`,
			);
			assert.ok(supervised > 0 && supervised < tokens);
		});
	}
});

test("LLaMA-Factory's own registry and loader read the exported folder", { skip: noFactory }, async () => {
	for (const template of [chat, plain]) {
		const folder = freshFolder();
		await files.export('llama-factory', 'stat-sel', each(rows), folder, template, signal);
		const read = await readBy('read_llama_factory.py', [folder, 'stat-sel'], { PYTHONPATH: factory });
		assert.equal(read.length, rows.length);
		read.forEach(({ prompt, completion, supervised, tokens }, index) => {
			const source = rows[index];
			assert.ok(source);
			assert.equal(completion.replace('<|end|>', '').trimEnd(), source.solution);
			assert.ok(prompt.includes(`${wellFormed(source.question)}\n${template.instruction}`));
			assert.equal(prompt.includes(chat.system ?? ''), template.kind === 'chat');
			assert.ok(supervised > 0 && supervised < tokens);
		});
	}
});

test('the datasets library reads every JSON format and its sidecar file row for row', { skip: noPython }, async () => {
	const folder = freshFolder();
	const written: string[] = [];
	for (const format of ['trl', 'openai', 'alpaca', 'sharegpt'] as const) {
		written.push(
			...(await files.export(format, 'sel', each(rows), path.join(folder, `${format}.jsonl`), chat, signal))
				.files,
		);
	}
	written.push(
		...(await files.export('alpaca', 'sel', each(rows), path.join(folder, 'list.json'), chat, signal)).files,
	);
	const script =
		'import datasets,json,sys,tempfile\ndatasets.disable_progress_bars()\nwith ' +
		'tempfile.TemporaryDirectory() as c:\n ' +
		'print(json.dumps([datasets.load_dataset("json",data_files=f,split="train",cache_dir=c).to_list() ' +
		'for f in sys.argv[1:]]))';
	const { stdout } = await promisify(execFile)(python ?? '', ['-c', script, ...written], {
		env: { ...process.env, HF_HUB_OFFLINE: '1' },
		maxBuffer: 1 << 26,
		timeout: 300_000,
	});
	const read = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown[][];
	read.forEach((loaded, index) => {
		const file = written[index] ?? '';
		const text = readFileSync(file, 'utf8');
		const own = file.endsWith('.json')
			? (JSON.parse(text) as unknown[])
			: text
					.trimEnd()
					.split('\n')
					.map((line) => JSON.parse(line) as unknown);
		assert.deepEqual(loaded, own, file);
	});
});

test(
	'the datasets library reads the Parquet file as messages for a chat student and as text for a plain student',
	{ skip: noPython },
	async () => {
		for (const template of [chat, plain]) {
			const folder = freshFolder();
			const { path: file } = await files.export(
				'parquet',
				'sel',
				each(rows),
				path.join(folder, 'sel.parquet'),
				template,
				signal,
			);
			const { stdout } = await promisify(execFile)(
				python ?? '',
				[path.resolve('test/fixtures/formats/read_parquet.py'), file, path.join(folder, 'cache')],
				{ env: { ...process.env, HF_HUB_OFFLINE: '1' }, maxBuffer: 1 << 26, timeout: 300_000 },
			);
			const read = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
				features: Record<string, string>;
				rows: { prompt: unknown; completion: unknown }[];
			};
			assert.deepEqual(Object.keys(read.features), ['prompt', 'completion']);
			assert.equal(read.rows.length, rows.length);
			read.rows.forEach((row, at) => {
				const solution = rows[at]?.solution;
				assert.deepEqual(
					row.completion,
					template.kind === 'chat' ? [{ role: 'assistant', content: solution }] : solution,
				);
			});
		}
	},
);
