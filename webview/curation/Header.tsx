import type { JSX } from 'preact';
import { formatCount, formatWholePercent } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { curationKeyTable } from './keys.ts';
import { ListToolbar } from '../kit/ListToolbar.tsx';
import { Region } from '../kit/Region.tsx';
import type { QueueState } from './protocol.ts';
import { useStore } from './state.ts';

/** A summary such as "132 of 1,204 seen, 91% accepted, 1.4 s each", and the panel's buttons. */
export function Header(): JSX.Element {
	const queue = useStore().queue.state.value;
	return (
		<Region tag="header" class="top">
			{queue ? (
				<>
					<div class="bar">
						<Place queue={queue} />
						<Ways queue={queue} />
					</div>
					<Progress queue={queue} />
				</>
			) : null}
		</Region>
	);
}

function Place({ queue }: { readonly queue: QueueState }): JSX.Element {
	const store = useStore();
	const { dataset, total, counts } = queue;
	const index = store.queue.item.value?.index ?? null;
	return (
		<div class="place">
			<h1>{placeText(index, total)}</h1>
			<span class="fact">{dataset}</span>
			<span class="fact seen" title="The time is the median of your latest decisions in this panel.">
				{seenText(counts, store.pace.seconds.value)}
			</span>
			<span class="fact">
				<button
					type="button"
					class="plain demand"
					title="Which problems need a decision before this dataset is exported or trained on"
					data-focus="demand"
					onClick={() => store.openDemand()}
				>
					{demandText(queue)}
				</button>
			</span>
		</div>
	);
}

function Ways({ queue }: { readonly queue: QueueState }): JSX.Element {
	const store = useStore();
	const item = store.queue.item.value;
	return (
		<ListToolbar
			item="problem"
			isFirst={!item || item.index === 0}
			isLast={!item || item.index + 1 >= queue.total}
			onGo={(to) => store.queue.step(to === 'next' ? 1 : -1)}
			raw={store.raw.value}
			onToggleRaw={() => store.toggleRaw()}
			keys={curationKeyTable}
			onShowKeys={() => store.toggleKeyList()}
		>
			<Button
				label="List"
				shortcut={shortcutOf(curationKeyTable.list)}
				pressed={store.isListShown.value}
				focus="list-toggle"
				onPress={() => store.toggleList()}
			/>
		</ListToolbar>
	);
}

function Progress({ queue: { counts } }: { readonly queue: QueueState }): JSX.Element {
	const all = allOf(counts);
	return (
		<div class="progress" aria-hidden="true">
			{(['accepted', 'edited', 'rejected'] as const).map((status) => (
				<span
					key={status}
					class={`part part-${status}`}
					style={{ width: `${all === 0 ? 0 : (100 * counts[status]) / all}%` }}
				/>
			))}
		</div>
	);
}

function placeText(index: number | null, total: number): string {
	if (total === 0) {
		return 'Nothing here';
	}
	return index === null ? formatCount(total) : `${formatCount(index + 1)} of ${formatCount(total)}`;
}

function seenText(counts: QueueState['counts'], pace: number | null): string {
	const all = allOf(counts);
	const seen = all - counts.waiting;
	const parts = [
		`${formatCount(seen)} of ${formatCount(all)} seen`,
		seen > 0 ? `${formatWholePercent((counts.accepted + counts.edited) / seen)} accepted` : null,
		pace === null ? null : `${pace.toFixed(1)} s each`,
	];
	return parts.filter((part) => part !== null).join(', ');
}

const demands = {
	none: 'no problem needs a decision before an export',
	flagged: 'flagged ones',
	sample: 'one in ten',
	all: 'all',
} as const;

function demandText({ demand, demanded }: QueueState): string {
	if (demand === 'none') {
		return 'curation not demanded';
	}
	const remaining = demanded === 0 ? 'all decided' : `${formatCount(demanded)} wait`;
	return `demanded: ${demands[demand]}, ${remaining}`;
}

function allOf({ accepted, edited, rejected, waiting }: QueueState['counts']): number {
	return accepted + edited + rejected + waiting;
}
