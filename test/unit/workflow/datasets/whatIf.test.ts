import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skillKey } from '../../../../src/core/skills/skill.ts';
import type { WhatIfDials } from '../../../../src/core/datasets/whatIf.ts';
import { whatIf } from '../../../../src/core/datasets/whatIf.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { selectPairs, settingsOf } from '../../../../src/workflow/datasets/buildSelection.ts';
import { classify } from '../../../../src/workflow/difficulty/classify.ts';
import { profile } from '../../../../src/workflow/profile/profile.ts';
import { whatIfTable } from '../../../../src/workflow/datasets/whatIfTable.ts';
import { fillRounds, smallRounds, worldSkill, worldStudent } from '../../../fixtures/roundsWorld.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

const scope = { student: worldStudent, round: 1 };
const run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => '2026-05-06T07:08:09Z',
};
const dials: WhatIfDials = {
	rule: null,
	off: new Set(),
	seed: 3,
	difficult: 500,
	perSkill: 5,
	answers: 3,
	repeats: 'keep',
	pairs: 700,
	mix: 0,
	rank: 'share',
	answersFrom: 'teacher',
	price: 0.001,
	pace: 60,
	budget: 0.2,
};

async function world() {
	const store = await open(newProject());
	await fillRounds(store, { ...smallRounds, perSkill: 20, samples: 5 });
	const grader = createGrader({ dist: builtDist() });
	const parts: Pick<Parts, 'store' | 'datasets' | 'grader'> = { store, datasets: store.datasets, grader };
	return { parts: parts as Parts, close: async () => (await grader.dispose(), store.close()) };
}

test('the dials show exactly the selection that the build would draw', async () => {
	const { parts, close } = await world();
	const table = await whatIfTable(parts, scope, run);
	assert.deepEqual(table.rule, { method: 'answer', samples: 1 });
	const options = [
		{},
		{ pairs: 90, perSkill: 2, seed: 9 },
		{ difficult: 25 },
		{ repeats: 'drop', answersFrom: 'original' },
		{ rank: 'exposure' },
		{ off: new Set([1, 4, 9].map((index) => skillKey(worldSkill(index)))) },
		{ answers: 1, rank: 'exposure', pairs: 120, difficult: 40 },
	] as const satisfies readonly Partial<WhatIfDials>[];
	for (const change of options) {
		const set: WhatIfDials = { ...dials, ...change };
		const shown = whatIf(table, set);
		const build = {
			...set,
			method: 'sel',
			name: 'x',
			scope,
			budget: undefined,
			skills: set.off.size === 0 ? undefined : table.skills.filter((skill) => !set.off.has(skillKey(skill))),
		} as const;
		const { selection, questions } = await selectPairs(parts, build, settingsOf(build, true), run);
		assert.deepEqual(
			[shown.pairs, shown.pool, shown.used, shown.questions],
			[selection.pairs.length, selection.counts.pool, selection.counts.difficult, questions.size],
			JSON.stringify(change),
		);
		const bySkill = (name: string) => selection.pairs.filter(({ skill }) => skill?.name === name).length;
		assert.ok(
			shown.skills.every(({ name, pairs }) => pairs === bySkill(name)),
			JSON.stringify(change),
		);
		assert.equal(
			shown.calls,
			set.answersFrom === 'original'
				? 0
				: new Set(selection.pairs.map(({ questionId, answer }) => `${questionId}/${answer}`)).size,
		);
		assert.ok(
			Math.abs((shown.cost ?? NaN) - shown.calls * 0.001) < 1e-12 &&
				Math.abs(shown.minutes - shown.calls / 60) < 1e-9,
		);
	}
	assert.equal(whatIf(table, dials).affordable, 200);
	assert.deepEqual(
		[whatIf(table, { ...dials, price: null }).cost, whatIf(table, { ...dials, price: null }).affordable],
		[null, null],
	);
	// With rehearsal, the rows and their share are exact, while distinct questions and calls are expected values.
	for (const mix of [0.25, 0.6]) {
		const build = { ...dials, method: 'sel', name: 'x', scope, budget: undefined, mix } as const;
		const { selection, questions } = await selectPairs(parts, build, settingsOf(build, true), run);
		const shown = whatIf(table, { ...dials, mix });
		assert.deepEqual([shown.pairs, shown.rehearsal], [selection.pairs.length, selection.counts.rehearsal]);
		const calls = new Set(selection.pairs.map(({ questionId, answer }) => `${questionId}/${answer}`)).size;
		assert.ok(
			Math.abs(shown.questions - questions.size) < 25 && Math.abs(shown.calls - calls) < 40,
			`${shown.questions} of ${questions.size}, ${shown.calls} of ${calls}`,
		);
	}
	await close();
});

test('a changed threshold shows the profile that classify and profile would give, and counts the missing diagnoses', async () => {
	const { parts, close } = await world();
	const table = await whatIfTable(parts, scope, run);
	for (const rule of [
		{ method: 'answer', samples: 5 },
		{ method: 'consistency', samples: 5 },
		{ method: 'length', words: 14 },
	] as const) {
		const shown = whatIf(table, { ...dials, rule });
		const classified = await classify(parts, { ...scope, ...rule }, run);
		const after = await profile(parts, scope, run);
		assert.deepEqual(
			[shown.difficult, shown.unclassified, shown.profiled, shown.undiagnosed],
			[classified.difficult, classified.unclassified, after.questions, after.undiagnosed],
			rule.method,
		);
		assert.deepEqual(
			shown.skills.map(({ name, questions }) => [name, questions]),
			after.skills.map(({ name, questions }) => [name, questions]),
		);
		const again = await whatIfTable(parts, scope, run);
		assert.deepEqual(whatIf(again, { ...dials, rule: null }).skills, shown.skills, 'as classified now');
	}
	assert.ok(
		whatIf(table, { ...dials, rule: { method: 'answer', samples: 5 } }).undiagnosed > 0,
		'some were never diagnosed',
	);
	const nothing = whatIf({ skills: [], questions: [], skillMap: [], train: 0, rule: null }, dials);
	assert.deepEqual(
		[nothing.difficult, nothing.pairs, nothing.questions, nothing.calls, nothing.cost],
		[0, 0, 0, 0, 0],
	);
	await close();
});
