import type { JSX } from 'preact';
import { normaliseSubject, skillLabel } from '../../src/core/skills/skill.ts';
import { Button, Dropdown } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import { copyFormats } from './asText.ts';
import type { ProfilePanelState } from './protocol.ts';
import { useStore } from './state.ts';

/** The controls that select the skills, their order, and the round to compare with, and that copy the result. */
export function Controls({ state }: { readonly state: ProfilePanelState }): JSX.Element {
	const store = useStore();
	const { profile, rank, rounds, before } = state;
	const others = rounds.filter((round) => round !== profile.round);
	return (
		<Region class="controls">
			<div class="choices">
				{profile.subjects.length > 1 ? (
					<Dropdown
						label="Subject"
						focus="subject"
						value={store.subject.value === null ? '*' : choiceOf(store.subject.value)}
						choices={[
							['*', 'all subjects'],
							...profile.subjects.map(
								({ subject, questions }) =>
									[
										choiceOf(normaliseSubject(subject)),
										`${skillLabel(subject) || 'no subject'} (${questions})`,
									] as const,
							),
						]}
						onChange={(value) => store.chooseSubject(value === '*' ? null : subjectOf(value))}
					/>
				) : null}
				<Dropdown
					label="Rank by"
					focus="rank"
					value={rank}
					choices={[
						['share', 'share of questions'],
						['exposure', 'rate where needed'],
					]}
					onChange={(value) => store.rankBy(value === 'exposure' ? 'exposure' : 'share')}
				/>
				{others.length > 0 ? (
					<Dropdown
						label="Beside"
						focus="compare"
						value={String(before?.round ?? 'none')}
						choices={[
							['none', 'no other round'],
							...others.map((round) => [String(round), `round ${round}`] as const),
						]}
						onChange={(value) => store.compareWith(value === 'none' ? null : Number(value))}
					/>
				) : null}
			</div>
			{store.rows.value.length > 0 ? (
				<div class="copy" role="group" aria-label="Copy the table">
					<span class="dim">Copy as</span>
					{copyFormats.map((format) => (
						<Button
							key={format}
							label={format}
							name={`Copy as ${format}`}
							focus={`copy:${format}`}
							onPress={() => store.copy(format)}
						/>
					))}
				</div>
			) : null}
		</Region>
	);
}

/** Converts a subject to a value in the list, which accepts no empty value: some questions have no subject. */
function choiceOf(subject: string): string {
	return `=${subject}`;
}

function subjectOf(choice: string): string {
	return choice.slice(1);
}
