// The one file that names the component toolkit (archived; docs/decisions.md says how to leave it). The rest of the
// pages knows only the functions below, which plain elements or another library could serve as well.
import type { Button, Dropdown, TextArea } from '@vscode/webview-ui-toolkit';
import {
	provideVSCodeDesignSystem,
	vsCodeButton,
	vsCodeDropdown,
	vsCodeOption,
	vsCodeTextArea,
} from '@vscode/webview-ui-toolkit';
import type { Child } from './dom.ts';
import { append, h } from './dom.ts';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeTextArea());

export interface ButtonOptions {
	readonly label: Child;
	/** The key that does the same, shown on the button. */
	readonly key?: string | undefined;
	readonly primary?: boolean | undefined;
	/** For screen readers, where the label alone does not say it. */
	readonly name?: string | undefined;
	readonly focus?: string | undefined;
	readonly disabled?: boolean | undefined;
	/** `true` or `false` makes it a toggle. */
	readonly pressed?: boolean | undefined;
	readonly onPress: () => void;
}

export function button({ label, key, primary, name, focus, disabled, pressed, onPress }: ButtonOptions): HTMLElement {
	const element = document.createElement('vscode-button') as Button;
	element.setAttribute('appearance', primary ? 'primary' : 'secondary');
	// The name stands in the button, unseen, rather than in an aria-label: what is read aloud and what is seen then are
	// one text. (The toolkit sizes slotted spans like icons, hence bdi.)
	append(element, [
		...(name ? [h('bdi', { 'aria-hidden': 'true' }, label), h('bdi', { class: 'sr' }, name)] : [label]),
		key ? h('kbd', { 'aria-hidden': 'true' }, key) : null,
	]);
	if (key) {
		element.title = key;
	}
	if (focus) {
		element.dataset['focus'] = focus;
	}
	if (pressed !== undefined) {
		element.setAttribute('aria-pressed', String(pressed));
		element.classList.toggle('pressed', pressed);
	}
	element.disabled = disabled === true;
	element.addEventListener('click', onPress);
	return element;
}

export interface TextAreaControl {
	readonly element: HTMLElement;
	value: string;
	disabled: boolean;
	focus(): void;
}

/** `onInput` at each key; `onCommit` when the person leaves the field or presses Ctrl+Enter. */
export function textArea(options: {
	readonly label: string;
	readonly placeholder: string;
	readonly rows: number;
	readonly onInput: (value: string) => void;
	readonly onCommit: () => void;
}): TextAreaControl {
	const element = document.createElement('vscode-text-area') as TextArea;
	element.textContent = options.label;
	element.setAttribute('placeholder', options.placeholder);
	element.setAttribute('rows', String(options.rows));
	element.setAttribute('resize', 'vertical');
	element.setAttribute('maxlength', '20000');
	element.addEventListener('input', () => options.onInput(element.value));
	element.addEventListener('focusout', options.onCommit);
	element.addEventListener('keydown', (event) => {
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			options.onCommit();
		}
	});
	return {
		element,
		get value() {
			return element.value;
		},
		set value(value) {
			element.value = value;
		},
		get disabled() {
			return element.disabled;
		},
		set disabled(value) {
			element.disabled = value;
		},
		focus: () => element.focus(),
	};
}

/** A choice of one. */
export function dropdown(options: {
	readonly label: string;
	readonly focus: string;
	readonly choices: readonly (readonly [value: string, label: string])[];
	readonly value: string;
	readonly onChange: (value: string) => void;
}): HTMLElement {
	const element = document.createElement('vscode-dropdown') as Dropdown;
	element.setAttribute('aria-label', options.label);
	element.dataset['focus'] = options.focus;
	for (const [value, label] of options.choices) {
		const option = document.createElement('vscode-option');
		option.setAttribute('value', value);
		option.textContent = label;
		option.toggleAttribute('selected', value === options.value);
		element.appendChild(option);
	}
	let { value } = options;
	const changed = (): void => {
		if (element.value !== value) {
			({ value } = element);
			options.onChange(value);
		}
	};
	element.addEventListener('change', changed);
	// Arrow keys change a closed list without saying so.
	element.addEventListener('keyup', () => {
		if (!element.open) {
			changed();
		}
	});
	return h('label', { class: 'choice' }, h('span', { 'aria-hidden': 'true' }, options.label), element);
}
