import type { QuestionId } from '../questions/question.ts';
import { randomStream } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SynthesisTarget } from '../datasets/synthesis.ts';

/**
 * Where an item stands: nobody looked yet, or a person's latest word on it. `edited` counts as accepted, in the edited
 * form.
 */
export type CurationStatus = 'waiting' | 'accepted' | 'edited' | 'rejected';
export const curationStatuses: readonly CurationStatus[] = ['waiting', 'accepted', 'edited', 'rejected'];

/** Why a person rejects; the digits of the panel pick them in this order. */
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

/**
 * Something a filter noticed. `copy`: near-verbatim; `twin`: the same template with other numbers; `passage`: shares a
 * run of
 * 13 words. `with`: the question it resembles; `score`: Jaccard similarity in [0, 1], or the words shared.
 */
export interface ItemFlag {
	readonly kind:
		| 'copy'
		| 'twin'
		| 'leak-copy'
		| 'leak-twin'
		| 'leak-passage'
		| 'figure-needed'
		| 'unsolvable'
		| 'skill-not-used'
		| 'answer-unsure';
	readonly with: QuestionId | null;
	readonly score: number | null;
}

/** One of the teacher's solutions to a new question. */
export interface ItemSolution {
	/** Which of the solutions asked for, from 0. */
	readonly sample: number;
	readonly text: string;
	/** Its final answer; `null`: none found. */
	readonly answer: string | null;
	/** In the group of agreeing solutions, which are the ones trained on. */
	readonly agrees: boolean;
	readonly replyKey: string | null;
}

/**
 * A synthesized problem in a dataset's curation queue. One per (dataset, questionId); what was made, never changed by
 * curation.
 */
export interface CurationItem {
	readonly dataset: string;
	/** Of the question as it was made; an edited one keeps it as the item's name. */
	readonly questionId: QuestionId;
	readonly question: string;
	readonly subject: string | null;
	readonly skill: SkillRef | null;
	/** The difficult question it was made for. */
	readonly forQuestion: QuestionId | null;
	/** The questions the teacher was shown (training split). */
	readonly references: readonly QuestionId[];
	readonly solutions: readonly ItemSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
	readonly flags: readonly ItemFlag[];
	/** The proposal's reply and who made it. */
	readonly replyKey: string | null;
	readonly model: string;
	readonly promptVersion: string;
	/** ISO 8601. */
	readonly at: string;
}

/** What an item trains with: its question and the solutions kept. */
export interface ItemContent {
	readonly question: string;
	readonly solutions: readonly string[];
	/**
	 * Written by a person: the solutions' final answers as graded then (`null`: none found), and how many of them are
	 * the same.
	 */
	readonly answers?: readonly (string | null)[] | undefined;
	readonly agree?: number | undefined;
	/**
	 * Written by a person: what the dataset's filters said of it then. Without, what was noticed when it was made
	 * holds.
	 */
	readonly flags?: readonly ItemFlag[] | undefined;
}

/**
 * What the teacher made anew for an item, on a person's hint. Takes the place of what was made first; that stays in the
 * item.
 */
export interface Remade extends Pick<
	CurationItem,
	'question' | 'solutions' | 'references' | 'agreement' | 'flags' | 'replyKey' | 'model' | 'promptVersion' | 'at'
> {
	readonly hint: string;
}

/**
 * A person's word on an item. Kept with all earlier ones; the latest counts, `withdrawn` takes the one before it back
 * (undo).
 */
export interface CurationDecision {
	readonly dataset: string;
	readonly questionId: QuestionId;
	/**
	 * `regenerated`: the teacher was asked for another question, which waits for a word in its turn. `repaired`:
	 * changed together with all that match, without a look at this one: if nobody had looked at it before, it goes on
	 * waiting.
	 */
	readonly verdict: 'accepted' | 'edited' | 'repaired' | 'rejected' | 'regenerated' | 'withdrawn';
	/** With `rejected`. */
	readonly reason: RejectReason | null;
	readonly note: string | null;
	/** What counted when it was decided, and with `edited`, `repaired` and `regenerated` what counts now. */
	readonly before: ItemContent;
	readonly after: ItemContent | null;
	/** With `regenerated` alone. */
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
	/** Kinds of flags, without repeats. */
	readonly flags: readonly ItemFlag['kind'][];
}

