import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { curationKeyTable } from './keys.ts';
import { Region } from '../kit/Region.tsx';
import { visibleControls } from '../kit/richText.ts';
import { plural } from './labels.ts';
import type { RepairOffer as Offer } from './protocol.ts';
import { useStore } from './state.ts';

/** Offers a repair: "Replace “X” by “Y” in 37 others?" */
export function RepairOffer(): JSX.Element {
	const offer = useStore().offer.value;
	return (
		<Region class="repair">
			{offer ? <Offered key={JSON.stringify([offer.find, offer.replace])} offer={offer} /> : null}
		</Region>
	);
}

function Offered({ offer }: { readonly offer: Offer }): JSX.Element {
	const store = useStore();
	const { find, replace, matched, examples } = offer;
	return (
		<section class="offer" aria-label="The same repair elsewhere">
			<p>
				{'The same repair matches '}
				<strong>{plural(matched, 'other problem', 'others')}</strong>
				{': '}
				<Passage text={find} />
				{' becomes '}
				<Passage text={replace} />. Unreviewed ones still wait.
			</p>
			<details>
				<summary data-focus="offer-examples">
					{examples.length < matched ? `The first ${examples.length} of ${formatCount(matched)}` : 'Show'}
				</summary>
				<dl class="examples">
					{examples.map(({ before, after }, at) => (
						<Fragment key={at}>
							<dt>
								<span class="sr">{'Before: '}</span>
								<del>{visibleControls(before)}</del>
							</dt>
							<dd>
								<span class="sr">{'After: '}</span>
								<ins>{visibleControls(after)}</ins>
							</dd>
						</Fragment>
					))}
				</dl>
			</details>
			<div class="actions">
				<Button
					label={`Repair all ${formatCount(matched)}`}
					shortcut={shortcutOf(curationKeyTable.repair)}
					focus="repair"
					primary
					disabled={store.queue.state.value?.readOnly !== null}
					onPress={() => store.applyRepair()}
				/>
				<Button label="Not now" focus="no-repair" onPress={() => store.dropRepair()} />
			</div>
		</section>
	);
}

function Passage({ text }: { readonly text: string }): JSX.Element {
	const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
	return <q>{text === '' ? 'nothing' : visibleControls(start)}</q>;
}
