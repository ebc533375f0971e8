import type { Recipe } from './recipe.ts';

/** A setting's value in a job's spec. */
export type SettingValue = number | string | boolean;
export type Settings = Readonly<Record<string, SettingValue>>;

/**
 * A setting of the trainer. `defaults` names the recipes that have it, each with the value that applies if the spec
 * does not set it. test/unit/core/training/settings.test.ts compares names, kinds, ranges and defaults with
 * trainer/spec.schema.json.
 */
export type TrainingSetting = NumberSetting | ChoiceSetting;

export interface NumberSetting {
	/** The setting's name in the spec. */
	readonly name: string;
	readonly kind: 'whole' | 'number';
	/** Exclusive lower bound. */
	readonly above?: number;
	/** Inclusive bounds. */
	readonly least?: number;
	readonly most?: number;
	readonly defaults: Readonly<Partial<Record<Recipe, number>>>;
}

export interface ChoiceSetting {
	readonly name: string;
	readonly kind: 'choice';
	/** Converts what the user typed into values for the spec. */
	readonly values: Readonly<Record<string, string | boolean>>;
	/** Describes the values in a few words. */
	readonly about: string;
	readonly defaults: Readonly<Partial<Record<Recipe, string | boolean>>>;
}

/** Sets the same value for SFT and its mask X-ray. */
const sft = <T>(value: T) => ({ sft: value, xray: value });
/** Sets the same value for every recipe that trains. */
const training = <T>(value: T) => ({ ...sft(value), grpo: value });

/** Settings that a user may set as KEY=VALUE, by key. */
export const trainingSettings: Readonly<Record<string, TrainingSetting>> = {
	epochs: { name: 'epochs', kind: 'number', above: 0, defaults: { ...sft(3), grpo: 6 } },
	lr: { name: 'lr', kind: 'number', above: 0, defaults: { ...sft(2e-4), grpo: 5e-7 } },
	batch: { name: 'batch', kind: 'whole', above: 0, defaults: { ...sft(2), generate: 16, score: 8 } },
	accumulation: { name: 'accumulation', kind: 'whole', above: 0, defaults: sft(4) },
	rank: { name: 'rank', kind: 'whole', above: 0, defaults: training(16) },
	alpha: { name: 'alpha', kind: 'whole', above: 0, defaults: training(32) },
	dropout: { name: 'dropout', kind: 'number', least: 0, most: 1, defaults: training(0.05) },
	maxLength: { name: 'max_length', kind: 'whole', above: 0, defaults: { ...sft(2048), score: 4096 } },
	seed: { name: 'seed', kind: 'whole', least: 0, most: 2 ** 32 - 1, defaults: { ...training(0), generate: 0 } },
	steps: { name: 'max_steps', kind: 'whole', defaults: training(-1) },
	saveEvery: { name: 'save_every', kind: 'whole', above: 0, defaults: { ...sft(100), grpo: 20 } },
	questions: { name: 'questions', kind: 'whole', above: 0, defaults: { grpo: 256 } },
	rollouts: { name: 'rollouts', kind: 'whole', above: 0, defaults: { grpo: 4 } },
	miniBatch: { name: 'mini_batch', kind: 'whole', above: 0, defaults: { grpo: 64 } },
	microBatch: { name: 'micro_batch', kind: 'whole', above: 0, defaults: { grpo: 8 } },
	maxCompletion: { name: 'max_completion', kind: 'whole', above: 0, defaults: { grpo: 2048 } },
	maxAnswer: { name: 'max_new_tokens', kind: 'whole', above: 0, defaults: { sft: 2048 } },
	temperature: { name: 'temperature', kind: 'number', least: 0, defaults: { grpo: 1, generate: 1 } },
	topP: { name: 'top_p', kind: 'number', least: 0, most: 1, defaults: { generate: 1 } },
	maxNew: { name: 'max_new_tokens', kind: 'whole', above: 0, defaults: { generate: 2048 } },
	quantize: {
		name: 'method',
		kind: 'choice',
		values: { nf4: 'qlora', none: 'lora', full: 'full' },
		about: 'nf4 (QLoRA), none (LoRA) or full (all weights)',
		defaults: training('qlora'),
	},
	group: {
		name: 'group_by_length',
		kind: 'choice',
		values: { length: true, none: false },
		about: 'length (batches of pairs of similar length: less padding) or none (random batches)',
		defaults: sft(true),
	},
};

