import type { Correction } from '../../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { Run } from '../../../core/run.ts';
import type { Scope } from '../../../core/scope.ts';
import type { SkillRef } from '../../../core/skills/skill.ts';
import { skillKey } from '../../../core/skills/skill.ts';
import type { CorrectOptions } from '../../../workflow/diagnosis/correct.ts';
import { correct, restoreCorrection } from '../../../workflow/diagnosis/correct.ts';
import { withRecent } from '../../kit/recentSkills.ts';

/** A correction made in this panel, with what it replaced. */
interface Change extends Scope {
	readonly questionId: QuestionId;
	readonly verdict: Correction['verdict'];
	readonly previous: Correction | null;
}

const remembered = 200;

/**
 * The corrections made in the panel, and their undo. Nothing is ever deleted: undo appends what counted before, or
 * `withdrawn`. Corrections made before the panel was opened are in the history and can be withdrawn there.
 */
export class Corrections {
	private readonly changes: Change[] = [];
	private recentSkills: readonly SkillRef[];

	constructor(
		private readonly parts: Pick<Parts, 'store'>,
		private readonly author: () => string,
		private readonly clock: Pick<Run, 'now'>,
		recent: readonly SkillRef[] = [],
	) {
		this.recentSkills = recent;
	}

	/** Skills that the user picked recently here: at most twelve, most recent first. */
	get recent(): readonly SkillRef[] {
		return this.recentSkills;
	}

	/** Briefly describes what {@link undo} would undo; `null` if there is nothing. */
	get undoable(): string | null {
		const change = this.changes.at(-1);
		return change ? undoLabels[change.verdict] : null;
	}

	/** Resolves once the change is on disk; if it rejects, nothing is stored. */
	async add(options: Omit<CorrectOptions, 'author'>): Promise<void> {
		const { student, round, questionId, verdict, skills } = options;
		const { previous } = await correct(this.parts, { ...options, author: this.author() }, this.clock);
		this.changes.push({ student, round, questionId, verdict, previous });
		this.changes.splice(0, Math.max(0, this.changes.length - remembered));
		if (verdict === 'changed') {
			const before = new Set((previous?.skills ?? []).map(skillKey));
			const named = (skills ?? []).filter((skill) => !before.has(skillKey(skill)));
			this.recentSkills = withRecent(named, this.recentSkills);
		}
	}

	/** Undoes the latest change and returns the question it was made on; returns `null` if there is none. */
	async undo(): Promise<(Scope & { readonly questionId: QuestionId }) | null> {
		const change = this.changes.at(-1);
		if (!change) {
			return null;
		}
		const { student, round, questionId, previous } = change;
		const at = { student, round, questionId };
		await restoreCorrection(this.parts, { ...at, previous, author: this.author() }, this.clock);
		this.changes.pop();
		return at;
	}
}

const undoLabels: Record<Correction['verdict'], string> = {
	agreed: 'agreed',
	changed: 'skills changed',
	disputed: 'disputed',
	withdrawn: 'withdrawn',
};
