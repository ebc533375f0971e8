import { h } from './dom.ts';

export interface Choice {
	readonly id: string;
	readonly label: string;
	/** Chosen already: choosing it again takes it away. */
	readonly chosen: boolean;
	/** Heading it stands under. */
	readonly group: string;
}

export interface ComboboxOptions {
	readonly label: string;
	readonly placeholder: string;
	readonly onToggle: (id: string) => void;
	/** Backspace in an empty field. */
	readonly onRemoveLast: () => void;
	/** Escape: where the focus belongs then. */
	readonly onLeave: () => void;
}

/**
 * A field that filters a list as one types (ARIA combobox with a list box). The toolkit has none, and its fields hide
 * their input in a shadow root that `aria-activedescendant` cannot reach out of.
 */
export class Combobox {
	readonly element: HTMLElement;
	private readonly input: HTMLInputElement;
	private readonly list: HTMLElement;
	private choices: readonly Choice[] = [];
	private matches: readonly Choice[] = [];
	private active = -1;

	constructor(private readonly options: ComboboxOptions) {
		this.input = h('input', {
			type: 'text',
			role: 'combobox',
			class: 'combo-input',
			placeholder: options.placeholder,
			'aria-label': options.label,
			'aria-expanded': 'false',
			'aria-controls': 'combo-list',
			'aria-autocomplete': 'list',
			autocomplete: 'off',
			spellcheck: 'false',
			oninput: () => this.filter(),
			onfocus: () => this.filter(),
			onblur: () => this.close(),
			onkeydown: (event) => this.pressed(event as KeyboardEvent),
		});
		this.list = h('ul', {
			id: 'combo-list',
			role: 'listbox',
			class: 'combo-list',
			'aria-label': options.label,
			hidden: true,
		});
		this.element = h('div', { class: 'combo' }, this.input, this.list);
	}

	set disabled(value: boolean) {
		this.input.disabled = value;
	}

	setChoices(choices: readonly Choice[]): void {
		this.choices = choices;
		if (!this.list.hidden) {
			this.show();
		}
	}

	focus(): void {
		this.input.focus();
	}

	private filter(): void {
		this.active = -1;
		this.show();
		if (this.input.value.trim() !== '' && this.matches.length > 0) {
			this.activate(0);
		}
	}

	private show(): void {
		const words = this.input.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
		this.matches = this.choices.filter(({ label }) =>
			words.every((word) => label.toLocaleLowerCase().includes(word)),
		);
		this.list.replaceChildren();
		let group: string | undefined;
		this.matches.forEach((choice, index) => {
			if (choice.group !== group) {
				group = choice.group;
				this.list.append(h('li', { class: 'combo-group', role: 'presentation' }, group));
			}
			this.list.append(
				h(
					'li',
					{
						role: 'option',
						id: `combo-${index}`,
						'aria-selected': String(index === this.active),
						class: 'combo-option',
						onmousedown: (event) => this.choose(event, index),
						onmousemove: () => this.activate(index, false),
					},
					h('span', { class: 'combo-mark', 'aria-hidden': 'true' }, choice.chosen ? '✓' : ''),
					h('span', {}, choice.label),
					choice.chosen ? h('span', { class: 'sr' }, ', missing already; Enter removes it') : null,
				),
			);
		});
		if (this.matches.length === 0) {
			this.list.append(
				h(
					'li',
					{ class: 'combo-group', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' },
					this.choices.length === 0 ? 'No skills are known for this subject' : 'No skill matches',
				),
			);
		}
		this.list.hidden = false;
		this.input.setAttribute('aria-expanded', 'true');
		this.activate(Math.min(this.active, this.matches.length - 1));
	}

	private close(): void {
		this.list.hidden = true;
		this.input.value = '';
		this.active = -1;
		this.input.setAttribute('aria-expanded', 'false');
		this.input.removeAttribute('aria-activedescendant');
	}

	private activate(index: number, scroll = true): void {
		this.list.querySelector('.active')?.classList.remove('active');
		this.list.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
		this.active = index;
		const option = index < 0 ? null : this.list.querySelector(`#combo-${index}`);
		if (!option) {
			this.input.removeAttribute('aria-activedescendant');
			return;
		}
		option.classList.add('active');
		option.setAttribute('aria-selected', 'true');
		this.input.setAttribute('aria-activedescendant', option.id);
		if (scroll) {
			option.scrollIntoView({ block: 'nearest' });
		}
	}

	private choose(event: Event, index: number): void {
		// Not a blur: the field keeps the focus for the next skill.
		event.preventDefault();
		const choice = this.matches[index];
		if (choice) {
			this.input.value = '';
			this.options.onToggle(choice.id);
			this.filter();
		}
	}

	private pressed(event: KeyboardEvent): void {
		const count = this.matches.length;
		switch (event.key) {
			case 'ArrowDown':
			case 'ArrowUp':
				event.preventDefault();
				if (this.list.hidden) {
					this.filter();
				} else if (count > 0) {
					this.activate(
						(this.active + (event.key === 'ArrowDown' ? 1 : this.active < 0 ? 0 : -1) + count) % count,
					);
				}
				return;
			case 'Enter':
				this.choose(event, this.active);
				return;
			case 'Backspace':
				if (this.input.value === '') {
					event.preventDefault();
					this.options.onRemoveLast();
				}
				return;
			case 'Escape':
				event.preventDefault();
				event.stopPropagation();
				if (this.input.value !== '') {
					this.input.value = '';
					this.filter();
				} else {
					this.close();
					this.options.onLeave();
				}
		}
	}
}
