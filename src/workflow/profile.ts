import type { Parts } from '../core/ports.ts';
import { missingSkillProfile } from '../core/profile.ts';
import type { Run } from '../core/run.ts';
import { throwIfCancelled } from '../core/run.ts';
import type { ProfileOptions, ProfileResult } from '../core/workflows.ts';
import { contestedIds } from './jury.ts';
import { allDigests, labelsOf } from './pages.ts';
import { profiledOn } from './profiledOn.ts';

/**
 * The Missing-Skill-Profile of a student's round, from what counts now: the teacher's diagnoses and people's
 * corrections.
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
