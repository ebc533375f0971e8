import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobSize } from '../../../../src/core/training/estimate.ts';
import { estimate, modelSize, workOf } from '../../../../src/core/training/estimate.ts';
import type { JobRecord } from '../../../../src/core/training/job.ts';
import type { SweepMember } from '../../../../src/core/training/sweep.ts';
import { sweepOutcome } from '../../../../src/core/training/sweep.ts';

const member = (
	id: string,
	lr: number,
	right: number | null,
	state: SweepMember['state'] = 'done',
	questions = 200,
): SweepMember => ({ id, lr, state, validation: right === null ? null : { questions, right, unsure: 0 } });

test('the most accurate learning rate wins once all jobs have ended', () => {
	const members = [member('a', 5e-4, 90), member('b', 2e-4, 120), member('c', 1e-4, null, 'running')];
	const early = sweepOutcome(members);
	assert.deepEqual([early.winner, early.over], ['b', false]);
	assert.match(early.summary, /ahead so far: learning rate 0\.0002, 60\.0 % of 200.*1 of 3 to come/);
	const late = sweepOutcome([...members.slice(0, 2), member('c', 1e-4, 121)]);
	assert.deepEqual([late.winner, late.over, late.tied], ['c', true, []]);
	assert.match(late.summary, /^winner: .*\(95 % \d/);
});

test('the smallest rate wins a tie, and failed jobs are listed but not compared', () => {
	const tied = sweepOutcome([
		member('a', 5e-4, 100),
		member('b', 2e-5, 100),
		member('c', 1e-4, null, 'failed'),
		member('d', 8e-5, null, 'cancelled'),
	]);
	assert.deepEqual([tied.winner, tied.tied, tied.over], ['b', ['b', 'a'], true]);
	assert.match(
		tied.summary,
		/equally accurate, the smallest is taken; 0\.0001 failed, 0\.00008 cancelled: not compared/,
	);
	assert.equal(
		sweepOutcome([member('a', 5e-4, 0), member('b', 2e-5, 0)]).winner,
		null,
		'nobody was right: nothing to choose by',
	);
	const none = sweepOutcome([member('a', 5e-4, null, 'failed'), member('b', 2e-5, null, 'failed')]);
	assert.deepEqual([none.winner, none.over], [null, true]);
	assert.match(none.summary, /^no training of it can be compared/);
	assert.equal(
		sweepOutcome([member('a', 5e-4, null), member('b', 2e-5, null, 'lost')]).over,
		false,
		'done but not graded, and lost: both may still come',
	);
});

const earlier = (
	more: Partial<JobRecord>,
	wholeSeconds: number,
	tokensPerSecond: number | null = null,
): { record: JobRecord; pace: { wholeSeconds: number; tokensPerSecond: number | null } } => ({
	record: {
		host: 'gpu',
		recipe: 'sft',
		model: 'meta-llama/Llama-3.2-3B-Instruct',
		work: 1000,
		spec: { settings: {} },
		...more,
	} as JobRecord,
	pace: { wholeSeconds, tokensPerSecond },
});
const job = (more: Partial<JobSize> = {}): JobSize => ({
	host: 'gpu',
	recipe: 'sft',
	model: 'meta-llama/Llama-3.2-3B-Instruct',
	work: 3000,
	settings: {},
	...more,
});

test('a duration is estimated only from similar jobs on the same host', () => {
	assert.equal(estimate(job(), []), null);
	assert.deepEqual(estimate(job(), [earlier({}, 100, 2000), earlier({}, 110, 1800), earlier({}, 900, 10)]), {
		seconds: 330,
		tokensPerSecond: 1800,
		jobs: 3,
		otherModel: false,
	});
	for (const other of [
		{ host: 'other' },
		{ recipe: 'grpo' },
		{ gpus: 2 },
		{ model: 'Qwen/Qwen2.5-1.5B' },
		{ spec: { settings: { method: 'full' } } },
		{ work: undefined },
	] as Partial<JobRecord>[]) {
		assert.equal(estimate(job(), [earlier(other, 100)]), null, JSON.stringify(other));
	}
	assert.deepEqual(estimate(job(), [earlier({ model: 'Qwen/Qwen2.5-3B' }, 100)])?.otherModel, true);
	assert.equal(
		estimate(job({ model: 'tiny' }), [earlier({ model: '/data/student' }, 100)]),
		null,
		'names that tell no size are not alike',
	);
	const { host, recipe, model, settings } = job();
	assert.equal(estimate({ host, recipe, model, settings }, [earlier({}, 100)]), null);
});

test("the work of a job is counted in the units that determine its duration, with the trainer's defaults", () => {
	const data = { rows: 100, characters: 50_000 };
	assert.equal(workOf('sft', {}, data), 150_000);
	assert.equal(workOf('sft', { epochs: 1 }, data), 50_000);
	assert.equal(workOf('sft', { max_steps: 25 }, data), 100_000, '25 steps of 8 are two epochs of 100 rows');
	assert.equal(workOf('grpo', { epochs: 2, rollouts: 3 }, data), 600);
	assert.equal(workOf('grpo', { max_steps: 2 }, data), 512);
	assert.equal(workOf('generate', { samples: 64 }, data), 6400);
	assert.equal(workOf('score', {}, data), 100);
	assert.equal(workOf('xray', {}, data), undefined);
	assert.equal(workOf('sft', {}, { rows: 0, characters: 0 }), undefined);
	assert.deepEqual(
		['meta-llama/Llama-3.2-3B-Instruct', 'Qwen2.5-1.5B', '/models/7b/x', 'tiny', 'gpt2'].map(modelSize),
		[3, 1.5, 7, null, null],
	);
});
