import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import { files } from '../../../src/formats/files.ts';
import { csvRows } from '../../../src/formats/csvRows.ts';
import { parquetRows } from '../../../src/formats/parquetRows.ts';
import { collect, fileWith, read } from './collect.ts';

// Tables as written by datasets, pyarrow and pandas: test/fixtures/tables/tables.py.
const tables = path.resolve('test/fixtures/tables');

test('a Parquet file from the Hub yields questions with their fields', async () => {
	const { rows, problems } = await collect(files.readQuestions(path.join(tables, 'questions.parquet'), read()));
	assert.deepEqual(problems, []);
	assert.equal(rows.length, 30);
	assert.deepEqual(rows[3], {
		text: 'What is $3 + 1$?',
		line: 4,
		gold: '4',
		solution: undefined,
		level: 4,
		subject: undefined,
		skills: undefined,
	});
});

for (const codec of ['zstd', 'gzip', 'none']) {
	test(`${codec} Parquet files with lists, several row groups, large numbers, bytes and nulls are read`, async () => {
		const { rows, problems } = await collect(
			files.readAnswers(path.join(tables, `answers.${codec}.parquet`), read()),
		);
		assert.deepEqual(problems, []);
		assert.deepEqual(
			rows.map(({ line }) => line),
			Array.from({ length: 30 }, (_, at) => at + 1),
		);
		assert.deepEqual(
			rows[6]?.samples.map(({ text, logVerdict }) => [text, logVerdict]),
			[
				['It is \\boxed{7}.', true],
				['It is “7”.', true],
			],
		);
		assert.equal(rows[6]?.question.gold, '7');
	});
}

test('CSV cells with quotes, commas and line ends are read, and intervals stay text', async () => {
	const { rows, problems } = await collect(files.readAnswers(path.join(tables, 'answers.csv'), read()));
	assert.deepEqual(problems, []);
	assert.equal(rows.length, 30);
	assert.deepEqual(rows[3]?.samples, [
		{
			sample: 1,
			text: 'She says "3":\nso \\boxed{[3,4)}.',
			logVerdict: true,
			logExtracted: undefined,
			stepScores: [0.5, 1],
		},
	]);
	assert.equal(rows[3]?.question.gold, '[3, 4)');
	assert.equal(rows[3]?.question.text, 'What is $3$, or\n“3,3”?');
});

test('TSV with a BOM and CRLF and CSV with mapped columns are read, and a formula stays text', async () => {
	const tsv = fileWith('\ufeffquestion\tanswer\r\n"=HYPERLINK(""x"")\tok?"\t-5\r\nB?\t7\r\n', 'q.tsv');
	assert.deepEqual(
		(await collect(files.readQuestions(tsv, read()))).rows.map(({ text, gold }) => [text, gold]),
		[
			['=HYPERLINK("x")\tok?', '-5'],
			['B?', '7'],
		],
	);
	const mapped = fileWith('Frage,Antwort\nA?,1\n', 'q.csv');
	assert.deepEqual(
		(
			await collect(files.readQuestions(mapped, read({ mapping: { question: 'Frage', gold: 'Antwort' } })))
		).rows.map(({ text, gold }) => [text, gold]),
		[['A?', '1']],
	);
});

