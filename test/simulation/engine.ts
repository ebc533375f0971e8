import type { SqlJsStatic } from 'sql.js';
import type { Machine } from '../../src/store/engine/machine.ts';

/** A store's engine as driven by the simulation: the current one, one with a fault, or the one of version 0.1. */
export interface SimulatedStore {
	open(): Promise<void>;
	write(verb: string, params: unknown): Promise<unknown>;
	read(query: string, params: unknown): Promise<unknown>;
	close(): Promise<void>;
	readonly warnings: readonly string[];
}

export interface StoreOptions {
	readonly sql: SqlJsStatic;
	readonly folder: string;
	readonly token: string;
	readonly machine: Machine;
	readonly lockMemory: Int32Array;
	readonly patience: number;
	readonly compactAt: number;
}
