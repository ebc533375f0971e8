import type { ComponentChildren, JSX } from 'preact';
import { Button, Toolbar } from './controls.tsx';
import type { KeyEntry } from './keys.ts';
import { shortcutOf } from './keys.ts';

export interface ListToolbarProps {
	/** What the list contains, e.g. `question`. */
	readonly item: string;
	readonly isFirst: boolean;
	readonly isLast: boolean;
	readonly onGo: (to: 'next' | 'previous') => void;
	readonly raw: boolean;
	readonly onToggleRaw: () => void;
	/** The panel's keys, of which the buttons show theirs. */
	readonly keys: Readonly<Record<'previous' | 'next' | 'raw' | 'keyList', KeyEntry>>;
	readonly onShowKeys: () => void;
	/** Further buttons, placed after those that move through the list. */
	readonly children?: ComponentChildren;
}

/** The toolbar of a panel that walks through a list, one item at a time. */
export function ListToolbar(props: ListToolbarProps): JSX.Element {
	const { item, isFirst, isLast, onGo, raw, onToggleRaw, keys, onShowKeys, children } = props;
	// If there is no room for it, the button's text is hidden; its accessible name remains. (The toolkit sizes slotted
	// spans like icons, so this is not a span.)
	return (
		<Toolbar label="Panel" class="ways">
			<Button
				label={
					<bdi>
						◂ <bdi class="word">Previous</bdi>
					</bdi>
				}
				shortcut={shortcutOf(keys.previous)}
				name={`Previous ${item}`}
				focus="previous"
				disabled={isFirst}
				onPress={() => onGo('previous')}
			/>
			<Button
				label={
					<bdi>
						<bdi class="word">Next</bdi> ▸
					</bdi>
				}
				shortcut={shortcutOf(keys.next)}
				name={`Next ${item}`}
				focus="next"
				disabled={isLast}
				onPress={() => onGo('next')}
			/>
			{children}
			<Button
				label="Raw"
				shortcut={shortcutOf(keys.raw)}
				name="Raw text"
				pressed={raw}
				focus="raw"
				onPress={onToggleRaw}
			/>
			<Button label="Keys" shortcut={shortcutOf(keys.keyList)} focus="keys" onPress={onShowKeys} />
		</Toolbar>
	);
}
