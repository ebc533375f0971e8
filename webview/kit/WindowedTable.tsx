import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Number of rows rendered beyond each edge of the visible part. */
const margin = 5;

export interface RowWindow {
	/** The rendered rows: [first, end). */
	readonly first: number;
	readonly end: number;
}

/**
 * Returns which of the `count` rows a scrolling box shows, plus a few beyond its edges; none while the box is hidden.
 */
export function rowsInView(
	box: { readonly scrollTop: number; readonly clientHeight: number },
	rowHeight: number,
	count: number,
): RowWindow {
	if (box.clientHeight === 0) {
		return { first: 0, end: 0 };
	}
	const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - margin);
	const end = Math.min(count, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + margin);
	return { first: Math.min(first, end), end };
}

/**
 * Follows a scrolling box: determines which rows are rendered, and brings rows into view. The box keeps its position
 * when rows are rendered again. When `current` changes to a row out of view, the box scrolls there; a hidden box does
 * so once it is shown.
 */
function useRowWindow(
	box: RefObject<HTMLElement | null>,
	{ count, rowHeight, current, reveal: placement = 'edge', listKey }: WindowedProps,
): RowWindow {
	const [{ first, end }, setWindow] = useState<RowWindow>({ first: 0, end: 0 });
	const measure = (): void => {
		if (box.current) {
			const next = rowsInView(box.current, rowHeight, count);
			setWindow((before) => (before.first === next.first && before.end === next.end ? before : next));
		}
	};
	const list = useRef(listKey);
	/** Whether the box was hidden when the current row was to be revealed, or has been hidden since. */
	const isOwed = useRef(false);
	const reveal = (): void => {
		const element = box.current;
		if (!element || element.clientHeight === 0) {
			isOwed.current = true;
			return;
		}
		isOwed.current = false;
		const from = list.current === listKey ? element.scrollTop : 0;
		const top = current === null ? from : scrollTopFor(current * rowHeight, from, element, rowHeight, placement);
		list.current = listKey;
		if (top !== element.scrollTop) {
			element.scrollTop = top;
		}
	};
	const latest = useRef({ measure, reveal });
	latest.current = { measure, reveal };
	useEffect(() => {
		const element = box.current;
		if (!element) {
			return undefined;
		}
		let frame = 0;
		const soon = (): void => {
			cancelAnimationFrame(frame);
			frame = requestAnimationFrame(() => latest.current.measure());
		};
		const size = new ResizeObserver(() => {
			if (element.clientHeight === 0 || isOwed.current) {
				latest.current.reveal();
			}
			soon();
		});
		size.observe(element);
		element.addEventListener('scroll', soon, { passive: true });
		return () => {
			cancelAnimationFrame(frame);
			size.disconnect();
			element.removeEventListener('scroll', soon);
		};
	}, []);
	useLayoutEffect(() => {
		reveal();
		// A box that is hidden and shown again within one frame has not changed its size.
		const frame = requestAnimationFrame(() => {
			if (isOwed.current && box.current && box.current.clientHeight > 0) {
				latest.current.reveal();
				latest.current.measure();
			}
		});
		return () => cancelAnimationFrame(frame);
	}, [current, listKey]);
	useLayoutEffect(measure, [count, rowHeight, current, listKey]);
	return { first, end: Math.min(end, count) };
}

/** Returns the scroll position at which the row at `top`, and one row beyond it, are visible. */
function scrollTopFor(
	top: number,
	scrollTop: number,
	{ clientHeight }: { readonly clientHeight: number },
	rowHeight: number,
	placement: 'edge' | 'third',
): number {
	const isAbove = top < scrollTop + rowHeight;
	if (!isAbove && top + 2 * rowHeight <= scrollTop + clientHeight) {
		return scrollTop;
	}
	if (placement === 'third') {
		return Math.max(0, top - clientHeight / 3);
	}
	return isAbove ? Math.max(0, top - rowHeight) : top + 2 * rowHeight - clientHeight;
}

