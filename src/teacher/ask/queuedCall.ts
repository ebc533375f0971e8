import type { TeacherCall } from '../../core/ports/teacher.ts';
import { requestKey } from './requestKey.ts';

/** A call without an outcome so far, with its history. */
export interface QueuedCall {
	readonly call: TeacherCall;
	attempt: number;
	key: string;
	/** Failures of the wire in this attempt. */
	failures: number;
	/** Failures of those that allow few tries (`tries` of a TransportError), in this attempt. */
	futile: number;
	/** Times a rate limit rejected it. */
	limited: number;
	/** Multiplies the token limit after it cut a reply off. */
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
		futile: 0,
		limited: 0,
		room: 1,
		lastText: undefined,
		lookedUp: 0,
	};
}

/** Another attempt after an unreadable reply; `truncated`: the token limit cut it off. */
export function tryAnew(queued: QueuedCall, keyModel: string, truncated: boolean): void {
	queued.attempt++;
	queued.failures = 0;
	queued.futile = 0;
	queued.room *= truncated ? 2 : 1;
	queued.key = requestKey(keyModel, queued.call, queued.attempt);
}
