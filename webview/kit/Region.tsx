import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface RegionProps {
	readonly tag?: 'div' | 'header' | 'section' | 'footer' | undefined;
	readonly class: string;
	readonly id?: string | undefined;
	/** A name for screen readers, which can move between regions. */
	readonly label?: string | undefined;
	readonly children: ComponentChildren;
}

/**
 * A part of a page that does not lose the focus: if rendering removes the focused element, another one gets the focus.
 */
export function Region({ tag = 'div', class: name, id, label, children }: RegionProps): JSX.Element {
	const box = useRef<HTMLDivElement>(null);
	useFocusHeir(box);
	const Tag = tag as 'div';
	return (
		<Tag ref={box} class={name} id={id} aria-label={label}>
			{children}
		</Tag>
	);
}

/**
 * If the focused element is removed from the box, the focus moves to the element with the same `data-focus`, else to
 * the last element that has a `data-focus`. The whole box is observed, because any component in it may have rendered.
 */
function useFocusHeir(box: RefObject<HTMLElement | null>): void {
	useLayoutEffect(() => {
		const root = box.current;
		if (!root) {
			return undefined;
		}
		let focused: HTMLElement | null = null;
		const gained = ({ target }: FocusEvent): void => {
			focused = target instanceof HTMLElement ? target : null;
		};
		// An element that rendering removes also loses the focus, so it is forgotten only after the observer has run.
		const lost = (): void =>
			void setTimeout(() => (focused = root.contains(document.activeElement) ? focused : null));
		const observer = new MutationObserver((records) => {
			const former = focused;
			const isGone = records.some(({ removedNodes }) => [...removedNodes].some((node) => node.contains(former)));
			if (former && isGone && (document.activeElement ?? document.body) === document.body) {
				const heirs = [...root.querySelectorAll<HTMLElement>('[data-focus]')];
				const { focus } = former.dataset;
				const heir =
					heirs.find((element) => focus !== undefined && element.dataset['focus'] === focus) ?? heirs.at(-1);
				heir?.focus({ preventScroll: true });
			}
		});
		root.addEventListener('focusin', gained);
		root.addEventListener('focusout', lost);
		observer.observe(root, { childList: true, subtree: true });
		return () => {
			root.removeEventListener('focusin', gained);
			root.removeEventListener('focusout', lost);
			observer.disconnect();
		};
	}, []);
}
