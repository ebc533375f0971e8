import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';
import type { LabelSource, SkillRef } from '../../skills/skill.ts';
import type { SkillEdit, SkillEditEntry } from '../../skills/skillEdits.ts';

export interface SkillRow extends SkillRef {
	/** Number of training questions labelled with the skill: |Skill-Map[s]|. */
	readonly train: number;
	/** Number of evaluation questions labelled with the skill. */
	readonly evaluation: number;
	/**
	 * Number of difficult validation questions in the scope whose answer misses the skill, as in `missingSkills`; 0
	 * without a scope.
	 */
	readonly missed: number;
	readonly description: string | null;
}

/** Verbs for skills, labels and edits of the skill list. */
export interface SkillWrites {
	/**
	 * Adds skills without labels; known skills are unchanged. Names and subjects are stored and returned in normalised
	 * form (`solving_equations`), and so are the subjects of questions.
	 */
	addSkills: { params: { skills: readonly SkillRef[] }; result: { added: number } };
	/**
	 * Links questions to skills and adds new skills. A link already known from any source is a duplicate, but is
	 * recorded for this source too, because which source counts is determined per question. `replace` first removes
	 * this source's links of each question. Unknown questions are skipped.
	 */
	addLabels: {
		params: {
			source: LabelSource;
			author: string | null;
			at: string;
			replace: boolean;
			rows: readonly {
				readonly questionId: QuestionId;
				readonly skills: readonly SkillRef[];
				readonly replyKey?: string | undefined;
			}[];
		};
		result: { links: number; duplicates: number };
	};
	/**
	 * Merges, splits, renames, describes or retires skills. Everything that counts is recomputed and nothing that was
	 * recorded is rewritten (core/skills/skillEdits.ts). `labels` and `findings` count the questions whose labels or
	 * missing skills were recomputed. Throws if the edit is impossible.
	 */
	editSkills: {
		params: { edit: SkillEdit; author: string; at: string; note: string | null };
		result: { id: number; labels: number; findings: number };
	};
	/** Undoes an edit on which no later edit depends. Both remain in the history. */
	undoSkillEdit: { params: { id: number; author: string; at: string }; result: { labels: number; findings: number } };
}

/** Queries on skills, labels and edits of the skill list. */
export interface SkillReads {
	skills: { params: { scope: Scope | null }; result: readonly SkillRow[] };
	/**
	 * Returns the Skill-Map: training questions by skill, with IDs in ascending order. For each question, a user's
	 * labels override a teacher's, and a teacher's labels override a bank's.
	 */
	skillMap: {
		params: Record<never, never>;
		result: readonly (SkillRef & { readonly questions: readonly QuestionId[] })[];
	};
	/**
	 * Returns the skills that may be offered for a question: those of its subject, or all skills if it has no subject.
	 * Skills that were merged, renamed, split away or retired are omitted.
	 */
	skillList: { params: { subject: string | null }; result: readonly SkillRef[] };
	/**
	 * Returns the labels that count for each question; with `source`, only labels from that source. Questions without
	 * labels are omitted.
	 */
	labels: {
		params: { ids: readonly QuestionId[]; source?: LabelSource | undefined };
		result: readonly { readonly questionId: QuestionId; readonly skills: readonly SkillRef[] }[];
	};
	/** Returns every edit of the skill list, oldest first, including undone ones. */
	skillEdits: {
		params: Record<never, never>;
		result: readonly (SkillEditEntry & { readonly labels: number; readonly findings: number })[];
	};
	/**
	 * Returns the current skills for names from any time, parallel to `rows`. A row needs its question if the skill may
	 * have been split.
	 */
	presentSkills: {
		params: { rows: readonly { readonly skill: SkillRef; readonly questionId: QuestionId | null }[] };
		result: readonly SkillRef[];
	};
}
