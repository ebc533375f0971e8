import type { Budget } from '../../core/ports/budget.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { BuildMethod, DatasetCard } from '../../core/datasets/dataset.ts';
import type { FilterAction, FilterName, SkillYield } from '../../core/datasets/synthesis.ts';
import type { Scope } from '../../core/scope.ts';
import type { Rank } from '../../core/profile/profile.ts';

export interface BuildOptions {
	readonly method: BuildMethod;
	readonly name: string;
	readonly scope?: Scope | undefined;
	readonly benchmark?: string | null | undefined;
	readonly seed?: number | undefined;
	readonly pairs?: number | undefined;
	readonly difficult?: number | undefined;
	readonly perSkill?: number | undefined;
	/** Embed-Sel, Embed-Syn: number of nearest training questions for each difficult question; default 5. */
	readonly nearest?: number | undefined;
	readonly answers?: number | undefined;
	readonly answersFrom?: 'teacher' | 'original' | undefined;
	readonly repeats?: 'keep' | 'drop' | undefined;
	/** STAT-Sel: share of the rows drawn at random from all training questions (rehearsal), in [0, 1); default 0. */
	readonly mix?: number | undefined;
	/**
	 * STAT-Sel: how a skill is weighted. `share`: by the number of questions whose answers miss it (default, as in the
	 * paper); `exposure`: by how often it is missed when it is needed.
	 */
	readonly rank?: Rank | undefined;
	readonly references?: number | undefined;
	readonly new?: number | undefined;
	readonly solutions?: number | undefined;
	readonly agree?: number | undefined;
	/** STAT-Syn: what happens to questions that a filter matches; defaults in src/core/datasets/synthesis.ts. */
	readonly filters?: Readonly<Partial<Record<FilterName, FilterAction>>> | undefined;
	/**
	 * STAT-Syn: maximum number of rounds. By default, rounds continue until the target is reached, the budget is used
	 * up, or three rounds in a row add less than 1%.
	 */
	readonly rounds?: number | undefined;
	readonly preset?: 'paper' | undefined;
	/** Only these skills (those ticked in the Skills view); default: all. */
	readonly skills?: readonly SkillRef[] | undefined;
	readonly budget?: Budget | undefined;
	readonly replace?: boolean | undefined;
}
export interface BuildResult {
	name: string;
	method: BuildMethod;
	pairs: number;
	distinct: number;
	questions: number;
	seed: number;
	sha256: string;
	path: string;
	yield: Record<string, number>;
	calls: number;
	cost: number | null;
	failed: number;
	deviations: string[];
	/** Only set for STAT-Syn. */
	skills?: readonly SkillYield[];
}

/** Returns the result of the build that wrote this card; `failed` counts the calls that had no usable reply. */
export function buildResult(
	{ card, path }: { readonly card: DatasetCard; readonly path: string },
	failed: number,
): BuildResult {
	const { name, method, pairs, distinct, questions, seed, sha256, deviations, calls, cost } = card;
	return {
		name,
		method,
		pairs,
		distinct,
		questions,
		seed,
		sha256,
		path,
		yield: { ...card.yield },
		calls,
		cost,
		failed,
		deviations: [...deviations],
		...(card.skillYields ? { skills: card.skillYields } : {}),
	};
}
