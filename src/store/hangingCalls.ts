import { setTimeout as sleep } from 'node:timers/promises';
import { isInCall } from './engine/countedFiles.ts';

/** The call counts of the stores that are open in this process. */
const open = new Set<Int32Array>();

/** Watches a store's file calls until the returned function is called. */
export function watchCalls(calls: Int32Array): () => void {
	open.add(calls);
	return () => open.delete(calls);
}

/** Whether some store's worker stays in a single file call for `ms`. Returns at once if none is in a call. */
export async function isHanging(ms: number): Promise<boolean> {
	const before = [...open].map((calls) => ({ calls, count: Atomics.load(calls, 0) }));
	const suspects = before.filter(({ count }) => isInCall(count));
	if (suspects.length === 0) {
		return false;
	}
	await sleep(ms);
	return suspects.some(({ calls, count }) => open.has(calls) && Atomics.load(calls, 0) === count);
}
