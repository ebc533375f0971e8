// Every number of the evidence in one place. docs/evidence-protocol.md says when these were frozen and why.

export interface EvidenceSettings {
	/** The student: width and layers of its Llama shape. */
	readonly width: number;
	readonly layers: number;
	/** Questions of each part of a world. */
	readonly train: number;
	readonly validation: number;
	readonly gate: number;
	readonly test: number;
	readonly harder: number;
	/**
	 * Share of evaluation questions that need a rare skill; of training questions where the gap is planted. Without a
	 * gap both are the first.
	 */
	readonly rareShare: number;
	readonly rareInTraining: number;
	/** Frequent skills each rare one is never seen with outside the harder split. */
	readonly heldOut: number;
	/** The base: plain SFT on all of P from random weights. */
	readonly base: { readonly lr: number; readonly epochs: number; readonly batch: number };
	/** Every arm: so many pairs, so many epochs, so large a batch. */
	readonly pairs: number;
	readonly epochs: number;
	readonly batch: number;
	/** GRPO: distinct questions, times each is asked, questions and rollouts a batch, questions an update. */
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

/**
 * The form that runs with the tests: the same steps on a hundredth of the work. What it says of accuracy means nothing.
 */
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
	/** In words, for the report. */
	readonly about: string;
	readonly worlds: readonly WorldName[];
	/** In this order, each for all seeds before the next: a run cut short is short of arms, not of seeds. */
	readonly tier: 1 | 2 | 3;
	/** Whose diagnosis it reads: a student of the project, named for its teacher. */
	readonly student: 'base' | 'noisy' | 'uniform' | 'shuffled' | null;
	readonly build: readonly string[];
	/** Asks the teacher for rewritten answers or new questions. */
	readonly asks?: boolean;
	/** Peak learning rate, frozen on the pilot seeds. */
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
