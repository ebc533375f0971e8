import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { grade } from '../../../src/cli/grade.ts';
import { builtDist } from '../../fixtures/builtDist.ts';

async function run(
	input: string | Buffer[],
	against?: string,
	signal = new AbortController().signal,
): Promise<{ code: number; rows: { equal: boolean | null }[]; errors: string }> {
	let out = '';
	let errors = '';
	const sink = (add: (text: string) => void): Writable =>
		new Writable({
			highWaterMark: 16,
			write: (chunk: Buffer, _encoding, done) => {
				add(chunk.toString());
				setImmediate(done);
			},
		});
	const code = await grade({
		...(against === undefined ? {} : { against }),
		dist: builtDist(),
		input: Readable.from(typeof input === 'string' ? [Buffer.from(input)] : input),
		output: sink((text) => (out += text)),
		errors: sink((text) => (errors += text)),
		signal,
	});
	await new Promise((resolve) => setTimeout(resolve, 20));
	return {
		code,
		rows:
			out.trim() === ''
				? []
				: out
						.trim()
						.split('\n')
						.map((line) => JSON.parse(line) as { equal: boolean | null }),
		errors,
	};
}

test('stat grade writes rows in order, accepts numbers and whole responses as answers, and ignores other fields', async () => {
	const lines = [
		{ gold: '27', answer: 27.0, id: 3 },
		{ gold: '\\frac12', answer: 'So we find\n\nthat it is \\boxed{0.5}.' },
		{ gold: 'She has 3.\n#### 72', answer: '71' },
		{ gold: 'a\u2028b', answer: 'a\u2028b' },
		{ gold: '1', answer: '' },
	];
	const { code, rows } = await run(`\uFEFF${lines.map((line) => JSON.stringify(line)).join('\r\n')}`);
	assert.equal(code, 0);
	assert.deepEqual(
		rows.map((row) => row.equal),
		[true, true, false, true, null],
	);
});

test('an unreadable row is reported with its line number and graded unsure in the output', async () => {
	const { code, rows, errors } = await run(
		'{"gold":"1","answer":"1"}\nnot json\n{"gold":"1"}\n\n[1]\n{"gold":"2","answer":"3"}\n',
	);
	assert.equal(code, 0);
	assert.deepEqual(
		rows.map((row) => row.equal),
		[true, null, null, null, false],
	);
	assert.match(errors, /stdin:2: not JSON/);
	assert.match(errors, /stdin:3: field "answer" is missing/);
	assert.match(errors, /stdin:5: expected an object/);
});

test('a character split across chunks is decoded as one character', async () => {
	const bytes = Buffer.from('{"gold":"½","answer":"0.5"}');
	const { rows } = await run([...bytes].map((byte) => Buffer.from([byte])));
	assert.deepEqual(rows, [{ equal: true }]);
});

test('--against lists disagreements by row and reports a difference in length', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'grade-'));
	const file = path.join(folder, 'other.jsonl');
	writeFileSync(file, '{"equal": true}\nfalse\n{"equal": null}');
	const input =
		'{"gold":"1","answer":"1"}\n{"gold":"\\\\frac12","answer":"0.5"}\n{"gold":"1","answer":"2"}\n{"gold":"1","answer":"2"}\n';
	const { code, errors } = await run(input, file);
	assert.equal(code, 0);
	assert.match(errors, /row 2: true here, false there: gold "\\\\frac12", answer "0.5"/);
	assert.match(errors, /row 3: false here, null there/);
	assert.match(errors, /2 of 3 rows disagree/);
	assert.match(errors, /1 rows fewer/);
	writeFileSync(file, '{"equal": "maybe"}\n');
	assert.equal((await run(input, file)).code, 1);
	assert.match((await run(input, path.join(folder, 'missing'))).errors, /cannot read .*missing/);
	rmSync(folder, { recursive: true });
});

test('ten thousand rows stream to a slow reader, and an abort exits with code 130', async () => {
	const { rows } = await run('{"gold":"1","answer":"1.0"}\n'.repeat(10_000));
	assert.equal(rows.length, 10_000);
	assert.equal((await run('{"gold":"1","answer":"1"}\n', undefined, AbortSignal.abort())).code, 130);
});
