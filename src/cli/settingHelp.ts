import type { Recipe } from '../core/training/recipe.ts';
import type { TrainingSetting } from '../core/training/settings.ts';
import { settingKeys, trainingSettings } from '../core/training/settings.ts';

/**
 * Lists the keys of --set for a recipe, each with its default: `epochs (3), quantize (nf4, or none, full), …`. `hints`
 * replace a key's default if the command sets a different one.
 */
export function settingHelp(recipe: Recipe, hints: Readonly<Record<string, string>> = {}): string {
	return settingKeys(recipe)
		.map((key) => `${key} (${hints[key] ?? hintOf(trainingSettings[key] as TrainingSetting, recipe)})`)
		.join(', ');
}

function hintOf(setting: TrainingSetting, recipe: Recipe): string {
	if (setting.kind !== 'choice') {
		return String(setting.defaults[recipe]);
	}
	const isDefault = (key: string): boolean => setting.values[key] === setting.defaults[recipe];
	const keys = Object.keys(setting.values);
	return `${keys.filter(isDefault).join()}, or ${keys.filter((key) => !isDefault(key)).join(', ')}`;
}
