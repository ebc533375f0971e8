import type { Key } from '../kit/keys.ts';
import { keysWith, keyTable } from '../kit/keys.ts';
import type { RoundsStore } from './state.ts';

/** The keys of the panel, in the order in which `?` lists them. */
export const roundsKeys = keyTable({
	all: { keys: ['a'], shown: 'A', does: 'all skills, or the ten most missed' },
	side: { keys: ['f'], shown: 'F', does: 'switch between questions that turned right and wrong' },
	report: { keys: ['r'], shown: 'R', does: 'report as Markdown' },
	copy: { keys: ['c'], shown: 'C', does: 'copy the skills as Markdown' },
	swap: { keys: ['s'], shown: 'S', does: 'swap before and after' },
	keyList: { keys: ['?'], shown: '?', does: 'this list' },
});

export function panelKeys(store: RoundsStore): readonly Key[] {
	return keysWith(roundsKeys, {
		all: () => store.toggleAll(),
		side: () => store.showSide(store.side.value === 'right' ? 'wrong' : 'right'),
		report: () => store.report(),
		copy: () => store.copy(),
		swap: () => store.swap(),
		keyList: () => (store.areKeysOpen.value = !store.areKeysOpen.value),
	});
}
