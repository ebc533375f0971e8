import type { ReplyLog } from '../../core/ports/teacher.ts';
import type { Transport } from '../../core/ports/transport.ts';
import type { Bill } from './bill.ts';
import type { Pace } from './pace.ts';
import type { TokenEstimate } from './tokenEstimate.ts';

/** State shared by all runs of one teacher. */
export interface Engine {
	readonly model: string;
	/** The model in the cache key: the model's name, plus the file's content for scripted replies. */
	readonly keyModel: string;
	readonly endpoint: string;
	readonly transport: Transport;
	readonly replies: ReplyLog;
	readonly bill: Bill;
	readonly pace: Pace;
	readonly tokens: TokenEstimate;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
	/** Delay before the first retry after a failure, in ms. */
	readonly backoff: number;
	/** ISO 8601. */
	readonly now: () => string;
	/** Aborted when the teacher is disposed. */
	readonly disposed: AbortSignal;
}
