import type { JSX, Ref } from 'preact';
import { useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface Choice {
	readonly id: string;
	readonly label: string;
	/** Whether it is chosen; choosing it again removes it. */
	readonly chosen: boolean;
	/** The heading above the choice. */
	readonly group: string;
}

export interface ComboboxHandle {
	focus(): void;
}

export interface ComboboxFieldProps {
	readonly label: string;
	readonly placeholder: string;
	readonly choices: readonly Choice[];
	readonly onToggle: (id: string) => void;
	/** Called for Backspace in an empty field. */
	readonly onRemoveLast: () => void;
	/** Called for Escape in an empty field, to move the focus away. */
	readonly onLeave: () => void;
	readonly disabled?: boolean | undefined;
	/** Read out after a chosen entry, e.g. `, missing already; Enter removes it`. */
	readonly chosenHint: string;
	/** Shown if there are no choices, or if none of them matches. */
	readonly emptyHint: string;
	readonly noMatchHint: string;
	readonly handle?: Ref<ComboboxHandle> | undefined;
}

/**
 * A field that filters a list as the user types (an ARIA combobox with a list box). The toolkit has no such field, and
 * its fields hide their input in a shadow root, from which `aria-activedescendant` cannot refer to anything outside.
 */
export function ComboboxField(props: ComboboxFieldProps): JSX.Element {
	const { label, placeholder, choices, disabled = false, handle = null } = props;
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const list = useRef<HTMLUListElement>(null);
	const [text, setText] = useState('');
	const [isOpen, setOpen] = useState(false);
	const [active, setActive] = useState(-1);
	const [isByPointer, setByPointer] = useState(false);
	useImperativeHandle(handle, () => ({ focus: () => input.current?.focus() }), []);
	const matches = isOpen ? matching(choices, text) : [];
	const current = Math.min(active, matches.length - 1);
	useLayoutEffect(() => {
		if (!isByPointer) {
			list.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
		}
	}, [current, text, isOpen]);

	const filter = (next: string): void => {
		setText(next);
		setOpen(true);
		setByPointer(false);
		setActive(next.trim() === '' ? -1 : 0);
	};
	const close = (): void => {
		setText('');
		setOpen(false);
		setActive(-1);
	};
	const choose = (choice: Choice | undefined): void => {
		if (choice) {
			props.onToggle(choice.id);
			filter('');
		}
	};
	const pressed = (event: KeyboardEvent): void => {
		const by = stepOf(event.key);
		if (by !== 0) {
			event.preventDefault();
			setByPointer(false);
			if (!isOpen) {
				filter(text);
			} else if (matches.length > 0) {
				const from = current < 0 && by < 0 ? 0 : current;
				setActive((from + by + matches.length) % matches.length);
			}
		} else if (event.key === 'Enter') {
			event.preventDefault();
			choose(matches[current]);
		} else if (event.key === 'Backspace' && text === '') {
			event.preventDefault();
			props.onRemoveLast();
		} else if (event.key === 'Escape') {
			event.preventDefault();
			event.stopPropagation();
			if (text !== '') {
				filter('');
			} else {
				close();
				props.onLeave();
			}
		}
	};
	return (
		<div class="combo">
			<input
				ref={input}
				type="text"
				role="combobox"
				class="combo-input"
				placeholder={placeholder}
				aria-label={label}
				aria-expanded={isOpen}
				aria-controls={`${id}-list`}
				aria-autocomplete="list"
				aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
				autocomplete="off"
				spellcheck={false}
				disabled={disabled}
				value={text}
				onInput={({ currentTarget }) => filter(currentTarget.value)}
				onFocus={() => filter(text)}
				onBlur={close}
				onKeyDown={pressed}
			/>
			<ul ref={list} id={`${id}-list`} role="listbox" class="combo-list" aria-label={label} hidden={!isOpen}>
				{matches.map((choice, index) => (
					<Option
						key={choice.id}
						id={`${id}-${index}`}
						choice={choice}
						heading={choice.group === matches[index - 1]?.group ? null : choice.group}
						isActive={index === current}
						chosenHint={props.chosenHint}
						onChoose={() => choose(choice)}
						onPoint={() => {
							setByPointer(true);
							setActive(index);
						}}
					/>
				))}
				{isOpen && matches.length === 0 ? (
					<li class="combo-group" role="option" aria-disabled="true" aria-selected="false">
						{choices.length === 0 ? props.emptyHint : props.noMatchHint}
					</li>
				) : null}
			</ul>
		</div>
	);
}

function Option(props: {
	readonly id: string;
	readonly choice: Choice;
	/** The name of the group that begins here. */
	readonly heading: string | null;
	readonly isActive: boolean;
	readonly chosenHint: string;
	readonly onChoose: () => void;
	readonly onPoint: () => void;
}): JSX.Element {
	const { id, choice, heading, isActive, chosenHint, onChoose, onPoint } = props;
	return (
		<>
			{heading === null ? null : (
				<li class="combo-group" role="presentation">
					{heading}
				</li>
			)}
			<li
				role="option"
				id={id}
				aria-selected={isActive}
				class={isActive ? 'combo-option active' : 'combo-option'}
				onMouseDown={(event) => {
					// Prevents a blur, so that the field keeps the focus for the next choice.
					event.preventDefault();
					onChoose();
				}}
				onMouseMove={onPoint}
			>
				<span class="combo-mark" aria-hidden="true">
					{choice.chosen ? '✓' : ''}
				</span>
				<span>{choice.label}</span>
				{choice.chosen ? <span class="sr">{chosenHint}</span> : null}
			</li>
		</>
	);
}

/** Returns the choices whose label contains every word of the text. */
function matching(choices: readonly Choice[], text: string): readonly Choice[] {
	const terms = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	return choices.filter(({ label }) => terms.every((term) => label.toLocaleLowerCase().includes(term)));
}

function stepOf(key: string): -1 | 0 | 1 {
	if (key === 'ArrowDown') {
		return 1;
	}
	return key === 'ArrowUp' ? -1 : 0;
}
