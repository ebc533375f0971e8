/**
 * What Ctrl-C does while a command is being loaded, or after its end: nothing is under way, and it ends as a cancelled
 * command does.
 */
function leave(): void {
	process.stderr.write('stat-studio: cancelled; nothing was under way\n');
	process.exit(130);
}

let act = leave;

/** From now on Ctrl-C does this; without one, it ends the process with 130. */
export function onSignal(action?: () => void): void {
	act = action ?? leave;
}

// First import of cli.ts, and listened to for good: a signal that came while files were read is told only in the next
// turn, and would be lost if the listener had been exchanged by then.
process.on('SIGINT', () => act()).on('SIGTERM', () => act());
