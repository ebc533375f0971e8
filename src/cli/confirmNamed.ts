import type { StatError } from '../core/errors/statError.ts';
import type { CommandContext } from './command.ts';

/**
 * Asks for a consent that this machine stores: on a terminal by a question, otherwise only `--yes` gives it. Throws
 * `refusal` where neither is there, and `cancelled` if the answer is no.
 */
export async function confirmNamed(
	context: Pick<CommandContext, 'confirm' | 'io'> & { readonly values: { flag(name: 'yes'): boolean } },
	question: string,
	refusal: StatError,
): Promise<void> {
	const { stdin, stderr } = context.io;
	const isTerminal = stdin.isTTY === true && stderr.isTTY === true;
	if (!isTerminal && !context.values.flag('yes')) {
		throw refusal;
	}
	await context.confirm(question);
}
