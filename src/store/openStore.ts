import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Datasets } from '../core/ports/datasets.ts';
import { StatError } from '../core/errors/statError.ts';
import type { Query, Reads, Store, Topic, Verb, Writes } from '../core/ports/store/store.ts';
import type { Claim, ReplyClaims, TeacherReply } from '../core/ports/teacher.ts';
import { openDatasets } from './datasets.ts';
import { newCallCount } from './engine/countedFiles.ts';
import { initProject } from './engine/initProject.ts';
import { claimsFolder } from './engine/claims.ts';
import { beatEvery, beatInBackground, newEntryMemory, releaseAfterCrash } from './engine/heldEntry.ts';
import { realFiles } from './engine/machine.ts';
import type { PlainError, Reply, Request, WorkerSettings } from './engine/protocol.ts';
import { watchCalls } from './hangingCalls.ts';
import type { QueryName } from './tables/queries.ts';
import type { VerbName } from './tables/verbs.ts';

export interface OpenOptions {
	/** The folder that contains `.stat`, or in which `.stat` is created. */
	readonly projectFolder: string;
	/** The folder that contains storeWorker.js and sql-wasm.wasm. */
	readonly dist: string;
	/** Whether to create the project if there is none; otherwise a `usage` StatError is thrown. */
	readonly create?: boolean | undefined;
	/** Whether to refrain from any writing, locking and repairing. */
	readonly readOnly?: boolean | undefined;
	/** Time to wait for another process, in ms; default 15,000. */
	readonly patience?: number | undefined;
	/** Size of the journal, in bytes, at which a new snapshot is written; default 64 MB. */
	readonly compactAt?: number | undefined;
	/** Receives log messages that are not warnings. */
	readonly log?: ((message: string) => void) | undefined;
}

/** Opens a project's store. Throws a StatError: `usage` if there is no project, `newer-schema` or `locked`. */
export async function openStore(options: OpenOptions): Promise<Store & { datasets: Datasets }> {
	const folder = path.join(path.resolve(options.projectFolder), '.stat');
	if (!fs.existsSync(folder)) {
		if (!options.create || options.readOnly) {
			throw new StatError('store.noProject', { folder: path.resolve(options.projectFolder) });
		}
		initProject(options.projectFolder);
	}
	const store = new StoreClient(folder, options);
	await store.opened;
	return store;
}

interface Pending {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

/**
 * Batches of answers are short-lived: with a worker's default, an import spends half of its time on garbage collection.
 */
const youngGeneration = { maxYoungGenerationSizeMb: 96 };

/** Number of latest replies from which reply lengths are measured. */
const measuredReplies = 1000;

/** The main thread's typed interface to the worker. */
class StoreClient implements Store {
	readonly folder: string;
	readonly datasets: Datasets;
	readonly opened: Promise<void>;
	warnings: readonly string[] = [];
	private readonly worker: Worker;
	private readonly beats: NodeJS.Timeout;
	private readonly pending = new Map<number, Pending>();
	private readonly listeners = new Set<(topics: ReadonlySet<Topic>) => void>();
	private changed = new Set<Topic>();
	private nextId = 1;
	private nextOwner = 1;
	private closing: Promise<void> | undefined;
	private gone: Error | undefined;

	constructor(folder: string, options: OpenOptions) {
		this.folder = folder;
		const settings: WorkerSettings = {
			folder,
			wasm: path.join(options.dist, 'sql-wasm.wasm'),
			readOnly: options.readOnly === true,
			token: randomBytes(6).toString('hex'),
			lockMemory: newEntryMemory(),
			claimMemory: newEntryMemory(),
			calls: newCallCount(),
			patience: options.patience ?? 15_000,
			compactAt: options.compactAt ?? 64 * 1024 * 1024,
		};
		this.datasets = openDatasets(path.join(folder, 'datasets'), settings.readOnly, () => this.tell(['datasets']));
		this.worker = new Worker(path.join(options.dist, 'storeWorker.js'), {
			workerData: settings,
			resourceLimits: youngGeneration,
		});
		this.opened = new Promise((resolve, reject) => {
			this.pending.set(0, { resolve: () => resolve(), reject });
		});
		this.worker.on('message', (reply: Reply) => this.receive(reply, options));
		this.worker.on('error', (error) => this.fail(error));
		// The heartbeats run on this thread, because a large group or snapshot can keep the worker busy for minutes.
		const [lock, claims] = [path.join(folder, 'lock'), path.join(folder, claimsFolder)];
		this.beats = setInterval(() => {
			void beatInBackground(lock, settings.token, settings.lockMemory);
			void beatInBackground(claims, settings.token, settings.claimMemory);
		}, beatEvery).unref();
		const unwatch = watchCalls(settings.calls);
		this.worker.on('exit', () => {
			clearInterval(this.beats);
			unwatch();
			releaseAfterCrash(lock, settings.token, realFiles);
			releaseAfterCrash(claims, settings.token, realFiles);
			this.fail(new StatError('store.closed', {}));
		});
	}

