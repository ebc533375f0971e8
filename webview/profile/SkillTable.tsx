import type { JSX } from 'preact';
import { skillKey } from '../../src/core/skills/skill.ts';
import { Region } from '../kit/Region.tsx';
import type { Column } from './columns.ts';
import type { Row } from './numbers.ts';
import { useStore } from './state.ts';

/** See docs/evidence.md: eight seeds of small students. */
const ranksTaught =
	'The count shows where most is lost, and STAT-Sel weighs by it; the rate shows how often a skill is ' +
	'missed where it is needed: a frequent skill can lead the counts alone. In our trials the rate put ' +
	'planted weaknesses first slightly more often, but sets weighed by it repaired no more and forgot more ' +
	'(docs/evidence.md).';

/** The skills of the chart with all their numbers; the table can be sorted by each column. */
export function SkillTable(): JSX.Element | null {
	const { columns, rows } = useStore().table.value;
	if (rows.length === 0) {
		return null;
	}
	return (
		<Region tag="section" class="numbers" label="Table">
			<h2>The same in numbers</h2>
			<div class="scroll" tabIndex={0} role="region" aria-label="Numbers">
				<table>
					<thead>
						<tr>
							{columns.map((column) => (
								<Heading key={column.id} column={column} />
							))}
						</tr>
					</thead>
					<tbody>
						{rows.map((row) => (
							<tr key={skillKey(row.skill)}>
								{columns.map((column) => (
									<Cell key={column.id} row={row} column={column} />
								))}
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<p class="dim">{ranksTaught}</p>
		</Region>
	);
}

function Heading({ column }: { readonly column: Column }): JSX.Element {
	const store = useStore();
	const { id, title, numeric } = column;
	const sort = store.sort.value;
	const order = sort.column === id ? orders[sort.descending ? 'descending' : 'ascending'] : null;
	return (
		<th scope="col" class={numeric ? 'numeric' : undefined} aria-sort={order?.name}>
			<button type="button" class="sort" data-focus={`sort:${id}`} onClick={() => store.sortBy(column)}>
				{title}
				<span class="arrow" aria-hidden="true">
					{order?.arrow ?? ''}
				</span>
			</button>
		</th>
	);
}

const orders = {
	ascending: { name: 'ascending', arrow: ' ▴' },
	descending: { name: 'descending', arrow: ' ▾' },
} as const;

function Cell({ row, column }: { readonly row: Row; readonly column: Column }): JSX.Element {
	const store = useStore();
	if (column.id !== 'skill') {
		return <td class={column.numeric ? 'numeric' : undefined}>{column.text(row)}</td>;
	}
	return (
		<th scope="row">
			<button
				type="button"
				class="plain"
				data-focus={`row:${skillKey(row.skill)}`}
				onClick={() => store.showMissing(row.skill)}
			>
				{column.text(row)}
			</button>
		</th>
	);
}
