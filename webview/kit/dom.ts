/** What may stand in an element: nodes, text, or nothing. Text is always text, never markup. */
export type Child = Node | string | number | null | undefined | false;

export interface Properties {
	readonly class?: string | undefined;
	/** Attributes; `true` is a bare one, `false` and `undefined` leave it away. */
	readonly [attribute: string]: string | number | boolean | undefined | ((event: Event) => void);
}

/** An element with attributes, listeners (`onclick: …`) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
	tag: K,
	properties: Properties = {},
	...children: readonly Child[]
): HTMLElementTagNameMap[K] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (typeof value === 'function') {
			element.addEventListener(name.replace(/^on/, ''), value);
		} else if (value !== undefined && value !== false) {
			element.setAttribute(name, value === true ? '' : String(value));
		}
	}
	append(element, children);
	return element;
}

/** A part of a page: named for its style, and with `label` for who goes from part to part by ear. */
export function part(tag: 'header' | 'section' | 'div' | 'footer', name: string, label?: string): HTMLElement {
	return h(tag, { class: name, 'aria-label': label });
}

export function append(parent: Node, children: readonly Child[]): void {
	for (const child of children) {
		if (child !== null && child !== undefined && child !== false) {
			parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
		}
	}
}

/**
 * A part of a page that is made anew only when what it shows has changed, so that a refresh from elsewhere disturbs
 * neither focus nor scrolling. Elements that may hold the focus carry `data-focus`: the focus goes to their successor.
 */
export class Section<View> {
	private shown: string | undefined;

	constructor(
		readonly element: HTMLElement,
		private readonly slice: (view: View) => unknown,
		private readonly content: (view: View) => readonly Child[],
	) {}

	update(view: View): void {
		const slice = JSON.stringify(this.slice(view)) ?? '';
		if (slice === this.shown) {
			return;
		}
		this.shown = slice;
		const active = document.activeElement;
		const inside = active instanceof HTMLElement && this.element.contains(active);
		const key = inside ? active.dataset['focus'] : undefined;
		this.element.replaceChildren();
		append(this.element, this.content(view));
		if (inside) {
			const heirs = [...this.element.querySelectorAll<HTMLElement>('[data-focus]')];
			(heirs.find((element) => element.dataset['focus'] === key) ?? heirs.at(-1) ?? this.element).focus();
		}
	}
}
