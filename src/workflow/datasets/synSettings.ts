import { buildDefaults } from '../../core/datasets/paperPreset.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SynthesisFilters } from '../../core/datasets/synthesis.ts';
import {
	defaultFilters,
	embedSynNew,
	mostSynRounds,
	paperFilters,
	synthesisDefaults,
} from '../../core/datasets/synthesis.ts';
import type { BuildOptions } from './buildOptions.ts';

/** Every number that a STAT-Syn build depends on, taken from the options or else from the paper. */
export interface SynSettings {
	readonly method: 'syn' | 'embed-syn';
	readonly name: string;
	readonly seed: number;
	/** The target number of pairs; if there are more, they are reduced to it. */
	readonly pairs: number;
	readonly difficult: number;
	/** Embed-Syn: number of nearest training questions from which references are drawn. */
	readonly nearest: number;
	readonly references: number;
	readonly new: number;
	readonly solutions: number;
	readonly agree: number;
	/** Maximum number of rounds; the paper's preset is a single pass. */
	readonly rounds: number;
	readonly filters: SynthesisFilters;
	readonly preset: 'paper' | null;
	/** In USD, or in calls if the price is unknown. */
	readonly budget: number | undefined;
}

/** Checks the options and fills in the defaults; every error is one line. */
export function synSettingsOf(options: BuildOptions): SynSettings {
	const isPaper = options.preset === 'paper';
	const method = options.method === 'embed-syn' ? 'embed-syn' : 'syn';
	const settings: SynSettings = {
		method,
		name: options.name,
		seed: options.seed ?? buildDefaults.seed,
		pairs: options.pairs ?? buildDefaults.pairs,
		difficult: options.difficult ?? buildDefaults.difficult,
		nearest: options.nearest ?? buildDefaults.nearest,
		references: options.references ?? synthesisDefaults.references,
		new: options.new ?? (method === 'embed-syn' ? embedSynNew : synthesisDefaults.new),
		solutions: options.solutions ?? synthesisDefaults.solutions,
		agree: options.agree ?? Math.min(synthesisDefaults.agree, options.solutions ?? synthesisDefaults.solutions),
		rounds: options.rounds ?? (isPaper ? 1 : mostSynRounds),
		filters: { ...(isPaper ? paperFilters : defaultFilters), ...options.filters },
		preset: options.preset ?? null,
		budget: options.budget,
	};
	for (const [name, value, least] of [
		['seed', settings.seed, 0],
		['pairs', settings.pairs, 1],
		['difficult', settings.difficult, 1],
		['nearest', settings.nearest, 1],
		['references', settings.references, 1],
		['new', settings.new, 1],
		['solutions', settings.solutions, 1],
		['agree', settings.agree, 1],
		['rounds', settings.rounds, 1],
	] as const) {
		if (!Number.isSafeInteger(value) || value < least) {
			throw new StatError('datasets.badNumber', { option: name, least, value });
		}
	}
	if (method === 'embed-syn' && settings.filters.skill !== 'off') {
		throw new StatError('datasets.noSkillToCheck', {});
	}
	if (settings.agree > settings.solutions) {
		throw new StatError('datasets.impossibleAgreement', { agree: settings.agree, solutions: settings.solutions });
	}
	return settings;
}
