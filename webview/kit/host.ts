/** The page's end of the line to the extension, and what VS Code keeps of the page. */
export interface Host<ToHost, ToPage, Remembered> {
	post(message: ToHost): void;
	/** Called for each message of the extension. */
	listen(listener: (message: ToPage) => void): void;
	/** As far as it was kept by an earlier page; every field may be missing. */
	readonly remembered: Partial<Remembered>;
	remember(state: Remembered): void;
}

export function connect<ToHost, ToPage, Remembered>(): Host<ToHost, ToPage, Remembered> {
	const api = acquireVsCodeApi<Remembered>();
	return {
		post: (message) => api.postMessage(message),
		listen: (listener) =>
			window.addEventListener('message', (event: MessageEvent<ToPage>) => {
				// Frames of strangers cannot reach us (there are none), but whatever is not shaped like a message is
				// dropped.
				if (typeof event.data === 'object' && event.data !== null && 'type' in event.data) {
					listener(event.data);
				}
			}),
		remembered: api.getState() ?? {},
		remember: (state) => void api.setState(state),
	};
}
