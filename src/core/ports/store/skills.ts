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
	 * Skills without links; known ones are left alone. Names and subjects are kept and given back normalised
	 * (`solving_equations`), for questions' subjects too.
	 */
	addSkills: { params: { skills: readonly SkillRef[] }; result: { added: number } };
	/**
	 * Links questions to skills, adding the skills. A link known from any source is a duplicate (and noted for this
	 * source too: which source counts is settled question by question); `replace` first drops this source's links of
	 * each question. Unknown questions are passed over.
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
	 * A merge, split, rename, description or retirement of skills; everything that counts follows, nothing that was
	 * said is rewritten (core/skillEdits.ts). `labels`, `findings`: questions whose labels or missing skills were
	 * worked out anew. Throws where the edit cannot be made.
	 */
	editSkills: {
		params: { edit: SkillEdit; author: string; at: string; note: string | null };
		result: { id: number; labels: number; findings: number };
	};
	/** Takes any edit back on which no later one builds. Both stay in the history. */
	undoSkillEdit: { params: { id: number; author: string; at: string }; result: { labels: number; findings: number } };
}

/** Queries on skills, labels and edits of the skill list. */
export interface SkillReads {
	skills: { params: { scope: Scope | null }; result: readonly SkillRow[] };
	/**
	 * Skill-Map: training questions by skill, ids in ascending order. Person labels replace a teacher's, a teacher's a
	 * bank's, per question.
	 */
	skillMap: {
		params: Record<never, never>;
		result: readonly (SkillRef & { readonly questions: readonly QuestionId[] })[];
	};
	/**
	 * Skills a question may be offered: those of its subject; all of them when it has none. Not those merged, renamed
	 * or split away, or retired.
	 */
	skillList: { params: { subject: string | null }; result: readonly SkillRef[] };
	/**
	 * The labels that count for each question; with `source`, those of that source alone. Questions without any are
	 * left out.
	 */
	labels: {
		params: { ids: readonly QuestionId[]; source?: LabelSource | undefined };
		result: readonly { readonly questionId: QuestionId; readonly skills: readonly SkillRef[] }[];
	};
	/** Every edit of the skill list, oldest first, those taken back too. */
	skillEdits: {
		params: Record<never, never>;
		result: readonly (SkillEditEntry & { readonly labels: number; readonly findings: number })[];
	};
	/** What names of any time mean now, parallel to `rows`; with a question where a skill may have been split. */
	presentSkills: {
		params: { rows: readonly { readonly skill: SkillRef; readonly questionId: QuestionId | null }[] };
		result: readonly SkillRef[];
	};
}
