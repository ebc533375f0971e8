import type { CallsInFlight } from '../../core/run.ts';

/** Options for the request rate of one endpoint, which every run of a teacher shares. */
export interface PaceOptions {
	/** Maximum number of calls in flight. */
	readonly ceiling: number;
	/** Number of calls in flight to start with; default 20, or the ceiling if that is lower. */
	readonly start?: number | undefined;
	readonly log: (level: 'info' | 'warn', message: string) => void;
	/** Returns monotonic time in milliseconds. */
	readonly now?: (() => number) | undefined;
	/** Longest pause that is obeyed, in ms. */
	readonly longestPause?: number | undefined;
	/** First pause if the endpoint does not state one, in ms. */
	readonly shortestPause?: number | undefined;
	readonly random?: (() => number) | undefined;
}

/** Number of calls in flight to start with if nobody has said what the endpoint takes. */
export const startLimit = 20;
const cooldown = 15_000;

/**
 * Adaptive concurrency, with one pause for all calls. It starts at 20 calls in flight, or as many as stated, and doubles with every full round
 * of replies. An episode of rate limiting reduces it by a fifth (once in 15 s, no matter how many 429s arrive) and ends
 * the doubling; from then on it grows by a tenth per round. Server errors do not reduce it, because they say nothing
 * about the rate.
 */
export class Pace implements CallsInFlight {
	private limit: number;
	private taken = 0;
	private unstored = 0;
	private isFinishing = false;
	private answeredThisRound = 0;
	private slowStart = true;
	private lastCut = -Infinity;
	private pausedUntil = 0;
	private unsaidPauses = 0;
	private readonly listeners = new Set<() => void>();
	private readonly now: () => number;

	constructor(private readonly options: PaceOptions) {
		this.limit = Math.min(options.start ?? startLimit, options.ceiling);
		this.now = options.now ?? (() => performance.now());
	}

	/** Number of calls that may currently be in flight. */
	get concurrency(): number {
		return this.limit;
	}

	/** Number of slots that are taken. */
	get running(): number {
		return this.taken;
	}

	get inFlight(): number {
		return this.taken + this.unstored;
	}

	finish(): Promise<void> {
		this.isFinishing = true;
		return new Promise((resolve) => {
			const look = (): void => {
				if (this.inFlight === 0) {
					unsubscribe();
					resolve();
				}
			};
			const unsubscribe = this.onDidChange(look);
			look();
		});
	}

	/** Milliseconds until the next call may be sent; 0 if it may be sent now. */
	get pause(): number {
		return Math.max(0, Math.ceil(this.pausedUntil - this.now()));
	}

	get mayStart(): boolean {
		return this.running < this.limit && this.unstored < this.limit && this.pause === 0 && !this.isFinishing;
	}

	take(): void {
		this.taken++;
	}

	/** Releases the slot of a call that was not answered. */
	release(): void {
		this.taken--;
		this.changed();
	}

	/**
	 * Releases the slot of a call whose reply has arrived and is being stored: the next call need not wait for the disk.
	 * {@link stored} must follow. As many replies as there are slots may wait for it; a kill loses no more.
	 */
	arrived(): void {
		this.unstored++;
		this.release();
	}

	stored(): void {
		this.unstored--;
		this.changed();
	}

	answered(): void {
		this.unsaidPauses = 0;
		if (++this.answeredThisRound < this.limit) {
			return;
		}
		this.answeredThisRound = 0;
		this.limit = Math.min(
			this.options.ceiling,
			this.slowStart ? this.limit * 2 : this.limit + Math.max(1, Math.round(this.limit / 10)),
		);
	}

	/**
	 * Handles a 429: all calls wait as long as it says or, if it says nothing, twice as long as last time, and ten times
	 * as long if there is no capacity at all.
	 */
	limited(retryAfterMs: number | undefined, noCapacity = false): void {
		const now = this.now();
		// Calls sent before the pause return their own 429s, which belong to the same episode.
		const sameEpisode = now < this.pausedUntil;
		this.slowStart = false;
		this.answeredThisRound = 0;
		if (now - this.lastCut >= cooldown) {
			this.lastCut = now;
			this.limit = Math.max(1, Math.floor(this.limit * 0.8));
		}
		if (retryAfterMs !== undefined) {
			this.pauseFor(retryAfterMs, 'rate limit');
		} else if (!sameEpisode) {
			const [factor, longest, reason] = noCapacity ? [10, 600_000, 'no capacity'] : [1, 60_000, 'rate limit'];
			const backoff = (this.options.shortestPause ?? 1000) * factor * 2 ** this.unsaidPauses++;
			this.pauseFor(Math.min(longest, backoff) * (0.75 + 0.5 * (this.options.random ?? Math.random)()), reason);
		}
	}

	/** Makes all calls wait; never shortens a pause already in effect. */
	pauseFor(ms: number, reason: string): void {
		const longest = this.options.longestPause ?? 600_000;
		const pause = Math.min(Math.max(ms, 0), longest);
		const until = this.now() + pause;
		if (until <= this.pausedUntil) {
			return;
		}
		if (this.pause === 0 && pause >= 1000) {
			const capped = ms > longest ? ` (it asks for ${seconds(ms)}; we try again sooner)` : '';
			this.options.log(
				ms > longest ? 'warn' : 'info',
				`${reason}: all calls wait ${seconds(pause)}${capped}; ${this.limit} at once afterwards`,
			);
		}
		this.pausedUntil = until;
		this.changed();
	}

	/** Calls the listener whenever a slot is freed or a pause begins; returns a function that unsubscribes. */
	onDidChange(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	private changed(): void {
		for (const listener of this.listeners) {
			listener();
		}
	}
}

function seconds(ms: number): string {
	return ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`;
}
