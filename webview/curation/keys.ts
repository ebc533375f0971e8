import type { Key } from '../kit/keys.ts';
import type { PageElements } from './elements.ts';
import type { CurationStore } from './state.ts';

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
	const keys: readonly Key[] = [
		{ keys: ['a'], shown: 'A', does: 'accept', run: () => store.accept() },
		{
			keys: ['r'],
			shown: 'R',
			does: 'reject: a digit picks the reason, or words',
			run: () => store.askReason(),
		},
		{ keys: ['e'], shown: 'E', does: 'edit in an editor, with this panel as its preview', run: () => store.edit() },
		{ keys: ['g'], shown: 'G', does: 'request another one, with a hint', run: () => store.askHint() },
		{
			keys: ['u', 'ctrl+z'],
			shown: 'U or Ctrl+Z',
			does: 'undo the latest action here, else the latest decision on this problem',
			run: () => store.undo(),
		},
		{
			keys: ['.'],
			shown: '.',
			does: 'repeat the latest action: accept, reject, or the same repair',
			run: () => store.repeat(),
		},
		{
			keys: ['p'],
			shown: 'P',
			does: 'make the same repair in all that match, after an edit',
			run: () => store.applyRepair(),
		},
		{
			keys: ['j', 'arrowdown'],
			shown: 'J or ↓',
			does: 'next (with Shift: extend the selection)',
			run: (event) => step(1, event),
		},
		{
			keys: ['k', 'arrowup'],
			shown: 'K or ↑',
			does: 'previous (with Shift: choose on the way)',
			run: (event) => step(-1, event),
		},
		{
			keys: ['home', 'end'],
			shown: 'Home or End',
			does: 'first, last',
			run: (event) => queue.move(event.key === 'Home' ? 0 : queue.total - 1),
		},
		{
			keys: ['pagedown', 'pageup'],
			shown: 'PgUp or PgDn',
			does: 'scroll the problem',
			run: (event) => scroll(event.key === 'PageDown' ? 0.85 : -0.85),
		},
		{ keys: ['x'], shown: 'X', does: 'select or deselect', run: () => queue.toggleChosen() },
		{ keys: ['ctrl+a'], shown: 'Ctrl+A', does: 'select the whole list', run: () => queue.chooseAll() },
		{
			keys: ['escape'],
			shown: 'Esc',
			does: 'deselect all; close an offer',
			run: () => (queue.chosen > 0 ? queue.rows.clear() : store.dropRepair()),
		},
		{
			keys: ['/'],
			shown: '/',
			does: 'filter by words; Tab moves to status, skill, flag',
			run: () => search.current?.focus(),
		},
		{ keys: ['l'], shown: 'L', does: 'show or hide the list', run: () => store.toggleList() },
		{ keys: ['alt+r'], shown: 'Alt+R', does: 'raw text', run: () => store.toggleRaw() },
		{ keys: ['?'], shown: '?', does: 'this list', run: () => store.toggleKeyList() },
	];
	return keys.map((key) => ({ ...key, run: (event) => store.turns.take(() => key.run(event)) }));
}
