import type { JSX } from 'preact';

/** A time in the reader's own zone and format; what is no time, as it was written. */
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
