declare module 'simulated-engine' {
	import type { SimulatedStore, StoreOptions } from './engine.ts';

	/** The bundle replaces this module with an engine: see variants.ts. */
	export function createStore(options: StoreOptions): SimulatedStore;
}

declare module 'first-engine/src/store/lock.ts' {
	export class Lock {
		constructor(folder: string, token: string);
	}
}

declare module 'first-engine/src/store/project.ts' {
	import type { SqlJsStatic } from 'sql.js';

	export class Project {
		constructor(engine: SqlJsStatic, folder: string, log: (message: string) => void);
		readonly warnings: readonly string[];
	}
}

declare module 'first-engine/src/store/server.ts' {
	export class Server {
		constructor(project: unknown, lock: unknown, settings: unknown, onChange: () => void);
		open(): Promise<void>;
		read(name: string, params: unknown): Promise<unknown>;
		write(name: string, params: unknown): Promise<unknown>;
		close(): Promise<void>;
	}
}
