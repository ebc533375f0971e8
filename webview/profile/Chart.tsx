import type { ComponentChildren, CSSProperties, JSX } from 'preact';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { profileKeys } from './panelKeys.ts';
import { Region } from '../kit/Region.tsx';
import type { Row } from './numbers.ts';
import { axisEnd, describeChange } from './numbers.ts';
import type { ProfilePanelState } from './protocol.ts';
import { fewSkills, useStore } from './state.ts';

/** The most missed skills as bars, and the button that shows the rest. */
export function Chart({ state }: { readonly state: ProfilePanelState }): JSX.Element {
	const store = useStore();
	const [rows, shown] = [store.rows.value, store.shown.value];
	return (
		<>
			<Region tag="section" class="chart" label="Most missed skills">
				{shown.length === 0 ? (
					<p class="empty">
						{state.profile.questions === 0
							? 'Nothing is diagnosed yet: the profile counts the skills that diagnoses name.'
							: 'No skill of this subject is missing.'}
					</p>
				) : (
					<Bars state={state} rows={shown} />
				)}
			</Region>
			<div class="more">
				{rows.length > fewSkills ? (
					<Button
						label={store.isAll.value ? `Only the ${fewSkills} most missed` : `All ${rows.length} skills`}
						shortcut={shortcutOf(profileKeys.all)}
						focus="all"
						onPress={() => store.toggleAll()}
					/>
				) : null}
			</div>
		</>
	);
}

/**
 * Bars with intervals, the share of the training set as a mark on the same axis, and the other round as a second bar.
 * They form a list, so that a screen reader can read them.
 */
function Bars({ state, rows }: { readonly state: ProfilePanelState; readonly rows: readonly Row[] }): JSX.Element {
	const { rank, before } = state;
	// A share of the training set cannot be compared with rates among the questions that need a skill.
	const hasMarks = rank === 'share';
	const end = endOf(rows, hasMarks);
	const hasSubjects = new Set(rows.map(({ skill }) => skill.subject)).size > 1;
	return (
		<>
			<Legend state={state} hasMarks={hasMarks} />
			<div class="axis" aria-hidden="true">
				<span />
				<div class="ticks">
					{[0, 0.25, 0.5, 0.75, 1].map((part) => (
						<span key={part}>{`${+(part * end * 100).toFixed(1)}${part === 1 ? ' %' : ''}`}</span>
					))}
				</div>
				<span />
			</div>
			<ol class="bars">
				{rows.map((row) => (
					<Bar
						key={skillKey(row.skill)}
						row={row}
						end={end}
						hasMarks={hasMarks}
						hasSubject={hasSubjects}
						isBesideAnother={before !== null}
					/>
				))}
			</ol>
		</>
	);
}

/** Returns the end of the axis. */
function endOf(rows: readonly Row[], hasMarks: boolean): number {
	const values = rows.flatMap(({ interval, beforeValue, skill }) => [
		interval?.[1] ?? 0,
		beforeValue ?? 0,
		hasMarks ? (skill.trainShare ?? 0) : 0,
	]);
	return axisEnd(Math.max(0.01, ...values));
}

function Bar(props: {
	readonly row: Row;
	readonly end: number;
	readonly hasMarks: boolean;
	readonly hasSubject: boolean;
	readonly isBesideAnother: boolean;
}): JSX.Element {
	const { row, end, hasMarks, hasSubject, isBesideAnother } = props;
	const store = useStore();
	const { skill, value } = row;
	const label = skillLabel(skill.name);
	const change = describeChange(row);
	return (
		<li class={isBesideAnother ? 'row two' : 'row'}>
			<button
				type="button"
				class="skill"
				data-focus={`skill:${skillKey(skill)}`}
				title={`Show the questions that miss ${label}`}
				onClick={() => store.showMissing(skill)}
			>
				<span>{label}</span>
				{hasSubject ? <span class="subject">{skillLabel(skill.subject)}</span> : null}
			</button>
			<Plot row={row} end={end} hasMarks={hasMarks} />
			<span class="number">
				<strong>{formatCount(skill.questions)}</strong>
				<span>{` · ${formatPercent(value)}`}</span>
				<span class="sr">{describe(row, hasMarks)}</span>
			</span>
			{change === '' ? null : <span class="change">{change}</span>}
		</li>
	);
}

function Plot(props: { readonly row: Row; readonly end: number; readonly hasMarks: boolean }): JSX.Element {
	const { row, end, hasMarks } = props;
	const { value, beforeValue, interval, skill } = row;
	return (
		<div class="plot" aria-hidden="true">
			{value === null ? null : <span class="bar" style={place(0, value / end)} />}
			{beforeValue === null ? null : <span class="bar-before" style={place(0, beforeValue / end)} />}
			{interval ? (
				<span class="whisker" style={place(interval[0] / end, (interval[1] - interval[0]) / end)} />
			) : null}
			{hasMarks && skill.trainShare !== null ? (
				<span class="mark" style={place(skill.trainShare / end, 0)} />
			) : null}
		</div>
	);
}

function place(from: number, width: number): CSSProperties {
	const left = `${Math.min(100, from * 100)}%`;
	return width > 0 ? { left, width: `${Math.min(100, width * 100)}%` } : { left };
}

/** Describes what the plot shows, for screen readers. */
function describe({ interval, skill }: Row, hasMarks: boolean): string {
	const range = interval
		? `, 95 percent interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}`
		: '';
	const mark =
		hasMarks && skill.trainShare !== null ? `; ${formatPercent(skill.trainShare)} of the training set` : '';
	return range + mark;
}

function Legend({ state, hasMarks }: { readonly state: ProfilePanelState; readonly hasMarks: boolean }): JSX.Element {
	const { profile, before } = state;
	const value = hasMarks
		? 'share of the profiled questions that miss it'
		: 'of the questions that need it, those that miss it';
	return (
		<ul class="legend" aria-label="Legend">
			<LegendKey of="bar">{before === null ? value : `round ${profile.round}`}</LegendKey>
			{before === null ? null : <LegendKey of="bar-before">{`round ${before.round}`}</LegendKey>}
			<LegendKey of="whisker">95 % interval</LegendKey>
			{hasMarks ? <LegendKey of="mark">its share of the training set</LegendKey> : null}
		</ul>
	);
}

function LegendKey(props: { readonly of: string; readonly children: ComponentChildren }): JSX.Element {
	return (
		<li>
			<span class={`key ${props.of}`} aria-hidden="true" />
			{props.children}
		</li>
	);
}
