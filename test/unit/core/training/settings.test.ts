import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { samplingDefaults, samplingTemperature } from '../../../../src/core/questions/sampling.ts';
import { readTemplate } from '../../../../src/core/questions/studentTemplate.ts';
import type { JobSpec } from '../../../../src/core/training/job.ts';
import type { Recipe } from '../../../../src/core/training/recipe.ts';
import { recipes } from '../../../../src/core/training/recipe.ts';
import type { TrainingSetting } from '../../../../src/core/training/settings.ts';
import {
	numberInForce,
	optionSettings,
	readSetting,
	settingInForce,
	settingKeys,
	trainingSettings,
} from '../../../../src/core/training/settings.ts';
import { paperRates } from '../../../../src/core/training/sweep.ts';

interface FieldSchema {
	readonly description?: string;
	readonly type: string | readonly string[];
	readonly enum?: readonly string[];
	readonly exclusiveMinimum?: number;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly default?: unknown;
}
interface ObjectSchema {
	readonly properties: Readonly<Record<string, FieldSchema>>;
}

const schema = JSON.parse(readFileSync('trainer/spec.schema.json', 'utf8')) as {
	readonly properties: {
		readonly recipe: { readonly enum: readonly string[] };
		readonly model: ObjectSchema;
		readonly template: ObjectSchema;
	};
	readonly $defs: Readonly<Record<Recipe, ObjectSchema>>;
};

/** Settings of the trainer that cannot be changed from here: they have the paper's values, or those of the host. */
const fixedHere = [
	'weight_decay',
	'clip',
	'warmup',
	'schedule',
	'gradient_checkpointing',
	'validation_temperature',
	'engine',
];

const all: readonly (readonly [string, TrainingSetting])[] = [
	...Object.entries(trainingSettings),
	...Object.entries(optionSettings),
];

const cases = all.flatMap(([key, setting]) =>
	(Object.keys(setting.defaults) as Recipe[]).map((recipe) => ({
		title: `${recipe} ${key}`,
		setting,
		recipe,
		field: schema.$defs[recipe].properties[setting.name],
	})),
);

describe("the settings and the trainer's schema", () => {
	test('have the same recipes', () => {
		assert.deepEqual([...recipes].sort(), [...schema.properties.recipe.enum].sort());
	});

	for (const { title, setting, recipe, field } of cases) {
		test(`agree on ${title}'s default and range`, () => {
			assert.equal(setting.defaults[recipe], field?.default);
			if (setting.kind === 'choice') {
				assert.deepEqual(Object.values(setting.values), field?.enum ?? [true, false]);
			} else {
				assert.deepEqual(
					{ type: setting.kind === 'whole' ? 'integer' : 'number', ...rangeOf(setting) },
					{ type: field?.type, ...rangeOf(field ?? {}) },
				);
			}
		});
	}

	for (const recipe of recipes) {
		test(`agree on which settings of ${recipe} are offered and which are fixed`, () => {
			const here = new Set(all.filter(([, { defaults }]) => recipe in defaults).map(([, { name }]) => name));
			const missing = Object.keys(schema.$defs[recipe].properties).filter(
				(name) => !here.has(name) && !fixedHere.includes(name),
			);
			assert.deepEqual(missing, recipe === 'xray' ? ['max_new_tokens'] : []);
		});
	}

	test('use the same sampling defaults on a host and at an endpoint', () => {
		assert.equal(numberInForce('generate', {}, 'max_new_tokens'), samplingDefaults.maxTokens);
		assert.equal(numberInForce('generate', {}, 'seed'), samplingDefaults.seed);
		assert.equal(numberInForce('generate', {}, 'temperature'), samplingTemperature(2));
		assert.equal(schema.$defs.sft.properties['validation_temperature']?.default, samplingTemperature(1));
	});

	test('have the same learning rates for a sweep', () => {
		const about = schema.$defs.sft.properties['lr']?.description ?? '';
		assert.deepEqual([...about.matchAll(/\d+e-\d/g)].map(Number), paperRates);
	});

	test('agree on the fields of a spec and its model', () => {
		const model: Record<keyof JobSpec['model'], true> = {
			name: true,
			revision: true,
			adapter: true,
			trust_remote_code: true,
		};
		const spec: Record<keyof JobSpec, true> = {
			version: true,
			recipe: true,
			job: true,
			model: true,
			data: true,
			template: true,
			settings: true,
		};
		assert.deepEqual(Object.keys(model), Object.keys(schema.properties.model.properties));
		assert.deepEqual(Object.keys(spec), Object.keys(schema.properties));
	});

	test('agree on the fields, kinds and defaults of a template', () => {
		const { kind, ...texts } = schema.properties.template.properties;
		const defaults = Object.fromEntries(Object.entries(texts).map(([name, field]) => [name, field.default]));
		for (const one of kind?.enum ?? []) {
			assert.deepEqual(readTemplate({ kind: one }), { kind: one, ...defaults });
		}
		assert.equal(readTemplate(null)?.kind, kind?.default);
		assert.equal(readTemplate({ kind: 'other' }), null);
	});
});

