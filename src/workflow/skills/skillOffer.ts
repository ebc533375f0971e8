import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { Store } from '../../core/ports/store/store.ts';

/** A prompt that lists more skills than this is no list to choose from. */
export const offeredAtMost = 150;

/**
 * The skills a question may be given: its subject's or, without a subject or if that has no skills, all, up to 150.
 * Lists are read once per subject.
 */
export class SkillOffer {
	private readonly bySubject = new Map<string | null, Promise<readonly SkillRef[]>>();

	constructor(private readonly store: Pick<Store, 'read'>) {}

	/** Throws if there is nothing, or too much, to offer. */
	async for(subject: string | null): Promise<readonly SkillRef[]> {
		let offered = this.bySubject.get(subject);
		if (!offered) {
			offered = this.read(subject);
			this.bySubject.set(subject, offered);
		}
		return offered;
	}

	private async read(subject: string | null): Promise<readonly SkillRef[]> {
		const own = subject === null ? [] : await this.store.read('skillList', { subject });
		if (own.length > 0) {
			return own;
		}
		const all = await this.store.read('skillList', { subject: null });
		if (all.length === 0) {
			throw new StatError('skills.none', {});
		}
		if (all.length > offeredAtMost) {
			throw subject === null
				? new StatError('skills.tooManyWithoutSubject', { skills: all.length, most: offeredAtMost })
				: new StatError('skills.tooManyForSubject', { subject, skills: all.length, most: offeredAtMost });
		}
		return all;
	}
}
