import type { Annotation } from '../../src/core/diagnosis/annotation.ts';
import type { Answer } from '../../src/core/questions/answer.ts';
import type { Correction, Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { Question, QuestionId } from '../../src/core/questions/question.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { QuestionFilter } from '../../src/core/ports/store/questions.ts';

/**
 * Everything the diagnosis panel and the extension say to each other. Types and constants only: both ends import it.
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

/** One question with all that is known of it in one (student, round). */
export interface QuestionState {
	readonly kind: 'question';
	readonly student: string;
	readonly round: number;
	/** 0-based place in the list gone through; -1: the question has left the list (its filter no longer fits). */
	readonly index: number;
	readonly total: number;
	/**
	 * The list gone through, and what it holds in words: "difficult · misses solving equations"; empty: every question.
	 */
	readonly filter: QuestionFilter;
	readonly list: string;
	readonly question: Question;
	readonly samples: readonly Answer[];
	/** Size of the largest group of samples with the same final answer; `null` with fewer than two samples. */
	readonly consistency: number | null;
	readonly diagnosis: Diagnosis | null;
	readonly correction: Correction | null;
	/** How second teachers read the same answer; they count for nothing. */
	readonly verdicts: readonly Diagnosis[];
	/** Oldest first, the one that counts last. */
	readonly history: readonly Correction[];
	/** People's marks on the answers, dismissed ones too: see core/annotation.ts. */
	readonly annotations: readonly Annotation[];
	/** Skills that may be named missing: the subject's list. */
	readonly skills: readonly SkillRef[];
	/** Named by a person lately, latest first. */
	readonly recent: readonly SkillRef[];
	/** Labels of the question itself. */
	readonly labels: readonly SkillRef[];
	/** Questions of the scope that miss each skill counted here, this one too. */
	readonly alike: readonly { readonly skill: SkillRef; readonly questions: number }[];
	/** Thresholds of eq. (1) by which step scores are marked. */
	readonly tau1: number;
	readonly tau2: number;
	/** Can U take something back? In a few words what; `null`: no. */
	readonly undo: string | null;
	readonly surroundings: Surroundings;
}

/** What the panel may do here, and why not. */
export interface Surroundings {
	/** Why nothing can be saved; `null`: it can. In a folder nobody trusts nothing is. */
	readonly readOnly: string | null;
	readonly trusted: boolean;
	/** The teacher is being asked about this question. */
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

/** Rows of data sets that the question's missing skills brought in: [0-based row numbers], at most 200 a data set. */
export interface CausedRows {
	readonly dataset: string;
	readonly count: number;
	readonly first: readonly number[];
}

export type ToPage =
	| { readonly type: typeof toPage.state; readonly state: DiagnosisState }
	| { readonly type: typeof toPage.rows; readonly questionId: QuestionId; readonly rows: readonly CausedRows[] }
	/** The correction with this number is durable. */
	| { readonly type: typeof toPage.saved; readonly request: number }
	/** `request`: what was asked with this number was not done. */
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
			/** The note changed, the verdict did not: the correction goes on judging the diagnosis it judged. */
			readonly noteOnly?: boolean | undefined;
	  })
	| { readonly type: typeof toHost.undo }
	| { readonly type: typeof toHost.go; readonly to: 'next' | 'previous' }
	| (Target & { readonly type: typeof toHost.diagnose })
	| { readonly type: typeof toHost.showMissing; readonly skill: SkillRef }
	| { readonly type: typeof toHost.why; readonly dataset: string; readonly row: number }
	| { readonly type: typeof toHost.openQuestion; readonly questionId: QuestionId };

/** What VS Code keeps of the page while it is hidden, moved or closed with the window. */
export interface Remembered extends Target {
	readonly filter: QuestionFilter;
	readonly raw: boolean;
	/** The sample looked at, by its number. */
	readonly sample: number | null;
	readonly solutionOpen: boolean;
	/** Notes begun and not yet saved, by question. */
	readonly drafts: Readonly<Record<QuestionId, string>>;
	readonly scroll: number;
}
