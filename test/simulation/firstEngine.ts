import { Lock } from 'first-engine/src/store/lock.ts';
import { Project } from 'first-engine/src/store/project.ts';
import { Server } from 'first-engine/src/store/server.ts';
import type { SimulatedStore, StoreOptions } from './engine.ts';
import type { FirstMachine } from './firstEngineWorld.ts';
import { simulated } from './firstEngineWorld.ts';

/** The store of STAT Studio 0.1, unchanged, on the simulated machine. */
export function createStore(options: StoreOptions): SimulatedStore {
	const { sql, folder, token, machine, patience, compactAt } = options;
	simulated.machine = machine as FirstMachine;
	const project = new Project(sql, folder, () => undefined);
	const server = new Server(
		project,
		new Lock(folder, token),
		{ folder, wasm: '', readOnly: false, token, patience, compactAt },
		() => undefined,
	);
	return {
		open: () => server.open(),
		write: async (verb, params) => server.write(verb, params),
		read: (query, params) => server.read(query, params),
		close: () => server.close(),
		warnings: project.warnings,
	};
}
