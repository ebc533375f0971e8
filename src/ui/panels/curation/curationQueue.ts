import * as vscode from 'vscode';
import type { CurationState, ItemState, Ranges, ToPage } from '../../../../webview/curation/protocol.ts';
import type { ItemFilter } from '../../../core/curation/curation.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import { readItemState, readQueueState } from './curationState.ts';

/** A queue with a filter. It starts at an item or, if `questionId` is `null`, at its first. */
export interface QueueRequest {
	readonly dataset: string;
	readonly filter: ItemFilter;
	readonly questionId: QuestionId | null;
}

interface ItemList {
	readonly version: number;
	readonly ids: readonly QuestionId[];
}

export type RowsMessage = Extract<ToPage, { readonly type: 'rows' }>;

/**
 * The queue of the curation panel: the filtered items, the position, and the rows in view. Positions stay the same
 * while statuses change; another filter makes a new list with a new version.
 */
export class CurationQueue {
	private list: ItemList | undefined;
	/** The previous list: a decision made while a new list is being read refers to what was on the screen. */
	private earlier: ItemList | undefined;
	private version = 0;
	private place = 0;
	private window: readonly [offset: number, limit: number] = [0, 0];

	constructor(
		private selected: QueueRequest,
		private readonly parts: () => Promise<Pick<Parts, 'store' | 'grader'>>,
	) {}

	get request(): QueueRequest {
		return this.selected;
	}

	get dataset(): string {
		return this.selected.dataset;
	}

	/** The 0-based position in the list. */
	get index(): number {
		return this.place;
	}

	/** The item in view; `null` if the list is empty or has not been read yet. */
	get inView(): QuestionId | null {
		return this.list?.ids[this.place] ?? null;
	}

	/** Selects another queue or filter; the next call of {@link readState} reads its list. */
	select(request: QueueRequest): void {
		this.earlier = request.dataset === this.dataset ? (this.list ?? this.earlier) : undefined;
		this.selected = request;
		this.list = undefined;
	}

	/** Whether a message from the page refers to the current list. */
	isCurrent(version: number): boolean {
		return version === this.list?.version;
	}

	moveTo(index: number): void {
		this.place = index;
	}

	/** Moves to an item of the list; returns false if the list does not contain it. */
	moveToItem(questionId: QuestionId): boolean {
		const index = this.list?.ids.indexOf(questionId) ?? -1;
		this.place = index >= 0 ? index : this.place;
		return index >= 0;
	}

	setWindow(offset: number, limit: number): void {
		this.window = [offset, limit];
	}

	/**
	 * Returns the items at these positions of the current list or the previous one. Throws if the list was replaced by
	 * an even newer one.
	 */
	itemsAt(version: number, ranges: Ranges): QuestionId[] {
		const list = [this.list, this.earlier].find((known) => known?.version === version);
		if (!list) {
			throw new StatError('editor.failed', {
				problem: vscode.l10n.t('The list has changed meanwhile: nothing was decided'),
			});
		}
		return ranges.flatMap(([from, to]) => list.ids.slice(from, to + 1));
	}

	/** Reads the state of the whole queue for the page. */
	async readState(context: {
		readonly undo: string | null;
		readonly readOnly: string | null;
		readonly trusted: boolean;
	}): Promise<CurationState> {
		const request = this.selected;
		const { dataset, filter } = request;
		const { store } = await this.parts();
		const list = this.list ?? (await this.readList(request));
		const state = await readQueueState(
			{ store },
			{ dataset, filter, version: list.version, total: list.ids.length, start: this.place, ...context },
		);
		if (Object.values(state.counts).some((count) => count > 0)) {
			return state;
		}
		return {
			kind: 'empty',
			message: vscode.l10n.t(
				'{0} has no synthesized problems. STAT-Syn makes them (STAT: Build Training Set…).',
				dataset,
			),
		};
	}

	private async readList(request: QueueRequest): Promise<ItemList> {
		const { dataset, filter, questionId } = request;
		const { store } = await this.parts();
		const ids = await store.read('itemIds', { dataset, filter });
		const list = { version: ++this.version, ids };
		// Another queue was selected meanwhile, so this list is no longer needed.
		if (request === this.selected) {
			this.list = list;
			this.place = Math.max(0, questionId === null ? -1 : ids.indexOf(questionId));
			this.window = [0, 0];
		}
		return list;
	}

	/** Reads the rows in the page's window; returns `null` if the page has no window. */
	async readRows(): Promise<Omit<RowsMessage, 'type'> | null> {
		const { list, window } = this;
		const [offset, limit] = window;
		if (!list || limit === 0) {
			return null;
		}
		const ids = list.ids.slice(offset, offset + limit);
		const { store } = await this.parts();
		const read = await store.read('itemRows', { dataset: this.dataset, ids });
		const rows = new Map(read.map((row) => [row.questionId, row]));
		return { version: list.version, offset, rows: ids.map((id) => rows.get(id) ?? null) };
	}

	/** Reads the item at a position; returns `null` if there is none, or if the list was replaced meanwhile. */
	async readItem(index: number, isAsking: (id: QuestionId) => boolean): Promise<ItemState | null> {
		const { list, dataset } = this;
		const questionId = list?.ids[index];
		if (!list || questionId === undefined) {
			return null;
		}
		const item = await readItemState(await this.parts(), {
			dataset,
			questionId,
			version: list.version,
			index,
			asking: isAsking(questionId),
		});
		return list === this.list ? item : null;
	}
}
