/** The folder inside `.stat` in which batches are recorded, on this machine only. */
export const batchFolder = 'lock.batches';

/** The batches of one project at one endpoint, of this process and of earlier ones. */
export interface RunningBatches extends TeacherBatches {
	/** Whether a batch was sent with this request or has its reply: sending it needs no slot and no budget. */
	holds(key: string): boolean;
	/**
	 * Whether this process has put the request into a batch: what its batch is billed is known from its replies only,
	 * also if this process no longer waits for them.
	 */
	hasTaken(key: string): boolean;
	/** Returns how far the batches are that are being waited for, or `undefined` if there are none. */
	progress(): BatchProgress | undefined;
	/** Calls the listener whenever the progress changes; returns a function that unsubscribes. */
	onDidChange(listener: () => void): () => void;
}

/** One batch of a project, as its endpoint describes it. */
export interface BatchStatus {
	/** Its ID at the endpoint. */
	readonly batch: string;
	/** When it was made; ISO 8601. */
	readonly at: string;
	readonly requests: number;
	/** Answered or failed. */
	readonly done: number;
	/** In the endpoint's words. */
	readonly status: string;
	readonly isRunning: boolean;
}

/** The batches of a teacher's model in one project. */
export interface TeacherBatches {
	/** Returns the created batches whose replies are not all filed. Rejects with a StatError if the endpoint refuses. */
	list(signal: AbortSignal): Promise<BatchStatus[]>;
	/** Has the endpoint cancel a batch. What it has answered is filed by the next run that needs it. */
	cancel(batch: string, signal: AbortSignal): Promise<void>;
}

/** Numbers of requests, as the endpoint reports them. */
export interface BatchProgress {
	readonly total: number;
	/** Answered or failed. */
	readonly done: number;
}
