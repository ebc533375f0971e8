import type { Annotation, AnnotationEntry } from '../diagnosis/annotation.ts';
import type { Answer, AnswerDigest, Verdict } from '../questions/answer.ts';
import type {
	CurationDecision,
	CurationItem,
	CurationStatus,
	ItemContent,
	ItemFilter,
	ItemFlag,
	ItemRow,
} from '../curation/curation.ts';
import type { Correction, Diagnosis, MissingSkills } from '../diagnosis/diagnosis.ts';
import type { Question, QuestionId, Split } from '../questions/question.ts';
import type { BenchmarkEntry, EvaluationEntry } from '../rounds/evaluationEntry.ts';
import type { RoundEntry } from '../rounds/round.ts';
import type { LabelSource, SkillRef } from '../skills/skill.ts';
import type { SkillEdit, SkillEditEntry } from '../skills/skillEdits.ts';
import type { ReplyLog } from './teacher.ts';

/**
 * The project's memory, behind a closed list of verbs (writes) and queries (reads). Implemented in src/store.
 * A write is one durable transaction: when the promise resolves it survives kill -9; a rejected one left nothing.
 * Params are plain JSON: they are the journal's records.
 */
export interface Store extends ReplyLog {
	write<V extends Verb>(verb: V, params: Writes[V]['params']): Promise<Writes[V]['result']>;
	read<Q extends Query>(query: Q, params: Reads[Q]['params']): Promise<Reads[Q]['result']>;
	/** After each change, by this process or another one, with what changed. Coalesced; returns a way to stop. */
	onDidChange(listener: (topics: ReadonlySet<Topic>) => void): () => void;
	/** What was found wrong on opening (corrupt records set aside, segments cut), in words; empty when all is well. */
	readonly warnings: readonly string[];
	/** Absolute path of `.stat`. */
	readonly folder: string;
	close(): Promise<void>;
}

/** What can change, as views tell it apart. */
export const topics = [
	'questions',
	'skills',
	'answers',
	'classification',
	'diagnoses',
	'datasets',
	'settings',
	'setAside',
	'replies',
	'curation',
	'rounds',
	'evaluations',
] as const;
export type Topic = (typeof topics)[number];
export type Verb = keyof Writes;
export type Query = keyof Reads;

interface Scope {
	readonly student: string;
	readonly round: number;
}

export interface QuestionFields {
	readonly text: string;
	readonly subject?: string | undefined;
	readonly level?: number | undefined;
	readonly gold?: string | undefined;
	readonly solution?: string | undefined;
}

export interface Conflict {
	/** Index into the rows given. */
	readonly index: number;
	readonly field: 'subject' | 'level' | 'gold' | 'solution' | 'split' | 'answer';
	readonly kept: string;
	readonly offered: string;
}

export interface SetAsideRow {
	/** The operation: `import answers`, `diagnose`, `build sel-r1`… */
	readonly operation: string;
	/** Makes it one row however often it happens: a new one replaces the old. */
	readonly key: string;
	readonly file: string | null;
	readonly line: number | null;
	readonly field: string | null;
	readonly message: string;
	/** The reply's or line's text, at most 20,000 characters. */
	readonly text: string | null;
	readonly at: string;
}

