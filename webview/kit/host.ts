/** The page's connection to the extension, and what VS Code stores of the page. */
export interface Host<ToHost, ToPage, Remembered> {
	post(message: ToHost): void;
	/** Called for each message of the extension. */
	listen(listener: (message: ToPage) => void): void;
	/** The state of an earlier page, if it was stored; every field may be missing. */
	readonly remembered: Partial<Remembered>;
	remember(state: Remembered): void;
}

export function connect<ToHost, ToPage, Remembered>(): Host<ToHost, ToPage, Remembered> {
	const api = acquireVsCodeApi<Remembered>();
	return {
		post: (message) => api.postMessage(message),
		listen: (listener) =>
			window.addEventListener('message', (event: MessageEvent<ToPage>) => {
				// There are no foreign frames that could reach us, but whatever is not shaped like a message is
				// dropped.
				if (typeof event.data === 'object' && event.data !== null && 'type' in event.data) {
					listener(event.data);
				}
			}),
		remembered: api.getState() ?? {},
		remember: (state) => void api.setState(state),
	};
}
