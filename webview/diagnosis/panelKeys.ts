import type { Key } from '../kit/keys.ts';
import { keysWith, keyTable } from '../kit/keys.ts';
import type { DiagnosisStore } from './state.ts';

/** The keys of the panel, in the order in which `?` lists them. */
export const diagnosisKeys = keyTable({
	next: { keys: ['j'], shown: 'J', does: 'next question' },
	previous: { keys: ['k'], shown: 'K', does: 'previous question' },
	wrongStep: { keys: ['w'], shown: 'W', does: 'to the first wrong step' },
	sample: {
		keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
		shown: '1 … 9',
		does: 'another sample',
	},
	solution: { keys: ['s'], shown: 'S', does: 'reference solution' },
	agree: { keys: ['y'], shown: 'Y', does: 'agree with the diagnosis' },
	change: { keys: ['e', 'a'], shown: 'E or A', does: 'change the missing skills' },
	dispute: { keys: ['d'], shown: 'D', does: 'dispute: nothing is missing' },
	note: { keys: ['n'], shown: 'N', does: 'write a note (Ctrl+Enter saves)' },
	undo: { keys: ['u', 'ctrl+z'], shown: 'U or Ctrl+Z', does: 'undo the latest change' },
	diagnose: { keys: ['g'], shown: 'G', does: 'diagnose the question' },
	alike: { keys: ['m'], shown: 'M', does: 'more like this' },
	raw: { keys: ['alt+r'], shown: 'Alt+R', does: 'raw text' },
	keyList: { keys: ['?'], shown: '?', does: 'this list' },
});

export function panelKeys(store: DiagnosisStore): readonly Key[] {
	return keysWith(diagnosisKeys, {
		next: () => store.go('next'),
		previous: () => store.go('previous'),
		wrongStep: () => store.toWrongStep(),
		sample: (event) => store.showNthSample(Number(event.key) - 1),
		solution: () => store.toggleSolution(),
		agree: () => store.agree(),
		change: () => store.skillField.current?.focus(),
		dispute: () => store.correct('disputed', null),
		note: () => store.noteField.current?.focus(),
		undo: () => store.undo(),
		diagnose: () => store.diagnose(),
		alike: () => store.showAlike(),
		raw: () => store.toggleRaw(),
		keyList: () => (store.areKeysShown.value = !store.areKeysShown.value),
	});
}
