import { StatError } from '../../core/errors/statError.ts';
import type { TeacherFailure } from '../../core/ports/teacher.ts';
import type { TransportError } from '../../core/ports/transport.ts';
import { endOf } from './endOf.ts';
import type { Engine } from './engine.ts';
import type { QueuedCall } from './queuedCall.ts';
import { retryDelay } from './retry.ts';

/** If this many calls are refused and none is answered, the form of the request is at fault, not the questions. */
const refusedAtMost = 10;

/** What happens to a call whose request failed: it is retried immediately, retried later, or given up. */
export type Next =
	| { readonly again: 'soon' }
	/** The call waits `ms` milliseconds, during which its slot is free. */
	| { readonly again: 'later'; readonly ms: number }
	/** If `end` is set, no further call is sent either. */
	| { readonly again: 'never'; readonly failure: TeacherFailure; readonly end?: StatError | undefined };

/** Decides what failed requests mean for their calls and for the whole run. */
export class Failures {
	private answers = 0;
	private refused = 0;
	/** Number of consecutive calls that were given up without an answer. */
	private unreachable = 0;
	private hasReported = false;

	constructor(private readonly engine: Engine) {}

	/** Records that a call was answered, so the endpoint is alive. */
	answered(): void {
		this.answers++;
		this.unreachable = 0;
	}

	/** Handles what a failure means for all calls: slows down, or returns the error that ends the run. */
	forAll(error: TransportError): StatError | null {
		const { pace, backoff } = this.engine;
		if (error.kind === 'fatal') {
			return endOf(error, this.engine);
		}
		if (error.kind === 'rate') {
			pace.limited(error.details.retryAfterMs, error.details.noCapacity);
		} else if (error.kind === 'busy') {
			pace.pauseFor(error.details.retryAfterMs ?? backoff, 'the endpoint is overloaded');
		}
		return null;
	}

	/** Handles what a failure means for its own call; returns `null` if the run has ended. */
	forCall(queued: QueuedCall, error: TransportError): Next | null {
		switch (error.kind) {
			case 'fatal':
				return null;
			case 'missing':
				return { again: 'never', failure: { kind: 'missing', message: error.message } };
			case 'refused':
				return this.refuse(error, error.message);
			case 'rate':
				return ++queued.limited <= 100 ? { again: 'soon' } : this.retry(queued, error);
			case 'busy':
			case 'transient':
				return error.details.tries === undefined
					? this.retry(queued, error)
					: this.retryFew(queued, error, error.details.tries);
		}
	}

	private refuse(error: TransportError, message: string): Next {
		const { text, declined } = error.details;
		// A teacher that declines has read the question, so the form of the request is fine.
		const isForm = declined !== true && ++this.refused >= refusedAtMost && this.answers === 0;
		const end = isForm
			? new StatError(
					'teacher.allRefused',
					{ endpoint: this.engine.endpoint, count: refusedAtMost, reason: error.message },
					{ cause: error },
				)
			: undefined;
		return {
			again: 'never',
			failure: { kind: 'refused', message, ...(text === undefined ? {} : { text }) },
			end,
		};
	}

	private retryFew(queued: QueuedCall, error: TransportError, tries: number): Next {
		if (++queued.futile >= tries) {
			return this.refuse(error, `given up after ${tries} tries: ${error.message}`);
		}
		this.engine.log('debug', `${queued.call.task} ${queued.call.about}: ${error.message}; tried again`);
		return { again: 'later', ms: retryDelay(queued.futile, this.engine.backoff) };
	}

	private retry(queued: QueuedCall, error: TransportError): Next {
		const { endpoint, log, backoff } = this.engine;
		const never = error.details.unreachable === true && this.answers === 0;
		if (++queued.failures <= (never ? 3 : 8)) {
			log('debug', `${queued.call.task} ${queued.call.about}: ${error.message}; tried again`);
			// Minutes of retries make sense if a server is still starting. With a wrong address they would look like a
			// hang, so they are reported.
			if (queued.failures === 3 && this.answers === 0 && !this.hasReported) {
				this.hasReported = true;
				log('warn', `${endpoint}: no answer so far (${error.message}); trying on`);
			}
			return { again: 'later', ms: retryDelay(queued.failures, backoff) };
		}
		const isOver = ++this.unreachable >= (this.answers === 0 ? 1 : 10);
		const end = isOver
			? new StatError(
					this.answers === 0 ? 'teacher.unreachable' : 'teacher.stopped',
					{ endpoint, reason: error.message },
					{ cause: error },
				)
			: undefined;
		return {
			again: 'never',
			failure: { kind: 'unreachable', message: `given up after ${queued.failures} tries: ${error.message}` },
			end,
		};
	}
}
