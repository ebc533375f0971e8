import type { JSX } from 'preact';
import { RichText } from '../kit/RichText.tsx';
import { visibleControls } from '../kit/richText.ts';
import { reasonChoices } from './labels.ts';
import type { ItemState, ShownDecision } from './protocol.ts';

const verdictLabels = {
	accepted: 'accepted',
	edited: 'edited',
	repaired: 'repaired together with all matches',
	rejected: 'rejected',
	regenerated: 'requested another one',
	withdrawn: 'undid the decision before',
} as const;

/** Lists every decision on the item, including undone ones, latest first. */
export function History({ item, raw }: { readonly item: ItemState; readonly raw: boolean }): JSX.Element {
	const { model, promptVersion, history } = item;
	return (
		<>
			<p class="provenance">{`written by ${visibleControls(model)} · ${visibleControls(promptVersion)}`}</p>
			{history.length === 0 ? null : <h3>History</h3>}
			<ol class="history">
				{history.map((decision, index) => <Decision key={index} decision={decision} raw={raw} />).reverse()}
			</ol>
		</>
	);
}

function Decision({ decision, raw }: { readonly decision: ShownDecision; readonly raw: boolean }): JSX.Element {
	const { verdict, reason, note, hint, author, at, before, withdrawn } = decision;
	return (
		<li class={withdrawn ? 'withdrawn' : undefined}>
			<p>
				<strong>{verdictLabels[verdict]}</strong>
				{reason === null ? null : `: ${reasonChoices[reason].label}`}
				{withdrawn ? ' (undone)' : null}
				<span class="dim">{` · ${visibleControls(author)} · ${at.slice(0, 16).replace('T', ' ')}`}</span>
			</p>
			{hint === null ? null : <p class="note">{`hint: ${visibleControls(hint)}`}</p>}
			{note === null ? null : <p class="note">{visibleControls(note)}</p>}
			{before === null ? null : (
				<details>
					<summary data-focus={`before:${at}`}>the question before</summary>
					<RichText text={before} raw={raw} />
				</details>
			)}
		</li>
	);
}
