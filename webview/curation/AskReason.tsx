import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { RejectReason } from '../../src/core/curation/curation.ts';
import { rejectReasons } from '../../src/core/curation/curation.ts';
import { reasonChoices } from './labels.ts';
import type { Dialog } from './state.ts';
import { useStore } from './state.ts';
import { useDialog } from './useDialog.ts';

/** Asks for the reason for a rejection. Pressing a digit answers at once; the user may type a comment first. */
export function AskReason({ dialog }: { readonly dialog: Extract<Dialog, { kind: 'reason' }> }): JSX.Element {
	const store = useStore();
	const { close, attributes } = useDialog(() => store.closeDialog(dialog));
	const note = useRef<HTMLInputElement>(null);
	const first = useRef<HTMLButtonElement>(null);
	useLayoutEffect(() => first.current?.focus(), []);
	const answer = (reason: RejectReason): void => {
		const text = note.current?.value.trim() ?? '';
		close();
		store.reject(reason, text === '' ? null : text);
	};
	const pressed = (event: KeyboardEvent): void => {
		const reason = rejectReasons.find((known) => reasonChoices[known].key === event.key);
		if (event.target === note.current) {
			if (event.key === 'Enter' && note.current?.value.trim() !== '') {
				event.preventDefault();
				answer('other');
			}
		} else if (reason && !event.ctrlKey && !event.altKey && !event.metaKey) {
			event.preventDefault();
			answer(reason);
		}
		event.stopPropagation();
	};
	const title = `Why is ${dialog.about} rejected?`;
	return (
		<dialog {...attributes} class="keys asking" aria-label={title} onKeyDown={pressed}>
			<h2>{title}</h2>
			<ol class="reasons">
				{rejectReasons.map((reason, index) => (
					<li key={reason}>
						<button
							ref={index === 0 ? first : null}
							type="button"
							class="plain reason"
							onClick={() => answer(reason)}
						>
							<kbd aria-hidden="true">{reasonChoices[reason].key}</kbd>
							{` ${reasonChoices[reason].label}`}
						</button>
					</li>
				))}
			</ol>
			<input
				ref={note}
				type="text"
				class="combo-input"
				maxLength={2000}
				placeholder="In your own words, optional (Tab)"
				aria-label="In your own words"
				autocomplete="off"
			/>
			<p class="dim">Enter in the field rejects for “another reason”, with your words. Esc cancels.</p>
		</dialog>
	);
}
