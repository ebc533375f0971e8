import type {
	CurationDecision,
	CurationItem,
	CurationStatus,
	ItemContent,
	ItemFilter,
	ItemFlag,
	ItemRow,
} from '../../curation/curation.ts';
import type { QuestionId } from '../../questions/question.ts';
import type { SkillRef } from '../../skills/skill.ts';

/** Verbs for queues of synthesized problems. */
export interface CurationWrites {
	/** Adds synthesized problems to a dataset's queue and replaces those already in it; decisions on them remain. */
	addItems: { params: { rows: readonly CurationItem[] }; result: { added: number; replaced: number } };
	/**
	 * Removes items from a rebuilt dataset's queue that the dataset no longer contains. Decisions on those items are
	 * stored and apply again if the items return.
	 */
	keepItems: { params: { dataset: string; questionIds: readonly QuestionId[] }; result: { removed: number } };
	/** Records several decisions, all or none. Unknown items are refused. */
	decideItems: { params: { rows: readonly CurationDecision[] }; result: { decided: number } };
	/**
	 * Records the same decision on at most 500 items, all or none; unknown items are refused. `decided` counts the
	 * items that the decision applies to; "withdrawn" skips items that have no decision to undo.
	 */
	decideAlike: {
		params: { dataset: string; questionIds: readonly QuestionId[] } & Pick<
			CurationDecision,
			'reason' | 'note' | 'author' | 'at'
		> & { verdict: 'accepted' | 'rejected' | 'withdrawn' };
		result: { decided: readonly QuestionId[] };
	};
}

/** Queries on queues of synthesized problems. */
export interface CurationReads {
	/**
	 * Returns a chunk of a queue in build order; `dataset: null` reads all queues. `total` ignores limit and offset.
	 */
	items: {
		params: { dataset: string | null; filter: ItemFilter; offset: number; limit: number };
		result: { total: number; rows: readonly ItemRow[] };
	};
	/** Returns one item in full. `decision` is the one in effect; `history` contains all decisions, oldest first. */
	item: {
		params: { dataset: string; questionId: QuestionId };
		result: {
			item: CurationItem;
			status: CurationStatus;
			decision: CurationDecision | null;
			history: readonly CurationDecision[];
		} | null;
	};
	/** Returns several items in full, in the requested order; unknown ones are omitted. At most 500 IDs. */
	itemsById: {
		params: { dataset: string; ids: readonly QuestionId[] };
		result: readonly {
			readonly item: CurationItem;
			readonly status: CurationStatus;
			readonly history: readonly CurationDecision[];
		}[];
	};
	/**
	 * Returns the IDs of a queue's items in build order, so that the list keeps its positions while statuses change.
	 */
	itemIds: { params: { dataset: string; filter: ItemFilter }; result: readonly QuestionId[] };
	/** Returns items as displayed in lists, in the requested order; unknown ones are omitted. At most 500 IDs. */
	itemRows: { params: { dataset: string; ids: readonly QuestionId[] }; result: readonly ItemRow[] };
	/** Returns the values by which a queue can be filtered, most frequent first. */
	itemFacets: {
		params: { dataset: string };
		result: {
			readonly skills: readonly (SkillRef & { readonly items: number })[];
			readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
		};
	};
	/**
	 * Returns the items, in build order, that are not rejected and contain the text in their current question or a
	 * solution.
	 */
	itemsHolding: { params: { dataset: string; text: string }; result: readonly QuestionId[] };
	/** Returns the counts of each queue, by dataset. */
	itemCounts: {
		params: Record<never, never>;
		result: readonly ({ readonly dataset: string; readonly flagged: number } & Readonly<
			Record<CurationStatus, number>
		>)[];
	};
	/** Returns the status of each item by ID, in chunks, for exports; `edit` is set if the item was edited. */
	itemVerdicts: {
		params: { dataset: string; after: QuestionId | null; limit: number };
		result: readonly {
			readonly questionId: QuestionId;
			readonly status: CurationStatus;
			readonly flagged: boolean;
			readonly edit: ItemContent | null;
		}[];
	};
}
