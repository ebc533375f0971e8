import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Replaces a panel's content: why there is none, or why it could not be read. */
export interface Placeholder {
	readonly kind: 'empty' | 'failed';
	readonly message: string;
}

export interface PanelPageProps {
	/** `null`: the content is ready. */
	readonly instead: 'loading' | Placeholder | null;
	/** The heading of an empty panel. */
	readonly emptyTitle?: string | undefined;
	/** Shown beside the content whatever its state: notices and dialogs. */
	readonly beside?: ComponentChildren;
	readonly class?: string | undefined;
	readonly children: ComponentChildren;
}

/** A panel's page: its content once that is ready, else one of the states loading, empty or failed. */
export function PanelPage({ instead, emptyTitle, beside, class: name, children }: PanelPageProps): JSX.Element {
	return (
		<>
			{instead === null ? (
				<div class={name === undefined ? 'page' : `page ${name}`}>{children}</div>
			) : (
				<div class="state">
					{instead === 'loading' ? <Loading /> : <Message {...instead} title={emptyTitle} />}
				</div>
			)}
			{beside}
		</>
	);
}

/** One sentence in place of content; its children are the commands that help. */
export function Message({
	kind,
	title = '',
	message,
	children,
}: Placeholder & { readonly title?: string | undefined; readonly children?: ComponentChildren }): JSX.Element {
	const failed = kind === 'failed';
	return (
		<div class={`message ${kind}`} role={failed ? 'alert' : 'status'}>
			<h1>{failed ? 'This could not be read' : title}</h1>
			<p>{message}</p>
			{children}
		</div>
	);
}

/** Grey bars that appear once loading takes longer than `delay` ms. */
export function Loading({ delay = 200 }: { readonly delay?: number }): JSX.Element | null {
	const [isSlow, setSlow] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setSlow(true), delay);
		return () => clearTimeout(timer);
	}, [delay]);
	if (!isSlow) {
		return null;
	}
	return (
		<div class="skeleton" role="status">
			<span class="sr">Loading</span>
			{[40, 90, 75, 60].map((width) => (
				<span key={width} class={`bone w${width}`} aria-hidden="true" />
			))}
		</div>
	);
}

/** Explains why nothing can be saved, or what needs trust; renders nothing if everything works. */
export function Banner(props: {
	readonly readOnly: string | null;
	readonly trusted: boolean;
	/** What needs trust, e.g. `Corrections and teacher calls`. */
	readonly waiting: string;
}): JSX.Element | null {
	const { readOnly, trusted, waiting } = props;
	const text = trusted ? readOnly : `Reading works. ${waiting} wait until this folder is trusted.`;
	return text === null ? null : (
		<p class="banner" role="status">
			<strong>{trusted ? 'Read only. ' : 'Restricted mode. '}</strong>
			{text}
		</p>
	);
}
