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

/** Everything the curation panel and the extension say to each other. Types and constants only: both ends import it. */
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
 * A dataset's queue, seen through a filter. The list keeps its places while statuses change; a new filter makes a new
 * list.
 */
export interface QueueState {
	readonly kind: 'queue';
	readonly dataset: string;
	/** Numbers the list; places of an older one mean nothing. */
	readonly version: number;
	readonly total: number;
	readonly filter: ItemFilter;
	/** Where to begin in this list, 0-based. */
	readonly start: number;
	/** Of the whole queue, whatever the filter. */
	readonly counts: Readonly<Record<CurationStatus, number>>;
	readonly skills: readonly (SkillRef & { readonly items: number })[];
	readonly flags: readonly { readonly flag: ItemFlag['kind']; readonly items: number }[];
	readonly demand: CurationDemand;
	/** Items the demand wants looked at, and nobody has. */
	readonly demanded: number;
	/** What U would take back, in a few words; `null`: only the word on the item in view. */
	readonly undo: string | null;
	/** Why nothing can be saved; `null`: it can. */
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
	/** Trained on. An edit's solutions all are, whether they agree or not. */
	readonly isTrainedOn: boolean;
}

/** What a person's edit says, or would say: graded as it is written. */
export interface ShownContent {
	readonly question: string;
	readonly solutions: readonly ShownSolution[];
	readonly agreement: { readonly agree: number; readonly of: number };
}

export interface ShownFlag {
	readonly kind: ItemFlag['kind'];
	readonly score: number | null;
	/** The question it resembles, where it is still there. */
	readonly like: {
		readonly id: QuestionId;
		readonly text: string;
		readonly where: string;
		readonly known: boolean;
	} | null;
}

export interface ShownDecision extends Pick<CurationDecision, 'verdict' | 'reason' | 'note' | 'author' | 'at'> {
	readonly hint: string | null;
	/** The question before, where this word changed it. */
	readonly before: string | null;
	/** Taken back later. */
	readonly withdrawn: boolean;
}

/** One item with all that helps to decide on it. */
export interface ItemState {
	readonly version: number;
	/** 0-based place in the list. */
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
	/** The teacher is being asked for another one. */
	readonly asking: boolean;
}

/** The same edit for all others that hold the passage. */
export interface RepairOffer extends Repair {
	/** Items that match, the edited one not counted. */
	readonly matched: number;
	/** The first few, as they are and as they would be: the text around the passage. */
	readonly examples: readonly { readonly questionId: QuestionId; readonly before: string; readonly after: string }[];
}

/** Places in the list, first and last included. */
export type Ranges = readonly (readonly [number, number])[];

export type ToPage =
	| { readonly type: typeof toPage.queue; readonly state: CurationState }
	| {
			readonly type: typeof toPage.rows;
			readonly version: number;
			readonly offset: number;
			readonly rows: readonly (ItemRow | null)[];
	  }
	/** `show`: go there; otherwise it is kept for when it is looked at. */
	| { readonly type: typeof toPage.item; readonly item: ItemState; readonly show: boolean }
	/**
	 * What stands in the editor on this item; `content: null`: it cannot be read, `problem` says why. Without
	 * `questionId` the editor is closed.
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
	/** What was asked with this number is durable. */
	| { readonly type: typeof toPage.saved; readonly request: number; readonly message: string }
	/** `request`: what was asked with this number was not done. */
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
	/** `questionId`: in that item alone; `null`: in all that match. */
	| {
			readonly type: typeof toHost.repair;
			readonly request: number;
			readonly find: string;
			readonly replace: string;
			readonly questionId: QuestionId | null;
	  }
	| { readonly type: typeof toHost.openQuestion; readonly questionId: QuestionId }
	| { readonly type: typeof toHost.demand };

/** The latest thing done, for `.`. */
export type LastAct =
	| { readonly kind: 'accepted' }
	| { readonly kind: 'rejected'; readonly reason: RejectReason; readonly note: string | null }
	| ({ readonly kind: 'repair' } & Repair);

/** What VS Code keeps of the page while it is hidden, moved or closed with the window. */
export interface Remembered {
	readonly dataset: string;
	readonly questionId: QuestionId | null;
	readonly filter: ItemFilter;
	readonly raw: boolean;
	/** Is the list beside the item shown? `null`: where there is room. */
	readonly list: boolean | null;
	/** Seconds that the latest decisions took, at most 50. */
	readonly pace: readonly number[];
	readonly last: LastAct | null;
	readonly hint: string;
}
