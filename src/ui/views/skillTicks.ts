import type { SkillEdit, SkillEditEntry } from '../../core/skills/skillEdits.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';

// Ticks select the skills of a build. They are stored by name, so an edit of the skill list has to carry them along,
// and an undo has to carry them back.

type Ticks = readonly (readonly [SkillRef, boolean])[];
type IsChosen = (skill: SkillRef) => boolean;

/**
 * A skill excluded from builds stays excluded under its new name; of several merged skills, only if all were. Existing
 * skills keep their own tick.
 */
export function ticksOfEdit(entry: Pick<SkillEditEntry, 'edit' | 'created'>, isChosen: IsChosen): Ticks {
	const { from, made } = movedBy(entry);
	return from.length > 0 && !from.some(isChosen) ? made.map((skill) => [skill, false]) : [];
}

/**
 * After an undone edit: the skills it removed return with their old tick, or with that of their successor if it changed
 * since. The names it created are forgotten.
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

/** Which names a new name's tick derives from. */
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