test('a bad CSV row is set aside, and a bad CSV file fails with a one-line error', async () => {
	const { rows, problems } = await collect(
		files.readQuestions(fileWith('question,answer\nA?,1,2\nB?,2\nshort?\n', 'q.csv'), read()),
	);
	assert.deepEqual(
		rows.map(({ text, gold }) => [text, gold]),
		[
			['B?', '2'],
			['short?', undefined],
		],
	);
	assert.match(problems[0]?.message ?? '', /^3 cells under 2 columns/);
	assert.equal(problems[0]?.line, 2);
	for (const [content, message] of [
		[`${'a,'.repeat(3000)}b\n1\n`, /3001 columns; at most 2000/],
		['question,question\n1,2\n', /two columns are called "question"/],
		['', /the file is empty/],
		[Buffer.from([0xff, 0xfe, 0x41, 0]), /UTF-16/],
		['colour,size\nred,3\n', /not a known format/],
	] as const) {
		await assert.rejects(collect(files.readQuestions(fileWith(content as Buffer, 'bad.csv'), read())), message);
	}
	const latin = await collect(
		files.readQuestions(fileWith(Buffer.from('question,answer\nCaf\u00e9?,1\nB?,2\n', 'latin1'), 'l.csv'), read()),
	);
	assert.deepEqual(
		[latin.rows.length, latin.problems.map(({ message }) => message)],
		[1, ['not UTF-8 text; save the file as UTF-8']],
	);
	// An open quote swallows the rest of the file; beyond the maximum line length that is reported as one problem, and
	// memory stays bounded.
	const open = await collect(
		files.readQuestions(fileWith(`question,answer\nA?,1\n"${'x'.repeat(70_000_000)}`, 'open.csv'), read()),
	);
	assert.equal(open.rows.length, 1);
	assert.match(open.problems[0]?.message ?? '', /not CSV/);
});

test('a corrupted Parquet file never fails with more than one clear line', async () => {
	const good = readFileSync(path.join(tables, 'answers.gzip.parquet'));
	for (let at = 0; at < 400; at++) {
		const bytes = Buffer.from(good);
		const place = at < 200 ? good.length - 9 - at * 7 : 4 + (at - 200) * 50;
		bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8));
		const file = fileWith(bytes, 'x.parquet');
		// A flipped bit in a value gives another value; anywhere else it gives one clear error line, and never a crash.
		await collect(files.readAnswers(file, read())).then(
			() => undefined,
			(error: unknown) =>
				assert.match(
					String(error),
					/^StatError: .*x\.parquet: (?:not a valid Parquet file|not a known format|the file claims to contain)/,
				),
		);
	}
	for (const length of [0, 4, 11, good.length - 4, good.length >> 1]) {
		await assert.rejects(
			collect(files.readAnswers(fileWith(good.subarray(0, length), 'cut.parquet'), read())),
			/cut\.parquet: (?:not a valid Parquet file|the file is empty)/,
		);
	}
});

test('a Parquet row group over the limit is refused before any of its pages is decompressed', async () => {
	const writer = new ByteWriter();
	parquetWrite({
		writer,
		columnData: [
			{
				name: 'question',
				data: Array.from({ length: 100 }, () => 'x'.repeat(60_000)),
				type: 'STRING',
				encoding: 'PLAIN',
			},
		],
	});
	const bomb = fileWith(Buffer.from(writer.getBuffer()), 'bomb.parquet');
	assert.ok(writer.index < 600_000);
	const all = async (limits: { bytes: number; values: number }) => {
		let rows = 0;
		for await (const block of parquetRows(bomb, new AbortController().signal, limits)) {
			rows += block.rows.length;
		}
		return rows;
	};
	assert.equal(await all({ bytes: 7e6, values: 100 }), 100);
	await assert.rejects(
		all({ bytes: 5e6, values: 100 }),
		/bomb\.parquet: not a valid Parquet file: row group 0 unpacks to more than 5 MB/,
	);
	await assert.rejects(all({ bytes: 7e6, values: 99 }), /or 99 values/);
});

test('a small Parquet file with many long rows is read in parts of bounded size', async () => {
	const writer = new ByteWriter();
	const column = (name: string, text: string) => ({
		name,
		data: Array.from({ length: 20_000 }, () => text),
		type: 'STRING' as const,
		encoding: 'RLE_DICTIONARY' as const,
	});
	parquetWrite({
		writer,
		rowGroupSize: 20_000,
		columnData: [column('question', 'x'.repeat(20_000)), column('answer', '1')],
	});
	assert.ok(writer.index < 50_000, '400 MB in a few kB');
	let most = 0;
	let all = 0;
	for await (const { rows } of files.readQuestions(
		fileWith(Buffer.from(writer.getBuffer()), 'one.parquet'),
		read(),
	)) {
		most = Math.max(most, rows.length);
		all += rows.length;
	}
	assert.equal(all, 20_000);
	assert.ok(most <= 801, `16 million characters at most, not ${most} rows`);
});

