import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanLine, scanRecords } from '../../../../src/ui/inline/scanRecords.ts';
import { decodeJson, jsonMap } from '../../../../src/ui/inline/textMap.ts';

/** A small and repeatable generator (mulberry32). */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const alphabet = [
	'a',
	' ',
	'"',
	'\\',
	'/',
	'\n',
	'\t',
	'\r',
	'\b',
	'\f',
	'\0',
	'\u001f',
	'é',
	'𝕏',
	'\ud800',
	'\udc00',
	'\u2028',
	'{',
	'}',
	'[',
	']',
	':',
	',',
	'\\n',
	'\\u0041',
	'\\"',
];

/** Returns the same string as other programs write it: any unit may be escaped, in any way that JSON allows. */
function written(text: string, random: () => number): string {
	const short: Record<string, string> = {
		'"': '\\"',
		'\\': '\\\\',
		'/': '\\/',
		'\n': '\\n',
		'\t': '\\t',
		'\r': '\\r',
		'\b': '\\b',
		'\f': '\\f',
	};
	return [...Array(text.length).keys()]
		.map((at) => {
			const unit = text.charAt(at);
			const must = unit < ' ' || unit === '"' || unit === '\\';
			if (!must && random() < 0.7) {
				return unit;
			}
			const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
			return short[unit] !== undefined && random() < 0.6
				? short[unit]
				: `\\u${random() < 0.5 ? hex : hex.toUpperCase()}`;
		})
		.join('');
}

test('every code unit of a string maps to its place in the JSON and back', () => {
	const random = numbers(7);
	for (let round = 0; round < 400; round++) {
		const text = Array.from(
			{ length: Math.floor(random() * 40) + 1 },
			() => alphabet[Math.floor(random() * alphabet.length)],
		).join('');
		const line = `{"n":1,"x":"${written(text, random)}"}`;
		const from = line.indexOf('"x":"') + 5;
		const to = line.length - 2;
		assert.equal(decodeJson(line, from, to), text);
		const map = jsonMap(line, from, to, text);
		assert.deepEqual(map.span, [from, to]);
		assert.equal(map.toDocument(text.length), to);
		for (let start = 0; start < text.length; start++) {
			const end = start + 1 + Math.floor(random() * (text.length - start));
			const there = [map.toDocument(start), map.toDocument(end)] as const;
			// By JSON's own rules, the text there is that part of the string.
			assert.equal(JSON.parse(`"${line.slice(...there)}"`), text.slice(start, end));
			assert.deepEqual(map.ranges(start, end), [there]);
			assert.deepEqual(map.toText(...there), [start, end]);
		}
	}
});

test('selecting part of an escape selects all of it, and an empty selection selects nothing', () => {
	const line = '{"x":"a\\n\\u0041b"}';
	const from = 6;
	const to = line.length - 2;
	const map = jsonMap(line, from, to, 'a\nAb');
	assert.deepEqual(map.toText(8, 9), [1, 2], 'the n of \\n');
	assert.deepEqual(map.toText(11, 12), [2, 3], 'the 0 of \\u0041');
	assert.deepEqual(map.toText(0, line.length), [0, 4]);
	assert.equal(map.toText(8, 8), null);
	assert.equal(map.toText(0, 5), null);
	assert.equal(map.toText(to + 1, to + 2), null);
});

test('scanRecords finds the string values of a record, not its keys, and distinguishes fields from list elements', () => {
	const random = numbers(11);
	for (let round = 0; round < 200; round++) {
		const some = () =>
			Array.from(
				{ length: Math.floor(random() * 12) + 1 },
				() => alphabet[Math.floor(random() * alphabet.length)],
			).join('');
		const value = {
			[some()]: some(),
			list: [some(), 3, some(), [some()]],
			deep: { a: some(), b: null },
			messages: [{ role: 'user', content: some() }],
			n: -1.5e3,
			t: true,
		};
		const expected: [string, boolean][] = [];
		const visit = (one: unknown, inField: boolean): void => {
			if (typeof one === 'string') {
				expected.push([one, inField]);
			} else if (Array.isArray(one)) {
				one.forEach((element) => visit(element, false));
			} else if (one !== null && typeof one === 'object') {
				Object.values(one).forEach((field) => visit(field, true));
			}
		};
		// Numeric keys come first in objects, so the key order is read back as written.
		visit(value, false);
		const line = JSON.stringify(value);
		const record = scanLine(line);
		assert.deepEqual(
			record?.strings.map(({ from, to, inField }) => [decodeJson(line, from, to), inField]),
			expected,
		);
		assert.deepEqual([record.from, record.to], [0, line.length]);
		const document = JSON.stringify([value, value], null, 2);
		const records = scanRecords(document);
		assert.equal(records.length, 2);
		for (const { from, to, strings } of records) {
			assert.deepEqual(JSON.parse(document.slice(from, to)), value);
			assert.equal(strings.length, expected.length);
		}
		const inside = JSON.stringify({ version: 'v', data: [value] });
		assert.deepEqual(
			scanRecords(inside).map(({ strings }) => strings.length),
			[1, expected.length],
		);
	}
});

test('scanning a broken record never throws', () => {
	for (const line of [
		'',
		'   ',
		'1',
		'"text"',
		'[]',
		'{',
		'}',
		']]]]',
		'{"a":',
		'{"a":"b',
		'{"a":"\\',
		'[[[',
		'{"a":"b"}}',
		'a'.repeat(1000),
		'{"a":NaN,"b":"c"}',
		'{}{}',
		'"',
		'\\"',
	]) {
		assert.doesNotThrow(() => scanRecords(line), line);
		assert.doesNotThrow(() => scanLine(line), line);
	}
	assert.equal(scanLine('{"a":NaN,"b":"c"}')?.strings.length, 1);
	assert.equal(scanLine('{"a":"b"} {"c":"d"}'), null, 'two records on one line are not one');
	assert.equal(decodeJson('"a\\q"', 1, 4), null);
});
