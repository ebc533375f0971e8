// Core is built with "types": [] (no Node, no DOM, no vscode). AbortSignal is the one host type its contracts name;
// everywhere else the host's own declaration is used, and this file is not part of the program.
interface AbortSignal {
	readonly aborted: boolean;
}
