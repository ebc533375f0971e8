import { StatError } from '../core/errors/statError.ts';

/** Quotes an argument as a POSIX shell word; nothing else quotes. Throws on NUL, which no argument can contain. */
export function shellQuote(argument: string): string {
	if (argument.includes('\0')) {
		throw new StatError('remote.argument', {});
	}
	return /^[A-Za-z0-9_\-.,:/@%+=]+$/.test(argument) ? argument : `'${argument.replace(/'/g, `'\\''`)}'`;
}

/** Builds a command line from arguments. */
export function shellLine(argumentList: readonly string[]): string {
	return argumentList.map(shellQuote).join(' ');
}
