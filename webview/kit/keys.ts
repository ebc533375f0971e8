export interface Key {
	/** KeyboardEvent.key in lower case, with `alt+` or `ctrl+` in front; several keys may have the same effect. */
	readonly keys: readonly string[];
	/** The key as it is shown to the user. */
	readonly shown: string;
	readonly does: string;
	readonly run: (event: KeyboardEvent) => void;
}

/**
 * Runs the action of each key that is pressed. Single keys act only while the user is not typing, keys with Alt always;
 * while the list of keys is open, only `?` acts. Returns a function that stops this.
 */
export function handleKeys(keys: () => readonly Key[], isListOpen: () => boolean): () => void {
	const pressed = (event: KeyboardEvent): void => {
		if (event.defaultPrevented || event.isComposing) {
			return;
		}
		const name = `${event.altKey ? 'alt+' : ''}${event.ctrlKey || event.metaKey ? 'ctrl+' : ''}${keyOf(event)}`;
		if (name === 'escape' && isListOpen()) {
			return;
		}
		const key = keys().find((candidate) => candidate.keys.includes(name));
		if (!key || (!event.altKey && isTyping(event)) || (isListOpen() && name !== '?')) {
			return;
		}
		event.preventDefault();
		event.stopPropagation();
		key.run(event);
	};
	document.addEventListener('keydown', pressed);
	return () => document.removeEventListener('keydown', pressed);
}

/** With Alt, some layouts type another character (⌥R is ® on a Mac), so letters are read from the physical key. */
function keyOf(event: KeyboardEvent): string {
	return event.altKey && event.code.startsWith('Key') ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
}

function isTyping(event: KeyboardEvent): boolean {
	const path = event.composedPath();
	return path.some(
		(target) =>
			target instanceof HTMLInputElement ||
			target instanceof HTMLTextAreaElement ||
			target instanceof HTMLSelectElement ||
			(target instanceof HTMLElement && target.localName === 'vscode-dropdown'),
	);
}
