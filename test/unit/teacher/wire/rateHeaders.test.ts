import assert from 'node:assert/strict';
import test from 'node:test';
import { pauseMs, retryAfterMs } from '../../../../src/teacher/wire/rateHeaders.ts';

test('waiting times are read from every rate-limit header', () => {
	const now = Date.parse('2026-11-21T00:00:00Z');
	const after = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);
	assert.equal(after({ 'retry-after': '7' }), 7000);
	assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2026 00:00:30 GMT' }), 30_000);
	assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2020 00:00:30 GMT' }), 0);
	assert.equal(after({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
	assert.equal(after({ 'retry-after': 'soon' }), undefined);
	assert.equal(after({ 'retry-after': '-5' }) ?? 0, 0);
	assert.equal(after({}), undefined);
	const rest = (headers: Record<string, string>) => pauseMs(new Headers(headers), now);
	assert.equal(rest({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m30s' }), 90_000);
	assert.equal(
		rest({
			'x-ratelimit-remaining-requests': '0',
			'x-ratelimit-reset-requests': '60s',
			'x-ratelimit-limit-requests': '500',
		}),
		1200,
	);
	assert.equal(rest({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '120ms' }), 120);
	assert.equal(rest({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 3) }), 3000);
	assert.equal(rest({ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '60s' }), undefined);
	assert.equal(rest({}), undefined);
});
