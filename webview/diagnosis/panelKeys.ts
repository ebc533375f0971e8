import type { Key } from '../kit/keys.ts';
import type { DiagnosisStore } from './state.ts';

/** Returns the panel's keys, in the order in which `?` lists them. */
export function panelKeys(store: DiagnosisStore): readonly Key[] {
	return [
		{ keys: ['j'], shown: 'J', does: 'next question', run: () => store.go('next') },
		{ keys: ['k'], shown: 'K', does: 'previous question', run: () => store.go('previous') },
		{ keys: ['w'], shown: 'W', does: 'to the first wrong step', run: () => store.toWrongStep() },
		{
			keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
			shown: '1 … 9',
			does: 'another sample',
			run: (event) => store.showNthSample(Number(event.key) - 1),
		},
		{ keys: ['s'], shown: 'S', does: 'reference solution', run: () => store.toggleSolution() },
		{ keys: ['y'], shown: 'Y', does: 'agree with the diagnosis', run: () => store.agree() },
		{
			keys: ['e', 'a'],
			shown: 'E or A',
			does: 'change the missing skills',
			run: () => store.skillField.current?.focus(),
		},
		{ keys: ['d'], shown: 'D', does: 'dispute: nothing is missing', run: () => store.correct('disputed', null) },
		{
			keys: ['n'],
			shown: 'N',
			does: 'write a note (Ctrl+Enter saves)',
			run: () => store.noteField.current?.focus(),
		},
		{ keys: ['u', 'ctrl+z'], shown: 'U or Ctrl+Z', does: 'undo the latest change', run: () => store.undo() },
		{ keys: ['g'], shown: 'G', does: 'diagnose the question', run: () => store.diagnose() },
		{ keys: ['m'], shown: 'M', does: 'more like this', run: () => store.showAlike() },
		{ keys: ['alt+r'], shown: 'Alt+R', does: 'raw text', run: () => store.toggleRaw() },
		{
			keys: ['?'],
			shown: '?',
			does: 'this list',
			run: () => (store.areKeysShown.value = !store.areKeysShown.value),
		},
	];
}
