import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CurationDecision, CurationItem } from '../../../../src/core/curation/curation.ts';
import { contentInForce, itemInForce, statusOf } from '../../../../src/core/curation/curation.ts';

const content = (question: string, ...solutions: string[]) => ({ question, solutions });

test('a bulk repair leaves undecided items undecided and turns reviewed ones into edited ones', () => {
	const decision = (verdict: CurationDecision['verdict']): CurationDecision => ({
		dataset: 'd',
		questionId: 'f'.repeat(32),
		verdict,
		reason: verdict === 'rejected' ? 'unclear' : null,
		note: null,
		before: content('x', 'y'),
		after: ['edited', 'repaired', 'regenerated'].includes(verdict) ? content('x', 'z') : null,
		author: 'a',
		at: '2026-01-02T03:04:05.000Z',
	});
	const status = (...verdicts: CurationDecision['verdict'][]) => statusOf(verdicts.map(decision));
	assert.deepEqual(
		[
			status('repaired'),
			status('repaired', 'repaired'),
			status('regenerated', 'repaired'),
			status('accepted', 'withdrawn', 'repaired'),
			status('edited', 'regenerated', 'repaired'),
		],
		Array(5).fill('waiting'),
	);
	assert.deepEqual(
		[
			status('repaired', 'accepted'),
			status('accepted', 'repaired'),
			status('edited', 'repaired'),
			status('repaired', 'edited'),
			status('edited', 'regenerated', 'repaired', 'accepted'),
		],
		Array(5).fill('edited'),
	);
	assert.deepEqual(
		[status('repaired', 'rejected'), status('accepted', 'repaired', 'withdrawn'), status('repaired', 'withdrawn')],
		['rejected', 'accepted', 'waiting'],
	);
});

test('a regenerated item awaits a decision; accepting it keeps the new content, and undoing restores the old content', () => {
	const item: CurationItem = {
		dataset: 'd',
		questionId: 'f'.repeat(32),
		question: 'old?',
		subject: null,
		skill: null,
		forQuestion: null,
		references: [],
		solutions: [{ sample: 0, text: 'old', answer: '1', agrees: true, replyKey: null }],
		agreement: { agree: 1, of: 1 },
		flags: [{ kind: 'copy', with: null, score: 1 }],
		replyKey: null,
		model: 'm',
		promptVersion: 'p',
		at: '2026-01-02T03:04:05.000Z',
	};
	const decision = (
		verdict: CurationDecision['verdict'],
		over: Partial<CurationDecision> = {},
	): CurationDecision => ({
		dataset: 'd',
		questionId: item.questionId,
		verdict,
		reason: null,
		note: null,
		before: content('old?', 'old'),
		after: null,
		author: 'a',
		at: item.at,
		...over,
	});
	const made = {
		question: 'new?',
		solutions: [
			{ sample: 0, text: 'new', answer: '2', agrees: true, replyKey: null },
			{ sample: 1, text: 'odd', answer: '3', agrees: false, replyKey: null },
		],
		references: [],
		agreement: { agree: 1, of: 2 },
		flags: [],
		replyKey: null,
		model: 'n',
		promptVersion: 'p',
		at: item.at,
		hint: 'h',
	};
	const regenerated = decision('regenerated', { after: content('new?', 'new'), made });
	assert.equal(statusOf([decision('accepted'), regenerated]), 'waiting');
	assert.equal(statusOf([regenerated, decision('accepted')]), 'accepted');
	assert.equal(
		statusOf([regenerated, decision('edited', { after: content('newer?', 'new') }), decision('accepted')]),
		'edited',
	);
	assert.equal(
		statusOf([decision('edited', { after: content('x', 'y') }), regenerated, decision('accepted')]),
		'accepted',
		'the edit was of what is gone',
	);
	assert.deepEqual(contentInForce(item, [regenerated, decision('accepted')]), content('new?', 'new'));
	assert.deepEqual(
		[
			itemInForce(item, [regenerated]).flags,
			itemInForce(item, [regenerated]).model,
			itemInForce(item, [regenerated]).questionId,
		],
		[[], 'n', item.questionId],
	);
	assert.deepEqual(contentInForce(item, [regenerated, decision('withdrawn')]), content('old?', 'old'));
	assert.equal(itemInForce(item, [regenerated, decision('withdrawn')]), item);
});
