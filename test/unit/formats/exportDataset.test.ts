import assert from 'node:assert/strict';
import { createReadStream, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import * as z from 'zod';
import { exportFormats } from '../../../src/core/training/exportFormat.ts';
import { files } from '../../../src/formats/files.ts';
import { freshFolder } from './collect.ts';
import { awkward, chat, datasetRow, each, plain } from './datasetRows.ts';

const { signal } = new AbortController();
const wellFormed = (text: string) => text.replace('\ud800 ', '\ufffd ');

/** Returns the lines as any reader sees them: split at bytes, and in every way in which some readers split text. */
function linesOf(file: string): Record<string, unknown>[] {
	const text = readFileSync(file, 'utf8');
	assert.ok(text.endsWith('\n'));
	assert.deepEqual(text.slice(0, -1).split(/\r\n|[\n\r\u0085\u2028\u2029]/u), text.slice(0, -1).split('\n'));
	return text
		.slice(0, -1)
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('trl rows contain only message lists for a chat student and only text for a plain student', async () => {
	const folder = freshFolder();
	const written = await files.export('trl', 'sel', each(awkward), path.join(folder, 'a.jsonl'), chat, signal);
	assert.equal(written.rows, 3);
	assert.deepEqual(written.files, [path.join(folder, 'a.jsonl'), path.join(folder, 'a.meta.jsonl')]);
	const rows = linesOf(written.path);
	rows.forEach((row, index) => {
		const source = awkward[index];
		assert.ok(source);
		assert.deepEqual(row, {
			prompt: [
				{ role: 'system', content: chat.system },
				{ role: 'user', content: `${wellFormed(source.question)}\n${chat.instruction}` },
			],
			completion: [{ role: 'assistant', content: source.solution }],
		});
	});
	const texts = linesOf(
		(await files.export('trl', 'sel', each(awkward), path.join(folder, 'b.jsonl'), plain, signal)).path,
	);
	assert.deepEqual(texts[0], {
		prompt: `What is $1+1$?\n${plain.instruction}\n\n`,
		completion: awkward[0]?.solution,
	});
	const meta = linesOf(path.join(folder, 'a.meta.jsonl'));
	assert.deepEqual(
		meta.map(({ row }) => row),
		[0, 1, 2],
	);
	assert.deepEqual(meta[2], {
		row: 2,
		questionId: 'ab'.repeat(16),
		subject: 'algebra',
		skill: null,
		forQuestion: null,
		kind: 'original',
		sample: 0,
		gold: '2',
		flags: ['answer-unsure'],
	});
});

test('every openai line conforms to the documented chat fine-tuning schema', async () => {
	const schema = z.strictObject({
		messages: z
			.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) }))
			.min(2)
			.refine(
				(messages) =>
					messages.at(-1)?.role === 'assistant' &&
					messages.findIndex(({ role }) => role === 'system') <= 0 &&
					messages.filter(({ role }) => role === 'user').length === 1,
			),
	});
	for (const template of [chat, plain]) {
		const { path: file } = await files.export(
			'openai',
			'sel',
			each(awkward),
			path.join(freshFolder(), 'o.jsonl'),
			template,
			signal,
		);
		linesOf(file).forEach((row) => schema.parse(row));
	}
});

test('alpaca and sharegpt rows are written as lines, or as one list into a .json file', async () => {
	const folder = freshFolder();
	const list = await files.export('alpaca', 'sel', each(awkward), path.join(folder, 'a.json'), chat, signal);
	const rows = JSON.parse(readFileSync(list.path, 'utf8')) as Record<string, unknown>[];
	assert.deepEqual(rows[0], {
		instruction: `What is $1+1$?\n${chat.instruction}`,
		input: '',
		output: awkward[0]?.solution,
		system: chat.system,
	});
	assert.equal(rows.length, 3);
	assert.ok(list.files.includes(path.join(folder, 'a.meta.jsonl')));
	const empty = await files.export('alpaca', 'none', each([]), path.join(folder, 'empty.json'), chat, signal);
	assert.deepEqual(JSON.parse(readFileSync(empty.path, 'utf8')), []);
	const turns = linesOf(
		(await files.export('sharegpt', 'sel', each(awkward), path.join(folder, 's.jsonl'), plain, signal)).path,
	);
	assert.deepEqual(turns[0], {
		conversations: [
			{ from: 'human', value: `What is $1+1$?\n${plain.instruction}` },
			{ from: 'gpt', value: awkward[0]?.solution },
		],
	});
});