interface WindowedProps {
	/** The name of the list for screen readers. */
	readonly label: string;
	readonly count: number;
	/** Height of every row in pixels; it is fixed so that positions correspond to scroll offsets. */
	readonly rowHeight: number;
	/** Returns a row's key, which identifies the row wherever it moves. */
	readonly rowKey: (index: number) => string | number;
	readonly rowClass?: ((index: number) => string) | undefined;
	/** The row that the keyboard is on; `null` if there is none. */
	readonly current: number | null;
	readonly isSelected?: ((index: number) => boolean) | undefined;
	/** How far the box scrolls to a row out of view: just far enough, or until a third of the box is above the row. */
	readonly reveal?: 'edge' | 'third' | undefined;
	/** Identifies the list: a different value means a different list, so the box starts at its top again. */
	readonly listKey?: string | number | undefined;
	/** If false, the panel's own keys move in this list, whatever has the focus. */
	readonly hasKeys?: boolean | undefined;
	readonly boxRef?: RefObject<HTMLDivElement | null> | undefined;
	/** Called when the keyboard or a click moves to a row. */
	readonly onMove: (index: number, event: KeyboardEvent | MouseEvent) => void;
	/** Called for Enter and for a double click. */
	readonly onOpen?: ((index: number) => void) | undefined;
	/** Called when rows [first, end) come into view, for lists that read their rows on demand. */
	readonly onWindow?: ((window: RowWindow) => void) | undefined;
	readonly class?: string | undefined;
	/** The name under which tests and focus() find the box. */
	readonly focus?: string | undefined;
}

export interface Column {
	readonly id: string;
	readonly title: ComponentChildren;
	/** A CSS grid track, e.g. `minmax(0, 2fr)` or `6em`. */
	readonly width: string;
	readonly numeric?: boolean | undefined;
	readonly cell: (index: number) => ComponentChildren;
	/** Turns the title into a button; `descending` or `ascending` if the table is sorted by this column. */
	readonly sort?: { readonly order: 'ascending' | 'descending' | 'none'; readonly onSort: () => void } | undefined;
}

/**
 * A table of any length in which only the rows in view are rendered. Arrow keys, Page Up, Page Down, Home and End move.
 */
