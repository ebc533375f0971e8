import type {
	CurationDecision,
	CurationDemand,
	CurationStatus,
	ItemFilter,
	ItemFlag,
	ItemRow,
	RejectReason,
} from '../../src/core/curation/curation.ts';
import type { QuestionId } from '../../src/core/questions/question.ts';
import type { Repair } from '../../src/core/curation/repair.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';

/** All messages between the curation panel and the extension. Types and constants only: both ends import it. */
export const toPage = {
	queue: 'queue',
	rows: 'rows',
	item: 'item',
	preview: 'preview',
	repair: 'repair',
	saved: 'saved',
	notice: 'notice',
} as const;
export const toHost = {
	ready: 'ready',
	filter: 'filter',
	rows: 'rows',
	show: 'show',
	decide: 'decide',
	undo: 'undo',
	edit: 'edit',
	regenerate: 'regenerate',
	repair: 'repair',
	openQuestion: 'openQuestion',
	demand: 'demand',
} as const;

/**
 * A dataset's queue with a filter. The list keeps its positions while statuses change; a new filter makes a new list.
 */
export interface QueueState {
	readonly kind: 'queue';
	readonly dataset: string;
	/** Numbers the list; positions of an older one are invalid. */
	readonly version: number;
	readonly total: number;
	readonly filter: ItemFilter;
	/** The first position in this list, 0-based. */
	readonly start: number;
	/** Counts of the whole queue, whatever the filter. */
	readonly counts: Readonly<Record<CurationStatus, number>>;
	readonly skills: readonly (SkillRef & { readonly items: number })[];
	readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
	readonly demand: CurationDemand;
	/** Items that the demand covers and nobody has reviewed. */
	readonly demanded: number;
	/** What U would undo, in a few words; `null`: only the decision on the item in view. */
	readonly undo: string | null;
	/** Why nothing can be saved; `null`: saving is possible. */
	readonly readOnly: string | null;
	readonly trusted: boolean;
}

export type CurationState = QueueState | { readonly kind: 'empty' | 'failed'; readonly message: string };

/** A solution as it is shown. */
export interface ShownSolution {
	readonly text: string;
	/** Its final answer; `null`: none found. */
	readonly answer: string | null;
	/** In the largest group of equal answers. */
	readonly agrees: boolean;
	/** Trained on. All solutions of an edit are, whether they agree or not. */
	readonly isTrainedOn: boolean;
}

/** A person's edit, stored or being typed, with its grades. */
export interface ShownContent {
	readonly question: string;
	readonly solutions: readonly ShownSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
}

export interface ShownFlag {
	readonly kind: ItemFlag['kind'];
	readonly score: number | null;
	/** The question that it resembles, if it still exists. */
	readonly like: {
		readonly id: QuestionId;
		readonly text: string;
		readonly where: string;
		readonly known: boolean;
	} | null;
}

export interface ShownDecision extends Pick<CurationDecision, 'verdict' | 'reason' | 'note' | 'author' | 'at'> {
	readonly hint: string | null;
	/** The earlier question, if this decision changed it. */
	readonly before: string | null;
	/** Undone later. */
	readonly withdrawn: boolean;
}

/** One item with everything that helps to decide on it. */
export interface ItemState {
	readonly version: number;
	/** 0-based position in the list. */
	readonly index: number;
	readonly questionId: QuestionId;
	readonly status: CurationStatus;
	readonly reason: RejectReason | null;
	readonly content: ShownContent;
	readonly isEdited: boolean;
	readonly skill: SkillRef | null;
	readonly forQuestion: { readonly id: QuestionId; readonly text: string } | null;
	readonly references: readonly { readonly id: QuestionId; readonly text: string }[];
	readonly flags: readonly ShownFlag[];
	/** Oldest first. */
	readonly history: readonly ShownDecision[];
	readonly model: string;
	readonly promptVersion: string;
	/** A request to the teacher for another one is in progress. */
	readonly asking: boolean;
}

/** The same edit for all others that contain the passage. */
export interface RepairOffer extends Repair {
	/** Items that match, without the edited one. */
	readonly matched: number;
	/** The first few, before and after: the text around the passage. */
	readonly examples: readonly { readonly questionId: QuestionId; readonly before: string; readonly after: string }[];
}

/** Positions in the list, first and last included. */
export type Ranges = readonly (readonly [number, number])[];

export type ToPage =
	| { readonly type: typeof toPage.queue; readonly state: CurationState }
	| {
			readonly type: typeof toPage.rows;
			readonly version: number;
			readonly offset: number;
			readonly rows: readonly (ItemRow | null)[];
	  }
	/** `show`: go there; otherwise it is stored until it is looked at. */
	| { readonly type: typeof toPage.item; readonly item: ItemState; readonly show: boolean }
	/**
	 * The editor's text of this item; `content: null`: it is invalid, and `problem` explains why. Without `questionId`
	 * the editor is closed.
	 */
	| {
			readonly type: typeof toPage.preview;
			readonly questionId: QuestionId | null;
			readonly content: ShownContent | null;
			readonly problem: string | null;
			readonly isSaved: boolean;
	  }
	/** `null`: there is nothing to offer. */
	| { readonly type: typeof toPage.repair; readonly offer: RepairOffer | null }
	/** The request with this number is on disk. */
	| { readonly type: typeof toPage.saved; readonly request: number; readonly message: string }
	/** `request`: the request with this number failed. */
	| {
			readonly type: typeof toPage.notice;
			readonly level: 'info' | 'error';
			readonly message: string;
			readonly request: number | null;
	  };

export type ToHost =
	| { readonly type: typeof toHost.ready }
	| { readonly type: typeof toHost.filter; readonly filter: ItemFilter }
	| { readonly type: typeof toHost.rows; readonly version: number; readonly offset: number; readonly limit: number }
	| { readonly type: typeof toHost.show; readonly version: number; readonly index: number }
	| {
			readonly type: typeof toHost.decide;
			readonly request: number;
			readonly version: number;
			readonly ranges: Ranges;
			readonly verdict: 'accepted' | 'rejected';
			readonly reason: RejectReason | null;
			readonly note: string | null;
	  }
	| { readonly type: typeof toHost.undo; readonly request: number }
	| { readonly type: typeof toHost.edit; readonly questionId: QuestionId }
	| { readonly type: typeof toHost.regenerate; readonly questionId: QuestionId; readonly hint: string }
	/** `questionId`: only in that item; `null`: in all that match. */
	| {
			readonly type: typeof toHost.repair;
			readonly request: number;
			readonly find: string;
			readonly replace: string;
			readonly questionId: QuestionId | null;
	  }
	| { readonly type: typeof toHost.openQuestion; readonly questionId: QuestionId }
	| { readonly type: typeof toHost.demand };

/** The latest action, for `.`. */
export type LastAct =
	| { readonly kind: 'accepted' }
	| { readonly kind: 'rejected'; readonly reason: RejectReason; readonly note: string | null }
	| ({ readonly kind: 'repair' } & Repair);

/** What VS Code stores of the page while it is hidden, moved or closed with the window. */
export interface Remembered {
	readonly dataset: string;
	readonly questionId: QuestionId | null;
	readonly filter: ItemFilter;
	readonly raw: boolean;
	/** Whether the list beside the item is shown; `null`: if there is room. */
	readonly list: boolean | null;
	/** The seconds of the latest decisions, at most 50. */
	readonly pace: readonly number[];
	readonly last: LastAct | null;
	readonly hint: string;
}
