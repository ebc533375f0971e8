import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { messageReader } from '../../../../src/ui/kit/readMessage.ts';

type Message =
	| { readonly type: 'ready' }
	| { readonly type: 'go'; readonly to: 'next' | 'previous'; readonly note?: string | undefined };

const read = messageReader<Message>({
	ready: {},
	go: { to: z.enum(['next', 'previous']), note: z.string().optional() },
});

test('a message from a panel is read without its unknown fields', () => {
	assert.deepEqual(read({ type: 'ready', more: 1 }), { type: 'ready' });
	assert.deepEqual(read({ type: 'go', to: 'next', note: 'n' }), { type: 'go', to: 'next', note: 'n' });
});

test('an invalid message is dropped with a one-line reason', () => {
	const problems: string[] = [];
	for (const value of [null, 'ready', {}, { type: 'eval' }, { type: 'toString' }, { type: 'go', to: 'home' }]) {
		assert.equal(
			read(value, (problem) => problems.push(problem)),
			undefined,
		);
	}
	assert.deepEqual(problems.slice(0, 5), [
		'unknown type (none)',
		'unknown type (none)',
		'unknown type (none)',
		'unknown type "eval"',
		'unknown type "toString"',
	]);
	assert.match(problems[5] ?? '', /^go: to: .*"next"/);
});

test('a message without a matching schema does not compile', () => {
	// @ts-expect-error: no schema for `go`
	messageReader<Message>({ ready: {} });
	// @ts-expect-error: no schema for the optional field `note`
	messageReader<Message>({ ready: {}, go: { to: z.enum(['next', 'previous']) } });
	// @ts-expect-error: the schema lets other directions through
	messageReader<Message>({ ready: {}, go: { to: z.string(), note: z.string().optional() } });
	// @ts-expect-error: the message has no field `more`
	messageReader<Message>({ ready: { more: z.string() }, go: { to: z.enum(['next']), note: z.string().optional() } });
});
