// Core is compiled with "types": [] (no Node, no DOM, no vscode). This file declares the host types that core uses.
// Everywhere else the host's own declarations apply and this file is not part of the program.
interface AbortSignal {
	readonly aborted: boolean;
}

declare class TextDecoder {
	decode(input?: Uint8Array, options?: { readonly stream?: boolean }): string;
}
