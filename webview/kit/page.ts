import { button } from './controls.tsx';
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
		this.box.replaceChildren(
			h(
				'div',
				{ class: `message ${kind}`, role: failed ? 'alert' : 'status' },
				h('h1', {}, failed ? 'This could not be read' : title),
				h('p', {}, message),
			),
		);
		this.element.hidden = true;
		this.box.hidden = false;
	}
}

/** Tells how far down the page has been scrolled, once it rests: for what is remembered of it. */
export function whenScrolled(told: (top: number) => void): void {
	let timer = 0;
	document.addEventListener(
		'scroll',
		() => {
			clearTimeout(timer);
			timer = window.setTimeout(() => told(Math.round(window.scrollY)), 200);
		},
		{ passive: true },
	);
}

/** The toolbar of a panel that goes through a list, one thing at a time. */
export function ways(
	{
		what,
		isFirst,
		isLast,
		go,
		raw,
		act,
	}: {
		readonly what: string;
		readonly isFirst: boolean;
		readonly isLast: boolean;
		readonly go: (step: 1 | -1) => void;
		readonly raw: boolean;
		readonly act: { toggleRaw(): void; showKeys(): void };
	},
	...more: readonly HTMLElement[]
): HTMLElement {
	// The word goes where there is no room for it; the button's name stays. (The toolkit sizes slotted spans like
	// icons, hence no span.)
	const arrow = (before: string, word: string, after: string): HTMLElement =>
		h('bdi', {}, before, h('bdi', { class: 'word' }, word), after);
	return h(
		'div',
		{ class: 'ways', role: 'toolbar', 'aria-label': 'Panel' },
		button({
			label: arrow('◂ ', 'Previous', ''),
			key: 'K',
			name: `Previous ${what}`,
			focus: 'previous',
			disabled: isFirst,
			onPress: () => go(-1),
		}),
		button({
			label: arrow('', 'Next', ' ▸'),
			key: 'J',
			name: `Next ${what}`,
			focus: 'next',
			disabled: isLast,
			onPress: () => go(1),
		}),
		...more,
		button({ label: 'Raw', key: 'Alt+R', name: 'Raw text', pressed: raw, focus: 'raw', onPress: act.toggleRaw }),
		button({ label: 'Keys', key: '?', focus: 'keys', onPress: act.showKeys }),
	);
}

/** Why nothing can be saved, or what waits for trust; nothing where all works. */
export function banner(
	{ readOnly, trusted }: { readonly readOnly: string | null; readonly trusted: boolean },
	waits: string,
): HTMLElement | null {
	const [title, words] = trusted
		? ['Read only. ', readOnly]
		: ['Restricted mode. ', `Reading works. ${waits} wait until this folder is trusted.`];
	return words === null ? null : h('p', { class: 'banner', role: 'status' }, h('strong', {}, title), words);
}
