import type { JSX } from 'preact';
import { TextArea } from '../kit/controls.tsx';
import { savedNote, useStore } from './state.ts';
import type { View } from './view.ts';
import { verdictOf } from './view.ts';

/** The note on a correction, and whether it has been saved. */
export function NoteField({ view }: { readonly view: View }): JSX.Element {
	const store = useStore();
	const note = store.note.value;
	const waiting =
		verdictOf(view) === null
			? 'A draft; saved with your decision: Y, E or D.'
			: 'Not saved yet: Ctrl+Enter, or leave the field.';
	const isSaved = note === savedNote(view.state) || note.trim() === savedNote(view.state);
	return (
		<div class="note-field">
			<TextArea
				label="Note"
				placeholder="What the next reader should know"
				rows={2}
				value={note}
				disabled={view.state.surroundings.readOnly !== null}
				onInput={(text) => store.typeNote(text)}
				onCommit={() => store.commitNote()}
				handle={store.noteField}
			/>
			<p class="note-hint" aria-live="polite">
				{isSaved ? '' : waiting}
			</p>
		</div>
	);
}
