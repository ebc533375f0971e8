import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decompress } from 'fzstd';
import { files } from '../../../src/formats/files.ts';
import { ZipEntries } from '../../../src/formats/zipEntries.ts';
import { collect, fileWith, read } from './collect.ts';

interface Member {
	readonly name: string;
	readonly data: Buffer;
	readonly method?: number;
	/** The size that the archive states, if it differs from the true size. */
	readonly says?: number;
	readonly flags?: number;
}

/** Builds a zip archive by hand, so that its fields can be false. */
function zip(members: readonly Member[], declared = members.length): Buffer {
	const parts: Buffer[] = [];
	const central: Buffer[] = [];
	let offset = 0;
	for (const { name, data, method = 0, says = data.length, flags = 0 } of members) {
		const head = Buffer.alloc(26);
		head.writeUInt16LE(20, 0);
		head.writeUInt16LE(flags, 2);
		head.writeUInt16LE(method, 4);
		head.writeUInt32LE(checksumOf(method, data), 10);
		head.writeUInt32LE(data.length, 14);
		head.writeUInt32LE(says, 18);
		head.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), head, Buffer.from(name), data]);
		// The fields are: version made by; comment, disk and attributes, all empty; offset.
		central.push(
			Buffer.concat([
				Buffer.from('PK\u0001\u0002', 'latin1'),
				Buffer.from([20, 0]),
				head,
				Buffer.alloc(10),
				u32(offset),
				Buffer.from(name),
			]),
		);
		parts.push(local);
		offset += local.length;
	}
	const directory = Buffer.concat(central);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(declared, 4);
	end.writeUInt16LE(declared, 6);
	end.writeUInt32LE(directory.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...parts, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

/** Returns the CRC-32 of what an entry unpacks to; 0 if it cannot be unpacked or is a bomb. */
function checksumOf(method: number, data: Buffer): number {
	if (data.length > 50_000) {
		return 0;
	}
	try {
		if (method === 0) {
			return crc32(data);
		}
		return method === 8 ? crc32(inflateRawSync(data)) : crc32(decompress(data));
	} catch {
		return 0;
	}
}

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

/** Returns a Zstandard frame with `blocks` times 128 kB of one byte, in four bytes per block. */
function zstdRuns(blocks: number, byte = 0x20): Buffer {
	const block = (last: boolean) => {
		const head = (last ? 1 : 0) | (1 << 1) | ((128 * 1024) << 3);
		return Buffer.from([head & 255, (head >> 8) & 255, (head >> 16) & 255, byte]);
	};
	// The header has a window of 128 kB (exponent 7), no content size and no checksum.
	return Buffer.concat([
		Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3]),
		...Array.from({ length: blocks }, (_, at) => block(at === blocks - 1)),
	]);
}

const sample = (id: number) =>
	JSON.stringify({
		id,
		epoch: 1,
		input: `What is ${id}?`,
		target: String(id),
		output: { completion: `It is ${id}.` },
		scores: { match: { value: 'C' } },
	});
const evalFile = (members: readonly Member[], declared?: number) => fileWith(zip(members, declared), 'log.eval');

test('stored and deflated samples in an archive are read, and entries with path names or without samples are ignored', async () => {
	const deflated = deflateRawSync(sample(2));
	const file = evalFile([
		{ name: '../../../etc/passwd', data: Buffer.from('x') },
		{ name: 'samples/../../1_epoch_1.json', data: Buffer.from(sample(1)) },
		{ name: 'samples/2_epoch_1.json', data: deflated, method: 8, says: 5 },
		{ name: 'samples/readme.txt', data: Buffer.from('no') },
	]);
	const { rows, problems } = await collect(files.readAnswers(file, read()));
	assert.deepEqual(problems, []);
	assert.deepEqual(
		rows.map(({ question }) => question.text),
		['What is 1?', 'What is 2?'],
	);
});

