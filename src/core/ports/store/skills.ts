import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';
import type { LabelSource, SkillRef } from '../../skills/skill.ts';
import type { SkillEdit, SkillEditEntry } from '../../skills/skillEdits.ts';

export interface SkillRow extends SkillRef {
	/** Training questions labelled with it: |Skill-Map[s]|. */
	readonly train: number;
	/** Evaluation questions labelled with it. */
	readonly evaluation: number;
	/** Difficult validation questions whose answer misses it, in the scope, as in `missingSkills`; 0 without one. */
	readonly missed: number;
	readonly description: string | null;
}

/** Verbs on skills, labels and edits of the skill list. */
export interface SkillWrites {
	/**
	 * Adds skills without links; known ones are unchanged. Names and subjects are stored and returned normalised
	 * (`solving_equations`), also the subjects of questions.
	 */
	addSkills: { params: { skills: readonly SkillRef[] }; result: { added: number } };
	/**
	 * Links questions to skills and adds new skills. A link known from any source is a duplicate (and recorded for this
	 * source too: which source counts is determined per question); `replace` first removes this source's links of each
	 * question. Unknown questions are skipped.
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
	 * recorded is rewritten (core/skills/skillEdits.ts). `labels`, `findings`: questions whose labels or missing skills
	 * were recomputed. Throws if the edit is impossible.
	 */
	editSkills: {
		params: { edit: SkillEdit; author: string; at: string; note: string | null };
		result: { id: number; labels: number; findings: number };
	};
	/** Undoes any edit on which no later one depends. Both remain in the history. */
	undoSkillEdit: { params: { id: number; author: string; at: string }; result: { labels: number; findings: number } };
}

/** Queries on skills, labels and edits of the skill list. */
export interface SkillReads {
	skills: { params: { scope: Scope | null }; result: readonly SkillRow[] };
	/**
	 * Skill-Map: training questions by skill, ids in ascending order. A person's labels replace a teacher's, and a
	 * teacher's a bank's, per question.
	 */
	skillMap: {
		params: Record<never, never>;
		result: readonly (SkillRef & { readonly questions: readonly QuestionId[] })[];
	};
	/**
	 * Skills that a question may be offered: those of its subject, or all if it has none; without those that are
	 * merged, renamed or split away, or retired.
	 */
	skillList: { params: { subject: string | null }; result: readonly SkillRef[] };
	/**
	 * The labels that count for each question; with `source`, only that source's. Questions without labels are omitted.
	 */
	labels: {
		params: { ids: readonly QuestionId[]; source?: LabelSource | undefined };
		result: readonly { readonly questionId: QuestionId; readonly skills: readonly SkillRef[] }[];
	};
	/** Every edit of the skill list, oldest first, undone ones too. */
	skillEdits: {
		params: Record<never, never>;
		result: readonly (SkillEditEntry & { readonly labels: number; readonly findings: number })[];
	};
	/** The current skills of names of any time, parallel to `rows`; with a question if a skill may have been split. */
	presentSkills: {
		params: { rows: readonly { readonly skill: SkillRef; readonly questionId: QuestionId | null }[] };
		result: readonly SkillRef[];
	};
}
