import type { JSX } from 'preact';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import type { CausedRows, QuestionState } from './protocol.ts';
import { keyOf, useStore } from './state.ts';

/** Maximum number of a dataset's rows that are listed; the rest are only counted. */
const listed = 50;

/** Links to similar questions, and the consequences of this diagnosis. */
export function After({ state }: { readonly state: QuestionState }): JSX.Element {
	const store = useStore();
	const caused = store.rows.value ?? [];
	return (
		<Region tag="footer" class="after">
			{state.alike.length === 0 ? null : (
				<section class="alike">
					<h3>More like this</h3>
					<ul>
						{state.alike.map(({ skill, questions }) => (
							<li key={skillKey(skill)}>
								<Button
									label={`${skillLabel(skill.name)}: ${formatCount(questions)} ▸`}
									name={`Show ${questions} questions that miss ${skillLabel(skill.name)}`}
									focus={`alike:${skill.subject}/${skill.name}`}
									onPress={() => store.showMissing(skill)}
								/>
							</li>
						))}
					</ul>
				</section>
			)}
			{caused.length === 0 ? null : (
				<section key={keyOf(state)} class="rows">
					<h3>Rows drawn because of it</h3>
					{caused.map((rows) => (
						<Caused key={rows.dataset} rows={rows} />
					))}
				</section>
			)}
		</Region>
	);
}

function Caused({ rows: { dataset, count, first } }: { readonly rows: CausedRows }): JSX.Element {
	const store = useStore();
	return (
		<details class="caused">
			<summary data-focus={`rows:${dataset}`}>{`${count} ${count === 1 ? 'row' : 'rows'} in ${dataset}`}</summary>
			<p class="row-list">
				{first.slice(0, listed).map((row) => (
					<button
						key={row}
						type="button"
						class="plain"
						title="Why this row?"
						data-focus={`row:${dataset}:${row}`}
						onClick={() => store.why(dataset, row)}
					>
						{`row ${row}`}
					</button>
				))}
				{count > listed ? <span class="dim">{`and ${count - listed} more`}</span> : null}
			</p>
		</details>
	);
}
