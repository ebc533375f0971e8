import { StatError } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import type { Run } from '../../core/run.ts';
import type { SkillEdit, SkillEditEntry } from '../../core/skills/skillEdits.ts';

export interface EditSkillsOptions {
	readonly edit: SkillEdit;
	readonly author: string;
	readonly note: string | null;
}

/**
 * Merges, splits, renames, describes or retires skills. Returns the edit's number, and how many questions have their
 * labels or missing skills changed by it. Rejects with a StatError if the edit is impossible.
 */
export function editSkills(
	{ store }: Pick<Parts, 'store'>,
	{ edit, author, note }: EditSkillsOptions,
	run: Pick<Run, 'now'>,
): Promise<Writes['editSkills']['result']> {
	return store.write('editSkills', { edit, author, at: run.now(), note });
}

export interface UndoSkillEditOptions {
	/** `null`: the latest edit that has not been undone. */
	readonly id: number | null;
	readonly author: string;
}

export interface UndoSkillEditResult {
	readonly id: number;
	readonly edit: SkillEdit | null;
	/**
	 * Number of questions whose labels were recomputed; `findings`: number of those whose missing skills were
	 * recomputed.
	 */
	readonly labels: number;
	readonly findings: number;
}

/**
 * Undoes an edit of the skill list. Rejects with StatError `skills.nothingToUndo` if there is none left to undo, or if
 * a later edit depends on it.
 */
export async function undoSkillEdit(
	{ store }: Pick<Parts, 'store'>,
	options: UndoSkillEditOptions,
	run: Pick<Run, 'now'>,
): Promise<UndoSkillEditResult> {
	const entries = await store.read('skillEdits', {});
	const id = options.id ?? editsInForce(entries)[0]?.id;
	if (id === undefined) {
		throw new StatError('skills.nothingToUndo', {});
	}
	const { labels, findings } = await store.write('undoSkillEdit', { id, author: options.author, at: run.now() });
	return { id, edit: entries.find((entry) => entry.id === id)?.edit ?? null, labels, findings };
}

/** Returns the edits that have not been undone, latest first. */
export function editsInForce(entries: readonly SkillEditEntry[]): SkillEditEntry[] {
	return entries.filter(({ undone }) => !undone).reverse();
}
