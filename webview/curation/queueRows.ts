import { signal } from '@preact/signals';
import type { CurationStatus, ItemRow } from '../../src/core/curation/curation.ts';
import type { RowWindow } from '../kit/WindowedTable.tsx';
import type { Ranges } from './protocol.ts';

/** Minimum number of rows requested at a time. */
const windowSize = 60;

export interface KnownRows {
	/** `undefined`: not yet read; `null`: no longer in the queue. */
	readonly rowAt: (index: number) => ItemRow | null | undefined;
	readonly statusAt: (index: number) => CurationStatus;
}

/** The queue's rows, which are read as they come into view, and the selected ones as a set of positions. */
export class QueueRows {
	readonly chosen = signal<ReadonlySet<number>>(new Set());
	private readonly read = new Map<number, ItemRow | null>();
	/** Statuses after decisions that may not have been stored yet. */
	private readonly expected = new Map<number, CurationStatus>();
	/** Replaced with a new object after every change, so that components that read it render again. */
	readonly known = signal<KnownRows>(this.knownNow());
	private total = 0;
	private anchor = -1;
	private window: RowWindow = { first: 0, end: 0 };
	private requested: RowWindow = { first: 0, end: 0 };
	private isScheduled = false;

	constructor(private readonly request: (offset: number, limit: number) => void) {}

	/** Starts a new list: nothing of the old one remains. */
	reset(total: number): void {
		this.total = total;
		this.read.clear();
		this.expected.clear();
		this.clear();
		this.refresh();
		this.changed();
	}

	fill(offset: number, rows: readonly (ItemRow | null)[]): void {
		rows.forEach((row, at) => {
			this.read.set(offset + at, row);
			this.expected.delete(offset + at);
		});
		this.changed();
	}

	/** Records that these rows are in view. */
	look(window: RowWindow): void {
		this.window = window;
		this.requestSoon();
	}

	/** Reads the rows in view again, because something has changed. */
	refresh(): void {
		this.requested = { first: 0, end: 0 };
		this.requestSoon();
	}

	/** Shows a status at once; the stored one arrives with the next rows. */
	expect(indexes: Iterable<number>, status: CurationStatus): void {
		for (const index of indexes) {
			this.expected.set(index, status);
		}
		this.changed();
	}

	/** Drops the expected statuses, because the change that was shown has failed. */
	forget(): void {
		this.expected.clear();
		this.refresh();
		this.changed();
	}

	toggle(index: number): void {
		const chosen = new Set(this.chosen.value);
		if (!chosen.delete(index)) {
			chosen.add(index);
		}
		this.anchor = index;
		this.chosen.value = chosen;
	}

	/** Selects everything from the position where the selection began to this one. */
	extend(from: number, to: number): void {
		this.anchor = this.anchor < 0 ? from : this.anchor;
		const chosen = new Set(this.chosen.value);
		for (let index = Math.min(this.anchor, to); index <= Math.max(this.anchor, to); index++) {
			chosen.add(index);
		}
		this.chosen.value = chosen;
	}

	chooseAll(): void {
		this.chosen.value = new Set(Array.from({ length: this.total }, (_, index) => index));
	}

	clear(): void {
		this.anchor = -1;
		this.chosen.value = new Set();
	}

	/** The selected positions, as the smallest number of ranges. */
	get ranges(): Ranges {
		const ranges: [number, number][] = [];
		for (const index of [...this.chosen.value].sort((left, right) => left - right)) {
			const last = ranges.at(-1);
			if (last && last[1] === index - 1) {
				last[1] = index;
			} else {
				ranges.push([index, index]);
			}
		}
		return ranges;
	}

	private knownNow(): KnownRows {
		return {
			rowAt: (index) => this.read.get(index),
			statusAt: (index) => this.expected.get(index) ?? this.read.get(index)?.status ?? 'waiting',
		};
	}

	private changed(): void {
		this.known.value = this.knownNow();
	}

	/** Waits for the next frame: until then, the window of a new list may still be that of the old one. */
	private requestSoon(): void {
		if (!this.isScheduled) {
			this.isScheduled = true;
			requestAnimationFrame(() => {
				this.isScheduled = false;
				this.requestMissing();
			});
		}
	}

	private requestMissing(): void {
		const { first } = this.window;
		const end = Math.min(this.window.end, this.total);
		const from = Math.floor(first / 20) * 20;
		if ((from < this.requested.first || end > this.requested.end) && end > first) {
			const limit = Math.min(this.total - from, Math.max(windowSize, end - from + 20));
			this.requested = { first: from, end: from + limit };
			this.request(from, limit);
		}
		if (this.read.size > 4000) {
			for (const index of [...this.read.keys()].filter((place) => place < first - 1000 || place > end + 1000)) {
				this.read.delete(index);
			}
		}
	}
}
