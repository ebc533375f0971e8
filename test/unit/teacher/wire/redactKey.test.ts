import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactKey } from '../../../../src/teacher/wire/redactKey.ts';

const key = 'sk-proj-A1b2+C3d4/E5f6_G7h8-I9j0';
const redact = redactKey(key);

test('a key is removed as it is, percent-encoded and in base64 at every offset', () => {
	const forms = [
		key,
		encodeURIComponent(key),
		[...Buffer.from(key)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join(''),
		...['', 'a', 'ab', 'Bearer '].map((before) => Buffer.from(before + key).toString('base64')),
		Buffer.from(`Bearer ${key}`).toString('base64url'),
	];
	for (const form of forms) {
		const shown = redact(`before ${form} after ${form}`);
		assert.match(shown, /^before .*\[key\].* after .*\[key\]/, form);
		assert.ok(shown.length < 'before  after '.length + 2 * '[key]'.length + 2 * 12 + 2, shown);
	}
});

test('a key with its last characters masked is removed up to there', () => {
	assert.equal(redact(`Incorrect API key: ${key.slice(0, -4)}****`), 'Incorrect API key: [key]****');
});

test('shorter beginnings, other texts and placeholders stay', () => {
	assert.equal(redact('sk-proj-A1b is not enough'), 'sk-proj-A1b is not enough');
	assert.equal(redactKey('none')('none of them'), 'none of them');
	assert.equal(redactKey(null)(key), key);
});
