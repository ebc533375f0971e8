import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { Store } from '../../core/ports/store/store.ts';

/** Maximum number of skills in a prompt; nobody can choose from a longer list. */
export const offeredAtMost = 150;

/**
 * The skills that a question may be labelled with: those of its subject or, if it has no subject or its subject has no
 * skills, all of them, up to 150. Each subject's list is read only once.
 */
export class SkillOffer {
	private readonly bySubject = new Map<string | null, Promise<readonly SkillRef[]>>();

	constructor(private readonly store: Pick<Store, 'read'>) {}

	/** Throws if there are no skills, or too many, to offer. */
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
