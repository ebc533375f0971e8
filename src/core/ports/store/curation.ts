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
}

/** Queries on queues of synthesized problems. */
export interface CurationReads {
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
}
