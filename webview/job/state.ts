import { signal } from '@preact/signals';
import type { Host } from '../kit/host.ts';
import { storeContext } from '../kit/storeContext.tsx';
import type { JobPanelContent, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost } from './protocol.ts';

/** The state of the job panel: what the extension last sent. */
export class JobStore {
	/** `null` until something has arrived. */
	readonly content = signal<JobPanelContent | null>(null);

	constructor(private readonly host: Host<ToHost, ToPage, Remembered>) {
		host.listen(({ state }) => {
			this.content.value = state;
			if (state.kind === 'job') {
				host.remember({ id: state.id });
			}
		});
		host.post({ type: toHost.ready });
	}

	fetch(): void {
		this.host.post({ type: toHost.fetch });
	}

	resume(): void {
		this.host.post({ type: toHost.resume });
	}

	cancel(): void {
		this.host.post({ type: toHost.cancel });
	}

	showLog(): void {
		this.host.post({ type: toHost.log });
	}
}

export const { StoreProvider, useStore } = storeContext<JobStore>();
