import { h } from '../kit/dom.ts';

const label = 'Filter by words of the question';

/**
 * The field that filters by words: what is typed counts a quarter of a second later, at once with Enter; Escape empties
 * it.
 */
export class SearchField {
	readonly element = h('input', {
		type: 'search',
		class: 'combo-input search',
		placeholder: label,
		'aria-label': label,
		autocomplete: 'off',
		spellcheck: 'false',
		oninput: () => this.typed(),
		onkeydown: (event) => this.pressed(event as KeyboardEvent),
	});
	private timer = 0;

	constructor(private readonly act: { search(text: string): void; leave(): void }) {}

	focus(): void {
		this.element.focus();
	}

	/** What the list is filtered by; a field someone types in stays as it is. */
	show(text: string): void {
		if (document.activeElement !== this.element) {
			this.element.value = text;
		}
	}

	private typed(): void {
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.search(), 250);
	}

	private search(): void {
		clearTimeout(this.timer);
		this.act.search(this.element.value.trim());
	}

	private pressed(event: KeyboardEvent): void {
		if (event.key === 'Enter' || event.key === 'Escape') {
			event.preventDefault();
			event.stopPropagation();
			if (event.key === 'Escape') {
				this.element.value = '';
			}
			this.search();
			this.act.leave();
		}
	}
}
