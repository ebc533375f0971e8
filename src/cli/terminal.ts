import { createInterface } from 'node:readline/promises';
import { formatCost } from '../core/text/formatNumber.ts';
import type { CliIo } from './cliIo.ts';
import type { Progress, Run } from '../core/run.ts';
import { StatError } from '../core/errors/statError.ts';

/** Seconds between progress lines if stderr is not a terminal. */
const sparse = 10;

/**
 * Writes everything except results to stderr: log lines, progress and questions. Untrusted text cannot move the cursor
 * or set colours.
 */
export class Terminal {
	private shown = false;
	private lastShown = 0;
	private readonly tty: boolean;
	private readonly started = Date.now();

	constructor(
		private readonly io: Pick<CliIo, 'stdin' | 'stderr'>,
		private readonly verbose: boolean,
	) {
		this.tty = io.stderr.isTTY === true;
	}

	readonly log: Run['log'] = (level, message) => {
		if (level !== 'debug' || this.verbose) {
			this.line(level === 'info' || level === 'debug' ? message : `${level}: ${message}`);
		}
	};

	/** Shows progress as one changing line on a terminal, otherwise as an occasional line. */
	readonly progress: Run['progress'] = (progress) => {
		const now = Date.now();
		if (this.tty) {
			if (now - this.lastShown >= 100) {
				this.lastShown = now;
				this.shown = true;
				this.io.stderr.write(
					`\r\x1b[2K${printable(formatProgress(progress)).slice(0, Math.max(20, (this.io.stderr.columns ?? 80) - 1))}`,
				);
			}
		} else if (now - Math.max(this.lastShown, this.started) >= sparse * 1000) {
			this.lastShown = now;
			this.io.stderr.write(`${printable(formatProgress(progress))}\n`);
		}
	};

	line(text: string): void {
		this.clear();
		this.io.stderr.write(`${printable(text)}\n`);
	}

	clear(): void {
		if (this.shown) {
			this.io.stderr.write('\r\x1b[2K');
			this.shown = false;
		}
	}

	/** Asks a yes-or-no question on a terminal; returns `null` if there is none. */
	async ask(question: string, signal: AbortSignal): Promise<boolean | null> {
		if (!this.io.stdin.isTTY || !this.tty) {
			return null;
		}
		this.clear();
		const reader = createInterface({ input: this.io.stdin, output: this.io.stderr });
		try {
			return /^y(es)?$/i.test((await reader.question(`${printable(question)} [y/N] `, { signal })).trim());
		} catch (error) {
			if (signal.aborted) {
				throw new StatError('run.cancelled', {}, { cause: error });
			}
			throw error;
		} finally {
			reader.close();
		}
	}
}

/** Removes control characters except line ends and tabs. */
export function printable(text: string): string {
	return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ');
}

function formatProgress({ label, done, total, calls, cost, detail }: Progress): string {
	const inBytes = label === 'Importing' || label === 'Reading';
	const count = inBytes
		? `${megabytes(done)}${total === undefined ? '' : ` of ${megabytes(total)}`}`
		: `${done}${total === undefined ? '' : ` of ${total}`}`;
	const paid = calls === undefined ? '' : `, ${calls} calls${cost === undefined ? '' : `, ${formatCost(cost)}`}`;
	return `${label} ${count}${paid}${detail ? ` (${detail})` : ''}`;
}

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
