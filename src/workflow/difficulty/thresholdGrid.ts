import type { GridCell } from '../../core/difficulty/detector.ts';
import { thresholdCells } from '../../core/difficulty/detector.ts';
import { thresholdGridDefaults } from '../../core/difficulty/difficulty.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import { allDigests } from '../reading/chunks.ts';

/**
 * Evaluates equation (1) on a grid of thresholds (default: those of Table 8) and returns the metrics of each cell.
 * Needs one pass over the answers. Without step scores the cells have no counts.
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
	return thresholdCells(
		digests,
		options.tau1 ?? thresholdGridDefaults.tau1,
		options.tau2 ?? thresholdGridDefaults.tau2,
	);
}
