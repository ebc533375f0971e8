import type { DifficultyMethod } from '../../core/difficulty/difficulty.ts';
import type { Scope } from '../../core/scope.ts';

/** Defaults: method.md ("Default rule"); τ1 0.85, τ2 0.7, consistency 5 samples, length 800 words. */
export interface ClassifyOptions extends Scope {
	readonly method?: DifficultyMethod | undefined;
	readonly samples?: number | undefined;
	readonly tau1?: number | undefined;
	readonly tau2?: number | undefined;
	readonly words?: number | undefined;
	readonly budget?: number | undefined;
}
