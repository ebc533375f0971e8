import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface OpenDialog {
	/** Closes the dialog, which returns the focus to where it was. */
	readonly close: () => void;
	/** The attributes of the `dialog` element. */
	readonly attributes: {
		readonly ref: RefObject<HTMLDialogElement | null>;
		readonly onCancel: () => void;
		readonly onClose: () => void;
	};
}

/** Opens a dialog over the page when it is first rendered. `onClosed` may be called twice. */
export function useDialog(onClosed: () => void): OpenDialog {
	const dialog = useRef<HTMLDialogElement>(null);
	useLayoutEffect(() => dialog.current?.showModal(), []);
	const close = (): void => {
		dialog.current?.close();
		onClosed();
	};
	// After Esc, the close event comes later; a key pressed before it is meant for the page.
	return { close, attributes: { ref: dialog, onCancel: close, onClose: onClosed } };
}
