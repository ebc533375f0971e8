import { Worker } from 'node:worker_threads';
import { Channel } from './channel.ts';
import type { History, SimulationOptions } from './history.ts';
import type { Slot } from './historyRun.ts';
import { HistoryRun } from './historyRun.ts';

/** Threads that run simulated processes, one history after another. */
export class Simulation {
	private readonly slots: Slot[];

	constructor(private readonly options: SimulationOptions) {
		const lockMemories = Array.from({ length: options.writers }, () => new Int32Array(new SharedArrayBuffer(12)));
		this.slots = lockMemories.map((lockMemory) => {
			const channel = new Channel();
			const worker = new Worker(options.thread, {
				workerData: { memory: channel.memory, lockMemories, wasm: options.wasm },
			});
			worker.on('error', (error) => {
				console.error(error);
				process.exitCode = 1;
			});
			return {
				channel,
				worker,
				lockMemory,
				life: undefined,
				pending: undefined,
				restartAt: undefined,
				restartTodo: undefined,
			};
		});
	}

	run(seed: number): History {
		return new HistoryRun(seed, this.options, this.slots).history();
	}

	async close(): Promise<void> {
		await Promise.all(this.slots.map(({ worker }) => worker.terminate()));
	}
}
