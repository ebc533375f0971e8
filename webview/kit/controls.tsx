// The only file that uses the component toolkit (archived; docs/decisions.md describes how to replace it). The rest of
// the pages uses only the components below, which plain elements or another library could provide as well.
import type {
	Button as ToolkitButton,
	Dropdown as ToolkitDropdown,
	TextArea as ToolkitTextArea,
} from '@vscode/webview-ui-toolkit';
import {
	provideVSCodeDesignSystem,
	vsCodeButton,
	vsCodeDropdown,
	vsCodeOption,
	vsCodeTextArea,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, ComponentType, HTMLAttributes, JSX, Ref } from 'preact';
import { useImperativeHandle, useLayoutEffect, useRef } from 'preact/hooks';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeTextArea());

/** The toolkit's elements as components. Preact sets their properties as properties, as it does for every element. */
type ElementProps<Element extends HTMLElement> = HTMLAttributes<Element> & { readonly disabled?: boolean };
const ToolkitButtonElement = 'vscode-button' as unknown as ComponentType<ElementProps<ToolkitButton>>;
const ToolkitDropdownElement = 'vscode-dropdown' as unknown as ComponentType<ElementProps<ToolkitDropdown>>;
const ToolkitTextAreaElement = 'vscode-text-area' as unknown as ComponentType<ElementProps<ToolkitTextArea>>;

export interface ButtonProps {
	readonly label: ComponentChildren;
	/** The key that does the same; it is shown on the button. */
	readonly shortcut?: string | undefined;
	readonly primary?: boolean | undefined;
	/** A name for screen readers, if the label alone is unclear. */
	readonly name?: string | undefined;
	/** The name under which tests and focus() find the button. */
	readonly focus?: string | undefined;
	readonly disabled?: boolean | undefined;
	/** `true` or `false` makes it a toggle button. */
	readonly pressed?: boolean | undefined;
	readonly onPress: () => void;
}

/**
 * A button in a panel. Its name is inside the button, visually hidden, rather than in an aria-label, so that what is
 * read out and what is visible form one text. (The toolkit sizes slotted spans like icons, hence bdi.)
 */
export function Button(props: ButtonProps): JSX.Element {
	const { label, shortcut, primary = false, name, focus, disabled = false, pressed, onPress } = props;
	const appearance = { appearance: primary ? 'primary' : 'secondary' };
	return (
		<ToolkitButtonElement
			{...appearance}
			class={pressed === true ? 'pressed' : ''}
			title={shortcut ?? ''}
			data-focus={focus}
			disabled={disabled}
			aria-pressed={pressed}
			onClick={onPress}
		>
			{name === undefined ? (
				label
			) : (
				<>
					<bdi aria-hidden="true">{label}</bdi>
					<bdi class="sr">{name}</bdi>
				</>
			)}
			{shortcut === undefined ? null : <kbd aria-hidden="true">{shortcut}</kbd>}
		</ToolkitButtonElement>
	);
}

/** A group of buttons that belong together; Tab moves between them. */
export function Toolbar(props: {
	readonly label: string;
	readonly class?: string | undefined;
	readonly children: ComponentChildren;
}): JSX.Element {
	return (
		<div class={props.class ?? 'buttons'} role="toolbar" aria-label={props.label}>
			{props.children}
		</div>
	);
}

export interface DropdownProps {
	readonly label: string;
	readonly focus: string;
	readonly choices: readonly (readonly [value: string, label: string])[];
	/** Must not be empty: the toolkit cannot select an empty value. */
	readonly value: string;
	readonly onChange: (value: string) => void;
}

/** A drop-down list with its label in front of it. */
export function Dropdown({ label, focus, choices, value, onChange }: DropdownProps): JSX.Element {
	const element = useRef<ToolkitDropdown>(null);
	const reported = useRef(value);
	const options = JSON.stringify(choices);
	useLayoutEffect(() => {
		element.current?.replaceChildren(
			...choices.map(([choice, text]) => {
				const option = document.createElement('vscode-option');
				option.setAttribute('value', choice);
				option.textContent = text;
				option.toggleAttribute('selected', choice === value);
				return option;
			}),
		);
	}, [options]);
	useLayoutEffect(() => {
		reported.current = value;
		if (element.current && element.current.value !== value) {
			element.current.value = value;
		}
	}, [options, value]);
	const changed = (): void => {
		const now = element.current?.value ?? '';
		if (now !== reported.current) {
			reported.current = now;
			onChange(now);
		}
	};
	return (
		<label class="choice">
			<span aria-hidden="true">{label}</span>
			<ToolkitDropdownElement
				ref={element}
				aria-label={label}
				data-focus={focus}
				onChange={changed}
				// Arrow keys change a closed list without firing a change event.
				onKeyUp={() => (element.current?.open === true ? undefined : changed())}
			/>
		</label>
	);
}

export interface TextAreaHandle {
	focus(): void;
}

export interface TextAreaProps {
	readonly label: string;
	readonly placeholder: string;
	readonly rows: number;
	readonly value: string;
	readonly disabled?: boolean | undefined;
	/** Called on each key. */
	readonly onInput: (value: string) => void;
	/** Called when the user leaves the field or presses Ctrl+Enter. */
	readonly onCommit: () => void;
	readonly handle?: Ref<TextAreaHandle> | undefined;
}

/** A text field with several lines. */
export function TextArea(props: TextAreaProps): JSX.Element {
	const { label, placeholder, rows, value, disabled = false, onInput, onCommit, handle = null } = props;
	const element = useRef<ToolkitTextArea>(null);
	useImperativeHandle(handle, () => ({ focus: () => element.current?.focus() }), []);
	useLayoutEffect(() => {
		if (element.current && element.current.value !== value) {
			element.current.value = value;
		}
	}, [value]);
	const fixed = { placeholder, rows, resize: 'vertical', maxlength: 20_000 };
	return (
		<ToolkitTextAreaElement
			{...fixed}
			ref={element}
			disabled={disabled}
			onInput={() => onInput(element.current?.value ?? '')}
			onFocusOut={onCommit}
			onKeyDown={(event) => {
				if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
					event.preventDefault();
					onCommit();
				}
			}}
		>
			{label}
		</ToolkitTextAreaElement>
	);
}
