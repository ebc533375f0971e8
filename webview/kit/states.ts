import { h } from './dom.ts';

/** What just happened, for eyes and for screen readers; a failure stays until it is closed. */
export class Notices {
	readonly element = h('div', { class: 'notices' });
	private readonly polite = h('p', { class: 'said-now', role: 'status', 'aria-live': 'polite' });
	private timer = 0;

	constructor() {
		this.element.append(this.polite);
	}

	say(text: string): void {
		this.polite.textContent = text;
		this.polite.classList.add('shown');
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => this.polite.classList.remove('shown'), 2500);
	}

	/** As the extension words it. */
	tell({ level, message }: { readonly level: 'info' | 'error'; readonly message: string }): void {
		if (level === 'error') {
			this.fail(message);
		} else {
			this.say(message);
		}
	}

	private fail(text: string): void {
		this.element.querySelector('.failure')?.remove();
		const box = h(
			'div',
			{ class: 'failure', role: 'alert' },
			h('p', {}, text),
			h(
				'button',
				{ type: 'button', class: 'plain', onclick: () => box.remove() },
				h('span', { 'aria-hidden': 'true' }, '×'),
				h('span', { class: 'sr' }, 'Close this message'),
			),
		);
		this.element.append(box);
	}
}

/** Grey bars if nothing has come after `delay` ms; returns a way to take them away. */
export function skeletonAfter(box: HTMLElement, delay: number): () => void {
	const timer = window.setTimeout(
		() =>
			box.replaceChildren(
				h(
					'div',
					{ class: 'skeleton', role: 'status' },
					h('span', { class: 'sr' }, 'Loading'),
					...[40, 90, 75, 60].map((width) => h('span', { class: `bone w${width}`, 'aria-hidden': 'true' })),
				),
			),
		delay,
	);
	return () => {
		clearTimeout(timer);
		box.querySelector('.skeleton')?.remove();
	};
}