export interface Writes {
	/**
	 * Skills without links; known ones are left alone. Names and subjects are kept and given back normalised
	 * (`solving_equations`), for questions' subjects too.
	 */
	addSkills: { params: { skills: readonly SkillRef[] }; result: { added: number } };
	/**
	 * Known questions gain what they lack (subject, level, gold, solution); a differing value is a conflict and the
	 * kept one stays.
	 * A question of a training split may not join an evaluation split or the other way round: refused, counted as a
	 * `split` conflict. validation and test are told apart the same way: the first stays. A refused question gains
	 * nothing. A missing benchmark is gained too, never a conflict. `ids` are parallel to `rows`; `duplicates`: known
	 * and nothing gained, with or without a conflict.
	 */
	addQuestions: {
		params: { split: Split; benchmark: string | null; source: string; rows: readonly QuestionFields[] };
		result: {
			ids: readonly QuestionId[];
			added: number;
			updated: number;
			duplicates: number;
			refused: number;
			conflicts: readonly Conflict[];
		};
	};
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
	 * Answers join their question by text; unknown questions join validation. A known (student, round, question,
	 * sample) with the same text is a duplicate, with another text a conflict (the first stays).
	 * Training questions take no answers: refused, a `split` conflict. `questions`, `updated`: questions added, or
	 * given a field they lacked; `duplicates`, `refused`: answers.
	 */
	addAnswers: {
		params: Scope & {
			source: string;
			benchmark: string | null;
			rows: readonly {
				readonly question: QuestionFields;
				readonly samples: readonly Pick<
					Answer,
					'sample' | 'text' | 'extracted' | 'verdict' | 'logVerdict' | 'stepScores' | 'steps'
				>[];
			}[];
		};
		result: {
			answers: number;
			questions: number;
			updated: number;
			duplicates: number;
			refused: number;
			conflicts: readonly Conflict[];
		};
	};
	/** Grades again, in place. */
	setVerdicts: {
		params: Scope & {
			rows: readonly {
				readonly questionId: QuestionId;
				readonly sample: number;
				readonly extracted: string | null;
				readonly verdict: Verdict;
			}[];
		};
		result: { changed: number };
	};
	/** Step scores that came later (from the host). */
	setStepScores: {
		params: Scope & {
			rows: readonly {
				readonly questionId: QuestionId;
				readonly sample: number;
				readonly stepScores: readonly number[];
				readonly steps: readonly (readonly [number, number])[];
			}[];
		};
		result: { changed: number };
	};
	/** Replaces the (student, round)'s classification. `null`: unclassified. */
	setClassification: {
		params: Scope & {
			method: string;
			settings: Readonly<Record<string, number | string | null>>;
			at: string;
			rows: readonly { readonly questionId: QuestionId; readonly difficult: boolean | null }[];
		};
		result: { difficult: number; unclassified: number };
	};
	/**
	 * One a (student, round, question); a later one replaces, corrections stay. Unknown questions are passed over and
	 * not counted.
	 */
	addDiagnoses: { params: { rows: readonly Diagnosis[] }; result: { added: number; replaced: number } };
	/**
	 * Kept with all earlier ones; the latest counts. `agreed` stands by `original`, also when a re-run says something
	 * else.
	 */
	addCorrection: { params: Correction; result: { id: number } };
	/**
	 * A person's mark on a stretch of an answer, and what becomes of it: kept with all earlier entries, the latest
	 * stands. Throws where the answer does not hold the quote.
	 */
	annotate: { params: AnnotationEntry; result: Record<never, never> };
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
	/**
	 * A second teacher's readings, apart from the diagnoses in force; one a (student, round, question, model), a later
	 * one replaces. Unknown questions are passed over.
	 */
	addVerdicts: { params: { rows: readonly Diagnosis[] }; result: { added: number } };
	setAside: { params: { rows: readonly SetAsideRow[] }; result: { added: number } };
	/**
	 * Forgets what an operation set aside, before it is run again or because it came right. `keys: null`: all of it.
	 */
	clearSetAside: { params: { operation: string; keys: readonly string[] | null }; result: { cleared: number } };
	/** Synthesized problems join a dataset's queue; a known one is replaced, people's decisions stay. */
	addItems: { params: { rows: readonly CurationItem[] }; result: { added: number; replaced: number } };
	/**
	 * A rebuilt dataset's queue holds only what it was built of; decisions on what left stay, and count again if it
	 * comes back.
	 */
	keepItems: { params: { dataset: string; questionIds: readonly QuestionId[] }; result: { removed: number } };
	/** A person's words, several at once, all or none. Unknown items are refused. */
	decideItems: { params: { rows: readonly CurationDecision[] }; result: { decided: number } };
	/**
	 * The same word on several items, at most 500, all or none; unknown items are refused. `decided`: those it was said
	 * of; "withdrawn" passes over what has no word to take back.
	 */
	decideAlike: {
		params: { dataset: string; questionIds: readonly QuestionId[] } & Pick<
			CurationDecision,
			'reason' | 'note' | 'author' | 'at'
		> & { verdict: 'accepted' | 'rejected' | 'withdrawn' };
		result: { decided: readonly QuestionId[] };
	};
	/**
	 * A benchmark's settings and its questions; a known one gains questions and takes the new settings. Unknown and
	 * training questions are passed over.
	 */
	setBenchmark: {
		params: { benchmark: BenchmarkEntry; questions: readonly QuestionId[] };
		result: { added: number };
	};
	/**
	 * An evaluation as it stands; `questions`: what was asked, by benchmark, or `null`: as before. A later one of the
	 * same id replaces.
	 */
	setEvaluation: {
		params: {
			evaluation: EvaluationEntry;
			questions: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[] | null;
		};
		result: Record<never, never>;
	};
	/**
	 * Where a round comes from. A known one is refused unless it is the same or `replace`; so is a round that would
	 * come from itself.
	 */
	setRound: { params: { round: RoundEntry; replace: boolean }; result: { changed: boolean } };
	/** Project settings: student template and the like. JSON values; never an endpoint, key, host or path. */
	setSetting: { params: { key: string; value: unknown }; result: Record<never, never> };
}

