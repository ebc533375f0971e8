import type { GridCell } from '../../core/difficulty/detector.ts';
import { thresholdCells } from '../../core/difficulty/detector.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import { allDigests } from '../reading/pages.ts';

/** The thresholds of the paper's Table 8. */
const gridDefaults = { tau1: [0, 0.8, 0.85, 0.9], tau2: [0, 0.6, 0.7, 0.8] } as const;

/**
 * Equation (1) on a grid of thresholds, with each cell's metrics, from one reading of the answers. Without step scores
 * every cell compares nothing.
 */
export async function thresholdGrid(
	parts: Pick<Parts, 'store'>,
	options: Scope & { readonly tau1?: readonly number[] | undefined; readonly tau2?: readonly number[] | undefined },
	run?: Pick<Run, 'signal'>,
): Promise<GridCell[]> {
	const digests = await allDigests(parts.store, options);
	if (run) {
		throwIfCancelled(run);
	}
	return thresholdCells(digests, options.tau1 ?? gridDefaults.tau1, options.tau2 ?? gridDefaults.tau2);
}
