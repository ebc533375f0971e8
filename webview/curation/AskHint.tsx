import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/controls.tsx';
import type { Dialog } from './state.ts';
import { useStore } from './state.ts';
import { useDialog } from './useDialog.ts';

const title = 'What should the new question be like?';

/** Asks what the teacher should do differently. */
export function AskHint({ dialog }: { readonly dialog: Extract<Dialog, { kind: 'hint' }> }): JSX.Element {
	const store = useStore();
	const { close, attributes } = useDialog(() => store.closeDialog(dialog));
	const field = useRef<HTMLTextAreaElement>(null);
	useLayoutEffect(() => {
		field.current?.focus();
		field.current?.select();
	}, []);
	const send = (): void => {
		const hint = field.current?.value.trim() ?? '';
		if (hint === '') {
			field.current?.focus();
			return;
		}
		close();
		store.regenerate(dialog.questionId, hint);
	};
	const pressed = (event: KeyboardEvent): void => {
		if (event.target === field.current && event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
			event.preventDefault();
			send();
		}
		event.stopPropagation();
	};
	return (
		<dialog {...attributes} class="keys asking" aria-label={title} onKeyDown={pressed}>
			<h2>{title}</h2>
			<textarea
				ref={field}
				class="combo-input hint-field"
				rows={3}
				maxLength={2000}
				placeholder="e.g. use a rate that is not a whole number, and ask for the time"
				aria-label="Hint for the teacher"
				defaultValue={dialog.before}
			/>
			<p class="dim">
				The teacher writes another question for the same skill and references, and solves it again. The cost is
				shown first. The old one stays in the history.
			</p>
			<div class="actions">
				<Button label="Ask the teacher" shortcut="Enter" primary onPress={send} />
				<Button label="Leave" shortcut="Esc" onPress={close} />
			</div>
		</dialog>
	);
}
