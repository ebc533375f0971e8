import type { JSX } from 'preact';

/** A time in the reader's own time zone and format; an invalid one is shown unchanged. */
export function TimeText({ iso }: { readonly iso: string }): JSX.Element {
	const date = new Date(iso);
	return (
		<time dateTime={iso} title={iso}>
			{Number.isNaN(date.getTime())
				? iso
				: date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
		</time>
	);
}
