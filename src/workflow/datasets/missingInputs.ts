import type { MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { BuildOptions } from './buildOptions.ts';
import type { Scope } from '../../core/scope.ts';
import type { Classified } from '../difficulty/classify.ts';
import { difficultQuestions } from '../difficulty/classify.ts';
import type { ProfiledOn } from '../questions/profiledOn.ts';
import { profiledOn } from '../questions/profiledOn.ts';
import { resolveScope } from '../reading/scope.ts';

/** The inputs that STAT-Sel and STAT-Syn have in common (sec. 2.3). */
export interface MissingInputs {
	readonly scope: Scope;
	readonly classification: Classified;
	readonly profiledOn: ProfiledOn;
	/** The Missing-Skill-Profile's rows, by question. */
	readonly missing: readonly MissingSkills[];
	/** The Skill-Map by skill key. */
	readonly skillMap: ReadonlyMap<string, readonly QuestionId[]>;
	/**
	 * Number of links in the Skill-Map divided by the number of labelled training questions; 0 if nothing is labelled.
	 */
	readonly skillsPerQuestion: number;
}

/**
 * Returns an error that explains why nothing can be drawn or synthesized. `difficult`: number of questions that miss
 * one of the selected skills.
 */
export function nothingToDraw(difficult: number, { skills }: Pick<BuildOptions, 'skills'>): StatError {
	if (difficult > 0) {
		return new StatError('datasets.noTargets', {});
	}
	return new StatError(skills ? 'datasets.chosenNotMissing' : 'datasets.nothingMissing', {});
}

/**
 * Reads the inputs. Classifies first if that has not been done, by the paper's rule if the paper's preset is selected.
 * Throws if nothing has been diagnosed.
 */
export async function missingInputs(
	parts: Parts,
	options: Pick<BuildOptions, 'scope' | 'benchmark'>,
	preset: 'paper' | null | undefined,
	run: Run,
): Promise<MissingInputs> {
	const { store } = parts;
	const scope = options.scope ?? (await resolveScope(store, {}));
	const classification = await difficultQuestions(parts, scope, run, preset === 'paper' ? 'reward' : undefined);
	const on = await profiledOn(store, scope, options.benchmark);
	const [found, map] = await Promise.all([
		store.read('missingSkills', { student: scope.student, round: scope.round }),
		store.read('skillMap', {}),
	]);
	const missing = found.filter(({ questionId }) => on.has(questionId));
	if (missing.length === 0) {
		throw on.benchmark === null
			? new StatError('datasets.nothingDiagnosed', { student: scope.student, round: scope.round })
			: new StatError('datasets.nothingDiagnosedOf', {
					student: scope.student,
					round: scope.round,
					benchmark: on.benchmark,
				});
	}
	const links = map.reduce((sum, { questions }) => sum + questions.length, 0);
	const labelled = new Set(map.flatMap(({ questions }) => questions)).size;
	return {
		scope,
		classification,
		profiledOn: on,
		missing,
		skillMap: new Map(map.map((skill) => [skillKey(skill), skill.questions])),
		skillsPerQuestion: labelled === 0 ? 0 : links / labelled,
	};
}
