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

/** Verbs on queues of synthesized problems. */
export interface CurationWrites {
	/** Adds synthesized problems to a dataset's queue, replacing known ones; people's decisions remain. */
	addItems: { params: { rows: readonly CurationItem[] }; result: { added: number; replaced: number } };
	/**
	 * Removes from a rebuilt dataset's queue what it no longer contains; decisions on those items are stored and count
	 * again if they return.
	 */
	keepItems: { params: { dataset: string; questionIds: readonly QuestionId[] }; result: { removed: number } };
	/** Records several decisions, all or none. Unknown items are refused. */
	decideItems: { params: { rows: readonly CurationDecision[] }; result: { decided: number } };
	/**
	 * Records the same decision on at most 500 items, all or none; unknown items are refused. `decided`: the items it
	 * applies to; "withdrawn" skips items without a decision to undo.
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
	/** A chunk of a queue, in the order of building; `dataset: null`: all queues. `total` ignores limit and offset. */
	items: {
		params: { dataset: string | null; filter: ItemFilter; offset: number; limit: number };
		result: { total: number; rows: readonly ItemRow[] };
	};
	/** One item in full; `decision`: the one in effect; `history`: all of them, oldest first. */
	item: {
		params: { dataset: string; questionId: QuestionId };
		result: {
			item: CurationItem;
			status: CurationStatus;
			decision: CurationDecision | null;
			history: readonly CurationDecision[];
		} | null;
	};
	/** Several items in full, in the requested order; unknown ones are omitted. At most 500 ids. */
	itemsById: {
		params: { dataset: string; ids: readonly QuestionId[] };
		result: readonly {
			readonly item: CurationItem;
			readonly status: CurationStatus;
			readonly history: readonly CurationDecision[];
		}[];
	};
	/** Ids of a queue's items in the order of building: the list keeps its positions while statuses change. */
	itemIds: { params: { dataset: string; filter: ItemFilter }; result: readonly QuestionId[] };
	/** Items as lists show them, in the requested order; unknown ones are omitted. At most 500 ids. */
	itemRows: { params: { dataset: string; ids: readonly QuestionId[] }; result: readonly ItemRow[] };
	/** The values by which a queue can be filtered, the most frequent first. */
	itemFacets: {
		params: { dataset: string };
		result: {
			readonly skills: readonly (SkillRef & { readonly items: number })[];
			readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
		};
	};
	/**
	 * Items that are not rejected and contain the text in their current question or a solution, in the order of
	 * building.
	 */
	itemsHolding: { params: { dataset: string; text: string }; result: readonly QuestionId[] };
	/** The counts of each queue, by dataset. */
	itemCounts: {
		params: Record<never, never>;
		result: readonly ({ readonly dataset: string; readonly flagged: number } & Readonly<
			Record<CurationStatus, number>
		>)[];
	};
	/** For exports: the status of each item, by id, in chunks; `edit` if it was edited. */
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
