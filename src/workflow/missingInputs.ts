import type { MissingSkills } from '../core/diagnosis.ts';
import type { Parts } from '../core/ports.ts';
import type { QuestionId } from '../core/question.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/run.ts';
import { skillKey } from '../core/skill.ts';
import type { BuildOptions, Scope } from '../core/workflows.ts';
import type { Classified } from './classify.ts';
import { difficultQuestions } from './classify.ts';
import { resolveScope } from './scope.ts';

/** What STAT-Sel and STAT-Syn both start from (sec. 2.3). */
export interface MissingInputs {
	readonly scope: Scope;
	readonly classification: Classified;
	/** The Missing-Skill-Profile's rows, by question. */
	readonly missing: readonly MissingSkills[];
	/** The Skill-Map by skill key. */
	readonly skillMap: ReadonlyMap<string, readonly QuestionId[]>;
	/** Links of the Skill-Map / labelled training questions; 0 where nothing is labelled. */
	readonly skillsPerQuestion: number;
}

/** Classifies first where nobody has, by the paper's rule under its preset. Throws where nothing is diagnosed. */
export async function missingInputs(parts: Parts, options: Pick<BuildOptions, 'scope'>, preset: 'paper' | null | undefined, run: Run): Promise<MissingInputs> {
	const { store } = parts;
	const scope = options.scope ?? (await resolveScope(store, {}));
	const classification = await difficultQuestions(parts, scope, run, preset === 'paper' ? 'reward' : undefined);
	const [missing, map] = await Promise.all([store.read('missingSkills', { student: scope.student, round: scope.round }), store.read('skillMap', {})]);
	if (missing.length === 0) {
		throw new StatError(`no difficult question of ${scope.student}, round ${scope.round}, has been diagnosed: run "diagnose" first`);
	}
	const links = map.reduce((sum, { questions }) => sum + questions.length, 0);
	const labelled = new Set(map.flatMap(({ questions }) => questions)).size;
	return { scope, classification, missing, skillMap: new Map(map.map((skill) => [skillKey(skill), skill.questions])), skillsPerQuestion: labelled === 0 ? 0 : links / labelled };
}
