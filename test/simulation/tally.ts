import type { History, World } from './history.ts';
import { Simulation } from './simulation.ts';
import type { BuiltVariant } from './variants.ts';

/** The results of a run of histories. */
export interface Tally {
	histories: number;
	confirmed: number;
	refused: number;
	stops: number;
	kills: number;
	/** Number of locks taken from stopped or dead processes. */
	taken: number;
	lost: number;
	takenFromLiving: number;
	errors: number;
	/** The first few histories that lost something, took a lock from a living process or failed without explanation. */
	bad: History[];
}

export interface TallyOptions {
	readonly from: number;
	readonly to: number;
	readonly writers: number;
	readonly world?: World | undefined;
	/**
	 * Ends with the first history that loses a confirmed write (`loss`), or that also takes a lock from a living
	 * process (`fault`).
	 */
	readonly hunt?: 'loss' | 'fault' | undefined;
}

export const sqlWasm = 'node_modules/sql.js/dist/sql-wasm.wasm';

/** Runs the histories with seeds from `from` up to but not including `to`. */
export async function runHistories(built: BuiltVariant, options: TallyOptions): Promise<Tally> {
	const simulation = new Simulation({ ...built, wasm: sqlWasm, writers: options.writers, world: options.world });
	const tally = emptyTally();
	try {
		for (let seed = options.from; seed < options.to; seed++) {
			add(tally, simulation.run(seed), options.hunt);
			if (options.hunt && tally.bad.length > 0) {
				break;
			}
		}
	} finally {
		await simulation.close();
	}
	return tally;
}

export function emptyTally(): Tally {
	return {
		histories: 0,
		confirmed: 0,
		refused: 0,
		stops: 0,
		kills: 0,
		taken: 0,
		lost: 0,
		takenFromLiving: 0,
		errors: 0,
		bad: [],
	};
}

/** In a hunt, unexplained errors are not what is being looked for. */
function add(tally: Tally, history: History, hunt: TallyOptions['hunt']): void {
	tally.histories++;
	tally.confirmed += history.confirmed;
	tally.refused += history.refused;
	tally.stops += history.stops;
	tally.kills += history.kills;
	tally.taken += history.taken;
	tally.lost += history.lost.length;
	tally.takenFromLiving += history.takenFromLiving;
	tally.errors += history.errors.length;
	const wrong =
		history.lost.length +
		(hunt === 'loss' ? 0 : history.takenFromLiving) +
		(hunt === undefined ? history.errors.length : 0);
	if (wrong > 0 && tally.bad.length < 5) {
		tally.bad.push(history);
	}
}
