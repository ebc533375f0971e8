import type { QuestionId } from '../questions/question.ts';
import { randomStream } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SynthesisTarget } from '../datasets/synthesis.ts';

/**
 * The state of an item: waiting, or the reviewer's latest decision. `edited` counts as accepted, with the edited
 * content.
 */
export type CurationStatus = 'waiting' | 'accepted' | 'edited' | 'rejected';
export const curationStatuses: readonly CurationStatus[] = ['waiting', 'accepted', 'edited', 'rejected'];

/** Reasons for rejection, in the order in which they are offered. */
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
 * What a filter found. `copy`: near-verbatim; `twin`: the same template with different numbers; `passage`: shares a run
 * of 13 words. `with` is the question it resembles. `score` is the Jaccard similarity in [0, 1] or the number of shared
 * words.
 */
export interface ItemFlag {
	readonly kind: (typeof itemFlagKinds)[number];
	readonly with: QuestionId | null;
	readonly score: number | null;
}

/** One of the teacher's solutions to a new question. */
export interface ItemSolution {
	/** Index of the requested solution, from 0. */
	readonly sample: number;
	readonly text: string;
	/** The solution's final answer; `null` if none was found. */
	readonly answer: string | null;
	/** Whether the solution is in the group of agreeing solutions. Only those are trained on. */
	readonly agrees: boolean;
	readonly replyKey: string | null;
}

/** A synthesized problem in a dataset's curation queue, one per (dataset, questionId). Curation never changes it. */
export interface CurationItem {
	readonly dataset: string;
	/** ID of the question as first written; an edit does not change it. */
	readonly questionId: QuestionId;
	readonly question: string;
	readonly subject: string | null;
	readonly skill: SkillRef | null;
	/** The difficult question that this item was written for. */
	readonly forQuestion: QuestionId | null;
	/** The reference questions shown to the teacher (from the training split). */
	readonly references: readonly QuestionId[];
	readonly solutions: readonly ItemSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
	readonly flags: readonly ItemFlag[];
	/** Key of the reply that proposed the question, and the model that sent it. */
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
	 * Final answers of the solutions as graded when the content was written (`null`: none found), and how many of them
	 * are equal. Set only if a reviewer wrote the content.
	 */
	readonly answers?: readonly (string | null)[] | undefined;
	readonly agree?: number | undefined;
	/**
	 * What the dataset's filters found when the content was written. Set only if a reviewer wrote it; otherwise the
	 * original's flags apply.
	 */
	readonly flags?: readonly ItemFlag[] | undefined;
}

/**
 * A replacement that the teacher wrote from a reviewer's hint. It takes the place of the original, which the item still
 * contains.
 */
export interface Remade extends Pick<
	CurationItem,
	'question' | 'solutions' | 'references' | 'agreement' | 'flags' | 'replyKey' | 'model' | 'promptVersion' | 'at'
> {
	readonly hint: string;
}

/**
 * A reviewer's decision on an item. All decisions are stored and the latest one applies; `withdrawn` undoes the
 * decision before it.
 */
export interface CurationDecision {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/**
	 * `regenerated`: the teacher wrote another question, which again waits for a decision. `repaired`: changed by a
	 * bulk repair without a review; an item without an earlier decision keeps waiting.
	 */
	readonly verdict: 'accepted' | 'edited' | 'repaired' | 'rejected' | 'regenerated' | 'withdrawn';
	/** Set only for `rejected`. */
	readonly reason: RejectReason | null;
	readonly note: string | null;
	/**
	 * `before` is the content at the time of the decision. `after` is the new content for `edited`, `repaired` and
	 * `regenerated`.
	 */
	readonly before: ItemContent;
	readonly after: ItemContent | null;
	/** Set only for `regenerated`. */
	readonly made?: Remade | undefined;
	readonly author: string;
	readonly at: string;
}

