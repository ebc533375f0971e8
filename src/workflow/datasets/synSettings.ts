import type { Budget } from '../../core/ports/budget.ts';
import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import { paperBuild, paperSynthesis } from '../../core/datasets/paperPreset.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SynthesisFilters } from '../../core/datasets/synthesis.ts';
import { defaultFilters, mostSynRounds, synthesisDefaults } from '../../core/datasets/synthesis.ts';
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
	readonly budget: Budget | undefined;
}

/** What applies without the paper's preset. */
const ownSynthesis = { ...synthesisDefaults, rounds: mostSynRounds, filters: defaultFilters };

/** Checks the options and fills in the defaults; every error is one line. */
export function synSettingsOf(options: BuildOptions): SynSettings {
	const isPaper = options.preset === 'paper';
	const method = options.method === 'embed-syn' ? 'embed-syn' : 'syn';
	const numbers = isPaper ? paperBuild : buildDefaults;
	const {
		references,
		new: fresh,
		embedNew,
		solutions,
		agree,
		rounds,
		filters,
	} = isPaper ? paperSynthesis : ownSynthesis;
	const settings: SynSettings = {
		method,
		name: options.name,
		seed: options.seed ?? buildDefaults.seed,
		pairs: options.pairs ?? numbers.pairs,
		difficult: options.difficult ?? numbers.difficult,
		nearest: options.nearest ?? numbers.nearest,
		references: options.references ?? references,
		new: options.new ?? (method === 'embed-syn' ? embedNew : fresh),
		solutions: options.solutions ?? solutions,
		agree: options.agree ?? Math.min(agree, options.solutions ?? solutions),
		rounds: options.rounds ?? rounds,
		filters: { ...filters, ...options.filters },
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
