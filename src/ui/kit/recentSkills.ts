import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';

const remembered = 12;

/**
 * Moves `named` to the front of the skills that the user picked recently. Returns at most twelve, most recent first.
 */
export function withRecent(named: readonly SkillRef[], recent: readonly SkillRef[]): SkillRef[] {
	const keys = new Set(named.map(skillKey));
	return [...named, ...recent.filter((skill) => !keys.has(skillKey(skill)))].slice(0, remembered);
}
