import type { ReplyLog, TeacherReply } from '../../core/ports/teacher.ts';
import type { Transport } from '../../core/ports/transport.ts';
import type { ModelFacts } from '../wire/modelTable.ts';
import type { Pace } from './pace.ts';
import type { TokenEstimate } from './tokenEstimate.ts';

/** What all asks of one teacher share. */
export interface Engine {
	readonly model: string;
	/** The model in the cache key: the model, or for scripted replies also the file's content. */
	readonly keyModel: string;
	readonly endpoint: string;
	readonly transport: Transport;
	readonly replies: ReplyLog;
	readonly facts: ModelFacts;
	readonly pace: Pace;
	readonly tokens: TokenEstimate;
	/** Requests on their way, by key: a second ask for the same waits for the first. */
	readonly onTheirWay: Map<string, Promise<Bought>>;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
	/** First back-off after a failure, ms. */
	readonly backoff: number;
	/** ISO 8601. */
	readonly now: () => string;
	/** Aborted when the teacher is disposed of. */
	readonly disposed: AbortSignal;
}

export interface Bought {
	readonly reply: TeacherReply;
	/** Found, not paid for: another process was answered meanwhile. */
	readonly cached: boolean;
}
