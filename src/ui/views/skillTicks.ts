import type { SkillEdit, SkillEditEntry } from '../../core/skills/skillEdits.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';

// Ticks choose the skills of a build. They are kept by name, so an edit of the skill list has to carry them along, and
// back.

type Ticks = readonly (readonly [SkillRef, boolean])[];
type IsChosen = (skill: SkillRef) => boolean;

/**
 * A skill left out of builds stays left out under its new name; of several, when all were. Skills that were there
 * before keep their own tick.
 */
export function ticksOfEdit(entry: Pick<SkillEditEntry, 'edit' | 'created'>, isChosen: IsChosen): Ticks {
	const { from, made } = movedBy(entry);
	return from.length > 0 && !from.some(isChosen) ? made.map((skill) => [skill, false]) : [];
}

/**
 * An edit taken back: those it took come back as they were, or as what became of them was ticked since. The names it
 * made are forgotten.
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

/** Where the tick of a new name comes from. */
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
