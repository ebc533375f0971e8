import type { TeacherCall } from '../../core/ports/teacher.ts';
import { requestKey } from './requestKey.ts';

/** A call without an outcome so far, with its history. */
export interface QueuedCall {
	readonly call: TeacherCall;
	attempt: number;
	key: string;
	/** Number of connection failures in this attempt. */
	failures: number;
	/** Number of failures in this attempt that allow only a few tries (`tries` of a TransportError). */
	futile: number;
	/** Number of times a rate limit rejected the call. */
	limited: number;
	/** Factor by which the token limit was raised after it cut a reply off. */
	room: number;
	lastText: string | undefined;
	/** When its claim was last certain: `performance.now()` and `Date.now()`. */
	claimed: { readonly monotonic: number; readonly wall: number };
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
		claimed: { monotonic: -Infinity, wall: -Infinity },
	};
}

/** Starts another attempt after an unreadable reply; `truncated` says whether the token limit cut it off. */
export function tryAnew(queued: QueuedCall, keyModel: string, truncated: boolean): void {
	queued.attempt++;
	queued.failures = 0;
	queued.futile = 0;
	queued.room *= truncated ? 2 : 1;
	queued.key = requestKey(keyModel, queued.call, queued.attempt);
}
