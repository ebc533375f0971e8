import type { TeacherCall } from '../../core/ports/teacher.ts';
import { requestKey } from './requestKey.ts';

/** A call that has no outcome yet, with what has become of it so far. */
export interface QueuedCall {
	readonly call: TeacherCall;
	attempt: number;
	key: string;
	/** Failures of the wire for this attempt. */
	failures: number;
	/** Times a rate limit sent it back. */
	limited: number;
	/** Multiplies the token limit after a reply was cut off by it. */
	room: number;
	lastText: string | undefined;
	/** When the project had no reply yet (performance.now()). */
	lookedUp: number;
}

export function queue(call: TeacherCall, keyModel: string): QueuedCall {
	return {
		call,
		attempt: 0,
		key: requestKey(keyModel, call, 0),
		failures: 0,
		limited: 0,
		room: 1,
		lastText: undefined,
		lookedUp: 0,
	};
}

/** Another attempt, after a reply nobody could read; `truncated`: it was cut off by the token limit. */
export function tryAnew(queued: QueuedCall, keyModel: string, truncated: boolean): void {
	queued.attempt++;
	queued.failures = 0;
	queued.room *= truncated ? 2 : 1;
	queued.key = requestKey(keyModel, queued.call, queued.attempt);
}
