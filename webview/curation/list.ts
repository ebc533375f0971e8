import type { ItemRow } from '../../src/core/curation/curation.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { h } from '../kit/dom.ts';
import { visibleControls } from '../kit/richText.ts';
import type { Ranges } from './protocol.ts';
import { flagWords, statusGlyphs, statusWords } from './view.ts';

/** Pixels a row takes; every row is as high, so that place and scroll position are one number. */
const rowHeight = 46;
const windowSize = 60;

export interface ListActions {
	want(offset: number, limit: number): void;
	open(
		index: number,
		event: { readonly shiftKey: boolean; readonly ctrlKey: boolean; readonly metaKey: boolean },
	): void;
}

/**
 * The queue beside the item: only rows near the window are there, whatever the queue's length. What is chosen is kept
 * as a set of places; rows not read yet are drawn without words until they come.
 */
export class QueueList {
	readonly element: HTMLElement;
	readonly chosen = new Set<number>();
	private readonly inner = h('div', { class: 'list-inner' });
	private readonly rows = new Map<number, ItemRow | null>();
	private readonly pending = new Map<number, ItemRow['status']>();
	private total = 0;
	private current = -1;
	private anchor = -1;
	private wanted: readonly [number, number] = [-1, -1];
	private scheduled = false;

	constructor(private readonly act: ListActions) {
		this.element = h(
			'div',
			{
				class: 'list',
				role: 'listbox',
				tabindex: 0,
				'aria-label': 'Queue',
				'aria-multiselectable': 'true',
				'data-focus': 'list',
				onscroll: () => this.drawSoon(),
				onclick: (event) => this.clicked(event as MouseEvent),
			},
			this.inner,
		);
		new ResizeObserver(() => this.drawSoon()).observe(this.element);
	}

	/** A new list: nothing of the old one is kept. */
	reset(total: number): void {
		this.total = total;
		this.rows.clear();
		this.pending.clear();
		this.chosen.clear();
		this.current = -1;
		this.anchor = -1;
		this.wanted = [-1, -1];
		this.inner.style.height = `${total * rowHeight}px`;
		this.element.scrollTop = 0;
		this.drawSoon();
	}

	fill(offset: number, rows: readonly (ItemRow | null)[]): void {
		rows.forEach((row, index) => {
			this.rows.set(offset + index, row);
			this.pending.delete(offset + index);
		});
		this.drawSoon();
	}

	/** What is asked for again when something has changed: the rows in view. */
	refresh(): void {
		this.wanted = [-1, -1];
		this.drawSoon();
	}

	/** Shown at once; what is stored comes with the next rows. */
	expect(indexes: Iterable<number>, status: ItemRow['status']): void {
		for (const index of indexes) {
			this.pending.set(index, status);
		}
		this.drawSoon();
	}

	forget(): void {
		this.pending.clear();
		this.refresh();
	}

	show(index: number): void {
		this.current = index;
		const top = index * rowHeight;
		const { scrollTop, clientHeight } = this.element;
		if (top < scrollTop + rowHeight || top > scrollTop + clientHeight - 2 * rowHeight) {
			this.element.scrollTop = top - clientHeight / 3;
		}
		this.drawSoon();
	}

	toggle(index: number): void {
		if (!this.chosen.delete(index)) {
			this.chosen.add(index);
		}
		this.anchor = index;
		this.drawSoon();
	}

	/** From where choosing began to here. */
	extend(from: number, to: number): void {
		this.anchor = this.anchor < 0 ? from : this.anchor;
		for (let index = Math.min(this.anchor, to); index <= Math.max(this.anchor, to); index++) {
			this.chosen.add(index);
		}
		this.drawSoon();
	}

	chooseAll(): void {
		for (let index = 0; index < this.total; index++) {
			this.chosen.add(index);
		}
		this.drawSoon();
	}

	clear(): void {
		this.chosen.clear();
		this.anchor = -1;
		this.drawSoon();
	}

	/** What is chosen, as few ranges. */
	get ranges(): Ranges {
		const ranges: [number, number][] = [];
		for (const index of [...this.chosen].sort((left, right) => left - right)) {
			const last = ranges.at(-1);
			if (last && last[1] === index - 1) {
				last[1] = index;
			} else {
				ranges.push([index, index]);
			}
		}
		return ranges;
	}

	private clicked(event: MouseEvent): void {
		const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
		if (row) {
			this.act.open(Number(row.dataset['index']), event);
		}
	}

	private drawSoon(): void {
		if (!this.scheduled) {
			this.scheduled = true;
			requestAnimationFrame(() => {
				this.scheduled = false;
				this.draw();
			});
		}
	}

	private draw(): void {
		const { scrollTop, clientHeight } = this.element;
		if (clientHeight === 0) {
			return;
		}
		const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 5);
		const end = Math.min(this.total, Math.ceil((scrollTop + clientHeight) / rowHeight) + 5);
		const from = Math.max(0, Math.min(first, Math.floor(first / 20) * 20));
		if ((from < this.wanted[0] || end > this.wanted[1]) && end > first) {
			const limit = Math.min(this.total - from, Math.max(windowSize, end - from + 20));
			this.wanted = [from, from + limit];
			this.act.want(from, limit);
		}
		this.inner.replaceChildren(
			...Array.from({ length: Math.max(0, end - first) }, (_, at) => this.row(first + at)),
		);
		const active = this.current >= first && this.current < end ? `row-${this.current}` : null;
		if (active) {
			this.element.setAttribute('aria-activedescendant', active);
		} else {
			this.element.removeAttribute('aria-activedescendant');
		}
		if (this.rows.size > 4000) {
			for (const index of [...this.rows.keys()].filter((place) => place < first - 1000 || place > end + 1000)) {
				this.rows.delete(index);
			}
		}
	}

	private row(index: number): HTMLElement {
		const row = this.rows.get(index);
		const status = this.pending.get(index) ?? row?.status ?? 'waiting';
		const isChosen = this.chosen.has(index);
		const element = h('div', {
			class: `row status-${status}${index === this.current ? ' current' : ''}${isChosen ? ' chosen' : ''}`,
			role: 'option',
			id: `row-${index}`,
			'data-index': index,
			'aria-posinset': index + 1,
			'aria-setsize': this.total,
			'aria-selected': String(isChosen),
			'aria-current': index === this.current ? 'true' : undefined,
		});
		element.style.top = `${index * rowHeight}px`;
		if (row === undefined) {
			element.append(h('span', { class: 'row-title dim' }, `${formatCount(index + 1)} …`));
		} else if (row === null) {
			element.append(h('span', { class: 'row-title dim' }, 'no longer in the queue'));
		} else {
			const flags = [...new Set(row.flags.map((flag) => flagWords[flag][0]))];
			element.append(
				h('span', { class: 'row-mark', 'aria-hidden': 'true' }, isChosen ? '☑' : statusGlyphs[status]),
				h('span', { class: 'row-title', dir: 'auto' }, plainTitle(row.title)),
				h(
					'span',
					{ class: 'row-facts' },
					h('span', { class: 'sr' }, `${statusWords[status]}, `),
					`${row.agreement.agree}/${row.agreement.of}`,
					row.skill ? ` · ${visibleControls(skillLabel(row.skill.name))}` : '',
					flags.length > 0 ? h('span', { class: 'row-flags' }, ` ⚑ ${flags.join(', ')}`) : null,
				),
			);
		}
		return element;
	}
}

/** A line is too short for drawn formulas, and dollars round them say nothing. */
function plainTitle(title: string): string {
	return visibleControls(title.replace(/\$([^$\n]{1,80})\$/g, '$1'));
}
