import * as fs from 'node:fs';
import path from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { fileReason } from '../../core/errors/fileError.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Claim } from '../../core/ports/teacher.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import { topics as allTopics } from '../../core/ports/store/store.ts';
import { Claims } from './claims.ts';
import type { Hold } from './heldEntry.ts';
import type { Lock } from './lock.ts';
import type { Machine } from './machine.ts';
import { realMachine } from './machine.ts';
import type { Project } from './project.ts';
import type { Fence } from './projectFiles.ts';
import { isLockTaken } from './projectFiles.ts';
import type { WorkerSettings } from './protocol.ts';
import type { QueryName } from '../tables/queries.ts';
import { queries } from '../tables/queries.ts';
import { syncAfter } from '../tables/verb.ts';
import { verbNamed } from '../tables/verbs.ts';

interface Waiting {
	readonly name: string;
	readonly params: unknown;
	readonly isRepeatable: boolean;
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: unknown) => void;
}

/** Maximum number of writes in a transaction, because reads are answered only between transactions. */
const groupWrites = 256;
const groupBytes = 8 * 1024 * 1024;
/** Milliseconds for which repeatable writes wait for others if they arrive faster than groups are written. */
const gathering = 20;
/** Time in ms after which others see that claims were released, unless more are claimed before. */
const releasedAfter = 200;
/** Time in ms for which writes are refused after a failed append, before the disk is tried again. */
const restAfterFailure = 3000;

/**
 * Serves reads and writes on one {@link Project}: groups writes, holds the lock for each group, and follows other
 * processes.
 */
export class Server {
	private readonly project: Project;
	private readonly lock: Lock;
	private readonly claims: Claims;
	private readonly settings: WorkerSettings;
	private readonly machine: Machine;
	private readonly onChange: (topics: ReadonlySet<Topic>) => void;
	private readonly queue: Waiting[] = [];
	private draining: Promise<void> | undefined;
	private stopped: { readonly error: StatError; readonly at: number } | undefined;
	private watchers: fs.FSWatcher[] = [];
	private timer: NodeJS.Timeout | undefined;
	private compactAt: number;
	private hasWritten = false;
	private willSync = false;
	private releasing: NodeJS.Timeout | undefined;

	constructor(
		project: Project,
		lock: Lock,
		settings: WorkerSettings,
		onChange: (topics: ReadonlySet<Topic>) => void,
		machine: Machine = realMachine(),
	) {
		this.machine = machine;
		this.project = project;
		this.lock = lock;
		this.claims = new Claims(project.folder, settings.token, machine, settings.claimMemory);
		this.settings = settings;
		this.compactAt = settings.compactAt;
		this.onChange = onChange;
	}

	/** Reads the files; takes the lock only if something must be repaired. */
	async open(): Promise<void> {
		if (this.settings.readOnly) {
			this.project.loadReadOnly();
			return;
		}
		if (!this.project.load(undefined)) {
			await this.reloadLocked();
		}
	}

	async read(name: QueryName, params: unknown): Promise<unknown> {
		await this.refresh();
		if (!Object.hasOwn(queries, name)) {
			throw new Error(`no such query: ${name}`);
		}
		return queries[name](this.project.context, params as never);
	}

	write(name: string, params: unknown): Promise<unknown> {
		if (this.settings.readOnly) {
			throw new StatError('store.readOnly', {});
		}
		if (this.stopped && this.machine.monotonic() - this.stopped.at < restAfterFailure) {
			throw this.stopped.error;
		}
		const verb = verbNamed(name);
		if (!verb) {
			throw new Error(`no such verb: ${name}`);
		}
		const checked = verb.check(params);
		return new Promise((resolve, reject) => {
			this.queue.push({ name, params: checked, isRepeatable: verb.isRepeatable, resolve, reject });
			this.draining ??= this.drain().finally(() => (this.draining = undefined));
		});
	}

	/** Claims replies for a run of this store; see `ReplyClaims.take`. */
	async claim(keys: readonly string[], owner: number): Promise<readonly Claim[]> {
		if (this.settings.readOnly) {
			return keys.map(() => ({ state: 'ours' }));
		}
		await this.refresh();
		const known = this.claimsIn(keys, (rest) => this.claims.look(rest, owner));
		const free = keys.filter((_, index) => known[index] === undefined);
		if (free.length === 0) {
			return known.filter((claim) => claim !== undefined);
		}
		const taken = await this.takeClaims(free, owner);
		return known.map((claim) => claim ?? taken.shift() ?? { state: 'ours' });
	}

	/** Releases claims of a run, or all of them. Others see it a moment later. */
	release(keys: readonly string[] | null, owner: number): void {
		if (keys) {
			this.claims.release(keys, owner);
		} else {
			this.claims.end(owner);
		}
		if (this.claims.hasReleases) {
			this.releasing ??= setTimeout(() => {
				this.releasing = undefined;
				if (this.claims.hasReleases) {
					this.locked(this.settings.patience, () => this.claims.flush()).catch(() => undefined);
				}
			}, releasedAfter);
		}
	}

