import type { JSX } from 'preact';
import type { ProfileResult } from '../../src/core/profile/profile.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import type { ProfilePanelState } from './protocol.ts';
import { useStore } from './state.ts';

/** The student whose profile it is, what the profile counts, and what it lacks. */
export function Head({ state: { profile, trusted } }: { readonly state: ProfilePanelState }): JSX.Element {
	const store = useStore();
	const { student, round, difficult, undiagnosed } = profile;
	return (
		<Region tag="header" class="head">
			<h1>{`Missing skills · ${student} · round ${round}`}</h1>
			<p class="dim">{basisOf(profile)}</p>
			{undiagnosed > 0 ? (
				<div class="banner">
					<p>
						<strong>{'Partial. '}</strong>
						{`${formatCount(undiagnosed)} of ${formatCount(difficult)} difficult questions are ` +
							'not diagnosed yet, so these shares may still change.'}
					</p>
					<Button label="Diagnose…" disabled={!trusted} focus="diagnose" onPress={() => store.diagnose()} />
				</div>
			) : null}
		</Region>
	);
}

function basisOf({ benchmark, questions, corrected, disputed }: ProfileResult): string {
	const noun = questions === 1 ? 'question' : 'questions';
	const of = benchmark === null ? '' : ` of ${benchmark}, which this round is meant for,`;
	const byPeople = [
		corrected > 0 ? `${corrected} corrected by people` : '',
		disputed > 0 ? `${disputed} miss nothing after all` : '',
	].filter(Boolean);
	const more = byPeople.length === 0 ? '' : `: ${byPeople.join(', ')}`;
	return `${formatCount(questions)} difficult ${noun}${of} profiled${more}.`;
}
