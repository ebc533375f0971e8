import type { Budget } from '../../core/ports/budget.ts';
import type { DifficultyMethod } from '../../core/difficulty/difficulty.ts';
import type { Scope } from '../../core/scope.ts';

/** If `method` is not set, {@link defaultMethod} chooses the rule; the numbers default to `difficultyDefaults`. */
export interface ClassifyOptions extends Scope {
	readonly method?: DifficultyMethod | undefined;
	readonly samples?: number | undefined;
	/**
	 * `answer` with several samples: a question is difficult if fewer of them than this are right; default: half of
	 * them.
	 */
	readonly rightBelow?: number | undefined;
	readonly tau1?: number | undefined;
	readonly tau2?: number | undefined;
	readonly words?: number | undefined;
	readonly budget?: Budget | undefined;
}
