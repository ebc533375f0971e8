// Core is built with "types": [] (no Node, no DOM, no vscode). These are the host types it uses; everywhere else the
// host's own declarations apply, and this file is not part of the program.
interface AbortSignal {
	readonly aborted: boolean;
}

declare class TextDecoder {
	decode(input?: Uint8Array, options?: { readonly stream?: boolean }): string;
}
