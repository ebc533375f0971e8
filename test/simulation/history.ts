import type { Files } from '../../src/store/engine/machine.ts';

/** The heartbeat of the engine under test; 0.1 has none. */
export type Beat = (files: Files, folder: string, store: string, memory: Int32Array) => void;

export interface SimulationOptions {
	/** The path of the bundled processThread.ts with its engine. */
	readonly thread: string;
	readonly wasm: string;
	readonly beat: Beat | undefined;
	/** Number of processes at a time: two or three. */
	readonly writers: number;
	/** The default is `any`. */
	readonly world?: World | undefined;
	/** Receives a line for each call of a simulated process. */
	readonly trace?: ((line: string) => void) | undefined;
}

/**
 * The events that may happen. `any`: everything. Each of the others is an attack on 0.1 by a single means, on a disk
 * where nothing is stale. `containers`: containers on one machine with their own PID namespaces; `stops`: stops of
 * machines whose clocks are right; `skew`: wrong clocks between machines that are never stopped or killed.
 */
export type World = 'any' | 'containers' | 'stops' | 'skew';

/** How the machines of a history are laid out. */
export type Layout = 'machines' | 'containers' | 'processes' | 'mixed';

export interface History {
	readonly seed: number;
	readonly layout: Layout;
	readonly confirmed: number;
	readonly refused: number;
	/** Confirmed writes that a later opening does not find, or finds changed. */
	readonly lost: readonly string[];
	/** Number of locks taken from a process that was running and showed it. */
	readonly takenFromLiving: number;
	/** Number of locks taken from stopped or killed processes on other machines. */
	readonly taken: number;
	readonly stops: number;
	readonly kills: number;
	/** Errors that no fault of the simulation explains. */
	readonly errors: readonly string[];
	readonly warnings: readonly string[];
	readonly calls: number;
}
