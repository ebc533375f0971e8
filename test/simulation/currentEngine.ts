import { newCallCount } from '../../src/store/engine/countedFiles.ts';
import { Lock } from '../../src/store/engine/lock.ts';
import { Project } from '../../src/store/engine/project.ts';
import { schemaMigrations } from '../../src/store/engine/schema.ts';
import { Server } from '../../src/store/engine/server.ts';
import type { SimulatedStore, StoreOptions } from './engine.ts';

export { beat } from '../../src/store/engine/lock.ts';

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
