import type { ComponentChild } from 'preact';
import { render } from 'preact';

/** Renders a panel's App into the page that pageHtml.ts serves. */
export function mount(app: ComponentChild): void {
	render(app, document.getElementById('root') ?? document.body);
}
