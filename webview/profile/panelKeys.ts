import type { Key } from '../kit/keys.ts';
import { keysWith, keyTable } from '../kit/keys.ts';
import type { ProfileStore } from './state.ts';

/** The keys of the panel, in the order in which `?` lists them. */
export const profileKeys = keyTable({
	all: { keys: ['a'], shown: 'A', does: 'all skills, or the ten most missed' },
	copy: { keys: ['c'], shown: 'C', does: 'copy the table as Markdown' },
	table: { keys: ['t'], shown: 'T', does: 'to the table' },
	whatIf: { keys: ['w'], shown: 'W', does: 'try other thresholds, skills, mix, size or budget' },
	keyList: { keys: ['?'], shown: '?', does: 'this list' },
});

export function panelKeys(store: ProfileStore): readonly Key[] {
	return keysWith(profileKeys, {
		all: () => store.toggleAll(),
		copy: () => store.copy('Markdown'),
		table: () => document.querySelector<HTMLElement>('.numbers .sort')?.focus(),
		whatIf: () => store.whatIf.toggle(),
		keyList: () => (store.areKeysOpen.value = !store.areKeysOpen.value),
	});
}