/** An item as displayed in lists. */
export interface ItemRow {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/** The question's first 160 characters on one line. */
	readonly title: string;
	readonly skill: SkillRef | null;
	readonly status: CurationStatus;
	readonly agreement: { readonly agree: number; readonly of: number };
	/** The kinds of its flags, without duplicates. */
	readonly flags: readonly ItemFlag['kind'][];
}

export interface ItemFilter {
	readonly status?: CurationStatus | undefined;
	readonly flagged?: boolean | undefined;
	readonly flag?: ItemFlag['kind'] | undefined;
	readonly skill?: SkillRef | undefined;
	/** Substring to find in the current question, case-insensitive. */
	readonly text?: string | undefined;
}

/** Which items must be decided before a dataset's synthesized rows are exported. Rejected rows are never exported. */
export type CurationDemand = 'none' | 'flagged' | 'sample' | 'all';
export const curationDemands: readonly CurationDemand[] = ['none', 'flagged', 'sample', 'all'];
/** For `sample`: one item in ten, chosen by its id. */
const sampledShare = 0.1;

/** Returns the key of the project setting that stores a dataset's demand. */
export function demandKey(dataset: string): string {
	return `curation/${dataset}`;
}

/** Reads a stored demand; anything invalid means `none`. */
export function demandOf(setting: unknown): CurationDemand {
	return curationDemands.find((demand) => demand === setting) ?? 'none';
}

/** Whether the demand requires a decision on an item before it is exported. */
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
 * Whether an item is exported. Accepted and edited items are exported, rejected ones are not, and waiting ones are
 * exported unless the dataset requires a decision on them (see {@link CurationDemand}).
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

/** Returns an item's original content: the question and its agreeing solutions. */
export function contentOf(item: Pick<CurationItem, 'question' | 'solutions'>): ItemContent {
	return {
		question: item.question,
		solutions: item.solutions.filter(({ agrees }) => agrees).map(({ text }) => text),
	};
}

/** Returns the decisions in effect, oldest first: each `withdrawn` cancels the decision before it. */
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

/** Whether a reviewer wrote the item's current content. A regeneration replaces an edit. */
export function isEdited(history: readonly CurationDecision[]): boolean {
	const verdict = decisionsInForce(history).findLast(({ after }) => after !== null)?.verdict;
	return verdict === 'edited' || verdict === 'repaired';
}

/**
 * Returns the status that results from the decisions in effect. An edited item stays edited when it is accepted, a
 * regenerated one waits, and a bulk repair does not count as a review.
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

/** Returns the item as the teacher last wrote it: a regeneration replaces the original. */
export function itemInForce<Item extends Omit<Remade, 'hint'>>(item: Item, history: readonly CurationDecision[]): Item {
	const made = decisionsInForce(history).findLast(({ verdict }) => verdict === 'regenerated')?.made;
	if (!made) {
		return item;
	}
	const { question, solutions, references, agreement, flags, replyKey, model, promptVersion, at } = made;
	return { ...item, question, solutions, references, agreement, flags, replyKey, model, promptVersion, at };
}

/** Returns the current content: the latest edit or regeneration in effect, otherwise the original. */
export function contentInForce(
	item: Pick<CurationItem, 'question' | 'solutions'>,
	history: readonly CurationDecision[],
): ItemContent {
	return decisionsInForce(history).findLast(({ after }) => after !== null)?.after ?? contentOf(item);
}

/** Returns what the filters found in the current content. */
export function flagsInForce(item: CurationItem, history: readonly CurationDecision[]): readonly ItemFlag[] {
	return contentInForce(item, history).flags ?? itemInForce(item, history).flags;
}

/** Whether two items have the same content. The grades stored with them are ignored. */
export function isSameContent(left: ItemContent, right: ItemContent): boolean {
	return (
		left.question === right.question &&
		left.solutions.length === right.solutions.length &&
		left.solutions.every((solution, index) => solution === right.solutions[index])
	);
}

/** A new question that has passed every stage. */
export interface SynthesizedQuestion extends Omit<CurationItem, 'dataset'> {
	readonly target: SynthesisTarget;
	readonly proposalVersion: string;
}