test('a Parquet column in DELTA_BYTE_ARRAY encoding is refused with an error that names the column', async () => {
	const writer = new ByteWriter();
	parquetWrite({
		writer,
		columnData: [
			{
				name: 'question',
				data: Array.from({ length: 2000 }, (_, at) => 'x'.repeat(5000) + String(at)),
				type: 'STRING',
				encoding: 'DELTA_BYTE_ARRAY',
			},
		],
	});
	assert.ok(writer.index < 50_000, 'ten MB in a few kB');
	const bomb = fileWith(Buffer.from(writer.getBuffer()), 'delta.parquet');
	await assert.rejects(
		collect(files.readQuestions(bomb, read())),
		/delta\.parquet: not a valid Parquet file: the column question is encoded as DELTA_BYTE_ARRAY, which is not read; write it as PLAIN/,
	);
});

test('a CSV of half a million rows that has commas only at its end is read in full', async () => {
	const file = fileWith(`question,answer\n${'ab\n'.repeat(500_000)}last,"1,5"\nvery last,2`, 'column.csv');
	let count = 0;
	let last: unknown[] = [];
	for await (const { rows, broken } of csvRows(file, new AbortController().signal)) {
		assert.equal(broken, null);
		count += rows.length;
		last = [...last, ...rows.slice(-3).map(({ line, value }) => ({ line, ...(value as object) }))].slice(-3);
	}
	assert.equal(count, 500_002);
	assert.deepEqual(last, [
		{ line: 500_001, question: 'ab' },
		{ line: 500_002, question: 'last', answer: '1,5' },
		{ line: 500_003, question: 'very last', answer: '2' },
	]);
});

test('LZ4, Brotli and empty Parquet files, and Arrow files with Zstandard or dictionaries, are read', async () => {
	for (const name of ['small.lz4.parquet', 'small.brotli.parquet', 'small.zstd.arrow']) {
		const { rows, problems } = await collect(files.readQuestions(path.join(tables, name), read()));
		assert.deepEqual(problems, [], name);
		assert.deepEqual(
			rows.map(({ text, gold }) => [text, gold]),
			[
				['What is 2+2?', '4'],
				['What is 3+3? '.repeat(20), '6'],
			],
			name,
		);
	}
	const repeated = await collect(files.readQuestions(path.join(tables, 'dictionary.arrow'), read()));
	assert.deepEqual(
		repeated.rows.map(({ text, gold, line }) => [text, gold, line]),
		[
			['a?', '1', 1],
			['b?', '2', 2],
			['a?', '1', 3],
		],
	);
	const empty = await collect(files.readQuestions(path.join(tables, 'empty.parquet'), read()));
	assert.deepEqual([empty.rows, empty.problems], [[], []]);
});

test('a Zstandard file is unpacked as it is read, also in several frames, and a cut one says so', async () => {
	// Three lines, packed by python-zstandard 0.25 with a checksum.
	const packed = Buffer.from(
		'KLUv/SSD/QEAJAN7InF1ZXN0aW9uIjogIldoYXQgaXMgMCsxPyIsICJhbnN3ZXIiOiAiMSJ9CjEyMjMifQQAYBawHJgZn6L09femlw==',
		'base64',
	);
	const texts = async (bytes: Buffer) =>
		collect(files.readQuestions(fileWith(bytes, 'rows.jsonl.zst'), read())).then(({ rows, problems }) => ({
			texts: rows.map(({ text, gold }) => [text, gold]),
			problems: problems.map(({ message }) => message),
		}));
	const three = [0, 1, 2].map((at) => [`What is ${at}+1?`, String(at + 1)]);
	assert.deepEqual(await texts(packed), { texts: three, problems: [] });
	const newline = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x01, 0x09, 0x00, 0x00, 0x0a]);
	assert.deepEqual((await texts(Buffer.concat([packed, newline, packed]))).texts, [...three, ...three]);
	for (let length = 5; length < packed.length; length += 3) {
		const cut = await texts(packed.subarray(0, length)).catch((error: unknown) => ({
			texts: [],
			problems: [String(error)],
		}));
		assert.match(cut.problems.at(-1) ?? '', /cut off or damaged|empty|neither JSON/, String(length));
	}
});
