/** A key of a panel and its description. */
export interface KeyEntry {
	/** KeyboardEvent.key in lower case, with `alt+` or `ctrl+` in front; several keys may have the same effect. */
	readonly keys: readonly string[];
	/** The key as it is shown to the user; buttons show its first part. */
	readonly shown: string;
	readonly does: string;
}

export interface Key extends KeyEntry {
	readonly run: (event: KeyboardEvent) => void;
}

/**
 * Declares the keys of a panel by name, in the order in which they are listed. Throws if two entries share a key, since
 * only the first would ever run.
 */
export function keyTable<Name extends string>(table: Readonly<Record<Name, KeyEntry>>): typeof table {
	const entries = Object.values<KeyEntry>(table);
	const all = entries.flatMap(({ keys }) => keys);
	const repeated = all.find((key, at) => all.indexOf(key) !== at);
	if (repeated !== undefined) {
		const effects = entries.filter(({ keys }) => keys.includes(repeated)).map(({ does }) => does);
		throw new Error(`the key ${repeated} stands for several things: ${effects.join('; ')}`);
	}
	return table;
}

/** A table's keys with what each of them runs. */
export function keysWith<Name extends string>(
	table: Readonly<Record<Name, KeyEntry>>,
	actions: Readonly<Record<Name, Key['run']>>,
): readonly Key[] {
	return Object.entries<KeyEntry>(table).map(([name, entry]) => ({ ...entry, run: actions[name as Name] }));
}

/** What a button shows for a key: the first one that has its effect. */
export function shortcutOf({ shown }: KeyEntry): string {
	return shown.split(' ', 1)[0] ?? shown;
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