function rangeOf(range: {
	readonly above?: number;
	readonly least?: number;
	readonly most?: number;
	readonly exclusiveMinimum?: number;
	readonly minimum?: number;
	readonly maximum?: number;
}): object {
	return {
		above: range.above ?? range.exclusiveMinimum,
		least: range.least ?? range.minimum,
		most: range.most ?? range.maximum,
	};
}

describe('a typed KEY=VALUE', () => {
	const expected = (key: string, text: string, recipe: Recipe = 'sft'): string => {
		const read = readSetting(recipe, key, text);
		assert.ok('problem' in read && read.problem === 'value');
		return read.expected;
	};

	test('sets the spec field of that name', () => {
		assert.deepEqual(readSetting('sft', 'maxLength', '512'), { name: 'max_length', value: 512 });
		assert.deepEqual(readSetting('sft', 'quantize', 'nf4'), { name: 'method', value: 'qlora' });
		assert.deepEqual(readSetting('sft', 'group', 'none'), { name: 'group_by_length', value: false });
	});

	test("is rejected outside the trainer's range", () => {
		assert.equal(expected('epochs', '0'), 'a number above 0');
		assert.equal(expected('dropout', '1.5'), 'a number from 0 to 1');
		assert.equal(expected('seed', '-1'), 'a whole number from 0 to 4294967295');
		assert.equal(expected('temperature', '-0.1', 'generate'), 'a number from 0 on');
	});

	test('is rejected if the value has the wrong type', () => {
		assert.equal(expected('rank', '1.5'), 'a whole number above 0');
		assert.equal(expected('lr', ' '), 'a number above 0');
		assert.equal(expected('lr', 'Infinity'), 'a number above 0');
		assert.match(expected('quantize', '4'), /^nf4 \(QLoRA\)/);
		assert.match(expected('quantize', 'toString'), /^nf4 \(QLoRA\)/);
	});

	test('is rejected with a list of known keys if the recipe has no such key', () => {
		assert.deepEqual(readSetting('score', 'epochs', '1'), { problem: 'unknown', keys: ['batch', 'maxLength'] });
		assert.deepEqual(readSetting('grpo', 'toString', '1'), { problem: 'unknown', keys: settingKeys('grpo') });
	});
});

test("a setting's effective value is the one in the spec, or else the recipe's default", () => {
	assert.equal(settingInForce('grpo', { lr: 1 }, 'lr'), 1);
	assert.equal(settingInForce('grpo', {}, 'lr'), 5e-7);
	assert.equal(settingInForce('score', {}, 'lr'), undefined);
	assert.throws(() => numberInForce('score', {}, 'lr'));
});
