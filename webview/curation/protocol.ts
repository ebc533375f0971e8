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

/**
 * All messages between the curation panel and the extension. Contains only types and constants, because both ends
 * import it.
 */
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
 * A dataset's queue with a filter. Positions in the list stay the same while statuses change; a new filter makes a new
 * list.
 */
export interface QueueState {
	readonly kind: 'queue';
	readonly dataset: string;
	/** Number of the list; positions in an older list are invalid. */
	readonly version: number;
	readonly total: number;
	readonly filter: ItemFilter;
	/** Position in this list to start at, 0-based. */
	readonly start: number;
	/** Counts over the whole queue, regardless of the filter. */
	readonly counts: Readonly<Record<CurationStatus, number>>;
	readonly skills: readonly (SkillRef & { readonly items: number })[];
	readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
	readonly demand: CurationDemand;
	/** Number of items that the demand covers and that no user has reviewed. */
	readonly demanded: number;
	/** Briefly describes what U would undo; `null`: only the decision on the item in view. */
	readonly undo: string | null;
	/** Why nothing can be saved; `null` if saving is possible. */
	readonly readOnly: string | null;
	readonly trusted: boolean;
}

export type CurationState = QueueState | { readonly kind: 'empty' | 'failed'; readonly message: string };

/** A solution as the panel shows it. */
export interface ShownSolution {
	readonly text: string;
	/** Its final answer; `null` if none was found. */
	readonly answer: string | null;
	/** Whether it is in the largest group of equal answers. */
	readonly agrees: boolean;
	/** Whether it is trained on. In an edit, all solutions are, whether they agree or not. */
	readonly isTrainedOn: boolean;
}

/** A user's edit, stored or still being typed, with its grades. */
export interface ShownContent {
	readonly question: string;
	readonly solutions: readonly ShownSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
}

export interface ShownFlag {
	readonly kind: ItemFlag['kind'];
	readonly score: number | null;
	/** The question that it resembles, if that still exists. */
	readonly like: {
		readonly id: QuestionId;
		readonly text: string;
		readonly where: string;
		readonly known: boolean;
	} | null;
}

export interface ShownDecision extends Pick<CurationDecision, 'verdict' | 'reason' | 'note' | 'author' | 'at'> {
	readonly hint: string | null;
	/** The earlier text of the question, if this decision changed it. */
	readonly before: string | null;
	/** Whether it was undone later. */
	readonly withdrawn: boolean;
}

/** An item with everything that helps to decide on it. */
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
	/** Whether a request to the teacher for a replacement is in progress. */
	readonly asking: boolean;
}

/** Offers to make the same edit in all other items that contain the passage. */
export interface RepairOffer extends Repair {
	/** Number of matching items, without the edited one. */
	readonly matched: number;
	/** The text around the passage in the first few items, before and after the repair. */
	readonly examples: readonly { readonly questionId: QuestionId; readonly before: string; readonly after: string }[];
}

/** Ranges of positions in the list; both ends are included. */
export type Ranges = readonly (readonly [number, number])[];

export type ToPage =
	| { readonly type: typeof toPage.queue; readonly state: CurationState }
	| {
			readonly type: typeof toPage.rows;
			readonly version: number;
			readonly offset: number;
			readonly rows: readonly (ItemRow | null)[];
	  }
	/** `show`: go to this item; otherwise it is only stored, in case the user goes there. */
	| { readonly type: typeof toPage.item; readonly item: ItemState; readonly show: boolean }
	/**
	 * The text of this item in the editor. `content: null`: the text is invalid, and `problem` explains why. Without
	 * `questionId`: the editor was closed.
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
	/** The change with this request number is on disk. */
	| { readonly type: typeof toPage.saved; readonly request: number; readonly message: string }
	/** `request`: the number of the request that failed, if the notice is about one. */
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
	/** `questionId`: repair only that item; `null`: repair all that match. */
	| {
			readonly type: typeof toHost.repair;
			readonly request: number;
			readonly find: string;
			readonly replace: string;
			readonly questionId: QuestionId | null;
	  }
	| { readonly type: typeof toHost.openQuestion; readonly questionId: QuestionId }
	| { readonly type: typeof toHost.demand };

/** The latest action, which `.` repeats. */
export type LastAct =
	| { readonly kind: 'accepted' }
	| { readonly kind: 'rejected'; readonly reason: RejectReason; readonly note: string | null }
	| ({ readonly kind: 'repair' } & Repair);

/** What VS Code stores about the page while it is hidden, moved or closed with the window. */
export interface Remembered {
	readonly dataset: string;
	readonly questionId: QuestionId | null;
	readonly filter: ItemFilter;
	readonly raw: boolean;
	/** Whether the list beside the item is shown; `null`: only if there is room. */
	readonly list: boolean | null;
	/** Seconds taken by the latest decisions, at most 50 of them. */
	readonly pace: readonly number[];
	readonly last: LastAct | null;
	readonly hint: string;
}
