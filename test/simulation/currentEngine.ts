import path from 'node:path';
import { newCallCount } from '../../src/store/engine/countedFiles.ts';
import { beat as beatIn, newEntryMemory } from '../../src/store/engine/heldEntry.ts';
import { Lock } from '../../src/store/engine/lock.ts';
import type { Files } from '../../src/store/engine/machine.ts';
import { Project } from '../../src/store/engine/project.ts';
import { schemaMigrations } from '../../src/store/engine/schema.ts';
import { Server } from '../../src/store/engine/server.ts';
import type { SimulatedStore, StoreOptions } from './engine.ts';

/** Makes a heartbeat for the lock of a project. */
export const beat = (files: Files, folder: string, store: string, memory: Int32Array): void =>
	beatIn(files, path.join(folder, 'lock'), store, memory);

export function createStore(options: StoreOptions): SimulatedStore {
	const { sql, folder, token, machine, lockMemory, patience, compactAt } = options;
	const project = new Project(sql, folder, () => undefined, schemaMigrations, machine);
	const lock = new Lock(folder, token, machine, lockMemory);
	const settings = {
		folder,
		wasm: '',
		readOnly: false,
		token,
		lockMemory,
		claimMemory: newEntryMemory(),
		calls: newCallCount(),
		patience,
		compactAt,
	};
	const server = new Server(project, lock, settings, () => undefined, machine);
	return {
		open: () => server.open(),
		write: (verb, params) => server.write(verb, params),
		read: (query, params) => server.read(query as 'reply', params),
		close: () => server.close(),
		warnings: project.warnings,
	};
}