	write<V extends Verb>(verb: V, params: Writes[V]['params']): Promise<Writes[V]['result']> {
		return this.call('write', verb, params) as Promise<Writes[V]['result']>;
	}

	read<Q extends Query>(query: Q, params: Reads[Q]['params']): Promise<Reads[Q]['result']> {
		return this.call('read', query, params) as Promise<Reads[Q]['result']>;
	}

	get(key: string): Promise<TeacherReply | undefined> {
		return this.call('read', 'reply', { key }) as Promise<TeacherReply | undefined>;
	}

	async known(keys: readonly string[]): Promise<ReadonlySet<string>> {
		return new Set((await this.call('read', 'knownReplies', { keys })) as readonly string[]);
	}

	async put(reply: TeacherReply): Promise<void> {
		await this.call('write', 'putReply', reply);
	}

	async meanOutput(model: string, task: TeacherReply['task']): Promise<number | undefined> {
		const totals = await this.read('replyTotals', { latest: measuredReplies });
		return totals.find((one) => one.model === model && one.task === task)?.meanOutput ?? undefined;
	}

	claims(): ReplyClaims {
		const owner = this.nextOwner++;
		return {
			take: (keys) => this.call('claim', undefined, { keys, owner }) as Promise<readonly Claim[]>,
			release: (keys) => void this.call('release', undefined, { keys, owner }).catch(() => undefined),
			close: () => void this.call('release', undefined, { keys: null, owner }).catch(() => undefined),
		};
	}

	onDidChange(listener: (topics: ReadonlySet<Topic>) => void): () => void {
		if (this.listeners.size === 0 && !this.gone) {
			this.call('watch').catch(() => undefined);
		}
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	close(): Promise<void> {
		this.closing ??= this.gone
			? Promise.resolve()
			: this.call('close').then(async () => {
					this.listeners.clear();
					await this.worker.terminate();
				});
		return this.closing;
	}

	private call(kind: 'write', name: VerbName, params: unknown): Promise<unknown>;
	private call(kind: 'read', name: QueryName, params: unknown): Promise<unknown>;
	private call(kind: 'claim' | 'release', name: undefined, params: unknown): Promise<unknown>;
	private call(kind: 'watch' | 'close'): Promise<unknown>;
	private call(kind: Request['kind'], name?: string, params?: unknown): Promise<unknown> {
		if (this.gone) {
			return Promise.reject(this.gone);
		}
		if (this.closing) {
			return Promise.reject(new StatError('store.closed', {}));
		}
		const id = this.nextId++;
		return new Promise((resolve, reject) => {
			try {
				this.worker.postMessage({ id, kind, name, params });
			} catch (error) {
				reject(
					new Error(`${name ?? kind}: the params are not plain data (${(error as Error).message})`, {
						cause: error,
					}),
				);
				return;
			}
			this.pending.set(id, { resolve, reject });
			this.hold();
		});
	}

	/** Lets the worker keep the process alive only while a request is pending. */
	private hold(): void {
		if (this.pending.size > 0) {
			this.worker.ref();
		} else {
			this.worker.unref();
		}
	}

	private receive(reply: Reply, options: OpenOptions): void {
		switch (reply.kind) {
			case 'opened':
				this.warnings = reply.warnings;
				this.settle(0, (pending) => pending.resolve(undefined));
				break;
			case 'failed':
				this.settle(0, (pending) => pending.reject(revive(reply.error)));
				break;
			case 'done':
				this.settle(reply.id, (pending) => pending.resolve(reply.result));
				break;
			case 'refused':
				this.settle(reply.id, (pending) => pending.reject(revive(reply.error)));
				break;
			case 'changed':
				this.tell(reply.topics);
				break;
			case 'warnings':
				this.warnings = reply.warnings;
				break;
			case 'log':
				options.log?.(reply.message);
				break;
		}
	}

	private settle(id: number, how: (pending: Pending) => void): void {
		const pending = this.pending.get(id);
		if (pending) {
			this.pending.delete(id);
			this.hold();
			how(pending);
		}
	}

	/** Combines many small changes into one call of each listener. */
	private tell(topics: readonly Topic[]): void {
		if (this.listeners.size === 0) {
			return;
		}
		if (this.changed.size === 0) {
			setTimeout(() => {
				const changed = this.changed;
				this.changed = new Set();
				for (const listener of this.listeners) {
					listener(changed);
				}
			}, 30);
		}
		for (const topic of topics) {
			this.changed.add(topic);
		}
	}

	private fail(error: Error): void {
		this.gone ??=
			error instanceof StatError
				? error
				: new StatError('store.crashed', { reason: error.message }, { cause: error });
		for (const pending of [...this.pending.values()]) {
			pending.reject(this.gone);
		}
		this.pending.clear();
	}
}

function revive({ message, stat, stack }: PlainError): Error {
	const error = stat ? new StatError(stat.code, stat.data) : new Error(message);
	if (stack !== undefined) {
		error.stack = stack;
	}
	return error;
}
