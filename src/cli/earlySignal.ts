/**
 * Handles Ctrl-C while a command is being loaded, or after it has ended: nothing is in progress, so the process ends
 * like a cancelled command.
 */
function leave(): void {
	process.stderr.write('stat-studio: cancelled; nothing was under way\n');
	process.exit(130);
}

let act: (signal: 'SIGINT' | 'SIGTERM') => void = leave;

/** Sets the handler for Ctrl-C (SIGINT) and SIGTERM; without one, the process ends with 130. */
export function onSignal(action?: (signal: 'SIGINT' | 'SIGTERM') => void): void {
	act = action ?? leave;
}

// cli.ts imports this file first, and these listeners are never removed. A signal that arrives while files are being
// read is delivered in the next turn, and would be lost if its listener had been replaced by then.
process.on('SIGINT', () => act('SIGINT')).on('SIGTERM', () => act('SIGTERM'));
