import type { JSX } from 'preact';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { diagnosisKeys } from './panelKeys.ts';
import { RichText } from '../kit/RichText.tsx';
import { JuryReading } from './JuryReading.tsx';
import type { QuestionState } from './protocol.ts';
import { useStore } from './state.ts';
import { TimeText } from './TimeText.tsx';

/** The teacher's verdict, the first wrong step and the reason; if there is no diagnosis, why not and what to do. */
export function TeacherReading({ state }: { readonly state: QuestionState }): JSX.Element {
	const raw = useStore().raw.value;
	const { diagnosis } = state;
	if (!diagnosis) {
		return <Undiagnosed state={state} />;
	}
	return (
		<>
			<ReadElsewhere state={state} read={diagnosis.sample} />
			<Facts diagnosis={diagnosis} />
			{state.verdicts.map((verdict, at) => (
				<JuryReading key={at} state={state} diagnosis={diagnosis} verdict={verdict} />
			))}
			<h3>Reason</h3>
			{diagnosis.reason.trim() === '' ? (
				<p class="dim">none given</p>
			) : (
				<RichText text={diagnosis.reason} raw={raw} />
			)}
			{diagnosis.judge === 'correct' ? (
				<p class="hint">
					The teacher finds nothing wrong, so no skill counts as missing; the question is listed as disputed.
				</p>
			) : null}
			<p class="provenance">
				{`${diagnosis.model} · ${diagnosis.promptVersion} · `}
				<TimeText iso={diagnosis.at} />
			</p>
		</>
	);
}

function Undiagnosed({ state }: { readonly state: QuestionState }): JSX.Element {
	const store = useStore();
	const { asking, trusted, readOnly } = state.surroundings;
	const hasAnswer = state.samples.length > 0;
	const why = hasAnswer
		? 'Not diagnosed yet. The teacher reads this answer and names the skills it misses.'
		: 'There is no answer to diagnose.';
	return (
		<>
			<p class="empty">{asking ? 'The teacher is diagnosing…' : why}</p>
			{hasAnswer && !asking ? (
				<Button
					label="Diagnose This Question"
					shortcut={shortcutOf(diagnosisKeys.diagnose)}
					primary
					disabled={!trusted || readOnly !== null}
					focus="diagnose"
					onPress={() => store.diagnose()}
				/>
			) : null}
			{asking || trusted ? null : (
				<p class="dim">This folder is not trusted, so no teacher is called from here.</p>
			)}
		</>
	);
}

/** Names the sample that the teacher read, if a different one is shown. */
function ReadElsewhere(props: { readonly state: QuestionState; readonly read: number }): JSX.Element | null {
	const store = useStore();
	const { state, read } = props;
	const shown = store.sample.value;
	const place = state.samples.findIndex(({ sample }) => sample === read) + 1;
	if (place === 0 || shown === null || shown.sample === read) {
		return null;
	}
	return (
		<p class="hint">
			{`The teacher read sample ${place}. `}
			<Button
				label={`Show sample ${place}`}
				shortcut={diagnosisKeys.sample.keys[place - 1]}
				focus="showRead"
				onPress={() => store.showSample(read)}
			/>
		</p>
	);
}

function Facts({ diagnosis: { judge, firstWrongStep } }: { readonly diagnosis: Diagnosis }): JSX.Element {
	const store = useStore();
	const isIncorrect = judge === 'incorrect';
	return (
		<dl class="facts">
			<dt>verdict</dt>
			<dd class={isIncorrect ? 'verdict-wrong' : 'verdict-right'}>
				<span class="glyph" aria-hidden="true">
					{isIncorrect ? '✗ ' : '✓ '}
				</span>
				<strong>{judge}</strong>
			</dd>
			<dt>first wrong step</dt>
			<dd>
				{firstWrongStep === null ? (
					<span class="dim">not named</span>
				) : (
					<Button
						label={`step ${firstWrongStep + 1}`}
						shortcut={shortcutOf(diagnosisKeys.wrongStep)}
						name={`Go to step ${firstWrongStep + 1}`}
						focus="wrongStep"
						onPress={() => store.toWrongStep()}
					/>
				)}
			</dd>
		</dl>
	);
}
