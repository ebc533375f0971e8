import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildFacts, NeighbourFacts } from '../../../../src/core/datasets/paperPreset.ts';
import {
	deviationsFromPaper,
	hardLevels,
	neighbourDeviations,
	paperFilters,
} from '../../../../src/core/datasets/paperPreset.ts';
import type { SynthesisFacts } from '../../../../src/core/datasets/synthesisDeviations.ts';
import { synthesisDeviations } from '../../../../src/core/datasets/synthesisDeviations.ts';
import { paperThresholds } from '../../../../src/core/difficulty/difficulty.ts';
import { settingsOf } from '../../../../src/workflow/datasets/buildSelection.ts';
import { synSettingsOf } from '../../../../src/workflow/datasets/synSettings.ts';

// The numbers are written out: the preset and the deviations must not follow a changed default.

test('preset paper draws STAT-Sel and Embed-Sel by the numbers of the paper', () => {
	const { seed, ...settings } = settingsOf({ method: 'sel', name: 'sel', preset: 'paper' }, true);
	assert.ok(Number.isSafeInteger(seed));
	assert.deepEqual(settings, {
		method: 'sel',
		name: 'sel',
		pairs: 9500,
		difficult: 500,
		perSkill: 5,
		nearest: 5,
		answers: 3,
		answersFrom: 'teacher',
		repeats: 'keep',
		mix: 0,
		rank: 'share',
		preset: 'paper',
	});
	assert.deepEqual(hardLevels, [4, 5]);
});

test('preset paper synthesizes by the numbers of the paper, in one round filtered by agreement alone', () => {
	const numbers = {
		pairs: 9500,
		difficult: 500,
		nearest: 5,
		references: 3,
		new: 2,
		solutions: 3,
		agree: 2,
		rounds: 1,
		filters: {
			copies: 'flag',
			twins: 'flag',
			leaks: 'flag',
			leakTwins: 'flag',
			figures: 'flag',
			unsolvable: 'flag',
			skill: 'off',
		},
		preset: 'paper',
		budget: undefined,
	};
	const { seed, ...settings } = synSettingsOf({ method: 'syn', name: 'syn', preset: 'paper' });
	assert.ok(Number.isSafeInteger(seed));
	assert.deepEqual(settings, { ...numbers, method: 'syn', name: 'syn' });
	const { seed: ignored, ...embedded } = synSettingsOf({ method: 'embed-syn', name: 'near', preset: 'paper' });
	assert.equal(ignored, seed);
	assert.deepEqual(embedded, { ...numbers, method: 'embed-syn', name: 'near', new: 5 });
});

test('what a person sets wins over the preset', () => {
	assert.equal(settingsOf({ method: 'sel', name: 'sel', preset: 'paper', perSkill: 3 }, true).perSkill, 3);
	assert.equal(synSettingsOf({ method: 'syn', name: 'syn', preset: 'paper', solutions: 1 }).agree, 1);
});

test('a selection by the numbers of the paper does not depart from them, and by any other number it does', () => {
	const facts: BuildFacts = {
		method: 'sel',
		pairs: 9500,
		perSkill: 5,
		answers: 3,
		repeats: 'keep',
		answersFrom: 'teacher',
		difficultUsed: 500,
		difficultRequested: 500,
		classification: { method: 'reward', settings: { tau1: 0.85, tau2: 0.7 } },
		skillsPerQuestion: 3,
		onlySomeSkills: false,
		mix: 0,
		rank: 'share',
		corrected: 0,
		teachers: ['gpt-4o-mini'],
		setAside: 0,
	};
	const ours = deviationsFromPaper(facts);
	assert.deepEqual(
		ours.map((deviation) => deviation.slice(0, 30)),
		['pairs drawn first and only tho', 'rewritten answers graded again'],
	);
	const changes: Partial<BuildFacts>[] = [
		{ pairs: 9000 },
		{ perSkill: 3 },
		{ answers: 4 },
		{ repeats: 'drop' },
		{ difficultUsed: 499 },
		{ difficultRequested: 1000 },
		{ classification: { method: 'reward', settings: { tau1: 0.8, tau2: 0.7 } } },
		{ classification: { method: 'reward', settings: { tau1: 0.85, tau2: 0.6 } } },
		{ mix: 0.75 },
		{ rank: 'exposure' },
	];
	for (const change of changes) {
		assert.equal(deviationsFromPaper({ ...facts, ...change }).length, ours.length + 1, JSON.stringify(change));
	}
	assert.deepEqual(paperThresholds, { tau1: 0.85, tau2: 0.7 });
});

test('a synthesis by the numbers of the paper does not depart from them, and by any other number it does', () => {
	const facts: SynthesisFacts = {
		method: 'syn',
		references: 3,
		new: 2,
		solutions: 3,
		agree: 2,
		rounds: 1,
		pairs: 9500,
		difficultRequested: 500,
		difficultUsed: 500,
		filters: paperFilters,
		rule: 'reward',
		ruleSettings: { tau1: 0.85, tau2: 0.7 },
		skillsPerQuestion: 3,
		onlySomeSkills: false,
		corrected: 0,
		teachers: ['gpt-4o-mini', 'gpt-4o'],
		setAside: 0,
		targets: 1250,
		targetsBought: 1250,
		unfitReferences: 0,
		isOverBudget: false,
	};
	const ours = synthesisDeviations(facts);
	assert.deepEqual(ours, ['one call for each new question (the paper asks for two at once)']);
	assert.equal(synthesisDeviations({ ...facts, method: 'embed-syn', new: 5 }).length, ours.length);
	const changes: Partial<SynthesisFacts>[] = [
		{ references: 4 },
		{ new: 3 },
		{ method: 'embed-syn', new: 2 },
		{ solutions: 4 },
		{ agree: 3 },
		{ rounds: 2 },
		{ pairs: 9000 },
		{ difficultRequested: 1000 },
		{ filters: { ...paperFilters, copies: 'drop' } },
	];
	for (const change of changes) {
		assert.equal(synthesisDeviations({ ...facts, ...change }).length, ours.length + 1, JSON.stringify(change));
	}
});

test('neighbours are those of the paper only at its number and by its embeddings', () => {
	const facts: NeighbourFacts = {
		model: 'Alibaba-NLP/gte-Qwen2-7B-instruct',
		nearest: 5,
		fromMissing: true,
		unembedded: 0,
	};
	assert.deepEqual(neighbourDeviations(facts), []);
	assert.equal(neighbourDeviations({ ...facts, nearest: 4 }).length, 1);
});
