import { computed, signal } from '@preact/signals';
import type { RejectReason } from '../../src/core/curation/curation.ts';
import type { NoticeStore } from '../kit/Notices.tsx';
import { plural } from './labels.ts';
import type { Pace } from './pace.ts';
import type { CurationState, ItemState, Ranges, ToHost } from './protocol.ts';
import { toHost } from './protocol.ts';
import { QueueRows } from './queueRows.ts';

export interface ProblemQueueOptions {
	readonly post: (message: ToHost) => void;
	readonly notices: NoticeStore;
	readonly pace: Pace;
	readonly isListVisible: () => boolean;
	/** Called when another problem may have come into view. */
	readonly onShown: () => void;
}

/** A dataset's queue, with the problem in view and the selected problems. */
export class ProblemQueue {
	/** `null` until something has arrived. */
	readonly content = signal<CurationState | null>(null);
	readonly state = computed(() => (this.content.value?.kind === 'queue' ? this.content.value : null));
	readonly rows: QueueRows;
	/** Position of the problem in view. */
	readonly current = signal(0);
	/** The problem in view. While it is `null` because it has not arrived yet, nothing can be decided on it. */
	readonly item = signal<ItemState | null>(null);
	/** The problems of this list, by position, as last received. The next one is here before it is requested. */
	private readonly items = new Map<number, ItemState>();

	constructor(private readonly options: ProblemQueueOptions) {
		this.rows = new QueueRows((offset, limit) => {
			const queue = this.state.value;
			if (queue && options.isListVisible()) {
				options.post({ type: toHost.rows, version: queue.version, offset, limit });
			}
		});
	}

	get total(): number {
		return this.state.value?.total ?? 0;
	}

	/** Number of selected problems. */
	get chosen(): number {
		return this.rows.chosen.value.size;
	}

	/** The problems that a decision applies to: the selected ones, else the one in view. */
	get ranges(): Ranges {
		return this.chosen > 0 ? this.rows.ranges : [[this.current.value, this.current.value]];
	}

	isWritable(): boolean {
		return this.state.value?.readOnly === null;
	}

	move(index: number): void {
		if (this.total === 0) {
			return;
		}
		if (index < 0 || index >= this.total) {
			this.options.notices.say(
				index < 0 ? 'This is the first problem of this list.' : 'That was the last problem of this list.',
			);
			return;
		}
		this.show(index);
	}

	step(by: 1 | -1): void {
		this.move(this.current.value + by);
	}

	/** Moves by one, and extends the selection. */
	extend(by: 1 | -1): void {
		if (this.total > 0) {
			const to = Math.max(0, Math.min(this.total - 1, this.current.value + by));
			this.rows.extend(this.current.value, to);
			this.show(to);
		}
	}

	/** Handles a click on a row of the list. */
	open(index: number, event: Pick<MouseEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): void {
		if (event.shiftKey) {
			this.rows.extend(this.current.value, index);
		} else if (event.ctrlKey || event.metaKey) {
			this.rows.toggle(index);
		}
		this.show(index);
	}

	toggleChosen(): void {
		this.rows.toggle(this.current.value);
		this.reportChosen();
	}

	chooseAll(): void {
		this.rows.chooseAll();
		this.reportChosen();
	}

	/** Shows a decision at once, before it is stored, and then the next problem to decide on. */
	decided(verdict: 'accepted' | 'rejected', reason: RejectReason | null): void {
		const { rows, items } = this;
		const current = this.current.value;
		const chosen = rows.chosen.value;
		const several = chosen.size > 0;
		rows.expect(several ? chosen : [current], verdict);
		const known = several ? [...items.keys()].filter((index) => chosen.has(index)) : [current];
		for (const index of known) {
			const item = items.get(index);
			if (item) {
				items.set(index, { ...item, status: verdict, reason });
			}
		}
		if (several) {
			rows.clear();
			this.show(current);
			return;
		}
		this.options.pace.decided();
		const isLast = current + 1 >= this.total;
		if (isLast) {
			this.options.notices.say('That was the last problem of this list.');
		}
		this.show(isLast ? current : current + 1);
	}

	/** Goes back to what is stored, because the change that was shown has failed. */
	revert(): void {
		this.items.clear();
		this.rows.forget();
		this.show(this.current.value);
	}

	/** Returns whether it is a different list. */
	receive(next: CurationState): boolean {
		const before = this.state.value;
		this.content.value = next;
		if (next.kind !== 'queue') {
			return false;
		}
		if (before?.version === next.version && before.dataset === next.dataset) {
			this.rows.refresh();
			return false;
		}
		this.items.clear();
		this.item.value = null;
		this.rows.reset(next.total);
		this.current.value = Math.max(0, Math.min(next.start, next.total - 1));
		if (next.total > 0) {
			this.show(this.current.value);
		}
		return true;
	}

	receiveItem(item: ItemState, show: boolean): void {
		if (item.version !== this.state.value?.version) {
			return;
		}
		this.items.set(item.index, item);
		if (show) {
			this.current.value = item.index;
		}
		if (item.index === this.current.value) {
			this.showItem();
		}
	}

	private show(index: number): void {
		const queue = this.state.value;
		if (queue) {
			this.current.value = index;
			this.options.post({ type: toHost.show, version: queue.version, index });
			this.showItem();
		}
	}

	/** Shows the problem in view, if it has arrived. */
	private showItem(): void {
		const next = this.items.get(this.current.value) ?? null;
		if (next?.questionId !== this.item.value?.questionId) {
			this.options.pace.shown();
		}
		this.item.value = next;
		this.options.onShown();
	}

	private reportChosen(): void {
		this.options.notices.say(
			this.chosen === 0 ? 'None chosen' : `${plural(this.chosen, 'problem', 'problems')} chosen`,
		);
	}
}