export interface ItemFilter {
	readonly status?: CurationStatus | undefined;
	readonly flagged?: boolean | undefined;
	readonly flag?: ItemFlag['kind'] | undefined;
	readonly skill?: SkillRef | undefined;
	/** Substring of the question as it stands, case folded. */
	readonly text?: string | undefined;
}

/** What must have been looked at before a dataset's synthesized rows are exported. Rejected rows never are. */
export type CurationDemand = 'none' | 'flagged' | 'sample' | 'all';
export const curationDemands: readonly CurationDemand[] = ['none', 'flagged', 'sample', 'all'];
/** With `sample`: one item in ten, chosen by its id. */
const sampledShare = 0.1;

/** The project setting that holds a dataset's demand. */
export function demandKey(dataset: string): string {
	return `curation/${dataset}`;
}

/** A stored demand; anything else is `none`. */
export function demandOf(setting: unknown): CurationDemand {
	return curationDemands.find((demand) => demand === setting) ?? 'none';
}

/** Is an item one of those the demand wants looked at? */
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
 * Does an item go into the export? Accepted and edited ones do, rejected ones do not, waiting ones unless they are
 * demanded.
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

/** What an item trains with before anyone touched it: the question and the solutions that agree. */
export function contentOf(item: Pick<CurationItem, 'question' | 'solutions'>): ItemContent {
	return {
		question: item.question,
		solutions: item.solutions.filter(({ agrees }) => agrees).map(({ text }) => text),
	};
}

/** The words that stand, oldest first: `withdrawn` takes back the one before it. */
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

/** Does an item stand as a person worded it? A regeneration takes the place of an edit. */
export function isEdited(history: readonly CurationDecision[]): boolean {
	const verdict = decisionsInForce(history).findLast(({ after }) => after !== null)?.verdict;
	return verdict === 'edited' || verdict === 'repaired';
}

/**
 * Where the words that stand leave an item: accepting an edited item leaves it edited; a regenerated one waits; a
 * repair in many is no look.
 */
export function statusOf(history: readonly CurationDecision[]): CurationStatus {
	const looked = decisionsInForce(history).findLast(({ verdict }) => verdict !== 'repaired')?.verdict;
	if (looked === 'rejected') {
		return 'rejected';
	}
	return looked === 'accepted' || looked === 'edited' ? (isEdited(history) ? 'edited' : 'accepted') : 'waiting';
}

/** The item as the teacher last made it: regenerating takes the place of what was made first. */
export function itemInForce<Item extends Omit<Remade, 'hint'>>(item: Item, history: readonly CurationDecision[]): Item {
	const made = decisionsInForce(history).findLast(({ verdict }) => verdict === 'regenerated')?.made;
	if (!made) {
		return item;
	}
	const { question, solutions, references, agreement, flags, replyKey, model, promptVersion, at } = made;
	return { ...item, question, solutions, references, agreement, flags, replyKey, model, promptVersion, at };
}

/** What counts now: the latest edit or regeneration that stands, else what was made. */
export function contentInForce(
	item: Pick<CurationItem, 'question' | 'solutions'>,
	history: readonly CurationDecision[],
): ItemContent {
	return decisionsInForce(history).findLast(({ after }) => after !== null)?.after ?? contentOf(item);
}

/** What filters say of what counts now. */
export function flagsInForce(item: CurationItem, history: readonly CurationDecision[]): readonly ItemFlag[] {
	return contentInForce(item, history).flags ?? itemInForce(item, history).flags;
}

/** Do two contents say the same? What was graded beside them is not compared. */
export function isSameContent(left: ItemContent, right: ItemContent): boolean {
	return (
		left.question === right.question &&
		left.solutions.length === right.solutions.length &&
		left.solutions.every((solution, index) => solution === right.solutions[index])
	);
}

/** A new question that came through, whole. */
export interface SynthesizedQuestion extends Omit<CurationItem, 'dataset'> {
	readonly target: SynthesisTarget;
	readonly proposalVersion: string;
}
