import type { JSX } from 'preact';
import { signal } from '@preact/signals';

export interface Notice {
	readonly level: 'info' | 'error';
	readonly message: string;
}

/** What happened last: a line that fades, and the latest failure, which stays until the user closes it. */
export class NoticeStore {
	readonly line = signal('');
	readonly isLineShown = signal(false);
	readonly failure = signal<string | null>(null);
	private timer = 0;

	/** Shows a line for two and a half seconds; screen readers read it out. */
	say(text: string): void {
		this.line.value = text;
		this.isLineShown.value = true;
		clearTimeout(this.timer);
		this.timer = window.setTimeout(() => (this.isLineShown.value = false), 2500);
	}

	/** Shows a notice from the extension. */
	show({ level, message }: Notice): void {
		if (level === 'error') {
			this.failure.value = message;
		} else {
			this.say(message);
		}
	}
}

export function Notices({ store }: { readonly store: NoticeStore }): JSX.Element {
	const failure = store.failure.value;
	return (
		<div class="notices">
			<p class={store.isLineShown.value ? 'said-now shown' : 'said-now'} role="status" aria-live="polite">
				{store.line.value}
			</p>
			{failure === null ? null : (
				<div key={failure} class="failure" role="alert">
					<p>{failure}</p>
					<button type="button" class="plain" onClick={() => (store.failure.value = null)}>
						<span aria-hidden="true">×</span>
						<span class="sr">Close this message</span>
					</button>
				</div>
			)}
		</div>
	);
}