test('a llama-factory export keeps the other entries of the registry and leaves a broken registry unchanged', async () => {
	const folder = freshFolder();
	const info = path.join(folder, 'dataset_info.json');
	writeFileSync(info, JSON.stringify({ other: { file_name: 'other.json' }, ['__proto__x']: 1 }));
	const written = await files.export('llama-factory', 'my set/../x', each(awkward), folder, chat, signal);
	assert.equal(written.path, folder);
	const registry = JSON.parse(readFileSync(info, 'utf8')) as Record<string, Record<string, unknown>>;
	assert.deepEqual(Object.keys(registry), ['other', '__proto__x', 'my_set_.._x']);
	assert.deepEqual(registry['my_set_.._x']?.['columns'], { messages: 'conversations', system: 'system' });
	assert.equal(registry['my_set_.._x']?.['file_name'], 'my_set_.._x.jsonl');
	assert.equal(linesOf(path.join(folder, 'my_set_.._x.jsonl')).length, 3);
	writeFileSync(info, '{ "other": ');
	await assert.rejects(
		files.export('llama-factory', 'again', each(awkward), folder, chat, signal),
		/dataset_info\.json: .*repair it/,
	);
	assert.equal(readFileSync(info, 'utf8'), '{ "other": ');
	assert.ok(!readdirSync(folder).some((name) => name.startsWith('again') || name.endsWith('.tmp')));
});

test('axolotl gets messages for a chat student, segments for a plain student, and the matching YAML', async () => {
	const folder = freshFolder();
	const written = await files.export('axolotl', 'sel', each(awkward), `${folder}/`, chat, signal);
	assert.deepEqual(
		written.files.map((file) => path.basename(file)),
		['sel.jsonl', 'sel.meta.jsonl', 'sel.axolotl.yml'],
	);
	assert.deepEqual(linesOf(written.path)[0], {
		messages: [
			{ role: 'system', content: chat.system },
			{ role: 'user', content: `What is $1+1$?\n${chat.instruction}` },
			{ role: 'assistant', content: awkward[0]?.solution },
		],
	});
	assert.equal(
		readFileSync(path.join(folder, 'sel.axolotl.yml'), 'utf8'),
		'datasets:\n  - path: "sel.jsonl"\n    type: "chat_template"\n    field_messages: "messages"\n    ' +
			'message_property_mappings: {"role":"role","content":"content"}\n    roles_to_train: ' +
			'["assistant"]\n    train_on_eos: "turn"\n    ds_type: "json"\ntrain_on_inputs: false\n',
	);
	const [first] = linesOf((await files.export('axolotl', 'base', each(awkward), `${folder}/`, plain, signal)).path);
	assert.deepEqual(first, {
		segments: [
			{ label: false, text: `What is $1+1$?\n${plain.instruction}\n\n` },
			{ label: true, text: awkward[0]?.solution },
		],
	});
});

test('an exported Parquet file reads back unchanged, and an empty dataset still produces a file', async () => {
	const folder = freshFolder();
	const written = await files.export('parquet', 'sel', each(awkward), `${folder}/`, chat, signal);
	assert.equal(written.path, path.join(folder, 'sel.parquet'));
	const rows = await parquetReadObjects({ file: await asyncBufferFromFile(written.path) });
	assert.deepEqual(
		rows,
		awkward.map(({ question, solution }) => ({
			prompt: [
				{ role: 'system', content: chat.system },
				{ role: 'user', content: `${wellFormed(question)}\n${chat.instruction}` },
			],
			completion: [{ role: 'assistant', content: solution }],
		})),
	);
	const texts = await files.export('parquet', 'base', each(awkward), `${folder}/`, plain, signal);
	assert.equal(
		(await parquetReadObjects({ file: await asyncBufferFromFile(texts.path) }))[0]?.['completion'],
		awkward[0]?.solution,
	);
	const empty = await files.export('parquet', 'none', each([]), `${folder}/`, chat, signal);
	assert.deepEqual(await parquetReadObjects({ file: await asyncBufferFromFile(empty.path) }), []);
	const many = await files.export(
		'parquet',
		'many',
		each(Array.from({ length: 2500 }, (_, sample) => datasetRow({ sample }))),
		`${folder}/`,
		chat,
		signal,
	);
	assert.equal((await parquetReadObjects({ file: await asyncBufferFromFile(many.path) })).length, 2500);
});

