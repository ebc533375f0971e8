import type { QuestionId, Split } from './question.ts';
import type { SkillRef } from './skill.ts';
import type { BuildMethod } from './dataset.ts';
import type { RowProblem } from './ports.ts';
import type { Conflict } from './store.ts';
import type { FilterAction, FilterName, SkillYield } from './synthesis.ts';
import type { TeacherFailure } from './teacher.ts';
import type { Agreement } from './agreement.ts';
import type { PairOfSkills, qualityByPeople, readingAgreement } from './teacherQuality.ts';

/**
 * Inputs and results of the workflows, shared by the command line and the editor. Result fields named here are the
 * command line's `--json` contract (shared/design.md): counts are this run's, undefined metrics are null.
 * Every workflow is `(parts: Parts, options: …Options, run: Run) => Promise<…Result>` in src/workflow/NAME.ts.
 */
export interface Scope {
	readonly student: string;
	readonly round: number;
}

export interface ImportSkillsOptions {
	readonly files: readonly string[];
	readonly split?: Split | undefined;
	readonly subject?: string | undefined;
	readonly format?: string | undefined;
}
export interface ImportSkillsResult {
	questions: number;
	skills: number;
	links: number;
	duplicates: number;
	skipped: number;
	updated: number;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

export interface ImportQuestionsOptions {
	readonly files: readonly string[];
	readonly split: Split;
	readonly benchmark?: string | undefined;
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
}
export interface ImportQuestionsResult {
	questions: number;
	updated: number;
	duplicates: number;
	skipped: number;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

/**
 * `split`: what new questions join; default validation, or test where their benchmark was added with a part to report
 * on.
 */
export interface ImportAnswersOptions extends Scope {
	readonly files: readonly string[];
	readonly split?: 'validation' | 'test' | undefined;
	readonly benchmark?: string | undefined;
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
}
/**
 * `graded`: answers with a verdict of true or false; `unsure`: with gold but no verdict; `correct`: graded true;
 * `disagreeing`: our verdict differs from the log's. `questions`: those new to the project; `note` says what they
 * joined and what that means for results, where there are any.
 */
export interface ImportAnswersResult {
	note?: string | undefined;
	answers: number;
	questions: number;
	/** Of these, those that joined test; the others joined validation. */ test?: number | undefined;
	graded: number;
	correct: number;
	unsure: number;
	disagreeing: number;
	duplicates: number;
	skipped: number;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

export type DifficultyMethod = 'answer' | 'reward' | 'consistency' | 'length' | 'teacher';
/** Defaults: method.md ("Default rule"); τ1 0.85, τ2 0.7, consistency 5 samples, length 800 words. */
export interface ClassifyOptions extends Scope {
	readonly method?: DifficultyMethod | undefined;
	readonly samples?: number | undefined;
	readonly tau1?: number | undefined;
	readonly tau2?: number | undefined;
	readonly words?: number | undefined;
	readonly budget?: number | undefined;
}
/**
 * Metrics of "difficult" as a detector of "sample 0 is wrong", over classified questions with gold and a sure verdict.
 */
export interface Metrics {
	accuracy: number | null;
	precision: number | null;
	recall: number | null;
	f1: number | null;
	compared: number;
}
export interface ClassifyResult extends Metrics {
	method: DifficultyMethod;
	questions: number;
	difficult: number;
	unclassified: number;
	settings: Record<string, number | string | null>;
	calls: number;
	cost: number | null;
}
export interface GridCell extends Metrics {
	tau1: number;
	tau2: number;
	difficult: number;
}

export interface TeacherRunOptions {
	readonly limit?: number | undefined;
	readonly budget?: number | undefined;
}
export interface DiagnoseOptions extends Scope, TeacherRunOptions {
	readonly benchmark?: string | null | undefined;
	readonly questions?: readonly QuestionId[] | undefined;
	/** Also those already diagnosed. */ readonly again?: boolean | undefined;
}
export interface DiagnoseResult {
	diagnosed: number;
	failed: number;
	disputed: number;
	calls: number;
	cost: number | null;
	remaining: number;
	failures: { about: string; failure: TeacherFailure }[];
}
export interface LabelOptions extends TeacherRunOptions {
	readonly split?: Split | undefined;
}
export interface LabelResult {
	questions: number;
	links: number;
	calls: number;
	cost: number | null;
	failed: number;
}

/** `questions`: size of the sample, those the jury has read before included; default 100. `seed`: default 0. */
export interface JuryOptions extends Scope {
	readonly questions?: number | undefined;
	readonly seed?: number | undefined;
	readonly budget?: number | undefined;
}
/** `asked` + `failed` (set aside) + `remaining` (budget) = the sample less those read before. */
export interface JuryResult {
	asked: number;
	failed: number;
	remaining: number;
	calls: number;
	cost: number | null;
	sample: number;
	diagnosed: number;
	juror: string;
}

/** One question on which a jury reads otherwise. */
export interface Disagreement {
	questionId: QuestionId;
	subject: string | null;
	title: string;
	concord: 'overlap' | 'apart';
	teacher: readonly SkillRef[];
	jury: { readonly juror: string; readonly skills: readonly SkillRef[]; readonly reason: string }[];
	/** A person has said which. */ settled: boolean;
}
export interface TeacherQuality {
	student: string;
	round: number;
	/** The teacher's diagnoses in the scope. */
	diagnosed: number;
	/** By people's corrections; `null` where there are none on a diagnosis. */
	people:
		| (ReturnType<typeof qualityByPeople> & { looked: number; agreed: number; changed: number; disputed: number })
		| null;
	/** Each second teacher against the first. */
	juries: (ReturnType<typeof readingAgreement> & { juror: string; read: number; judges: Agreement })[];
	/** Skills that readers exchange: perhaps one skill. */
	pairs: PairOfSkills[];
	/** What these figures do not say. */
	caveats: string[];
}

/**
 * Where skills stand already: `add` finds skills for questions without any, beside the list; `replace` retires the old
 * list of each subject it makes a new one for.
 */
export interface CatalogOptions extends TeacherRunOptions {
	readonly split?: Split | undefined;
	readonly mode?: 'add' | 'replace' | undefined;
	/** Names that one grouping prompt lists at most; default 120. */ readonly page?: number | undefined;
}
/**
 * `names`: distinct names before grouping. `questions` labelled + `failed` (set aside, with their text) = questions
 * taken up, unless `unfinished`: the budget ended in that stage, run again to go on.
 */
export interface CatalogResult {
	skills: number;
	subjects: number;
	names: number;
	questions: number;
	links: number;
	retired: number;
	calls: number;
	cost: number | null;
	failed: number;
	unfinished: 'naming' | 'grouping' | 'labelling' | null;
	lists: { subject: string; skills: string[] }[];
}

/**
 * What skills are ranked by. `share`: questions missing it / questions profiled (default). `exposure`: missing /
 * questions of the scope labelled with it, by the lower end of its interval.
 */
export type Rank = 'share' | 'exposure';
/**
 * `benchmark` here, in diagnoses and builds: its questions alone; `null`: all; default the one the round is meant for.
 */
export interface ProfileOptions extends Scope {
	readonly benchmark?: string | null | undefined;
	readonly top?: number | undefined;
	readonly rank?: Rank | undefined;
	/**
	 * `disputed`: without those judged correct after all; `contested`: also without those a jury reads otherwise and
	 * nobody has settled.
	 */
	readonly without?: 'disputed' | 'contested' | undefined;
}
export interface ProfileSkill extends SkillRef {
	skill: string;
	/** Difficult questions whose answer misses it. */
	questions: number;
	/** questions / profile.questions. */
	share: number;
	/** 95 % Wilson interval of the share. */
	ci95: [number, number];
	/** Share of training-set links that are this skill's; null where nothing is labelled. */
	trainShare: number | null;
	/** Training questions of the skill. */
	train: number;
	/** Answered questions of the scope labelled with it, and the rate of missing among them. */
	exposed: number;
	exposureRate: number | null;
}
export interface ProfileResult {
	student: string;
	round: number;
	/** The benchmark it is of; `null`: all validation questions answered. */ benchmark: string | null;
	/** Diagnosed or corrected difficult questions: the shares' denominator. */ questions: number;
	difficult: number;
	undiagnosed: number;
	disputed: number;
	corrected: number;
	skills: ProfileSkill[];
	subjects: { subject: string; questions: number; skills: number }[];
}

export interface BuildOptions {
	readonly method: BuildMethod;
	readonly name: string;
	readonly scope?: Scope | undefined;
	readonly benchmark?: string | null | undefined;
	readonly seed?: number | undefined;
	readonly pairs?: number | undefined;
	readonly difficult?: number | undefined;
	readonly perSkill?: number | undefined;
	/** Embed-Sel, Embed-Syn: nearest training questions for each difficult one; default 5. */
	readonly nearest?: number | undefined;
	readonly answers?: number | undefined;
	readonly answersFrom?: 'teacher' | 'original' | undefined;
	readonly repeats?: 'keep' | 'drop' | undefined;
	/** STAT-Sel: share of the rows drawn at random from all training questions (rehearsal), in [0, 1); default 0. */
	readonly mix?: number | undefined;
	/**
	 * STAT-Sel: what a skill weighs: `share`, how many questions miss it (default, the paper's), or `exposure`, how
	 * often it is missed where it is needed.
	 */
	readonly rank?: Rank | undefined;
	readonly references?: number | undefined;
	readonly new?: number | undefined;
	readonly solutions?: number | undefined;
	readonly agree?: number | undefined;
	/** STAT-Syn: what becomes of what a filter notices; default core/synthesis.ts. */
	readonly filters?: Readonly<Partial<Record<FilterName, FilterAction>>> | undefined;
	/** STAT-Syn: rounds at most; default until the target, the budget, or three that add under 1 %. */
	readonly rounds?: number | undefined;
	readonly preset?: 'paper' | undefined;
	/** Only these skills (checked in the Skills view); default all. */
	readonly skills?: readonly SkillRef[] | undefined;
	readonly budget?: number | undefined;
	readonly replace?: boolean | undefined;
}
export interface BuildResult {
	name: string;
	method: BuildMethod;
	pairs: number;
	distinct: number;
	questions: number;
	seed: number;
	sha256: string;
	path: string;
	yield: Record<string, number>;
	calls: number;
	cost: number | null;
	failed: number;
	deviations: string[];
	/** STAT-Syn alone. */ skills?: readonly SkillYield[];
}

/** What a paid step would do, before it does it. */
export interface Plan {
	calls: number;
	cached: number;
	tokens: { input: number; output: number };
	cost: number | null;
	rows: number;
	notes: string[];
}

export interface WhyResult {
	row: {
		index: number;
		question: string;
		solution: string;
		gold: string | null;
		kind: string;
		flags: readonly string[];
	};
	/** By the name of the time it was built. */
	skill: SkillRef | null;
	/** What that name means now, where it is another. */
	skill_now: SkillRef | null;
	question: {
		id: QuestionId;
		text: string;
		subject: string | null;
		level: number | null;
		gold: string | null;
	} | null;
	student_answer: {
		student: string;
		round: number;
		sample: number;
		text: string;
		extracted: string | null;
		verdict: boolean | null;
	} | null;
	diagnosis: {
		judge: string;
		reason: string;
		skills: readonly SkillRef[];
		firstWrongStep: number | null;
		from: 'teacher' | 'person';
		model: string | null;
	} | null;
	/** People's marks on the answer that count: which words, which skills. */
	annotations: {
		quote: string;
		skills: readonly SkillRef[];
		note: string | null;
		author: string;
		at: string;
		sample: number;
	}[];
	references: { id: QuestionId; text: string }[];
	agreement: { agree: number; of: number } | null;
	teacher: { model: string; promptVersion: string; replyKey: string; at: string } | null;
}

export interface StatusResult {
	questions: Record<Split, number>;
	skills: number;
	links: number;
	answers: number;
	difficult: number;
	diagnosed: number;
	corrected: number;
	setAside: number;
	replies: number;
	datasets: { name: string; method: BuildMethod; pairs: number; questions: number }[];
	jobs: never[] | { id: string; state: string }[];
	warnings: readonly string[];
}
