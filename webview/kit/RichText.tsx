import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { answerElement } from './maths.ts';
import { fillRichText, isShownRaw, visibleControls } from './richText.ts';

export interface RichTextProps {
	/** Untrusted text: Markdown with formulas. */
	readonly text: string;
	/** Whether to show the text raw. */
	readonly raw: boolean;
	/** Called after each rendering to mark passages in the rendered text; it may split and wrap text nodes. */
	readonly decorate?: ((root: HTMLElement) => void) | undefined;
	/** What `decorate` depends on: when this value changes, the text is rendered again. */
	readonly decoration?: string | undefined;
}

/**
 * Rendered text: Markdown with formulas, or raw. The element's content is built by hand and Preact does not touch it; a
 * different text gets a new element.
 */
export function RichText({ text, raw, decorate, decoration = '' }: RichTextProps): JSX.Element {
	const shown = visibleControls(text);
	const isRaw = isShownRaw(shown, raw);
	return (
		<Drawn key={`${isRaw}\n${decoration}\n${text}`} text={text} shown={shown} isRaw={isRaw} decorate={decorate} />
	);
}

function Drawn(props: {
	readonly text: string;
	readonly shown: string;
	readonly isRaw: boolean;
	readonly decorate: RichTextProps['decorate'];
}): JSX.Element {
	const { text, shown, isRaw, decorate } = props;
	const root = useRef<HTMLElement>(null);
	useLayoutEffect(() => {
		const element = root.current;
		if (element) {
			if (isRaw) {
				element.textContent = shown;
			} else {
				fillRichText(element, text);
			}
			decorate?.(element);
		}
	}, []);
	const keyboard = isShownRaw(shown, false) ? { tabIndex: 0 } : {};
	return isRaw ? (
		<pre ref={root as never} class="text raw" dir="auto" {...keyboard} />
	) : (
		<div ref={root as never} class="text" dir="auto" />
	);
}

/** A final answer such as `\frac{1}{2}`, which has no delimiters. `raw`: show it raw. */
export function AnswerText({ text, raw = false }: { readonly text: string; readonly raw?: boolean }): JSX.Element {
	return raw ? <code>{visibleControls(text)}</code> : <DrawnAnswer key={text} text={text} />;
}

function DrawnAnswer({ text }: { readonly text: string }): JSX.Element {
	const root = useRef<HTMLSpanElement>(null);
	useLayoutEffect(() => root.current?.replaceChildren(answerElement(visibleControls(text))), []);
	return <span ref={root} />;
}
