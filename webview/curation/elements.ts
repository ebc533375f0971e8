import type { RefObject } from 'preact';
import { createRef } from 'preact';

/** Elements of the page that keys scroll, and to which the focus moves. */
export class PageElements {
	readonly search: RefObject<HTMLInputElement | null> = createRef();
	readonly list: RefObject<HTMLDivElement | null> = createRef();
	readonly problem: RefObject<HTMLDivElement | null> = createRef();
}