/** Settings that have their own options instead of keys. */
export const optionSettings = {
	samples: { name: 'samples', kind: 'whole', above: 0, defaults: { generate: 5 } },
	form: {
		name: 'form',
		kind: 'choice',
		values: { rlhflow: 'rlhflow', 'qwen-prm': 'qwen-prm' },
		about: 'rlhflow (chat turns, + against -) or qwen-prm (Qwen2.5-Math-PRM)',
		defaults: { score: 'rlhflow' },
	},
} as const satisfies Readonly<Record<string, TrainingSetting>>;

/** The format in which a process reward model reads an answer. */
export type RewardForm = keyof typeof optionSettings.form.values;

/** Returns the keys of a recipe. */
export function settingKeys(recipe: Recipe): string[] {
	return Object.keys(trainingSettings).filter((key) => recipe in (trainingSettings[key]?.defaults ?? {}));
}

/** The typed text is invalid; `expected` describes what would be valid. */
export type SettingProblem =
	| { readonly problem: 'unknown'; readonly keys: readonly string[] }
	| { readonly problem: 'value'; readonly expected: string };

/** Parses a typed `KEY=VALUE` into the spec's name and value, checked against the same ranges as on the host. */
export function readSetting(
	recipe: Recipe,
	key: string,
	text: string,
): { readonly name: string; readonly value: SettingValue } | SettingProblem {
	const setting = Object.hasOwn(trainingSettings, key) ? trainingSettings[key] : undefined;
	if (!setting || !(recipe in setting.defaults)) {
		return { problem: 'unknown', keys: settingKeys(recipe) };
	}
	const value = setting.kind === 'choice' ? readChoice(setting, text) : readNumber(setting, text);
	return value === undefined ? { problem: 'value', expected: expectedValue(setting) } : { name: setting.name, value };
}

function readChoice({ values }: ChoiceSetting, text: string): string | boolean | undefined {
	return Object.hasOwn(values, text) ? values[text] : undefined;
}

function readNumber({ kind, above, least, most }: NumberSetting, text: string): number | undefined {
	const value = Number(text);
	const isNumber = text.trim() !== '' && (kind === 'whole' ? Number.isSafeInteger(value) : Number.isFinite(value));
	const isInRange =
		(above === undefined || value > above) &&
		(least === undefined || value >= least) &&
		(most === undefined || value <= most);
	return isNumber && isInRange ? value : undefined;
}

/** Describes the values that a setting accepts in a few words: `a whole number from 0 to 4294967295`. */
export function expectedValue(setting: TrainingSetting): string {
	if (setting.kind === 'choice') {
		return setting.about;
	}
	const { kind, above, least, most } = setting;
	const number = kind === 'whole' ? 'a whole number' : 'a number';
	if (above !== undefined) {
		return `${number} above ${above}`;
	}
	if (least === undefined) {
		return number;
	}
	return most === undefined ? `${number} from ${least} on` : `${number} from ${least} to ${most}`;
}

const allSettings: readonly TrainingSetting[] = [...Object.values(trainingSettings), ...Object.values(optionSettings)];

/**
 * Returns the effective value of a setting: the spec's own, or the trainer's default; `undefined` if the recipe has no
 * such setting.
 */
export function settingInForce(recipe: Recipe, settings: Settings, name: string): SettingValue | undefined {
	const setting = allSettings.find((one) => one.name === name && recipe in one.defaults);
	return settings[name] ?? setting?.defaults[recipe];
}

/** {@link settingInForce} for a numeric setting that the recipe has. Throws a plain Error otherwise. */
export function numberInForce(recipe: Recipe, settings: Settings, name: string): number {
	const value = settingInForce(recipe, settings, name);
	if (typeof value !== 'number') {
		throw new Error(`${recipe} has no number ${name}`);
	}
	return value;
}
