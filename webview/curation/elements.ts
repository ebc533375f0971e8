import type { RefObject } from 'preact';
import { createRef } from 'preact';

/** The elements of the page that keys scroll and that the focus moves to. */
export class PageElements {
	readonly search: RefObject<HTMLInputElement | null> = createRef();
	readonly list: RefObject<HTMLDivElement | null> = createRef();
	readonly problem: RefObject<HTMLDivElement | null> = createRef();
}
