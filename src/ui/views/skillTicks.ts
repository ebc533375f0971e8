import type { SkillEdit, SkillEditEntry } from '../../core/skills/skillEdits.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';

// Ticks select the skills for a build. They are stored by name, so an edit of the skill list must carry them over, and
// undoing the edit must carry them back.

type Ticks = readonly (readonly [SkillRef, boolean])[];
type IsChosen = (skill: SkillRef) => boolean;

/**
 * Returns the ticks that an edit changes. A skill excluded from builds stays excluded under its new name; a merged
 * skill is excluded only if all the skills merged into it were. Skills that already existed keep their own tick.
 */
export function ticksOfEdit(entry: Pick<SkillEditEntry, 'edit' | 'created'>, isChosen: IsChosen): Ticks {
	const { from, made } = movedBy(entry);
	return from.length > 0 && !from.some(isChosen) ? made.map((skill) => [skill, false]) : [];
}

/**
 * Returns the tick changes needed to undo an edit. Each skill that the edit removed gets its old tick back, unless the
 * user has since changed the tick of the skill that replaced it; then it gets that tick. The ticks of the names that
 * the edit created are dropped.
 */
export function ticksOfUndo(entry: Pick<SkillEditEntry, 'edit' | 'created'>, isChosen: IsChosen): Ticks {
	const { from, made } = movedBy(entry);
	const [first] = made;
	const isTicked = first !== undefined && made.some(isChosen);
	const isChanged = first !== undefined && isTicked !== from.some(isChosen);
	return [
		...(isChanged ? from.map((skill): [SkillRef, boolean] => [skill, isTicked]) : []),
		...made.map((skill): [SkillRef, boolean] => [skill, true]),
	];
}

/** Returns which names the tick of each new name is derived from. */
function movedBy({ edit, created }: Pick<SkillEditEntry, 'edit' | 'created'>): {
	readonly from: readonly SkillRef[];
	readonly made: readonly SkillRef[];
} {
	const isNew = new Set(created.map(skillKey));
	const [from, to] = endsOf(edit);
	return { from, made: to.filter((skill) => isNew.has(skillKey(skill))) };
}

function endsOf(edit: SkillEdit): readonly [from: readonly SkillRef[], to: readonly SkillRef[]] {
	switch (edit.kind) {
		case 'merge':
			return [edit.sources, [edit.into]];
		case 'rename':
			return [[edit.from], [edit.to]];
		case 'split':
			return [[edit.skill], edit.parts.map(({ skill }) => skill)];
		default:
			return [[], []];
	}
}
