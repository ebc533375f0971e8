import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './controls.tsx';
import type { Key } from './keys.ts';
import { handleKeys } from './keys.ts';

export interface KeyListProps {
	readonly keys: readonly Key[];
	/** Whether the list of keys is open; `?` toggles it. */
	readonly open: Signal<boolean>;
}

/** Handles a panel's single keys while the user is not typing (keys with Alt always), and lists them in a dialog. */
export function KeyList({ keys, open }: KeyListProps): JSX.Element {
	const dialog = useRef<HTMLDialogElement>(null);
	const latest = useRef(keys);
	latest.current = keys;
	useEffect(
		() =>
			handleKeys(
				() => latest.current,
				() => open.peek(),
			),
		[open],
	);
	const isOpen = open.value;
	useLayoutEffect(() => {
		if (isOpen) {
			dialog.current?.showModal();
		} else {
			dialog.current?.close();
		}
	}, [isOpen]);
	return (
		<dialog ref={dialog} class="keys" aria-label="Keys" onClose={() => (open.value = false)}>
			<h2>Keys</h2>
			<dl>
				{keys.map(({ shown, does }) => (
					<KeyRow key={shown} shown={shown} does={does} />
				))}
			</dl>
			<Button label="Close" shortcut="Esc" onPress={() => (open.value = false)} />
		</dialog>
	);
}

function KeyRow({ shown, does }: Pick<Key, 'shown' | 'does'>): JSX.Element {
	return (
		<>
			<dt>
				{shown
					.split(' ')
					.map((part, at) => (part === 'or' || part === '…' ? ` ${part} ` : <kbd key={at}>{part}</kbd>))}
			</dt>
			<dd>{does}</dd>
		</>
	);
}