/** A question as lists show it. */
export interface QuestionRow {
	readonly id: QuestionId;
	/** The text's first 160 characters on one line. */
	readonly title: string;
	readonly split: Split;
	readonly subject: string | null;
	readonly level: number | null;
	readonly benchmark: string | null;
	/** Of the scope's answers: graded true, and all. */
	readonly right: number;
	readonly samples: number;
	readonly difficult: boolean | null;
	readonly diagnosed: boolean;
	readonly corrected: boolean;
	readonly disputed: boolean;
	/** Skills counted as missing. */
	readonly missing: number;
}

export interface QuestionFilter {
	readonly splits?: readonly Split[] | undefined;
	readonly subject?: string | null | undefined;
	readonly benchmark?: string | undefined;
	/** `null`: those without a level. */
	readonly level?: number | null | undefined;
	/** Questions whose effective missing skills hold this one. */
	readonly missingSkill?: SkillRef | undefined;
	/** Questions labelled with this one. */
	readonly labelledSkill?: SkillRef | undefined;
	readonly difficult?: boolean | undefined;
	readonly diagnosed?: boolean | undefined;
	readonly corrected?: boolean | undefined;
	readonly disputed?: boolean | undefined;
	/** Sample 0's verdict. */
	readonly verdict?: Verdict | undefined;
	readonly hasAnswers?: boolean | undefined;
	/** Substring of the text, case folded. */
	readonly text?: string | undefined;
}

export interface SkillRow extends SkillRef {
	/** Training questions labelled with it: |Skill-Map[s]|. */
	readonly train: number;
	/** Evaluation questions labelled with it. */
	readonly evaluation: number;
	/** Difficult validation questions whose answer misses it, in the scope, as in `missingSkills`; 0 without one. */
	readonly missed: number;
	readonly description: string | null;
}

/** What is said of one answer's missing skills besides the teacher's word, all by present names. */
export interface Opinions {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly diagnosis: Diagnosis | null;
	/** The one in force. */
	readonly correction: Correction | null;
	/** One a model, by its name. */
	readonly verdicts: readonly Diagnosis[];
}

