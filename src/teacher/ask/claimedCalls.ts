import type { Claim, ReplyClaims } from '../../core/ports/teacher.ts';
import type { QueuedCall } from './queuedCall.ts';

interface Outcomes {
	/** The call may be sent. */
	ours(queued: QueuedCall): void;
	/** The reply is there. */
	stored(queued: QueuedCall): void;
	broken(error: unknown): void;
	log(level: 'info' | 'warn', message: string): void;
}

/** Maximum number of calls claimed at once. */
const claimedAtOnce = 256;
/** Milliseconds between two looks at the calls that others make; longer while nothing changes. */
const shortestWait = 40;
const longestWait = 500;
/** Milliseconds without any change after which it is reported whom we wait for. */
const patience = 60_000;
/** Milliseconds for which a claim is trusted. Others take it after a minute in which we stood still. */
const trustedFor = 20_000;

/**
 * Claims the calls of one run before they are sent, in groups, and waits for the replies to those that other runs have
 * claimed.
 */
export class ClaimedCalls {
	/** The calls whose claims are ours, by key. */
	private readonly held = new Map<string, QueuedCall>();
	private gathered: QueuedCall[] = [];
	private isClaiming = false;
	private isScheduled = false;
	/** Keys that several calls of this run share. */
	private readonly shared = new Set<string>();
	private claiming: readonly QueuedCall[] = [];
	private others: QueuedCall[] = [];
	private timer: NodeJS.Timeout | undefined;
	private wait = shortestWait;
	private unchangedSince = performance.now();
	private hasReported = { waiting: false, hanging: false };
	private released: string[] = [];
	private closed = false;

	constructor(
		private readonly claims: ReplyClaims,
		private readonly outcomes: Outcomes,
	) {}

	/** Number of calls that are about to be claimed. */
	get pending(): number {
		return this.gathered.length + this.claiming.length;
	}

	/** Number of calls whose replies another run will store. */
	get elsewhere(): number {
		return this.others.length;
	}

	/** Whether the claim of a call is still certain. After a standstill, another machine may have taken it. */
	isCertain({ claimed }: QueuedCall): boolean {
		return performance.now() - claimed.monotonic < trustedFor && Math.abs(Date.now() - claimed.wall) < trustedFor;
	}

	/** Claims a call, or confirms its claim. */
	add(queued: QueuedCall): void {
		const holder = this.held.get(queued.key);
		if (holder && holder !== queued) {
			// This run makes the same request already.
			this.shared.add(queued.key);
			this.others.push(queued);
			this.lookLater();
			return;
		}
		this.held.set(queued.key, queued);
		this.gathered.push(queued);
		if (!this.isScheduled) {
			// The look-ups of a group end one after another.
			this.isScheduled = true;
			setImmediate(() => {
				this.isScheduled = false;
				this.claim();
			});
		}
	}

	/** Releases the claim of a call that was answered or given up. */
	release(queued: QueuedCall): void {
		if (this.held.get(queued.key) !== queued) {
			return;
		}
		this.held.delete(queued.key);
		if (this.released.push(queued.key) === 1) {
			setImmediate(() => this.tellReleased());
		}
		if (this.shared.delete(queued.key)) {
			this.wait = shortestWait;
			this.lookLater();
		}
	}

	/** Gives up the calls that were not sent, and returns them. */
	cancel(): QueuedCall[] {
		const cancelled = [...this.gathered, ...this.claiming, ...this.others];
		this.gathered = [];
		this.claiming = [];
		this.others = [];
		return cancelled;
	}

	close(): void {
		this.closed = true;
		clearTimeout(this.timer);
		this.claims.close();
	}

	private tellReleased(): void {
		const keys = this.released;
		this.released = [];
		if (!this.closed && keys.length > 0) {
			this.claims.release(keys);
		}
	}

	private claim(): void {
		if (this.isClaiming || this.closed || this.gathered.length === 0) {
			return;
		}
		const group = this.gathered.splice(0, claimedAtOnce);
		this.claiming = group;
		this.isClaiming = true;
		// What is released must not be released after it was claimed anew.
		this.tellReleased();
		this.claims
			.take(group.map(({ key }) => key))
			.then((answers) => {
				const isCancelled = this.claiming !== group;
				this.claiming = [];
				if (!isCancelled) {
					group.forEach((queued, index) => this.settle(queued, answers[index]));
				}
			})
			.catch((error: unknown) => this.outcomes.broken(error))
			.finally(() => {
				this.isClaiming = false;
				this.claim();
			});
	}

	private settle(queued: QueuedCall, claim: Claim | undefined): void {
		if (claim?.state !== 'theirs') {
			this.wait = shortestWait;
			this.unchangedSince = performance.now();
		}
		switch (claim?.state) {
			case 'theirs':
				this.held.delete(queued.key);
				this.others.push(queued);
				this.report(claim.by);
				this.lookLater();
				return;
			case 'stored':
				this.held.delete(queued.key);
				this.outcomes.stored(queued);
				return;
			default:
				queued.claimed = { monotonic: performance.now(), wall: Date.now() };
				this.outcomes.ours(queued);
		}
	}

	/** Claims what others make again after a while: it is stored then, or still theirs, or was given up. */
	private lookLater(): void {
		this.timer ??= setTimeout(() => {
			this.timer = undefined;
			this.wait = Math.min(longestWait, this.wait * 1.5);
			const waiting = this.others;
			this.others = [];
			waiting.forEach((queued) => this.add(queued));
		}, this.wait);
	}

	private report(by: Extract<Claim, { state: 'theirs' }>['by']): void {
		const who = by ? `process ${by.pid} on ${by.host}` : 'another run';
		if (!this.hasReported.waiting) {
			this.hasReported = { waiting: true, hanging: false };
			this.outcomes.log(
				'info',
				`${who} is making some of these calls: its replies are used and not paid for twice`,
			);
		}
		if (!this.hasReported.hanging && performance.now() - this.unchangedSince > patience) {
			this.hasReported = { waiting: true, hanging: true };
			this.outcomes.log(
				'warn',
				`still waiting for ${this.others.length} replies that ${who} has claimed; if nothing works on this ` +
					'project any more, cancel this, delete .stat/lock.claims and start it again',
			);
		}
	}
}
