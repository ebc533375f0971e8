import type { Key } from '../kit/keys.ts';
import { keysWith, keyTable } from '../kit/keys.ts';
import type { PageElements } from './elements.ts';
import type { CurationStore } from './state.ts';

/** The keys of the panel, in the order in which `?` lists them. */
export const curationKeyTable = keyTable({
	accept: { keys: ['a'], shown: 'A', does: 'accept' },
	reject: { keys: ['r'], shown: 'R', does: 'reject: a digit picks the reason, or words' },
	edit: { keys: ['e'], shown: 'E', does: 'edit in an editor, with this panel as its preview' },
	regenerate: { keys: ['g'], shown: 'G', does: 'request another one, with a hint' },
	undo: {
		keys: ['u', 'ctrl+z'],
		shown: 'U or Ctrl+Z',
		does: 'undo the latest action here, else the latest decision on this problem',
	},
	repeat: { keys: ['.'], shown: '.', does: 'repeat the latest action: accept, reject, or the same repair' },
	repair: { keys: ['p'], shown: 'P', does: 'make the same repair in all that match, after an edit' },
	next: { keys: ['j', 'arrowdown'], shown: 'J or ↓', does: 'next (with Shift: extend the selection)' },
	previous: { keys: ['k', 'arrowup'], shown: 'K or ↑', does: 'previous (with Shift: choose on the way)' },
	ends: { keys: ['home', 'end'], shown: 'Home or End', does: 'first, last' },
	scroll: { keys: ['pagedown', 'pageup'], shown: 'PgUp or PgDn', does: 'scroll the problem' },
	select: { keys: ['x'], shown: 'X', does: 'select or deselect' },
	selectAll: { keys: ['ctrl+a'], shown: 'Ctrl+A', does: 'select the whole list' },
	close: { keys: ['escape'], shown: 'Esc', does: 'deselect all; close an offer' },
	search: { keys: ['/'], shown: '/', does: 'filter by words; Tab moves to status, skill, flag' },
	list: { keys: ['l'], shown: 'L', does: 'show or hide the list' },
	raw: { keys: ['alt+r'], shown: 'Alt+R', does: 'raw text' },
	keyList: { keys: ['?'], shown: '?', does: 'this list' },
});

/** Returns the panel's keys. Keys pressed during an undo wait until it has ended. */
export function curationKeys(store: CurationStore, { search, problem }: PageElements): readonly Key[] {
	const { queue } = store;
	const step = (by: 1 | -1, event: KeyboardEvent): void => {
		if (event.shiftKey && event.key.startsWith('Arrow')) {
			queue.extend(by);
		} else {
			queue.step(by);
		}
	};
	const scroll = (screens: number): void => {
		const box = problem.current;
		box?.scrollBy({ top: screens * box.clientHeight });
	};
	const keys = keysWith(curationKeyTable, {
		accept: () => store.accept(),
		reject: () => store.askReason(),
		edit: () => store.edit(),
		regenerate: () => store.askHint(),
		undo: () => store.undo(),
		repeat: () => store.repeat(),
		repair: () => store.applyRepair(),
		next: (event) => step(1, event),
		previous: (event) => step(-1, event),
		ends: (event) => queue.move(event.key === 'Home' ? 0 : queue.total - 1),
		scroll: (event) => scroll(event.key === 'PageDown' ? 0.85 : -0.85),
		select: () => queue.toggleChosen(),
		selectAll: () => queue.chooseAll(),
		close: () => (queue.chosen > 0 ? queue.rows.clear() : store.dropRepair()),
		search: () => search.current?.focus(),
		list: () => store.toggleList(),
		raw: () => store.toggleRaw(),
		keyList: () => store.toggleKeyList(),
	});
	return keys.map((key) => ({ ...key, run: (event) => store.turns.take(() => key.run(event)) }));
}