export interface Reads {
	/** Totals over all students and rounds; `links` counts labels in force. `seq`: number of changes ever made. */
	status: {
		params: Record<never, never>;
		result: {
			questions: Record<Split, number>;
			skills: number;
			links: number;
			answers: number;
			difficult: number;
			diagnosed: number;
			corrected: number;
			replies: number;
			setAside: number;
			seq: number;
		};
	};
	/** By name; `lastStudent`/`lastRound`: the latest imported into. */
	students: {
		params: Record<never, never>;
		result: {
			students: readonly {
				readonly student: string;
				readonly rounds: readonly {
					readonly round: number;
					readonly questions: number;
					readonly answers: number;
					readonly samples: number;
				}[];
			}[];
			last: Scope | null;
		};
	};
	skills: { params: { scope: Scope | null }; result: readonly SkillRow[] };
	/** Ordered by subject, level, the text's first 80 characters, import. `total` ignores limit and offset. */
	questions: {
		params: { scope: Scope | null; filter: QuestionFilter; offset: number; limit: number };
		result: { total: number; rows: readonly QuestionRow[] };
	};
	/** Position of a question in the same order, or -1. */
	questionPosition: { params: { scope: Scope | null; filter: QuestionFilter; id: QuestionId }; result: number };
	/**
	 * Group sizes for a tree. `key`: subject, level or benchmark, `''` for none; for missingSkill `subject/name`, most
	 * missed first; for verdict `wrong`, `unsure`, `right`, the first sample's.
	 */
	questionGroups: {
		params: {
			scope: Scope | null;
			filter: QuestionFilter;
			by: 'subject' | 'level' | 'benchmark' | 'missingSkill' | 'verdict';
		};
		result: readonly { readonly key: string; readonly subject: string | null; readonly count: number }[];
	};
	question: {
		params: { id: QuestionId };
		result:
			| (Question & {
					readonly labels: readonly (SkillRef & { readonly source: LabelSource })[];
					readonly sources: readonly string[];
			  })
			| null;
	};
	/** Full questions by id, in the order asked; unknown ids are left out. At most 2,000. */
	questionsById: { params: { ids: readonly QuestionId[] }; result: readonly Question[] };
	/** All of a split, in a stable order (id), a page at a time. */
	questionsOfSplit: {
		params: { split: Split; after: QuestionId | null; limit: number };
		result: readonly Question[];
	};
	/** Samples of one question with text. */
	answers: { params: Scope & { questionId: QuestionId }; result: readonly Answer[] };
	/** For rules: every question with answers in the scope, by id; evaluation splits only. `gold`: does it have one. */
	digests: {
		params: Scope & { after: QuestionId | null; limit: number };
		result: readonly (AnswerDigest & { readonly gold: string | null; readonly split: Split })[];
	};
	classification: {
		params: Scope;
		result: {
			method: string;
			settings: Readonly<Record<string, number | string | null>>;
			at: string;
			difficult: readonly QuestionId[];
			unclassified: readonly QuestionId[];
			easy: number;
		} | null;
	};
	diagnosis: {
		params: Scope & { questionId: QuestionId };
		result: { diagnosis: Diagnosis | null; correction: Correction | null; history: readonly Correction[] };
	};
	/** Annotations of these questions' answers, dismissed ones too, in the order asked and made. At most 2,000 ids. */
	annotations: { params: Scope & { ids: readonly QuestionId[] }; result: readonly Annotation[] };
	/** Ids of the scope's questions that have a diagnosis. */
	diagnosedIds: { params: Scope; result: readonly QuestionId[] };
	/**
	 * What counts, for questions classified difficult (validation split; test is reported on, not profiled), ordered by
	 * id.
	 */
	missingSkills: {
		params: Scope & {
			/** Also of questions that are not difficult by the rule in force. */ readonly everyDiagnosed?:
				boolean | undefined;
		};
		result: readonly MissingSkills[];
	};
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
	/** The teacher's diagnoses of a scope, by question, a page at a time; by present names. */
	diagnoses: { params: Scope & { after: QuestionId | null; limit: number }; result: readonly Diagnosis[] };
	/** Questions of the scope a jury read or a person corrected, by id; or one of them. */
	opinions: { params: Scope & { questionId?: QuestionId | undefined }; result: readonly Opinions[] };
	setAside: {
		params: { operation: string | null; offset: number; limit: number };
		result: { total: number; rows: readonly SetAsideRow[] };
	};
	/** How many rows each operation set aside, by name. */
	setAsideOperations: {
		params: Record<never, never>;
		result: readonly { readonly operation: string; readonly count: number }[];
	};
	/** A queue's page, in the order of building; `dataset: null`: all queues. `total` ignores limit and offset. */
	items: {
		params: { dataset: string | null; filter: ItemFilter; offset: number; limit: number };
		result: { total: number; rows: readonly ItemRow[] };
	};
	/** One item whole; `decision`: the one in force, `history`: all of them, oldest first. */
	item: {
		params: { dataset: string; questionId: QuestionId };
		result: {
			item: CurationItem;
			status: CurationStatus;
			decision: CurationDecision | null;
			history: readonly CurationDecision[];
		} | null;
	};
	/** Several items whole, in the order asked; unknown ones are left out. At most 500 ids. */
	itemsById: {
		params: { dataset: string; ids: readonly QuestionId[] };
		result: readonly {
			readonly item: CurationItem;
			readonly status: CurationStatus;
			readonly history: readonly CurationDecision[];
		}[];
	};
	/** Ids of a queue's items, in the order of building: a list that keeps its places while statuses change. */
	itemIds: { params: { dataset: string; filter: ItemFilter }; result: readonly QuestionId[] };
	/** Items as lists show them, in the order asked; unknown ones are left out. At most 500 ids. */
	itemRows: { params: { dataset: string; ids: readonly QuestionId[] }; result: readonly ItemRow[] };
	/** What a queue can be filtered by, the most frequent first. */
	itemFacets: {
		params: { dataset: string };
		result: {
			readonly skills: readonly (SkillRef & { readonly items: number })[];
			readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
		};
	};
	/**
	 * Items that are not rejected and hold the text in the question or a solution that counts now, in the order of
	 * building.
	 */
	itemsHolding: { params: { dataset: string; text: string }; result: readonly QuestionId[] };
	/** How each queue stands, by dataset. */
	itemCounts: {
		params: Record<never, never>;
		result: readonly ({ readonly dataset: string; readonly flagged: number } & Readonly<
			Record<CurationStatus, number>
		>)[];
	};
	/** For exports: what became of each item, by id, a page at a time; `edit` where it was edited. */
	itemVerdicts: {
		params: { dataset: string; after: QuestionId | null; limit: number };
		result: readonly {
			readonly questionId: QuestionId;
			readonly status: CurationStatus;
			readonly flagged: boolean;
			readonly edit: ItemContent | null;
		}[];
	};
	/** Rounds somebody said the origin of, by student and number. */
	rounds: { params: Record<never, never>; result: readonly RoundEntry[] };
	/**
	 * How each evaluation question with answers came out in a round, by id, a page at a time. `sure`: answers with a
	 * verdict of true or false; `first`: sample 0's verdict.
	 */
	scores: {
		params: Scope & { after: QuestionId | null; limit: number };
		result: readonly {
			readonly questionId: QuestionId;
			readonly split: Split;
			readonly subject: string | null;
			readonly level: number | null;
			readonly benchmark: string | null;
			readonly right: number;
			readonly sure: number;
			readonly samples: number;
			readonly first: Verdict;
		}[];
	};
	/** Benchmarks with their settings, by name, and how many of their questions each split has. */
	benchmarkEntries: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: BenchmarkEntry; readonly questions: Readonly<Record<Split, number>> }[];
	};
	/**
	 * Evaluation questions that belong to a benchmark, by {@link Writes.setBenchmark} or by the name they were imported
	 * under; by id.
	 */
	benchmarkQuestions: {
		params: { name: string };
		result: readonly { readonly id: QuestionId; readonly split: Split; readonly gold: string | null }[];
	};
	/** Latest first; `scope: null`: everybody's. */
	evaluations: { params: { scope: Scope | null }; result: readonly EvaluationEntry[] };
	/** What an evaluation asked. */
	evaluationQuestions: {
		params: { id: string };
		result: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[];
	};
	setting: { params: { key: string }; result: unknown };
	subjects: {
		params: Record<never, never>;
		result: readonly { readonly subject: string; readonly train: number; readonly evaluation: number }[];
	};
	benchmarks: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: string; readonly questions: number }[];
	};
}
