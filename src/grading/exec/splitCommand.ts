/**
 * Splits a command into its program and arguments without a shell: white space separates, `'…'` and `"…"` keep it, and
 * a backslash outside of single quotes takes the next character as it is. Nothing is expanded. Returns `null` if a
 * quote is not closed or there is no program.
 */
export function splitCommand(command: string): readonly [string, ...string[]] | null {
	const parts: string[] = [];
	let part: string | null = null;
	let quote: string | null = null;
	for (let at = 0; at < command.length; at++) {
		const character = command[at] as string;
		if (quote !== null && character === quote) {
			quote = null;
		} else if (character === '\\' && quote !== "'" && at + 1 < command.length) {
			at++;
			part = (part ?? '') + (command[at] as string);
		} else if (quote !== null) {
			part = (part ?? '') + character;
		} else if (character === "'" || character === '"') {
			quote = character;
			part ??= '';
		} else if (/\s/.test(character)) {
			if (part !== null) {
				parts.push(part);
			}
			part = null;
		} else {
			part = (part ?? '') + character;
		}
	}
	if (part !== null) {
		parts.push(part);
	}
	const [program, ...rest] = parts;
	return quote !== null || program === undefined || program === '' ? null : [program, ...rest];
}
