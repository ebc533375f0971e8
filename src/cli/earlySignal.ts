/**
 * What Ctrl-C does while a command is loading, or after it ended: nothing is in progress, so it ends like a cancelled
 * command.
 */
function leave(): void {
	process.stderr.write('stat-studio: cancelled; nothing was under way\n');
	process.exit(130);
}

let act = leave;

/** Sets the handler of Ctrl-C; without one, the process ends with 130. */
export function onSignal(action?: () => void): void {
	act = action ?? leave;
}

// Imported first by cli.ts, and never removed: a signal that arrives while files are read is delivered in the next
// turn, and would be lost if the listener had been exchanged by then.
process.on('SIGINT', () => act()).on('SIGTERM', () => act());
