import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import type { Pointer } from '../../../src/store/engine/packed.ts';
import { Texts } from '../../../src/store/engine/texts.ts';
import { newProject } from './buildWorker.ts';

const headerBytes = 16;

test('no flipped bit of a text record is read as another text, by its own pointer or by one of 0.1', () => {
	const folder = path.join(newProject(), 'texts');
	const texts = new Texts(folder);
	texts.begin(1);
	const stored: readonly (readonly [text: string, pointer: Pointer])[] = [
		['plain text of a solution', texts.put('text', 'plain text of a solution')],
		['an answer', texts.put('answer', 'an answer', { steps: [[0, 2]] })],
		['half a pair \ud800', texts.put('reply', 'half a pair \ud800', { key: 'k' })],
	];
	texts.flush();
	texts.close();
	const file = path.join(folder, '000001.seg');
	const bytes = fs.readFileSync(file);
	let detected = 0;
	for (let bit = 0; bit < bytes.length * 8; bit++) {
		const flipped = Buffer.from(bytes);
		flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		fs.writeFileSync(file, flipped);
		const reader = new Texts(folder);
		for (const [text, pointer] of stored) {
			const [segment, offset, length] = pointer;
			const isHit = bit >= offset * 8 && bit < (offset + headerBytes + length) * 8;
			for (const read of [reader.readIfSound(pointer), reader.readIfSound([segment, offset, length])]) {
				assert.equal(read?.text, isHit ? undefined : text, `bit ${bit}`);
				detected += isHit ? 1 : 0;
			}
		}
		reader.close();
	}
	assert.equal(detected, bytes.length * 8 * 2);
});

test('a pointer reads what was written, not another sound record of the same length in its place', () => {
	const folder = path.join(newProject(), 'texts');
	const texts = new Texts(folder);
	texts.begin(1);
	const pointer = texts.put('text', 'first');
	texts.flush();
	texts.close();
	fs.rmSync(path.join(folder, '000001.seg'));
	const others = new Texts(folder);
	others.begin(1);
	others.put('text', 'other');
	others.flush();
	assert.equal(others.readIfSound(pointer), undefined);
	assert.throws(() => others.read(pointer), { code: 'store.textDamaged' });
	others.close();
});

test('records of 0.1 are read, unless their header cannot be the one that was written', () => {
	const folder = path.join(newProject(), 'texts');
	fs.mkdirSync(folder);
	const payload = Buffer.from('an answer{"steps":[]}');
	const record = Buffer.concat([Buffer.from('ST\u0001\u0000'), Buffer.alloc(12), payload]);
	record.writeUInt32LE(payload.length, 4);
	record.writeUInt32LE(crc32(payload), 8);
	record.writeUInt32LE(9, 12);
	const readWith = (change: (bytes: Buffer) => void) => {
		const bytes = Buffer.from(record);
		change(bytes);
		fs.writeFileSync(path.join(folder, '000001.seg'), bytes);
		const texts = new Texts(folder);
		const found = texts.readIfSound([1, 0, payload.length]);
		texts.close();
		return found;
	};
	assert.deepEqual(
		readWith(() => undefined),
		{ text: 'an answer', extra: { steps: [] } },
	);
	assert.equal(
		readWith((bytes) => (bytes[3] = 1)),
		undefined,
		'encoding',
	);
	assert.equal(
		readWith((bytes) => (bytes[2] = 0)),
		undefined,
		'kind',
	);
	assert.equal(
		readWith((bytes) => bytes.writeUInt32LE(8, 12)),
		undefined,
		'bytes of text',
	);
});
