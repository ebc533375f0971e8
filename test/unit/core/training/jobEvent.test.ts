import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { JobEvent } from '../../../../src/core/training/jobEvent.ts';
import { JobEventReader, jobEvents, parseJobEvent } from '../../../../src/core/training/jobEvent.ts';

/** The lines that the trainer's own tests check the Python writer against (trainer/tests/jobs.py). */
const log = readFileSync('trainer/tests/cases/events.jsonl');
const lines = log.toString('utf8').trimEnd().split('\n');

async function* chunksOf(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
	for (let at = 0; at < bytes.length; at += size) {
		yield bytes.subarray(at, at + size);
	}
}

async function eventsOf(chunks: AsyncIterable<Uint8Array>, reader?: JobEventReader): Promise<JobEvent[]> {
	const events: JobEvent[] = [];
	for await (const event of jobEvents(chunks, reader)) {
		events.push(event);
	}
	return events;
}

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

describe("the trainer's own log", () => {
	test('contains exactly the event kinds of the type', () => {
		const kinds: Record<JobEvent['kind'], boolean> = {
			xray: true,
			start: true,
			recipe: true,
			resumed: true,
			step: true,
			checkpoint: true,
			validation: true,
			answered: true,
			note: true,
			trace: true,
			end: true,
			unknown: false,
		};
		const expected = Object.entries(kinds).flatMap(([kind, written]) => (written ? [kind] : []));
		assert.deepEqual([...new Set(lines.map((line) => parseJobEvent(line)?.kind))].sort(), expected.sort());
	});

	for (const line of lines) {
		const raw = JSON.parse(line) as Record<string, unknown>;
		test(`a ${String(raw['kind'])} event of ${String(raw['recipe'] ?? 'any recipe')} keeps every field of its type`, () => {
			const event = parseJobEvent(line) as unknown as Record<string, unknown>;
			const { at, kind, ...fields } = raw;
			assert.deepEqual([event['at'], event['kind'], event['fields']], [at, kind, fields]);
			for (const [name, value] of Object.entries(fields)) {
				const own = event[camelCase(name)];
				if (name !== 'examples' && camelCase(name) in event) {
					assert.deepEqual(own, value, name);
				}
			}
		});
	}

	test('keeps the examples of a loss mask as runs of text', () => {
		const xray = lines.map(parseJobEvent).find((event) => event?.kind === 'xray');
		assert.deepEqual(
			xray?.examples[0]?.map(({ loss }) => loss),
			[false, true],
		);
		assert.match(xray.examples[0][1]?.text ?? '', /\\boxed/);
	});
});

describe('a line of a log', () => {
	for (const line of ['', '{"kind": "step", "st', 'null', '[1]', '"step"', '{"step": 1}', '{"kind": 7}', 'Killed']) {
		test(`${JSON.stringify(line)} is not an event`, () => assert.equal(parseJobEvent(line), null));
	}

	test('keeps its name and fields if its kind is unknown', () => {
		assert.deepEqual(parseJobEvent('{"at": "t", "kind": "later", "x": [1]}'), {
			kind: 'unknown',
			name: 'later',
			at: 't',
			fields: { x: [1] },
		});
	});

	test('becomes an unknown event if its step is missing', () => {
		assert.equal(parseJobEvent('{"kind": "step", "steps": 3}')?.kind, 'unknown');
	});

	test('gives null for a field of the wrong type', () => {
		const event = parseJobEvent('{"at": 1, "kind": "step", "step": 1, "loss": "low", "lr": {}, "eta": 1e999}');
		assert.ok(event?.kind === 'step');
		assert.deepEqual([event.at, event.loss, event.lr, event.eta], [null, null, null, null]);
	});
});

describe('the bytes of a log', () => {
	for (const size of [1, 2, 3, 7, 64, 1 << 20]) {
		test(`give the same events in chunks of ${size}`, async () => {
			assert.deepEqual(await eventsOf(chunksOf(log, size)), lines.map(parseJobEvent));
		});
	}

	test('may be split between chunks inside a multi-byte character', async () => {
		const bytes = Buffer.from('{"kind": "note", "text": "α β"}\n');
		const [event] = await eventsOf(chunksOf(bytes, 1));
		assert.ok(event?.kind === 'note');
		assert.equal(event.text, 'α β');
	});

	test('may begin inside a line and contain a torn one', async () => {
		const bytes = Buffer.from('tep": 1}\n{"kind": "step", "st\n{"kind": "step", "step": 2}\n');
		assert.deepEqual(
			(await eventsOf(chunksOf(bytes, 5))).map((event) => (event.kind === 'step' ? event.step : event.kind)),
			[2],
		);
	});

	test('yield a last line without a newline exactly once', async () => {
		const reader = new JobEventReader();
		const first = Buffer.from('{"kind": "note", "text": "a"}');
		assert.equal((await eventsOf(chunksOf(first, 100), reader)).length, 1);
		const second = Buffer.from('\n{"kind": "note", "text": "b"}\n');
		assert.equal((await eventsOf(chunksOf(second, 100), reader)).length, 1);
		assert.equal(reader.offset, first.length + second.length);
	});

	test('continue from the point within a line where an earlier read stopped', async () => {
		const reader = new JobEventReader();
		const half = Math.floor(log.length / 2);
		const events = [
			...(await eventsOf(chunksOf(log.subarray(0, half), 100), reader)),
			...(await eventsOf(chunksOf(log.subarray(half), 100), reader)),
		];
		assert.deepEqual(events, lines.map(parseJobEvent));
	});
});
