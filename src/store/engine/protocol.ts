import type { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import type { QueryName } from '../tables/queries.ts';
import type { VerbName } from '../tables/verbs.ts';

/** The settings that the worker starts with. */
export interface WorkerSettings {
	readonly folder: string;
	readonly wasm: string;
	readonly readOnly: boolean;
	/** Identifies this store in the lock; 12 hex digits. */
	readonly token: string;
	/** Shared with the main thread, which makes the heartbeat. */
	readonly lockMemory: Int32Array;
	/** The same for this store's claims. */
	readonly claimMemory: Int32Array;
	/** Shared with the main thread, which sees whether a file call hangs. */
	readonly calls: Int32Array;
	/** Time to wait for another process, in ms. */
	readonly patience: number;
	/** Size of the journal, in bytes, at which a new snapshot is written. */
	readonly compactAt: number;
}

export type Request =
	| { readonly id: number; readonly kind: 'write'; readonly name: VerbName; readonly params: unknown }
	| { readonly id: number; readonly kind: 'read'; readonly name: QueryName; readonly params: unknown }
	| {
			readonly id: number;
			readonly kind: 'claim';
			readonly params: { readonly keys: readonly string[]; readonly owner: number };
	  }
	| {
			readonly id: number;
			readonly kind: 'release';
			readonly params: { readonly keys: readonly string[] | null; readonly owner: number };
	  }
	| { readonly id: number; readonly kind: 'watch' | 'close' };

export type Reply =
	| { readonly kind: 'opened'; readonly warnings: readonly string[] }
	| { readonly kind: 'failed'; readonly error: PlainError }
	| { readonly kind: 'done'; readonly id: number; readonly result: unknown }
	| { readonly kind: 'refused'; readonly id: number; readonly error: PlainError }
	| { readonly kind: 'changed'; readonly topics: readonly Topic[] }
	| { readonly kind: 'warnings'; readonly warnings: readonly string[] }
	| { readonly kind: 'log'; readonly message: string };

/** An error on its way between threads. `stat` marks a StatError. */
export interface PlainError {
	readonly message: string;
	readonly stat: Pick<StatError, 'code' | 'data'> | undefined;
	readonly stack: string | undefined;
}
