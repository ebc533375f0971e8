/** The page's connection to the extension, and what VS Code stores about the page. */
export interface Host<ToHost, ToPage, Remembered> {
	post(message: ToHost): void;
	/** Registers a listener that is called for each message from the extension. */
	listen(listener: (message: ToPage) => void): void;
	/** The stored state of an earlier page, if there is one; any field may be missing. */
	readonly remembered: Partial<Remembered>;
	remember(state: Remembered): void;
}

export function connect<ToHost, ToPage, Remembered>(): Host<ToHost, ToPage, Remembered> {
	const api = acquireVsCodeApi<Remembered>();
	return {
		post: (message) => api.postMessage(message),
		listen: (listener) =>
			window.addEventListener('message', (event: MessageEvent<ToPage>) => {
				// No foreign frame could reach us, but anything that is not shaped like a message is dropped anyway.
				if (typeof event.data === 'object' && event.data !== null && 'type' in event.data) {
					listener(event.data);
				}
			}),
		remembered: api.getState() ?? {},
		remember: (state) => void api.setState(state),
	};
}