test('a hostile dataset name never causes a file to be written outside the folder', async () => {
	for (const name of [
		'../../evil',
		'/etc/passwd',
		'..',
		'.hidden',
		'a\0b',
		'',
		'💥',
		'x'.repeat(5000),
		'CON:stream',
	]) {
		const folder = freshFolder();
		for (const format of exportFormats) {
			const { files: written } = await files.export(format, name, each(awkward), `${folder}/`, chat, signal);
			for (const file of written) {
				assert.equal(path.dirname(path.resolve(file)), folder);
				assert.match(path.basename(file), /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
				assert.ok(statSync(file).isFile());
			}
		}
	}
});

test('the same rows give the same bytes, and an existing file is replaced as a whole', async () => {
	const folder = freshFolder();
	const file = path.join(folder, 'deep/er/x.jsonl');
	for (const format of exportFormats.filter((name) => name !== 'llama-factory')) {
		await files.export(format, 'one', each(awkward), file, chat, signal);
		const first = readFileSync(file);
		await files.export(format, 'two', each([...awkward, ...awkward]), file, chat, signal);
		await files.export(format, 'three', each(awkward), file, chat, signal);
		assert.deepEqual(readFileSync(file), first);
	}
	assert.deepEqual(readdirSync(path.dirname(file)).sort(), ['x.axolotl.yml', 'x.jsonl', 'x.meta.jsonl']);
});

test('an export into .stat is refused, also over links and “..”, and whether or not files may be replaced', async () => {
	const folder = freshFolder();
	const inner = path.join(folder, '.stat', 'texts');
	mkdirSync(inner, { recursive: true });
	mkdirSync(path.join(folder, 'data'));
	writeFileSync(path.join(folder, '.stat', 'journal.jsonl'), 'own\n');
	symlinkSync(inner, path.join(folder, 'data', 'link'));
	for (const out of [
		path.join(folder, '.stat', 'journal.jsonl'),
		`${folder}/data/../.stat/new/a.jsonl`,
		`${folder}/data/link/../journal.jsonl`,
		path.join(folder, 'data', 'link', 'a.jsonl'),
		path.join(folder, 'data', 'link', 'new', 'a.jsonl'),
		path.join(folder, '.stat'),
		`${path.join(folder, 'data', 'link')}${path.sep}`,
	]) {
		for (const replace of [true, false]) {
			for (const format of ['trl', 'llama-factory'] as const) {
				await assert.rejects(
					files.export(format, 'sel', each(awkward), out, chat, signal, replace),
					(error: { code?: string }) => /insideProject|exportNeedsFolder/.test(error.code ?? ''),
					`${out} ${format}`,
				);
			}
		}
	}
	assert.deepEqual(readdirSync(path.join(folder, '.stat')).sort(), ['journal.jsonl', 'texts']);
	assert.equal(readFileSync(path.join(folder, '.stat', 'journal.jsonl'), 'utf8'), 'own\n');
	assert.deepEqual(readdirSync(inner), []);
	await files.export('trl', 'sel', each(awkward), path.join(folder, 'data', 'a.jsonl'), chat, signal, false);
});

test('a cancelled, failed or refused export keeps the old file and leaves no partial one', async () => {
	const folder = freshFolder();
	const file = path.join(folder, 'x.jsonl');
	await files.export('trl', 'one', each(awkward), file, chat, signal);
	const before = readFileSync(file);
	const cancel = new AbortController();
	async function* endless() {
		for (let index = 0; ; index++) {
			if (index === 5000) {
				cancel.abort();
			}
			yield await Promise.resolve(datasetRow({ sample: index }));
		}
	}
	await assert.rejects(files.export('trl', 'one', endless(), file, chat, cancel.signal), { kind: 'cancelled' });
	async function* breaks() {
		yield await Promise.resolve(datasetRow());
		throw new Error('the store went away');
	}
	await assert.rejects(files.export('trl', 'one', breaks(), file, chat, signal), /the store went away/);
	await assert.rejects(
		files.export('trl', 'one', each([datasetRow(), datasetRow({ solution: ' \n' })]), file, chat, signal),
		/row 1 of the dataset has no solution/,
	);
	mkdirSync(path.join(folder, 'y.meta.jsonl'));
	await assert.rejects(
		files.export('trl', 'one', each(awkward), path.join(folder, 'y.jsonl'), chat, signal),
		/y\.meta\.jsonl: this is a folder/,
	);
	await assert.rejects(
		files.export('trl', 'one', each(awkward), path.join(file, 'below.jsonl'), chat, signal),
		/x\.jsonl/,
	);
	await assert.rejects(
		files.export('llama-factory', 'one', each(awkward), file, chat, signal),
		/this is a file, but llama-factory is written to a folder/,
	);
	assert.deepEqual(readFileSync(file), before);
	assert.deepEqual(readdirSync(folder).sort(), ['x.jsonl', 'x.meta.jsonl', 'y.meta.jsonl']);
});

test('exporting 100,000 pairs takes less than 100 MB of heap', async () => {
	const folder = freshFolder();
	const file = path.join(folder, 'big.jsonl');
	const solution = 'A longer worked solution. '.repeat(60);
	let peak = 0;
	async function* many() {
		for (let index = 0; index < 100_000; index++) {
			if (index % 5000 === 0) {
				peak = Math.max(peak, process.memoryUsage().heapUsed);
			}
			yield await Promise.resolve(datasetRow({ question: `Question ${index}?`, solution }));
		}
	}
	const before = process.memoryUsage().heapUsed;
	assert.equal((await files.export('openai', 'big', many(), file, chat, signal)).rows, 100_000);
	let lines = 0;
	for await (const line of createInterface({ input: createReadStream(file) })) {
		lines += line.length > 0 ? 1 : 0;
	}
	assert.equal(lines, 100_000);
	assert.ok(statSync(file).size > 150_000_000);
	assert.ok(
		peak - before < 100_000_000,
		`heap grew by ${Math.round((peak - before) / 1e6)} MB while 170 MB were written`,
	);
});

test('the documentation describes a row of every format', () => {
	const described = readFileSync('docs/formats.md', 'utf8');
	assert.deepEqual(
		exportFormats.filter((format) => !described.includes(`| \`${format}\``)),
		[],
	);
});
