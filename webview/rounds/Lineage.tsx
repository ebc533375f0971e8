import type { JSX } from 'preact';
import { isSameRound } from '../../src/core/rounds/round.ts';
import type { Scope } from '../../src/core/scope.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Region } from '../kit/Region.tsx';
import type { RoundLine, RoundsState } from './protocol.ts';
import { useStore } from './state.ts';

/**
 * The tree of rounds, in which the user selects two. It is a table of radio buttons: arrow keys move within a column.
 */
export function Lineage({ state }: { readonly state: RoundsState }): JSX.Element {
	const { rounds, before, after, trusted } = state;
	const isOneStudent = new Set(rounds.map(({ student }) => student)).size <= 1;
	return (
		<Region tag="section" class="tree" label="Rounds">
			<div class="scroll" tabIndex={0} role="region" aria-label="Rounds">
				<table class="lineage">
					<thead>
						<tr>
							<th scope="col">Before</th>
							<th scope="col">After</th>
							<th scope="col">Round</th>
							<th scope="col">Made by</th>
							<th scope="col" class="numeric">
								Questions
							</th>
						</tr>
					</thead>
					<tbody>
						{rounds.map((round) => (
							<Row
								key={keyOf(round)}
								round={round}
								isBefore={isSameRound(before, round)}
								isAfter={isSameRound(after, round)}
								isOneStudent={isOneStudent}
								trusted={trusted}
							/>
						))}
					</tbody>
				</table>
			</div>
		</Region>
	);
}

function Row(props: {
	readonly round: RoundLine;
	readonly isBefore: boolean;
	readonly isAfter: boolean;
	/** Whether all rounds are of one student; only the first round then shows the student's name. */
	readonly isOneStudent: boolean;
	readonly trusted: boolean;
}): JSX.Element {
	const { round, isBefore, isAfter, isOneStudent, trusted } = props;
	const { depth, origin, control, answers, questions } = round;
	return (
		<tr class={isBefore || isAfter ? 'chosen' : undefined}>
			<Pick which="before" round={round} isPicked={isBefore} />
			<Pick which="after" round={round} isPicked={isAfter} />
			<th scope="row" style={{ paddingLeft: `${0.8 + depth * 1.4}em` }}>
				{depth > 0 ? (
					<span class="branch" aria-hidden="true">
						{'└ '}
					</span>
				) : null}
				{isOneStudent && depth > 0 ? `round ${round.round}` : roundTitle(round)}
				{control ? <span class="tag">control</span> : null}
				{depth > 0 ? <span class="sr">{`, level ${depth} of the tree`}</span> : null}
			</th>
			<td>
				{origin}
				<Actions round={round} trusted={trusted} />
			</td>
			<td class="numeric">{answers === 0 ? 'no answers yet' : formatCount(questions)}</td>
		</tr>
	);
}

function Pick(props: {
	readonly which: 'before' | 'after';
	readonly round: RoundLine;
	readonly isPicked: boolean;
}): JSX.Element {
	const { which, round, isPicked } = props;
	const store = useStore();
	return (
		<td class="pick">
			<input
				type="radio"
				name={which}
				data-focus={`${which}:${keyOf(round)}`}
				aria-label={`${which === 'before' ? 'Before' : 'After'}: ${roundTitle(round)}`}
				checked={isPicked}
				disabled={round.answers === 0}
				onChange={() => store.choose(which, round)}
			/>
		</td>
	);
}

function Actions({ round, trusted }: { readonly round: RoundLine; readonly trusted: boolean }): JSX.Element {
	const store = useStore();
	return (
		<>
			{round.inView ? <span class="tag">in the views</span> : null}
			{!round.inView && round.answers > 0 ? (
				<button
					type="button"
					class="plain"
					data-focus={`view:${keyOf(round)}`}
					onClick={() => store.view(round)}
				>
					Show in the views
					<span class="sr">{`: ${roundTitle(round)}`}</span>
				</button>
			) : null}
			{trusted ? (
				<button
					type="button"
					class="plain"
					data-focus={`correct:${keyOf(round)}`}
					title="Its parent round, and the benchmark it is for"
					onClick={() => store.correct(round)}
				>
					Edit details…
					<span class="sr">{`: ${roundTitle(round)}`}</span>
				</button>
			) : null}
		</>
	);
}

export function roundTitle({ student, round }: Scope): string {
	return `${student}, round ${round}`;
}

function keyOf({ student, round }: Scope): string {
	return `${student}:${round}`;
}
