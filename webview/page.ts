import { h } from './dom.ts';
import { skeletonAfter } from './states.ts';

/** A panel's content, or a word in its place; grey bars where neither comes soon. */
export class Page {
	readonly element: HTMLElement;
	private readonly box = h('div', { class: 'state' });
	private readonly stopSkeleton: () => void;

	/** `beside`: what is there whether or not there is content, such as notices and dialogs. */
	constructor(content: readonly HTMLElement[], ...beside: readonly HTMLElement[]) {
		this.element = h('div', { class: 'page', hidden: true }, ...content);
		(document.getElementById('root') ?? document.body).append(this.element, this.box, ...beside);
		this.stopSkeleton = skeletonAfter(this.box, 200);
	}

	/** The content is there: it is shown. */
	show(): void {
		this.stopSkeleton();
		this.element.hidden = false;
		this.box.hidden = true;
	}

	/** In its place: why there is nothing (under `title`), or why it could not be read. */
	showInstead({ kind, message }: { readonly kind: 'empty' | 'failed'; readonly message: string }, title = ''): void {
		this.stopSkeleton();
		const failed = kind === 'failed';
		this.box.replaceChildren(h('div', { class: `message ${kind}`, role: failed ? 'alert' : 'status' }, h('h1', {}, failed ? 'This could not be read' : title), h('p', {}, message)));
		this.element.hidden = true;
		this.box.hidden = false;
	}
}

/** Tells how far down the page has been scrolled, once it rests: for what is remembered of it. */
export function whenScrolled(told: (top: number) => void): void {
	let timer = 0;
	document.addEventListener('scroll', () => {
		clearTimeout(timer);
		timer = window.setTimeout(() => told(Math.round(window.scrollY)), 200);
	}, { passive: true });
}
