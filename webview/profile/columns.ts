import type { ProfileSkill } from '../../src/core/profile/profile.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { formatPoints, formatRange } from '../../src/core/text/formatChange.ts';
import { formatPercent } from '../../src/core/text/formatNumber.ts';
import type { Row } from './numbers.ts';

export interface Column {
	readonly id: string;
	readonly title: string;
	readonly numeric: boolean;
	readonly sort: (row: Row) => number | string;
	readonly text: (row: Row) => string;
}

export interface Sort {
	readonly column: string;
	readonly descending: boolean;
}

/** Returns the columns: the chart's numbers and the others. `before` adds those of the other round. */
export function columns(before: number | null, now: number): readonly Column[] {
	return [
		{
			id: 'skill',
			title: 'Skill',
			numeric: false,
			sort: ({ skill }) => skill.name,
			text: ({ skill }) => skillLabel(skill.name),
		},
		{
			id: 'subject',
			title: 'Subject',
			numeric: false,
			sort: ({ skill }) => skill.subject,
			text: ({ skill }) => skillLabel(skill.subject),
		},
		number(
			'missed',
			before === null ? 'Missed' : `Missed, round ${now}`,
			({ skill }) => skill.questions,
			({ skill }) => String(skill.questions),
		),
		number(
			'share',
			'Share',
			({ skill }) => skill.share,
			({ skill }) => formatPercent(skill.share),
		),
		number(
			'interval',
			'95 % interval',
			({ skill }) => skill.ci95[1] - skill.ci95[0],
			({ skill }) => `${formatPercent(skill.ci95[0])} to ${formatPercent(skill.ci95[1])}`,
		),
		number(
			'trainShare',
			'Training share',
			({ skill }) => skill.trainShare,
			({ skill }) => formatPercent(skill.trainShare),
		),
		number('gap', 'Gap, points', gapOf, (row) => {
			const gap = gapOf(row);
			return gap === null ? '–' : formatPoints(gap);
		}),
		number(
			'train',
			'Training questions',
			({ skill }) => skill.train,
			({ skill }) => String(skill.train),
		),
		number(
			'rate',
			'Missed where needed',
			({ skill }) => skill.exposureRate,
			({ skill }) => rateOf(skill),
		),
		number(
			'places',
			'Place by count · rate',
			({ places }) => -(places.rate ?? Infinity),
			({ places }) => `${places.count} · ${places.rate ?? '–'}`,
		),
		...(before === null ? [] : columnsOfBefore(before)),
	];
}

function columnsOfBefore(before: number): readonly Column[] {
	return [
		number(
			'before',
			`Missed, round ${before}`,
			({ before: old }) => old?.questions ?? 0,
			({ before: old }) => String(old?.questions ?? 0),
		),
		number(
			'change',
			'Change, points',
			({ change }) => change?.difference ?? null,
			({ change }) => (change ? `${formatPoints(change.difference)} (${formatRange(change.interval)})` : '–'),
		),
	];
}

function number(id: string, title: string, sort: (row: Row) => number | null, text: (row: Row) => string): Column {
	return { id, title, numeric: true, sort: (row) => sort(row) ?? -Infinity, text };
}

/**
 * Returns the skill's share among the missing skills minus its share of the training set: how much too little of it
 * training has seen.
 */
function gapOf({ skill }: Row): number | null {
	return skill.trainShare === null ? null : skill.share - skill.trainShare;
}

function rateOf({ exposureRate, exposed }: ProfileSkill): string {
	return exposureRate === null ? '–' : `${formatPercent(exposureRate)} of ${exposed}`;
}

/** Sorts rows; equal values keep their order. */
export function sorted(rows: readonly Row[], sort: Sort, all: readonly Column[]): readonly Row[] {
	const column = all.find(({ id }) => id === sort.column);
	if (!column) {
		return rows;
	}
	const sign = sort.descending ? -1 : 1;
	return [...rows].sort((left, right) => sign * compare(column.sort(left), column.sort(right)));
}

function compare(left: number | string, right: number | string): number {
	if (typeof left === 'string' || typeof right === 'string') {
		return String(left).localeCompare(String(right));
	}
	// Infinity minus Infinity is NaN.
	return left === right ? 0 : left - right;
}
