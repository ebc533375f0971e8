import type { JSX } from 'preact';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { diagnosisKeys } from './panelKeys.ts';
import { verdictLabels } from './History.tsx';
import { useStore } from './state.ts';
import { TimeText } from './TimeText.tsx';
import type { View } from './view.ts';
import { verdictOf } from './view.ts';

/** The buttons to agree, change, dispute, withdraw and undo, and the correction in force. */
export function CorrectionButtons({ view }: { readonly view: View }): JSX.Element {
	const store = useStore();
	const { diagnosis, undo, surroundings } = view.state;
	const verdict = verdictOf(view);
	const disabled = surroundings.readOnly !== null;
	return (
		<>
			<div class="actions" role="group" aria-label="Your correction">
				<Button
					label="Agree"
					shortcut={shortcutOf(diagnosisKeys.agree)}
					pressed={verdict === 'agreed'}
					disabled={disabled || !diagnosis}
					focus="agree"
					onPress={() => store.correct('agreed', null)}
				/>
				<Button
					label={diagnosis ? 'Change' : 'Name Skills'}
					shortcut={shortcutOf(diagnosisKeys.change)}
					pressed={verdict === 'changed'}
					disabled={disabled}
					focus="change"
					onPress={() => store.skillField.current?.focus()}
				/>
				<Button
					label="Dispute"
					shortcut={shortcutOf(diagnosisKeys.dispute)}
					pressed={verdict === 'disputed'}
					name="Dispute: the answer misses nothing"
					disabled={disabled}
					focus="dispute"
					onPress={() => store.correct('disputed', null)}
				/>
			</div>
			<p class={verdict === null ? 'said' : `said ${verdict}`}>
				<CorrectionInForce view={view} />
				{verdict !== null && !disabled ? (
					<button
						type="button"
						class="plain"
						data-focus="withdraw"
						onClick={() => store.correct('withdrawn', null)}
					>
						Withdraw
					</button>
				) : null}
				{undo !== null && !disabled ? (
					<button
						type="button"
						class="plain"
						data-focus="undo"
						title={diagnosisKeys.undo.shown}
						onClick={() => store.undo()}
					>
						{`Undo “${undo}”`}
						<kbd aria-hidden="true">{shortcutOf(diagnosisKeys.undo)}</kbd>
					</button>
				) : null}
			</p>
		</>
	);
}

/** States who corrected the diagnosis and how, or that nobody has. */
function CorrectionInForce({ view }: { readonly view: View }): JSX.Element {
	const { diagnosis, correction } = view.state;
	const verdict = verdictOf(view);
	if (verdict === null) {
		return <>{diagnosis ? 'Nobody has checked this diagnosis.' : 'Nobody has judged this answer.'}</>;
	}
	if (view.pending || !correction) {
		return <>{`Saving: ${verdictLabels[verdict]}…`}</>;
	}
	return (
		<span>
			<strong>{correction.author}</strong>
			{` ${verdictLabels[verdict]}, `}
			<TimeText iso={correction.at} />
		</span>
	);
}
