import type { Run } from '../../core/run.ts';

/** The machine's clock, for workflows that only need the time. */
export const clock: Pick<Run, 'now'> = { now: () => new Date().toISOString() };
