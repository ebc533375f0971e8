import type { JSX, RefObject } from 'preact';
import type { CurationStatus, ItemRow } from '../../src/core/curation/curation.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { visibleControls } from '../kit/richText.ts';
import { WindowedList } from '../kit/WindowedTable.tsx';
import { flagLabels, statusGlyphs, statusLabels } from './labels.ts';
import { useStore } from './state.ts';

/** The queue beside the problem. Only rows near the visible part are rendered, however long the queue is. */
export function QueueList({ box }: { readonly box: RefObject<HTMLDivElement | null> }): JSX.Element {
	const { queue } = useStore();
	const { version, dataset, total } = queue.state.value ?? { version: 0, dataset: '', total: 0 };
	const chosen = queue.rows.chosen.value;
	const { rowAt, statusAt } = queue.rows.known.value;
	return (
		<WindowedList
			class="list"
			label="Queue"
			focus="list"
			multiselectable
			boxRef={box}
			count={total}
			rowHeight={46}
			listKey={JSON.stringify([dataset, version])}
			reveal="third"
			hasKeys={false}
			current={total === 0 ? null : queue.current.value}
			rowKey={(index) => index}
			rowClass={(index) => `status-${statusAt(index)}${chosen.has(index) ? ' chosen' : ''}`}
			isSelected={(index) => chosen.has(index)}
			onMove={(index, event) => queue.open(index, event)}
			onWindow={(window) => queue.rows.look(window)}
			row={(index) => (
				<Row index={index} row={rowAt(index)} status={statusAt(index)} isChosen={chosen.has(index)} />
			)}
		/>
	);
}

function Row(props: {
	readonly index: number;
	/** `undefined`: not yet read; `null`: no longer in the queue. */
	readonly row: ItemRow | null | undefined;
	readonly status: CurationStatus;
	readonly isChosen: boolean;
}): JSX.Element {
	const { index, row, status, isChosen } = props;
	if (row === undefined || row === null) {
		const text = row === null ? 'no longer in the queue' : `${formatCount(index + 1)} …`;
		return <span class="row-title dim">{text}</span>;
	}
	const { title, agreement, skill } = row;
	const flags = [...new Set(row.flags.map((flag) => flagLabels[flag][0]))];
	return (
		<>
			<span class="row-mark" aria-hidden="true">
				{isChosen ? '☑' : statusGlyphs[status]}
			</span>
			<span class="row-title" dir="auto">
				{plainTitle(title)}
			</span>
			<span class="row-facts">
				<span class="sr">{`${statusLabels[status]}, `}</span>
				{`${agreement.agree}/${agreement.of}`}
				{skill ? ` · ${visibleControls(skillLabel(skill.name))}` : ''}
				{flags.length > 0 ? <span class="row-flags">{` ⚑ ${flags.join(', ')}`}</span> : null}
			</span>
		</>
	);
}

/** Removes dollar signs: a line is too short for rendered formulas, and the signs are only noise. */
function plainTitle(title: string): string {
	return visibleControls(title.replace(/\$([^$\n]{1,80})\$/g, '$1'));
}
