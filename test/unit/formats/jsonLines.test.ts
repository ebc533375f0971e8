import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonElement } from '../../../src/formats/jsonElements.ts';
import { jsonElements } from '../../../src/formats/jsonElements.ts';
import type { Line } from '../../../src/formats/jsonLines.ts';
import { jsonLines } from '../../../src/formats/jsonLines.ts';
import { fileWith, freshFolder } from './collect.ts';

const { signal } = new AbortController();

async function linesOf(content: string | Buffer, maxLine?: number): Promise<Line[]> {
	const all: Line[] = [];
	for await (const { lines } of jsonLines(fileWith(content), {
		signal,
		...(maxLine === undefined ? {} : { maxLine }),
	})) {
		all.push(...lines);
	}
	return all;
}

async function elementsOf(content: string | Buffer, choose: Parameters<typeof jsonElements>[1], maxElement?: number) {
	const all: JsonElement[] = [];
	let broken: string | null = null;
	for await (const block of jsonElements(fileWith(content, 'x.json'), choose, {
		signal,
		...(maxElement === undefined ? {} : { maxElement }),
	})) {
		all.push(...block.elements);
		broken = block.broken;
	}
	return { elements: all, broken };
}

const topLevel = (at: readonly unknown[]) => (at.length === 0 ? 'enter' : 'take');

test('a BOM, CRLF, blank lines, U+2028 and a missing last newline are read correctly', async () => {
	const lines = await linesOf('\ufeff{"a":1}\r\n\r\n   \n{"b":"x\u2028y\u2029z\u0085"}\n\n{"c":3}');
	assert.deepEqual(
		lines.map(({ line, text }) => [line, text]),
		[
			[1, '{"a":1}'],
			[4, '{"b":"x\u2028y\u2029z\u0085"}'],
			[6, '{"c":3}'],
		],
	);
	assert.deepEqual(await linesOf(''), []);
	assert.deepEqual(await linesOf('\ufeff'), []);
	assert.deepEqual(
		(await linesOf('\n\n1')).map(({ line }) => line),
		[3],
	);
});

test('invalid UTF-8 affects only its own line', async () => {
	const lines = await linesOf(
		Buffer.concat([
			Buffer.from('{"a":"é"}\n{"b":"'),
			Buffer.from([0xff, 0xfe, 0xe9]),
			Buffer.from('"}\n{"c":"中"}\n'),
		]),
	);
	assert.deepEqual(
		lines.map(({ line, problem }) => [line, problem === null]),
		[
			[1, true],
			[2, false],
			[3, true],
		],
	);
	assert.match(lines[1]?.problem ?? '', /not UTF-8/);
	assert.equal(lines[2]?.text, '{"c":"中"}');
});

test('lines are the same as if the whole text were split at once', async () => {
	const piece = fc.oneof(
		fc.string({ unit: 'grapheme', maxLength: 40 }),
		fc.constant('é中🙂\u2028'.repeat(50_000)),
		fc.nat({ max: 700_000 }).map((length) => 'x'.repeat(length)),
	);
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.tuple(
					piece.map((text) => text.replace(/[\r\n]/g, ' ')),
					fc.constantFrom('\n', '\r\n'),
				),
				{ maxLength: 12 },
			),
			fc.boolean(),
			async (parts, last) => {
				const text = parts
					.map(([line, end], index) => line + (index === parts.length - 1 && !last ? '' : end))
					.join('');
				const expected = parts
					.map(([line], index) => [index + 1, line])
					.filter(([, line]) => String(line).trim() !== '');
				const found = (await linesOf(text.startsWith('\ufeff') ? ` ${text}` : text)).map(
					({ line, text: content }) => [line, content],
				);
				assert.deepEqual(
					found,
					text.startsWith('\ufeff')
						? expected.map(([line, content], index) => [line, index === 0 ? ` ${content}` : content])
						: expected,
				);
			},
		),
		{ numRuns: 40 },
	);
});

test('a line over the limit is reported as one problem wherever it occurs, and the other lines are read', async () => {
	for (const length of [2_000, 1_500_000, 3_000_000]) {
		for (const content of [
			`{"a":1}\n${'y'.repeat(length)}\n{"b":2}\n`,
			`${'y'.repeat(length)}\n{"b":2}`,
			`{"a":1}\n${'y'.repeat(length)}`,
		]) {
			const lines = await linesOf(content, 1_000);
			assert.equal(lines.filter(({ problem }) => problem !== null).length, 1, `${length}`);
			assert.equal(
				lines.filter(({ problem }) => problem === null).length,
				content.split('\n').filter((line) => line !== '' && line.length < 1000).length,
			);
			const after = lines.find(({ text }) => text === '{"b":2}');
			assert.equal(
				after?.line,
				content.includes('{"b"') ? content.split('\n').indexOf('{"b":2}') + 1 : undefined,
			);
		}
	}
});

