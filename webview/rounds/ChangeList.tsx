import type { JSX } from 'preact';
import { isSignificant } from '../../src/core/rounds/ledger.ts';
import { formatPoints, formatPValue, formatRange } from '../../src/core/text/formatChange.ts';
import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import type { ChangeLine } from './protocol.ts';

type Change = ChangeLine['change'];

/**
 * The changes by subject and by level, each a point with its interval, on one axis around zero. They form a list, so
 * that a screen reader can read them.
 */
export function ChangeList({ lines }: { readonly lines: readonly ChangeLine[] }): JSX.Element {
	const reach = axisReach(lines.map(({ change }) => change));
	return (
		<>
			<Axis reach={reach} />
			<ol class="changes">
				{lines.map(({ name, change }, at) => (
					<li key={at} class="change-row">
						<span class="name">
							{name}
							<span class="dim">{` · ${questionsOf(change)}`}</span>
						</span>
						<IntervalPlot change={change} reach={reach} control={null} />
						<Numbers change={change} />
					</li>
				))}
			</ol>
		</>
	);
}

/** Returns the end of an axis around zero that contains all intervals, such that its quarters are round. */
export function axisReach(changes: readonly (Change | null)[]): number {
	const largest = Math.max(0.02, ...changes.flatMap((change) => (change?.ci95 ? change.ci95.map(Math.abs) : [])));
	return [0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1].find((end) => end >= largest) ?? 1;
}

export function Axis({ reach }: { readonly reach: number }): JSX.Element {
	return (
		<div class="change-row axis-row" aria-hidden="true">
			<span />
			<div class="axis-ticks">
				{[-1, -0.5, 0, 0.5, 1].map((part) => (
					<span key={part}>{part === 0 ? '0' : formatPoints(part * reach, reach < 0.2 ? 1 : 0)}</span>
				))}
			</div>
			<span class="dim">change in points (95 % interval)</span>
		</div>
	);
}

export function IntervalPlot(props: {
	readonly change: Change;
	readonly reach: number;
	/** Gain of a control arm; `null` if there is none. */
	readonly control: number | null;
}): JSX.Element {
	const { change, reach, control } = props;
	const { delta, ci95, p, pHolm = p } = change;
	const place = (value: number): number => Math.min(100, Math.max(0, 50 + (value / reach) * 50));
	return (
		<span class="interval-plot" aria-hidden="true">
			{ci95 && delta !== null ? (
				<>
					<span
						// Marked only if it is significant within the whole family, not if one interval out of many
						// happens to exclude zero.
						class={isSignificant(pHolm) ? 'range clear' : 'range'}
						style={{ left: `${place(ci95[0])}%`, width: `${place(ci95[1]) - place(ci95[0])}%` }}
					/>
					<span class="point" style={{ left: `${place(delta)}%` }} />
				</>
			) : null}
			{control === null ? null : <span class="control-point" style={{ left: `${place(control)}%` }} />}
		</span>
	);
}

export function Numbers({ change }: { readonly change: Change }): JSX.Element {
	const { delta, ci95, before, after, p, pHolm } = change;
	return (
		<span class="numbers-words">
			<strong>{formatPoints(delta)}</strong>
			<span>{` (${formatRange(ci95)})`}</span>
			<span class="dim">{` ${formatPercent(before)} → ${formatPercent(after)}`}</span>
			<span class="dim">{` p ${formatPValue(pHolm ?? p)}`}</span>
		</span>
	);
}

export function questionsOf({ n }: Change): string {
	return n === 1 ? '1 question' : `${formatCount(n)} questions`;
}
