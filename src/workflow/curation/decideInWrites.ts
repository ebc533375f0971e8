import type { QuestionId } from '../../core/questions/question.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { Run } from '../../core/run.ts';
import { inChunks } from '../reading/chunks.ts';

/** Maximum number of items read or written at once. */
export const writeSize = 500;

/** How far a decision on several items has got. */
export interface Curated {
	/** Number of items whose decision is on disk. */
	readonly decided: number;
	/** Number of items not reached before the run was cancelled; the decisions already made remain in effect. */
	readonly left: number;
}

export type Deciding = Pick<Run, 'now' | 'signal' | 'progress'>;
/** Called with the items of each write once that write is on disk. */
export type Written = ((questionIds: readonly QuestionId[]) => void) | undefined;

/** Makes one write per 500 items. Can be cancelled only between two writes. */
export async function decideInWrites<T>(
	all: readonly T[],
	write: (some: readonly T[]) => Promise<readonly QuestionId[]>,
	written: Written,
	run: Deciding,
): Promise<Curated> {
	throwIfCancelled(run);
	let decided = 0;
	let done = 0;
	for (const some of inChunks(all, writeSize)) {
		if (run.signal.aborted) {
			break;
		}
		try {
			const ids = await write(some);
			decided += ids.length;
			written?.(ids);
		} catch (error) {
			throw done === 0 || !(error instanceof StatError)
				? error
				: new StatError(
						'curation.decidedInPart',
						{ decided, all: all.length, reason: error.message },
						{ cause: error },
					);
		}
		done += some.length;
		run.progress({ label: 'Deciding', done, total: all.length });
	}
	return { decided, left: all.length - done };
}