test('a single 300 MB line is reported as one problem and uses a bounded amount of memory', async () => {
	const file = path.join(freshFolder(), 'huge.jsonl');
	mkdirSync(path.dirname(file), { recursive: true });
	const handle = openSync(file, 'w');
	writeSync(handle, '{"question":"1"}\n{"question":"');
	const chunk = Buffer.alloc(10_000_000, 'z');
	for (let written = 0; written < 30; written++) {
		writeSync(handle, chunk);
	}
	writeSync(handle, '"}\n{"question":"3"}\n');
	closeSync(handle);
	const before = process.memoryUsage();
	const lines: Line[] = [];
	let peak = 0;
	for await (const block of jsonLines(file, { signal })) {
		lines.push(...block.lines);
		const now = process.memoryUsage();
		peak = Math.max(peak, now.arrayBuffers - before.arrayBuffers + now.heapUsed - before.heapUsed);
	}
	assert.deepEqual(
		lines.map(({ line, problem }) => [line, problem === null]),
		[
			[1, true],
			[2, false],
			[3, true],
		],
	);
	assert.match(lines[1]?.problem ?? '', /more than 67 MB/);
	assert.ok((lines[1]?.text.length ?? 0) <= 2000);
	assert.ok(peak < 350_000_000, `${Math.round(peak / 1e6)} MB held`);
});

test('cancelling stops between blocks, and missing, special and compressed files give different errors', async () => {
	const cancel = new AbortController();
	const file = fileWith(`${'{"a":1}\n'.repeat(500_000)}`);
	let blocks = 0;
	await assert.rejects(
		async () => {
			for await (const block of jsonLines(file, { signal: cancel.signal })) {
				blocks += block.lines.length > 0 ? 1 : 0;
				cancel.abort();
			}
		},
		{ kind: 'cancelled' },
	);
	assert.equal(blocks, 1);
	const first = async (file: string) => void (await jsonLines(file, { signal }).next());
	await assert.rejects(first('/no/such/file.jsonl'), /\/no\/such\/file\.jsonl: no such file/);
	await assert.rejects(first(freshFolder()), /is a folder/);
	await assert.rejects(first('/dev/zero'), /not a regular file/);
	const cut = (await jsonLines(fileWith(Buffer.from([0x1f, 0x8b, 8, 0])), { signal }).next()).value;
	assert.match(cut?.broken ?? '', /cut off or damaged/);
	await assert.rejects(first(fileWith(Buffer.from('\ufeff{"a":1}', 'utf16le'))), /UTF-16/);
});

test('the elements of any document match JSON.parse, even across blocks', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.jsonValue({ stringUnit: 'binary' }), { maxLength: 20 }),
			fc.constantFrom(undefined, 2, '\t'),
			async (values, indent) => {
				// 10 bytes in UTF-8 and more when escaped, so elements cross the 1 MB block boundary
				const filler = 'x"\\é{[]}'.repeat(40_000);
				const text = JSON.stringify([...values, filler, ...values, filler, filler], null, indent);
				const { elements, broken } = await elementsOf(text, topLevel);
				assert.equal(broken, null);
				assert.deepEqual(
					elements.map((element) => JSON.parse(element.text) as unknown),
					JSON.parse(text),
				);
				const object = JSON.stringify(
					Object.fromEntries(values.map((value, index) => [`k"\\${index}`, value])),
					null,
					indent,
				);
				const fields = await elementsOf(object, topLevel);
				assert.deepEqual(
					JSON.parse(
						`{${fields.elements.map(({ path: at, text: value }) => `${JSON.stringify(at[0])}:${value}`).join(',')}}`,
					),
					JSON.parse(object),
				);
			},
		),
		{ numRuns: 15 },
	);
});

test('a syntax error is reported with its kind, and the elements before it are read', async () => {
	for (const [text, message, count] of [
		['[1, 2', /file ends/, 1],
		['[1, "open', /file ends/, 1],
		['[1,, 2]', /a value is expected, not ","/, 1],
		['[1 2]', /"," or "]" is expected/, 1],
		['[1}', /"," or "]" is expected/, 1],
		['{"a" 1}', /":" is expected/, 0],
		['{a: 1}', /name in quotes/, 0],
		['[1]\n[2]', /follows the end.*\.jsonl/, 1],
		['', /file ends/, 0],
		['[1,]', /a value is expected/, 1],
	] as const) {
		const { elements, broken } = await elementsOf(text, topLevel);
		assert.match(broken ?? '', message, text);
		assert.equal(elements.length, count, text);
	}
	const deep = await elementsOf('['.repeat(1_000_000), () => 'enter');
	assert.match(deep.broken ?? '', /nested more than 64 deep/);
	const taken = await elementsOf(`[${'['.repeat(500_000)}${']'.repeat(500_000)}, 7]`, topLevel);
	assert.deepEqual(
		taken.elements.map(({ text }) => text.length),
		[1_000_000, 1],
	);
	const long = await elementsOf(`[1, "${'a'.repeat(3_000_000)}", {"b": 2}]`, topLevel, 1_000_000);
	assert.deepEqual(
		long.elements.map(({ problem }) => problem === null),
		[true, false, true],
	);
});
