import { StatError } from '../core/errors/statError.ts';

/** The only quoting function: an argument as a POSIX shell word. Throws on NUL, which no argument can contain. */
export function shellQuote(argument: string): string {
	if (argument.includes('\0')) {
		throw new StatError('remote.argument', {});
	}
	return /^[A-Za-z0-9_\-.,:/@%+=]+$/.test(argument) ? argument : `'${argument.replace(/'/g, `'\\''`)}'`;
}

/** Returns a command line from arguments. */
export function shellLine(argumentList: readonly string[]): string {
	return argumentList.map(shellQuote).join(' ');
}
