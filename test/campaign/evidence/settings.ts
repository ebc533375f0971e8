// Holds every number of the evidence in one place. docs/evidence-protocol.md explains when and why they were fixed.

export interface EvidenceSettings {
	/** The student: the width and the number of layers of its Llama architecture. */
	readonly width: number;
	readonly layers: number;
	/** Number of questions in each part of a world. */
	readonly train: number;
	readonly validation: number;
	readonly gate: number;
	readonly test: number;
	readonly harder: number;
	/**
	 * The share of evaluation questions that need a rare skill, and the same share for training questions in the world
	 * with the gap. Without a gap, both shares are the first.
	 */
	readonly rareShare: number;
	readonly rareInTraining: number;
	/** Number of frequent skills with which each rare skill never occurs outside the harder split. */
	readonly heldOut: number;
	/** The base student: plain SFT on all of P from random weights. */
	readonly base: { readonly lr: number; readonly epochs: number; readonly batch: number };
	/** For every arm: the number of pairs, the number of epochs, and the batch size. */
	readonly pairs: number;
	readonly epochs: number;
	readonly batch: number;
	/** GRPO: distinct questions, repetitions of each, questions and rollouts per batch, questions per update. */
	readonly grpo: {
		readonly lr: number;
		readonly pairs: number;
		readonly epochs: number;
		readonly questions: number;
		readonly rollouts: number;
		readonly miniBatch: number;
	};
}

export const fullSettings: EvidenceSettings = {
	width: 48,
	layers: 2,
	train: 12_000,
	validation: 2000,
	gate: 1000,
	test: 1500,
	harder: 500,
	rareShare: 0.3,
	rareInTraining: 0.02,
	heldOut: 3,
	base: { lr: 5e-3, epochs: 4, batch: 32 },
	pairs: 1200,
	epochs: 2,
	batch: 32,
	grpo: { lr: 1e-4, pairs: 1024, epochs: 2, questions: 128, rollouts: 4, miniBatch: 32 },
};

/** The settings that run with the tests: the same steps with a hundredth of the work. Their accuracies mean nothing. */
export const smallSettings: EvidenceSettings = {
	...fullSettings,
	width: 16,
	layers: 1,
	train: 500,
	validation: 120,
	gate: 20,
	test: 60,
	harder: 20,
	base: { lr: 6e-3, epochs: 1, batch: 64 },
	pairs: 60,
	epochs: 1,
	grpo: { lr: 1e-4, pairs: 8, epochs: 1, questions: 8, rollouts: 2, miniBatch: 4 },
};

export type WorldName = 'gap' | 'level';

/** One way to spend the budget. */
export interface Arm {
	readonly name: string;
	/** A description for the report. */
	readonly about: string;
	readonly worlds: readonly WorldName[];
	/**
	 * Tiers run in this order, each for all seeds before the next tier, so that an interrupted run lacks arms rather
	 * than seeds.
	 */
	readonly tier: 1 | 2 | 3;
	/** The student of the project whose diagnosis the arm uses; it is named after its teacher. */
	readonly student: 'base' | 'noisy' | 'uniform' | 'shuffled' | null;
	readonly build: readonly string[];
	/** Whether the arm requests rewritten answers or new questions from the teacher. */
	readonly asks?: boolean;
	/** Peak learning rate, fixed on the pilot seeds. */
	readonly lr: number;
}

const original = ['--answers-from', 'original'];

export const arms: readonly Arm[] = [
	{
		name: 'train',
		about: 'plain SFT: P at random, original solutions',
		worlds: ['gap', 'level'],
		tier: 1,
		student: null,
		build: ['train'],
		lr: 1e-3,
	},
	{
		name: 'sel',
		about: 'STAT-Sel, original solutions',
		worlds: ['gap', 'level'],
		tier: 1,
		student: 'base',
		build: ['sel', ...original],
		lr: 1e-4,
	},
	{
		name: 'sel-mix',
		about: 'STAT-Sel mixed with P: 25 % targeted, 75 % P',
		worlds: ['gap', 'level'],
		tier: 1,
		student: 'base',
		build: ['sel', '--mix', '0.75', ...original],
		lr: 1e-3,
	},
	{
		name: 'uniform',
		about: 'uniform over skills: the teacher names any skill',
		worlds: ['gap', 'level'],
		tier: 1,
		student: 'uniform',
		build: ['sel', ...original],
		lr: 1e-4,
	},
	{
		name: 'shuffled',
		about: 'a shuffled profile: the right shape on wrong skills',
		worlds: ['gap'],
		tier: 2,
		student: 'shuffled',
		build: ['sel', ...original],
		lr: 1e-4,
	},
	{
		name: 'augment',
		about: 'MATH-Augment: P at random, rewritten answers',
		worlds: ['gap'],
		tier: 2,
		student: null,
		build: ['augment'],
		asks: true,
		lr: 1e-3,
	},
	{
		name: 'sel-rewritten',
		about: 'STAT-Sel as the paper has it: rewritten answers',
		worlds: ['gap'],
		tier: 2,
		student: 'base',
		build: ['sel'],
		asks: true,
		lr: 1e-4,
	},
	{
		name: 'noisy',
		about: 'STAT-Sel, the teacher wrong in 40 %',
		worlds: ['gap'],
		tier: 2,
		student: 'noisy',
		build: ['sel', ...original],
		lr: 1e-4,
	},
	{
		name: 'syn',
		about: 'STAT-Syn: new questions for the missing skills',
		worlds: ['gap'],
		tier: 3,
		student: 'base',
		build: ['syn'],
		asks: true,
		lr: 1e-4,
	},
	{
		name: 'embed-sel',
		about: 'Embed-Sel by words: nearest training questions',
		worlds: ['gap'],
		tier: 3,
		student: 'base',
		build: ['embed-sel', ...original],
		lr: 1e-4,
	},
	{
		name: 'hard',
		about: 'MATH-Hard: levels 4 and 5',
		worlds: ['gap'],
		tier: 3,
		student: null,
		build: ['hard', ...original],
		lr: 1e-3,
	},
	{
		name: 'sel-exposure',
		about: 'STAT-Sel ranked by missing where needed',
		worlds: ['gap'],
		tier: 3,
		student: 'base',
		build: ['sel', '--rank', 'exposure', ...original],
		lr: 1e-4,
	},
];
