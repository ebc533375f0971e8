import type { Annotation } from '../../src/core/diagnosis/annotation.ts';
import type { Answer } from '../../src/core/questions/answer.ts';
import type { Correction, Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { Question, QuestionId } from '../../src/core/questions/question.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { QuestionFilter } from '../../src/core/ports/store/questions.ts';

/**
 * All messages between the diagnosis panel and the extension. Contains only types and constants, because both ends
 * import it.
 */
export const toPage = { state: 'state', rows: 'rows', saved: 'saved', notice: 'notice' } as const;
export const toHost = {
	ready: 'ready',
	correct: 'correct',
	undo: 'undo',
	go: 'go',
	diagnose: 'diagnose',
	showMissing: 'showMissing',
	why: 'why',
	openQuestion: 'openQuestion',
} as const;

/** A question with everything known about it in one (student, round). */
export interface QuestionState {
	readonly kind: 'question';
	readonly student: string;
	readonly round: number;
	/** 0-based position in the list; -1 if the question has left the list (because it no longer matches the filter). */
	readonly index: number;
	readonly total: number;
	/**
	 * The filter of the list; `list` is its description, such as "difficult · misses solving equations", and empty if
	 * the list contains every question.
	 */
	readonly filter: QuestionFilter;
	readonly list: string;
	readonly question: Question;
	readonly samples: readonly Answer[];
	/** Size of the largest group of samples with the same final answer; `null` if there are fewer than two samples. */
	readonly consistency: number | null;
	readonly diagnosis: Diagnosis | null;
	readonly correction: Correction | null;
	/** Diagnoses of the same answer by second teachers; they do not count. */
	readonly verdicts: readonly Diagnosis[];
	/** Oldest first; the last one counts. */
	readonly history: readonly Correction[];
	/** Users' annotations of the answers, including dismissed ones; see src/core/diagnosis/annotation.ts. */
	readonly annotations: readonly Annotation[];
	/** Skills that may be marked as missing: those on the subject's list. */
	readonly skills: readonly SkillRef[];
	/** Skills that the user picked recently, most recent first. */
	readonly recent: readonly SkillRef[];
	/** Labels of the question itself. */
	readonly labels: readonly SkillRef[];
	/** For each skill that counts here, the number of questions in the scope that miss it, including this one. */
	readonly alike: readonly { readonly skill: SkillRef; readonly questions: number }[];
	/** Thresholds of eq. (1), by which the step scores are marked. */
	readonly tau1: number;
	readonly tau2: number;
	/** Briefly describes what U would undo; `null` if there is nothing. */
	readonly undo: string | null;
	readonly surroundings: Surroundings;
}

/** What the panel may do here, and why it may not do the rest. */
export interface Surroundings {
	/** Why nothing can be saved, as in an untrusted folder; `null` if saving is possible. */
	readonly readOnly: string | null;
	readonly trusted: boolean;
	/** Whether a request to the teacher about this question is in progress. */
	readonly asking: boolean;
}

export interface EmptyState {
	readonly kind: 'empty';
	/** One sentence. */
	readonly message: string;
}

export interface FailedState {
	readonly kind: 'failed';
	readonly message: string;
}

export type DiagnosisState = QuestionState | EmptyState | FailedState;

/**
 * Rows of datasets that were drawn because of the question's missing skills, as 0-based row numbers; at most 200 per
 * dataset.
 */
export interface CausedRows {
	readonly dataset: string;
	readonly count: number;
	readonly first: readonly number[];
}

export type ToPage =
	| { readonly type: typeof toPage.state; readonly state: DiagnosisState }
	| { readonly type: typeof toPage.rows; readonly questionId: QuestionId; readonly rows: readonly CausedRows[] }
	/** The correction with this request number is on disk. */
	| { readonly type: typeof toPage.saved; readonly request: number }
	/** `request`: the number of the request that failed, if the notice is about one. */
	| {
			readonly type: typeof toPage.notice;
			readonly level: 'info' | 'error';
			readonly message: string;
			readonly request: number | null;
	  };

interface Target {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
}

export type ToHost =
	| { readonly type: typeof toHost.ready }
	| (Target & {
			readonly type: typeof toHost.correct;
			readonly request: number;
			readonly verdict: Correction['verdict'];
			readonly skills: readonly SkillRef[] | null;
			readonly note: string | null;
			/** Whether only the note changed: the correction then still refers to the diagnosis that it was made on. */
			readonly noteOnly?: boolean | undefined;
	  })
	| { readonly type: typeof toHost.undo }
	| { readonly type: typeof toHost.go; readonly to: 'next' | 'previous' }
	| (Target & { readonly type: typeof toHost.diagnose })
	| { readonly type: typeof toHost.showMissing; readonly skill: SkillRef }
	| { readonly type: typeof toHost.why; readonly dataset: string; readonly row: number }
	| { readonly type: typeof toHost.openQuestion; readonly questionId: QuestionId };

/** What VS Code stores about the page while it is hidden, moved or closed with the window. */
export interface Remembered extends Target {
	readonly filter: QuestionFilter;
	readonly raw: boolean;
	/** Number of the sample shown. */
	readonly sample: number | null;
	readonly solutionOpen: boolean;
	/** Notes that have not been saved yet, by question. */
	readonly drafts: Readonly<Record<QuestionId, string>>;
	readonly scroll: number;
}