export function WindowedTable(props: WindowedProps & { readonly columns: readonly Column[] }): JSX.Element {
	const { columns, label, count, rowHeight, current } = props;
	const grid = { display: 'grid', gridTemplateColumns: columns.map(({ width }) => width).join(' ') };
	const header = (
		<div class="windowed-header" role="rowgroup">
			<div role="row" aria-rowindex={1} style={grid}>
				{columns.map(({ id, title, numeric, sort }) => (
					<div key={id} role="columnheader" class={numeric ? 'numeric' : ''} aria-sort={sort?.order}>
						{sort ? (
							<button type="button" class="plain" data-focus={`sort:${id}`} onClick={sort.onSort}>
								{title}
							</button>
						) : (
							title
						)}
					</div>
				))}
			</div>
		</div>
	);
	return (
		<div
			class={`windowed-table ${props.class ?? ''}`}
			role="grid"
			aria-label={label}
			aria-rowcount={count + 1}
			aria-colcount={columns.length}
		>
			{header}
			<WindowedRows
				{...props}
				boxRole="rowgroup"
				renderRow={(index, key, common) => (
					<div
						key={key}
						{...common}
						role="row"
						aria-rowindex={index + 2}
						style={{ ...grid, top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
					>
						{columns.map(({ id, numeric, cell }) => (
							<div key={id} role="gridcell" class={numeric ? 'numeric' : ''}>
								{cell(index)}
							</div>
						))}
					</div>
				)}
				current={current}
			/>
		</div>
	);
}

/** A list box of any length in which only the rows in view are rendered, each with its position and the total. */
export function WindowedList(
	props: WindowedProps & {
		readonly multiselectable?: boolean | undefined;
		readonly row: (index: number) => ComponentChildren;
	},
): JSX.Element {
	const { count, rowHeight, current, row } = props;
	return (
		<WindowedRows
			{...props}
			boxRole="listbox"
			renderRow={(index, key, common) => (
				<div
					key={key}
					{...common}
					role="option"
					aria-posinset={index + 1}
					aria-setsize={count}
					aria-current={index === current ? 'true' : undefined}
					style={{ top: `${index * rowHeight}px` }}
				>
					{row(index)}
				</div>
			)}
		/>
	);
}

interface RowProps {
	readonly id: string;
	readonly class: string;
	readonly 'aria-selected': boolean;
	readonly 'data-index': number;
}

function WindowedRows(
	props: WindowedProps & {
		readonly boxRole: 'listbox' | 'rowgroup';
		readonly multiselectable?: boolean | undefined;
		/**
		 * The key is passed separately: a key that is spread into an element with its other properties has no effect.
		 */
		readonly renderRow: (index: number, key: string | number, common: RowProps) => JSX.Element;
	},
): JSX.Element {
	const { label, count, rowHeight, rowKey, rowClass, current, isSelected, onMove, onOpen, onWindow } = props;
	const ownBox = useRef<HTMLDivElement>(null);
	const box = props.boxRef ?? ownBox;
	const shown = useRowWindow(box, props);
	useLayoutEffect(() => {
		if (shown.end > shown.first) {
			onWindow?.(shown);
		}
	}, [shown.first, shown.end]);
	const isRendered = current !== null && current >= shown.first && current < shown.end;
	const rowAt = (event: MouseEvent): number | null => {
		const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
		return row ? Number(row.dataset['index']) : null;
	};
	const listbox =
		props.boxRole === 'listbox' ? { 'aria-label': label, 'aria-multiselectable': props.multiselectable } : {};
	const name = props.class !== undefined && props.boxRole === 'listbox' ? props.class : 'windowed-body';
	return (
		<div
			{...listbox}
			ref={box}
			class={name}
			role={props.boxRole}
			tabIndex={0}
			data-focus={props.focus}
			aria-activedescendant={isRendered ? `row-${current}` : undefined}
			onClick={(event) => {
				const index = rowAt(event);
				if (index !== null) {
					onMove(index, event);
				}
			}}
			onDblClick={(event) => {
				const index = rowAt(event);
				if (index !== null) {
					onOpen?.(index);
				}
			}}
			onKeyDown={(event) => {
				if (props.hasKeys === false) {
					return;
				}
				if (event.key === 'Enter' && current !== null && onOpen) {
					event.preventDefault();
					onOpen(current);
					return;
				}
				const visibleRows = Math.max(1, Math.floor(event.currentTarget.clientHeight / rowHeight) - 1);
				const next = rowAfterKey(event.key, current, count, visibleRows);
				if (next !== null && !event.altKey && !event.ctrlKey && !event.metaKey) {
					event.preventDefault();
					onMove(next, event);
				}
			}}
		>
			<div class="windowed-inner" style={{ position: 'relative', height: `${count * rowHeight}px` }}>
				{Array.from({ length: shown.end - shown.first }, (_, at) => {
					const index = shown.first + at;
					const more = rowClass === undefined ? '' : ` ${rowClass(index)}`;
					return props.renderRow(index, rowKey(index), {
						id: `row-${index}`,
						class: `row${more}${index === current ? ' current' : ''}`,
						'aria-selected': isSelected?.(index) ?? index === current,
						'data-index': index,
					});
				})}
			</div>
		</div>
	);
}

/**
 * Returns the row that a key moves to, or `null` for other keys. `visibleRows`: number of rows that Page Up and Page
 * Down move by.
 */
export function rowAfterKey(key: string, current: number | null, count: number, visibleRows: number): number | null {
	const from = current ?? -1;
	const targets: Readonly<Record<string, number>> = {
		ArrowDown: from + 1,
		ArrowUp: from - 1,
		PageDown: from + visibleRows,
		PageUp: from - visibleRows,
		Home: 0,
		End: count - 1,
	};
	const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
	if (target === undefined || count === 0) {
		return null;
	}
	const next = Math.min(count - 1, Math.max(0, target));
	return next === current ? null : next;
}
