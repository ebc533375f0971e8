import { formatPoints, formatRange } from '../../src/core/text/formatChange.ts';
import { formatPercent } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import type { Row } from './numbers.ts';

interface Column {
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

/** The chart's numbers and the rest; `before` adds the other round's. */
export function columns(before: number | null, now: number): readonly Column[] {
	const number = (
		id: string,
		title: string,
		sort: (row: Row) => number | null,
		text: (row: Row) => string,
	): Column => ({ id, title, numeric: true, sort: (row) => sort(row) ?? -Infinity, text });
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
			({ skill }) =>
				skill.exposureRate === null ? '–' : `${formatPercent(skill.exposureRate)} of ${skill.exposed}`,
		),
		number(
			'places',
			'Place by count · rate',
			({ places }) => -(places.rate ?? Infinity),
			({ places }) => `${places.count} · ${places.rate ?? '–'}`,
		),
		...(before === null
			? []
			: [
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
						({ change }) =>
							change ? `${formatPoints(change.difference)} (${formatRange(change.interval)})` : '–',
					),
				]),
	];
}

/** Share among the missing less share of the training set: what training saw too little of. */
function gapOf({ skill }: Row): number | null {
	return skill.trainShare === null ? null : skill.share - skill.trainShare;
}

/** Equal values keep the order they came in. */
export function sorted(rows: readonly Row[], sort: Sort, all: readonly Column[]): Row[] {
	const column = all.find(({ id }) => id === sort.column);
	if (!column) {
		return [...rows];
	}
	const sign = sort.descending ? -1 : 1;
	return [...rows].sort((left, right) => {
		const [a, b] = [column.sort(left), column.sort(right)];
		return (
			sign *
			(typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a === b ? 0 : a - b)
		);
	});
}

export function table(
	rows: readonly Row[],
	all: readonly Column[],
	sort: Sort,
	onSort: (sort: Sort) => void,
	onOpen: (skill: SkillRef) => void,
): Child[] {
	const head = all.map((column) => {
		const active = column.id === sort.column;
		return h(
			'th',
			{
				scope: 'col',
				class: column.numeric ? 'numeric' : undefined,
				'aria-sort': active ? (sort.descending ? 'descending' : 'ascending') : undefined,
			},
			h(
				'button',
				{
					type: 'button',
					class: 'sort',
					'data-focus': `sort:${column.id}`,
					onclick: () =>
						onSort({ column: column.id, descending: active ? !sort.descending : column.numeric }),
				},
				column.title,
				h('span', { class: 'arrow', 'aria-hidden': 'true' }, active ? (sort.descending ? ' ▾' : ' ▴') : ''),
			),
		);
	});
	const body = rows.map((row) =>
		h(
			'tr',
			{},
			...all.map((column) =>
				column.id === 'skill'
					? h(
							'th',
							{ scope: 'row' },
							h(
								'button',
								{
									type: 'button',
									class: 'plain',
									'data-focus': `row:${skillKey(row.skill)}`,
									onclick: () => onOpen(row.skill),
								},
								column.text(row),
							),
						)
					: h('td', { class: column.numeric ? 'numeric' : undefined }, column.text(row)),
			),
		),
	);
	return [
		h(
			'div',
			{ class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Numbers' },
			h('table', {}, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body)),
		),
	];
}

export type CopyFormat = 'Markdown' | 'TSV' | 'CSV';

/** The rows as text; a cell that a spreadsheet would take for a formula is quoted as text. */
export function asText(rows: readonly Row[], all: readonly Column[], format: CopyFormat): string {
	const cells = [all.map(({ title }) => title), ...rows.map((row) => all.map((column) => column.text(row)))];
	const inert = (cell: string): string =>
		/^[=+@\t\r]|^-(?!\d)/.test(cell) && !/^[+−-]?\d/.test(cell) ? `'${cell}` : cell;
	switch (format) {
		case 'Markdown': {
			const line = (row: readonly string[]): string =>
				`| ${row.map((cell) => cell.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ')).join(' | ')} |`;
			return (
				[
					line(cells[0] ?? []),
					`| ${all.map(({ numeric }) => (numeric ? '---:' : '---')).join(' | ')} |`,
					...cells.slice(1).map(line),
				].join('\n') + '\n'
			);
		}
		case 'TSV':
			return cells.map((row) => row.map((cell) => inert(cell).replace(/\s+/g, ' ')).join('\t')).join('\n') + '\n';
		case 'CSV':
			return (
				cells
					.map((row) =>
						row
							.map((cell) =>
								/[",\n\r]/.test(inert(cell)) ? `"${inert(cell).replace(/"/g, '""')}"` : inert(cell),
							)
							.join(','),
					)
					.join('\r\n') + '\r\n'
			);
	}
}
