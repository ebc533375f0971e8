import type { JSX } from 'preact';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button, Toolbar } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { curationKeyTable } from './keys.ts';
import { Region } from '../kit/Region.tsx';
import { visibleControls } from '../kit/richText.ts';
import { plural } from './labels.ts';
import type { LastAct } from './protocol.ts';
import { useStore } from './state.ts';

/** The actions for the problem in view, or for the selected ones; the buttons show their keys. */
export function ActionBar(): JSX.Element {
	return (
		<Region class="decide">
			<ChosenLine />
			<Actions />
		</Region>
	);
}

function ChosenLine(): JSX.Element | null {
	const { queue } = useStore();
	return queue.chosen === 0 ? null : (
		<p class="chosen-words">
			{`${plural(queue.chosen, 'problem', 'problems')} chosen. `}
			<button type="button" class="plain" data-focus="clear" onClick={() => queue.rows.clear()}>
				Choose none
			</button>
			<kbd aria-hidden="true">{shortcutOf(curationKeyTable.close)}</kbd>
		</p>
	);
}

function Actions(): JSX.Element {
	const store = useStore();
	const { chosen } = store.queue;
	const item = store.queue.item.value;
	const { readOnly, undo } = store.queue.state.value ?? { readOnly: '', undo: null };
	const last = store.last.value;
	const several = chosen > 0;
	const off = readOnly !== null || (!item && !several);
	const count = several ? ` ${formatCount(chosen)}` : '';
	return (
		<Toolbar class="actions" label="Decide">
			<Button
				label={`Accept${count}`}
				shortcut={shortcutOf(curationKeyTable.accept)}
				primary
				focus="accept"
				disabled={off}
				onPress={() => store.accept()}
			/>
			<Button
				label={`Reject${count}…`}
				shortcut={shortcutOf(curationKeyTable.reject)}
				focus="reject"
				disabled={off}
				onPress={() => store.askReason()}
			/>
			<Button
				label={store.isEditorOpen.value && !several ? 'Editing…' : 'Edit'}
				shortcut={shortcutOf(curationKeyTable.edit)}
				focus="edit"
				disabled={off || several}
				onPress={() => store.edit()}
			/>
			<Button
				label={item?.asking ? 'The teacher is writing…' : 'Regenerate…'}
				shortcut={shortcutOf(curationKeyTable.regenerate)}
				focus="regenerate"
				disabled={off || several || item?.asking === true}
				onPress={() => store.askHint()}
			/>
			<Button
				label={undo === null ? 'Undo' : `Undo: ${undo}`}
				name={undo === null ? undefined : `Undo: ${undo}`}
				shortcut={shortcutOf(curationKeyTable.undo)}
				focus="undo"
				disabled={readOnly !== null}
				onPress={() => store.undo()}
			/>
			{last === null ? null : (
				<Button
					label={`Again: ${actText(last)}`}
					shortcut={shortcutOf(curationKeyTable.repeat)}
					focus="repeat"
					disabled={off}
					onPress={() => store.repeat()}
				/>
			)}
		</Toolbar>
	);
}

function actText(act: LastAct): string {
	switch (act.kind) {
		case 'accepted':
			return 'accept';
		case 'rejected':
			return `reject: ${act.reason}`;
		case 'repair':
			return `replace “${visibleControls(act.find).slice(0, 20)}”`;
	}
}