	/** Reports other processes' changes as they happen. */
	watch(): void {
		if (this.watchers.length > 0 || this.timer) {
			return;
		}
		const look = (): void => {
			this.timer ??= setTimeout(() => {
				this.timer = undefined;
				this.refresh().catch(() => undefined);
			}, 40);
		};
		try {
			this.watchers.push(
				fs.watch(this.project.folder, (_event, file) => {
					if (file === null || file === 'stat.journal') {
						look();
					}
				}),
			);
			this.watchers.push(
				fs.watch(path.join(this.project.folder, 'datasets'), () => this.onChange(new Set<Topic>(['datasets']))),
			);
			for (const watcher of this.watchers) {
				watcher.on('error', () => watcher.close());
			}
		} catch {
			// A network file system may not support watching; each read checks the journal anyway.
		}
	}

	async close(): Promise<void> {
		for (const watcher of this.watchers) {
			watcher.close();
		}
		clearTimeout(this.timer);
		clearTimeout(this.releasing);
		await this.draining;
		await this.leaveClaims();
		if (!this.settings.readOnly) {
			this.sync();
			if (this.project.isWorthCompacting) {
				try {
					await this.locked(500, (_hold, fence) => {
						if (this.project.catchUp(true) && this.project.isWorthCompacting) {
							this.project.compact(fence);
						}
					});
				} catch {
					// Another process is writing, or the disk is full; the journal contains everything.
				}
			}
			if (this.hasWritten) {
				this.project.mark(true);
				this.lock.close();
			}
		}
		this.project.close();
	}

	private async takeClaims(keys: readonly string[], owner: number): Promise<Claim[]> {
		for (let attempt = 0; ; attempt++) {
			try {
				let taken: Claim[] = [];
				await this.locked(this.settings.patience, (_hold, fence) => {
					this.followUnder(fence);
					taken = this.claimsIn(keys, (rest) => this.claims.take(rest, owner)).filter(
						(claim) => claim !== undefined,
					);
					fence.check();
				});
				return taken;
			} catch (error) {
				if (attempt === 3 || !isLockTaken(error)) {
					throw error;
				}
			}
		}
	}

	/** Returns `stored` for the replies that are there, and what `claimsOf` returns for the others. */
	private claimsIn(
		keys: readonly string[],
		claimsOf: (rest: readonly string[]) => readonly (Claim | undefined)[],
	): (Claim | undefined)[] {
		const stored = new Set(queries.knownReplies(this.project.context, { keys }));
		const rest = keys.filter((key) => !stored.has(key));
		const claims = [...claimsOf(rest)];
		return keys.map((key) => (stored.has(key) ? { state: 'stored' } : claims.shift()));
	}

	private async leaveClaims(): Promise<void> {
		if (this.claims.isPresent) {
			try {
				await this.locked(500, () => this.claims.leave());
			} catch {
				// Another process is writing, or the disk is full.
				this.claims.vanish();
			}
		}
	}

	/** Applies what other processes wrote. */
	private async refresh(): Promise<void> {
		const topics = this.project.catchUp(false);
		if (topics && topics.size > 0) {
			this.onChange(topics);
		} else if (!topics && this.settings.readOnly) {
			if (this.project.loadReadOnly()) {
				this.onChange(new Set(allTopics));
			}
		} else if (!topics) {
			await this.reloadLocked();
			this.onChange(new Set(allTopics));
		}
	}

	private async reloadLocked(): Promise<void> {
		await this.locked(this.settings.patience, (_hold, fence) => void this.project.load(fence));
	}

	/**
	 * Runs `work` under the lock. If the lock was taken from a process that may still be writing, that process is
	 * fenced off first; if that fails, the next holder has to do it.
	 */
	private async locked(patience: number, work: (hold: Hold, fence: Fence) => void): Promise<void> {
		const hold = await this.lock.acquire(patience);
		const fence: Fence = {
			store: this.settings.token,
			check: () => {
				if (!hold.renew()) {
					throw new StatError('store.lockTaken', {});
				}
			},
		};
		try {
			if (hold.owes.length > 0) {
				this.project.fenceOff(hold.owes, fence);
				if (!hold.settle()) {
					throw new StatError('store.lockTaken', {});
				}
				this.project.load(fence);
				this.onChange(new Set(allTopics));
			}
			work(hold, fence);
		} catch (error) {
			throw isLockLost(error, fence) ? new StatError('store.lockTaken', {}) : error;
		} finally {
			this.project.end();
			hold.release();
		}
	}

