import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';

const remembered = 12;

/** Moves `named` to the front of the recently named skills; at most twelve, latest first. */
export function withRecent(named: readonly SkillRef[], recent: readonly SkillRef[]): SkillRef[] {
	const keys = new Set(named.map(skillKey));
	return [...named, ...recent.filter((skill) => !keys.has(skillKey(skill)))].slice(0, remembered);
}
