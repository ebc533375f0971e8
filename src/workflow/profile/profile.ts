import type { Parts } from '../../core/ports/parts.ts';
import type { ProfileResult, Rank } from '../../core/profile/profile.ts';
import { missingSkillProfile } from '../../core/profile/profile.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { contestedIds } from '../diagnosis/jury.ts';
import { allDigests, labelsOf } from '../reading/chunks.ts';
import { profiledOn } from '../questions/profiledOn.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * `benchmark`: profile only its questions, as in diagnoses and builds; `null`: all questions; default: the round's
 * benchmark.
 */
export interface ProfileOptions extends Scope {
	readonly benchmark?: string | null | undefined;
	readonly top?: number | undefined;
	readonly rank?: Rank | undefined;
	/**
	 * `disputed`: leave out questions whose answer a user judged correct after all; `contested`: also leave out those
	 * on which a jury disagrees and no user has decided.
	 */
	readonly without?: 'disputed' | 'contested' | undefined;
}

/**
 * Computes the Missing-Skill-Profile of a student's round from what currently counts: the teacher's diagnoses, and
 * users' corrections and annotations.
 */
export async function profile(
	parts: Pick<Parts, 'store'>,
	options: ProfileOptions,
	run: Pick<Run, 'signal'>,
): Promise<ProfileResult> {
	const { store } = parts;
	const scope = { student: options.student, round: options.round };
	const on = await profiledOn(store, scope, options.benchmark);
	const [classification, missing, skillMap, digests] = await Promise.all([
		store.read('classification', scope),
		(await store.read('missingSkills', scope)).filter(({ questionId }) => on.has(questionId)),
		store.read('skillMap', {}),
		allDigests(store, scope),
	]);
	const contested = options.without === 'contested' ? await contestedIds(store, scope) : new Set<string>();
	throwIfCancelled(run);
	const validation = new Set(
		digests
			.filter(({ split, questionId }) => split === 'validation' && on.has(questionId))
			.map(({ questionId }) => questionId),
	);
	const answered = await labelsOf(store, [...validation]);
	const train = skillMap.map(({ subject, name, questions }) => ({ subject, name, questions: questions.length }));
	const result = missingSkillProfile({
		missing: missing.filter(({ questionId }) => !contested.has(questionId)),
		train,
		answered,
		rank: options.rank,
		without: options.without && 'disputed',
	});
	const difficult = classification?.difficult.filter((id) => validation.has(id)).length ?? 0;
	return {
		...scope,
		benchmark: on.benchmark,
		...result,
		difficult,
		undiagnosed: Math.max(0, difficult - missing.length),
		skills: result.skills.slice(0, options.top ?? Infinity),
	};
}