test('a bomb or a broken, encrypted or unknown entry is reported as one problem, and the other samples are imported', async () => {
	const bomb = deflateRawSync(Buffer.alloc(80_000_000, 0x20), { level: 9 });
	const file = evalFile([
		{ name: 'samples/1_epoch_1.json', data: Buffer.from(sample(1)) },
		{ name: 'samples/2_epoch_1.json', data: bomb, method: 8, says: 100 },
		{ name: 'samples/3_epoch_1.json', data: zstdRuns(200_000), method: 93, says: 100 },
		{ name: 'samples/4_epoch_1.json', data: Buffer.from('not deflate at all'), method: 8 },
		{ name: 'samples/5_epoch_1.json', data: Buffer.from('not zstd either'), method: 93 },
		{ name: 'samples/6_epoch_1.json', data: Buffer.from(sample(6)), method: 14 },
		{ name: 'samples/7_epoch_1.json', data: Buffer.from(sample(7)), flags: 1 },
		{ name: 'samples/8_epoch_1.json', data: Buffer.from([0x22, 0xff, 0x22]) },
		{ name: 'samples/9_epoch_1.json', data: Buffer.from(sample(9)) },
	]);
	const before = process.memoryUsage().rss;
	const { rows, problems } = await collect(files.readAnswers(file, read()));
	assert.deepEqual(
		rows.map(({ question }) => question.text),
		['What is 1?', 'What is 9?'],
	);
	assert.deepEqual(
		problems.map(({ line }) => line),
		[2, 3, 4, 5, 6, 7, 8],
	);
	for (const [at, message] of [
		/unpacks to more than 67 MB/,
		/unpacks to more than 67 MB/,
		/cannot be read/,
		/cannot be read/,
		/method 14, which is not read/,
		/encrypted/,
		/cannot be read/,
	].entries()) {
		assert.match(problems[at]?.message ?? '', message);
	}
	// The archive contained 25 GB of Zstandard and 80 MB of deflate data.
	assert.ok(process.memoryUsage().rss - before < 600e6);
});

test('an archive that is truncated, has a false directory or contains no log fails, and no flipped bit changes a sample', async () => {
	const whole = readFileSync(path.resolve('test/fixtures/logs/inspect/math.eval'));
	for (const length of [4, 100, whole.length >> 1, whole.length - 10]) {
		await assert.rejects(
			collect(files.readAnswers(fileWith(whole.subarray(0, length), 'cut.eval'), read())),
			/^StatError: .*cut\.eval: not a valid archive: /,
		);
	}
	await assert.rejects(
		collect(
			files.readAnswers(evalFile([{ name: 'samples/1.json', data: Buffer.from(sample(1)) }], 60_000), read()),
		),
		/not a valid archive/,
	);
	await assert.rejects(
		collect(files.readAnswers(evalFile([{ name: 'a.txt', data: Buffer.from('x') }]), read())),
		/contains no samples\/…json/,
	);
	const { rows: sound } = await collect(
		files.readAnswers(path.resolve('test/fixtures/logs/inspect/math.eval'), read()),
	);
	const texts = new Set(
		sound.map((row) => JSON.stringify({ ...row, line: 0, question: { ...row.question, line: 0 } })),
	);
	let seen = 0;
	for (let at = 0; at < 300; at++) {
		const bytes = Buffer.from(whole);
		const place = at < 150 ? whole.length - 1 - at * 17 : 3 + at * 90;
		bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 8));
		await collect(files.readAnswers(fileWith(bytes, 'flip.eval'), read())).then(
			({ rows }) => {
				seen += rows.length;
				for (const row of rows) {
					assert.ok(texts.has(JSON.stringify({ ...row, line: 0, question: { ...row.question, line: 0 } })));
				}
			},
			(error: unknown) => assert.match(String(error), /^StatError: .*flip\.eval: /),
		);
	}
	assert.ok(seen > 1000);
});

test('several Zstandard frames in one entry are read as one file', async () => {
	const file = evalFile([{ name: 'a', data: Buffer.concat([zstdRuns(1, 0x61), zstdRuns(2, 0x62)]), method: 93 }]);
	const archive = await ZipEntries.open(file);
	for await (const entry of archive.entries()) {
		assert.equal(await archive.text(entry, 1e6), 'a'.repeat(128 * 1024) + 'b'.repeat(256 * 1024));
	}
	archive.close();
});
