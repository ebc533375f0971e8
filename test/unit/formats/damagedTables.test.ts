import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { arrowRows } from '../../../src/formats/arrowRows.ts';
import { parquetRows } from '../../../src/formats/parquetRows.ts';
import { snappyBlock } from '../../../src/formats/snappy.ts';
import { fileWith } from './collect.ts';

const tables = path.resolve('test/fixtures/tables');
/** This file runs itself as the process that reads damaged tables: what it must not do is fill the memory or hang. */
const isReader = process.env['STAT_READS_DAMAGED'] !== undefined;
/** Far beyond what the loop takes; it only ends a process that hangs. */
const patience = 300_000;

let damaged: string | undefined;

/** Reads a table to its end, also the cells, and returns the number of rows or the error. */
async function outcomeOf(name: string, bytes: Buffer): Promise<number | string> {
	damaged ??= fileWith('', 'damaged');
	writeFileSync(damaged, bytes);
	const file = damaged;
	let count = 0;
	try {
		for await (const { rows } of (name.endsWith('.arrow') ? arrowRows : parquetRows)(
			file,
			new AbortController().signal,
		)) {
			count += rows.length;
			JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
		}
	} catch (error) {
		return String(error);
	}
	return count;
}

/** Returns every byte of the metadata that is read, and one in thirty of the others. */
function placesIn(whole: Buffer, name: string): number[] {
	const places = Array.from(whole.keys());
	if (name.endsWith('.parquet')) {
		const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
		return places.filter((at) => at >= footer || at % 30 === 0);
	}
	// A message is a marker, the length of its metadata, that, and its body; after the last, the file format repeats them.
	const marker = Buffer.from([0xff, 0xff, 0xff, 0xff]);
	const metadata = new Set<number>();
	let at = whole.indexOf(marker);
	while (whole.readUInt32LE(at + 4) > 0) {
		const end = at + 8 + whole.readUInt32LE(at + 4);
		places.slice(at, end).forEach((place) => metadata.add(place));
		at = whole.indexOf(marker, end);
	}
	return places.filter((place) => metadata.has(place) || (place < at && place % 30 === 0));
}

async function readDamaged(name: string, most: number): Promise<void> {
	const whole = readFileSync(path.join(tables, name));
	let refused = 0;
	for (const at of placesIn(whole, name)) {
		for (const bit of [at % 8, (at + 3) % 8]) {
			const bytes = Buffer.from(whole);
			bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
			const outcome = await outcomeOf(name, bytes);
			if (typeof outcome === 'number') {
				assert.ok(outcome <= most, `${name}, bit ${bit} of byte ${at}: ${outcome} rows`);
			} else {
				refused++;
				assert.match(outcome, /^StatError: \/.*: [^\n]+$/, `${name}, bit ${bit} of byte ${at}`);
			}
		}
	}
	assert.ok(refused > 100, `${name}: ${refused} refused`);
}

for (const [name, most] of [
	['small.zstd.arrow', 2],
	['dictionary.arrow', 3],
	['small.lz4.parquet', 2],
] as const) {
	test(`${name} with any byte damaged gives its rows or one line, and never fills the memory`, async () => {
		if (isReader) {
			await readDamaged(name, most);
			return;
		}
		const { status, signal, stdout } = spawnSync(
			process.execPath,
			['--max-old-space-size=256', '--test-reporter=tap', `--test-name-pattern=${name}`, process.argv[1] ?? ''],
			{ env: { ...process.env, STAT_READS_DAMAGED: '1', NODE_TEST_CONTEXT: undefined }, timeout: patience },
		);
		assert.deepEqual([status, signal], [0, null], String(stdout).slice(0, 3000));
		assert.match(String(stdout), /^# pass 1$/m);
	});
}

test('an Arrow dictionary whose texts reach beyond its bytes is refused before it is unpacked', async () => {
	const whole = readFileSync(path.join(tables, 'dictionary.arrow'));
	const offsets = whole.indexOf(Buffer.from([0, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0]));
	assert.ok(offsets > 0);
	const bytes = Buffer.from(whole);
	bytes.writeInt32LE(2 ** 30, offsets + 4);
	assert.match(
		String(await outcomeOf('dictionary.arrow', bytes)),
		/a list or text in it reaches beyond its elements/,
	);
});

test('Snappy data that moves backwards, copies from before its start or ends early is refused', () => {
	const literal = Buffer.from([5, 4 << 2, 0x61, 0x62, 0x63, 0x64, 0x65]);
	assert.equal(Buffer.from(snappyBlock(literal, 5)).toString(), 'abcde');
	const repeated = Buffer.from([9, 0, 0x61, (7 << 2) | 2, 1, 0]);
	assert.equal(Buffer.from(snappyBlock(repeated, 9)).toString(), 'a'.repeat(9));
	for (const damaged of [
		[5, 63 << 2, 0xf0, 0xff, 0xff, 0xff, 0x61],
		[5, (4 << 2) | 2, 1, 0],
		[5, 4 << 2, 0x61],
		[5],
	]) {
		assert.throws(() => snappyBlock(Buffer.from(damaged), 5), /its Snappy data is damaged/);
	}
});