	private async drain(): Promise<void> {
		// Lets the messages that have already arrived join the first group.
		await breathe();
		for (let isFirst = true; this.queue.length > 0; isFirst = false) {
			if (!isFirst && this.queue.every(({ isRepeatable }) => isRepeatable)) {
				// Replies arrive one by one and fast. Nobody waits for them, so that more of them share a group.
				await this.machine.sleep(gathering);
			}
			try {
				await this.locked(this.settings.patience, (hold, fence) => this.writeGroup(hold, fence));
			} catch (error) {
				const failure = error instanceof StatError ? error : explain(error);
				for (const waiting of this.queue.splice(0)) {
					waiting.reject(failure);
				}
			}
			await breathe();
		}
	}

	private writeGroup(hold: Hold, fence: Fence): void {
		this.followUnder(fence);
		let willCompact = false;
		const isCommitted = this.commitGroup(fence, (journalBytes) => {
			willCompact = journalBytes >= this.compactAt;
			// Releasing the lock confirms the group; if more is to be done under the lock, renewing it confirms the
			// group instead.
			return willCompact ? hold.renew() : hold.release();
		});
		if (!isCommitted) {
			return;
		}
		this.hasWritten = true;
		if (willCompact) {
			this.compact(fence);
		}
		this.project.mark(false);
	}

	private syncLater(): void {
		if (!this.willSync) {
			this.willSync = true;
			this.machine.later(syncAfter, () => {
				this.willSync = false;
				this.sync();
			});
		}
	}

	/** Makes durable what was confirmed before it was durable. If that fails, writes are refused for a while. */
	private sync(): void {
		if (!this.project.isUnsynced) {
			return;
		}
		try {
			this.project.sync();
			if (this.hasWritten) {
				this.project.mark(false);
			}
		} catch (error) {
			const failure = explain(error);
			this.stopped = { error: failure, at: this.machine.monotonic() };
			this.project.warnings.push(
				`${failure.message}. Replies of the teacher that were stored just before may be missing after a power failure`,
			);
		}
	}

	/** Applies what other processes wrote, under the lock. */
	private followUnder(fence: Fence): void {
		const seen = this.project.catchUp(true);
		if (seen === undefined) {
			this.project.load(fence);
			this.onChange(new Set(allTopics));
		} else if (seen.size > 0) {
			this.onChange(seen);
		}
	}

	private compact(fence: Fence): void {
		try {
			this.project.compact(fence);
			this.compactAt = this.settings.compactAt;
		} catch {
			// There is no space for a snapshot. The journal contains everything, so writing continues, and a later
			// attempt may succeed.
			this.compactAt = this.project.journalBytes + this.settings.compactAt;
		}
	}

	/** Returns whether the group was committed; if not, its writes have been rejected. */
	private commitGroup(fence: Fence, confirm: (journalBytes: number) => boolean): boolean {
		const done: (() => void)[] = [];
		const taken: Waiting[] = [];
		const group: Buffer[] = [];
		const topics = new Set<Topic>();
		let bytes = 0;
		this.project.begin(fence);
		const before = this.project.sequence;
		try {
			while (
				this.queue.length > 0 &&
				taken.length < groupWrites &&
				bytes + this.project.texts.pendingBytes < groupBytes
			) {
				const waiting = this.queue.shift();
				if (!waiting) {
					break;
				}
				taken.push(waiting);
				try {
					const { result, line, topics: changed } = this.project.apply(waiting.name, waiting.params);
					done.push(() => waiting.resolve(result));
					if (line) {
						group.push(line);
						bytes += line.length;
					}
					for (const topic of changed) {
						topics.add(topic);
					}
				} catch (error) {
					taken.pop();
					waiting.reject(error);
				}
			}
		} catch (error) {
			this.project.rollback(before);
			throw error;
		}
		try {
			const isRepeatable = taken.every((waiting) => waiting.isRepeatable);
			this.project.commit(group, isRepeatable, fence, confirm);
			if (this.project.isUnsynced) {
				this.syncLater();
			}
			this.stopped = undefined;
		} catch (error) {
			if (isLockLost(error, fence)) {
				for (const waiting of taken) {
					waiting.reject(new StatError('store.lockTaken', {}));
				}
				return false;
			}
			const failure = explain(error);
			this.stopped = { error: failure, at: this.machine.monotonic() };
			for (const waiting of [...taken, ...this.queue.splice(0)]) {
				waiting.reject(failure);
			}
			return false;
		}
		for (const resolve of done) {
			resolve();
		}
		if (topics.size > 0) {
			this.onChange(topics);
		}
		return true;
	}
}

/**
 * Whether an error under the lock means that another process took the lock. Files then fail as well, because what we
 * had open or half written is gone.
 */
function isLockLost(error: unknown, fence: Fence): boolean {
	if (error instanceof StatError) {
		return isLockTaken(error);
	}
	try {
		fence.check();
		return false;
	} catch (checked) {
		return isLockTaken(checked);
	}
}

function explain(error: unknown): StatError {
	return new StatError('store.cannotWrite', { reason: fileReason(error) }, { cause: error });
}
