import type { QuestionId } from '../questions/question.ts';
import { randomStream } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SynthesisTarget } from '../datasets/synthesis.ts';

/** The state of an item: waiting, or a person's latest decision. `edited` counts as accepted, in its edited form. */
export type CurationStatus = 'waiting' | 'accepted' | 'edited' | 'rejected';
export const curationStatuses: readonly CurationStatus[] = ['waiting', 'accepted', 'edited', 'rejected'];

/** Reasons for rejection, in the order of the panel's digit keys. */
export const rejectReasons = [
	'wrong-solution',
	'unclear',
	'copy',
	'leak',
	'figure-needed',
	'skill-not-used',
	'too-easy',
	'too-hard',
	'other',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

export const itemFlagKinds = [
	'copy',
	'twin',
	'leak-copy',
	'leak-twin',
	'leak-passage',
	'figure-needed',
	'unsolvable',
	'skill-not-used',
	'answer-unsure',
] as const;

/**
 * What a filter found. `copy`: near-verbatim; `twin`: the same template with other numbers; `passage`: shares a run of
 * 13 words. `with`: the question it resembles; `score`: Jaccard similarity in [0, 1], or the number of shared words.
 */
export interface ItemFlag {
	readonly kind: (typeof itemFlagKinds)[number];
	readonly with: QuestionId | null;
	readonly score: number | null;
}

/** One of the teacher's solutions to a new question. */
export interface ItemSolution {
	/** Which of the requested solutions, from 0. */
	readonly sample: number;
	readonly text: string;
	/** Its final answer; `null`: none found. */
	readonly answer: string | null;
	/** In the group of agreeing solutions, the only ones that are trained on. */
	readonly agrees: boolean;
	readonly replyKey: string | null;
}

/** A synthesized problem in a dataset's curation queue, one per (dataset, questionId). Curation never changes it. */
export interface CurationItem {
	readonly dataset: string;
	/** Id of the question as it was written; it remains the item's id after an edit. */
	readonly questionId: QuestionId;
	readonly question: string;
	readonly subject: string | null;
	readonly skill: SkillRef | null;
	/** The difficult question it was written for. */
	readonly forQuestion: QuestionId | null;
	/** The references the teacher was shown (training split). */
	readonly references: readonly QuestionId[];
	readonly solutions: readonly ItemSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
	readonly flags: readonly ItemFlag[];
	/** The proposal's reply and its model. */
	readonly replyKey: string | null;
	readonly model: string;
	readonly promptVersion: string;
	/** ISO 8601. */
	readonly at: string;
}

/** What an item trains with: its question and its accepted solutions. */
export interface ItemContent {
	readonly question: string;
	readonly solutions: readonly string[];
	/**
	 * Set if a person wrote it: the solutions' final answers as graded then (`null`: none found), and how many of them
	 * are equal.
	 */
	readonly answers?: readonly (string | null)[] | undefined;
	readonly agree?: number | undefined;
	/** Set if a person wrote it: what the dataset's filters found then. Otherwise the flags of the original apply. */
	readonly flags?: readonly ItemFlag[] | undefined;
}

/** What the teacher wrote as a replacement, on a person's hint. It replaces the original, which stays in the item. */
export interface Remade extends Pick<
	CurationItem,
	'question' | 'solutions' | 'references' | 'agreement' | 'flags' | 'replyKey' | 'model' | 'promptVersion' | 'at'
> {
	readonly hint: string;
}

/**
 * A person's decision on an item. All decisions are stored and the latest applies; `withdrawn` undoes the one before
 * it.
 */
export interface CurationDecision {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/**
	 * `regenerated`: the teacher wrote another question, which waits for a decision in turn. `repaired`: changed by a
	 * bulk repair without a review; an item without an earlier decision remains waiting.
	 */
	readonly verdict: 'accepted' | 'edited' | 'repaired' | 'rejected' | 'regenerated' | 'withdrawn';
	/** Only for `rejected`. */
	readonly reason: RejectReason | null;
	readonly note: string | null;
	/** The content at the time of the decision; for `edited`, `repaired` and `regenerated`, the new content. */
	readonly before: ItemContent;
	readonly after: ItemContent | null;
	/** Only for `regenerated`. */
	readonly made?: Remade | undefined;
	readonly author: string;
	readonly at: string;
}

/** An item as lists show it. */
export interface ItemRow {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/** The question's first 160 characters on one line. */
	readonly title: string;
	readonly skill: SkillRef | null;
	readonly status: CurationStatus;
	readonly agreement: { readonly agree: number; readonly of: number };
	/** Kinds of its flags, without repeats. */
	readonly flags: readonly ItemFlag['kind'][];
}

export interface ItemFilter {
	readonly status?: CurationStatus | undefined;
	readonly flagged?: boolean | undefined;
	readonly flag?: ItemFlag['kind'] | undefined;
	readonly skill?: SkillRef | undefined;
	/** Substring of the current question, ignoring case. */
	readonly text?: string | undefined;
}

/** Which items must be decided before a dataset's synthesized rows are exported. Rejected rows are never exported. */
export type CurationDemand = 'none' | 'flagged' | 'sample' | 'all';
export const curationDemands: readonly CurationDemand[] = ['none', 'flagged', 'sample', 'all'];
/** For `sample`: one item in ten, chosen by its id. */
const sampledShare = 0.1;

/** The key of the project setting that holds a dataset's demand. */
export function demandKey(dataset: string): string {
	return `curation/${dataset}`;
}

/** Reads a stored demand; anything invalid is `none`. */
export function demandOf(setting: unknown): CurationDemand {
	return curationDemands.find((demand) => demand === setting) ?? 'none';
}

/** Whether the demand covers an item. */
export function isDemanded(
	demand: CurationDemand,
	item: { readonly questionId: QuestionId; readonly flagged: boolean },
): boolean {
	return (
		demand === 'all' ||
		(demand === 'flagged' && item.flagged) ||
		(demand === 'sample' && randomStream(0, 'curation sample', item.questionId).int(1000) < sampledShare * 1000)
	);
}

/**
 * Whether an item is exported: accepted and edited ones are, rejected ones are not, waiting ones are unless the demand
 * covers them.
 */
export function isExported(
	demand: CurationDemand,
	item: { readonly questionId: QuestionId; readonly flagged: boolean; readonly status: CurationStatus },
): boolean {
	return (
		item.status === 'accepted' ||
		item.status === 'edited' ||
		(item.status === 'waiting' && !isDemanded(demand, item))
	);
}

/** An item's original content: the question and its agreeing solutions. */
export function contentOf(item: Pick<CurationItem, 'question' | 'solutions'>): ItemContent {
	return {
		question: item.question,
		solutions: item.solutions.filter(({ agrees }) => agrees).map(({ text }) => text),
	};
}

/** Decisions in effect, oldest first: `withdrawn` removes the one before it. */
export function decisionsInForce(history: readonly CurationDecision[]): CurationDecision[] {
	const standing: CurationDecision[] = [];
	for (const decision of history) {
		if (decision.verdict === 'withdrawn') {
			standing.pop();
		} else {
			standing.push(decision);
		}
	}
	return standing;
}

/** Whether an item's current content was written by a person. A regeneration replaces an edit. */
export function isEdited(history: readonly CurationDecision[]): boolean {
	const verdict = decisionsInForce(history).findLast(({ after }) => after !== null)?.verdict;
	return verdict === 'edited' || verdict === 'repaired';
}

/**
 * The status after the decisions in effect: accepting an edited item leaves it edited, a regenerated one waits, and a
 * bulk repair is not a review.
 */
export function statusOf(history: readonly CurationDecision[]): CurationStatus {
	const looked = decisionsInForce(history).findLast(({ verdict }) => verdict !== 'repaired')?.verdict;
	if (looked === 'rejected') {
		return 'rejected';
	}
	if (looked === 'accepted' || looked === 'edited') {
		return isEdited(history) ? 'edited' : 'accepted';
	}
	return 'waiting';
}

/** The item as the teacher last wrote it: a regeneration replaces the original. */
export function itemInForce<Item extends Omit<Remade, 'hint'>>(item: Item, history: readonly CurationDecision[]): Item {
	const made = decisionsInForce(history).findLast(({ verdict }) => verdict === 'regenerated')?.made;
	if (!made) {
		return item;
	}
	const { question, solutions, references, agreement, flags, replyKey, model, promptVersion, at } = made;
	return { ...item, question, solutions, references, agreement, flags, replyKey, model, promptVersion, at };
}

/** The current content: the latest edit or regeneration in effect, else the original. */
export function contentInForce(
	item: Pick<CurationItem, 'question' | 'solutions'>,
	history: readonly CurationDecision[],
): ItemContent {
	return decisionsInForce(history).findLast(({ after }) => after !== null)?.after ?? contentOf(item);
}

/** The filters' findings on the current content. */
export function flagsInForce(item: CurationItem, history: readonly CurationDecision[]): readonly ItemFlag[] {
	return contentInForce(item, history).flags ?? itemInForce(item, history).flags;
}

/** Whether two contents are equal. Grades stored beside them are not compared. */
export function isSameContent(left: ItemContent, right: ItemContent): boolean {
	return (
		left.question === right.question &&
		left.solutions.length === right.solutions.length &&
		left.solutions.every((solution, index) => solution === right.solutions[index])
	);
}

/** A new question that passed every stage. */
export interface SynthesizedQuestion extends Omit<CurationItem, 'dataset'> {
	readonly target: SynthesisTarget;
	readonly proposalVersion: string;
}
