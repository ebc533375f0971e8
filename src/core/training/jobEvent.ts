/**
 * A job's event log as written by the trainer (trainer/stat_trainer/events.py): one JSON object per line, with the time
 * and a kind. It comes from a host, so nothing in it is trusted: a field that is missing or of another type is `null`.
 * test/unit/core/training/jobEvent.test.ts parses a log written by the trainer's own tests.
 */
export type JobEvent =
	| XrayEvent
	| StartEvent
	| RecipeEvent
	| ResumedEvent
	| StepEvent
	| CheckpointEvent
	| ValidationEvent
	| AnsweredEvent
	| NoteEvent
	| TraceEvent
	| EndEvent
	| UnknownEvent;

interface Written {
	/** When the event was written, ISO 8601 in UTC by the host's clock. */
	readonly at: string | null;
	/** Every other field as written, under the trainer's names, for display and for the command line's JSON. */
	readonly fields: Readonly<Record<string, unknown>>;
}

/** Which tokens of the data contribute to the loss, reported before training begins. */
export interface XrayEvent extends Written {
	readonly kind: 'xray';
	/** Number of pairs to train on. */
	readonly rows: number | null;
	/** Number of pairs over the length limit, which are omitted. */
	readonly tooLong: number | null;
	readonly tokens: number | null;
	/** Number of tokens that contribute to the loss. */
	readonly supervised: number | null;
	/** Some pairs, each as runs of text that do or do not contribute to the loss. */
	readonly examples: readonly (readonly XrayRun[])[];
}

export interface XrayRun {
	readonly loss: boolean;
	readonly text: string;
}

/** The model has been loaded and the work begins. */
export interface StartEvent extends Written {
	readonly kind: 'start';
	/** Number of pairs, questions or answers. */
	readonly rows: number | null;
	/**
	 * Number of training steps, or of questions or answers to process; `null` if the trainer does not know yet (GRPO).
	 */
	readonly steps: number | null;
	readonly device: string | null;
	readonly dtype: string | null;
	/** Whether the base model is loaded in 4-bit precision. */
	readonly quantized: boolean;
}

/** The recipe in effect, read back from the running trainer. */
export interface RecipeEvent extends Written {
	readonly kind: 'recipe';
	/** Pairs (SFT) or completions (GRPO) per optimizer step: batch × accumulation × processes. */
	readonly effectiveBatch: number | null;
	readonly batch: number | null;
	readonly accumulation: number | null;
	readonly processes: number | null;
	readonly schedule: string | null;
	/** Number of optimizer steps. */
	readonly warmupSteps: number | null;
	readonly peakLr: number | null;
	readonly weightDecay: number | null;
	readonly optimizer: string | null;
	/** Maximum gradient norm. */
	readonly clip: number | null;
	/** Rank of the LoRA adapter; `null` if all weights are trained. */
	readonly rank: number | null;
	readonly alpha: number | null;
	readonly dropout: number | null;
	/** The projections that the adapter modifies. */
	readonly targetModules: readonly string[] | null;
}

/** The trainer was restarted and continues after this step. */
export interface ResumedEvent extends Written {
	readonly kind: 'resumed';
	readonly step: number;
	readonly steps: number | null;
}

/** The job's progress and speed. */
interface Paced extends Written {
	/** Counts from 1. */
	readonly step: number;
	readonly steps: number | null;
	/** Seconds since this process began. */
	readonly seconds: number | null;
	/** The step after which this process began. */
	readonly since: number | null;
	/** Estimated seconds remaining. */
	readonly eta: number | null;
}

/** A training step, or a batch of questions or answers, is done. */
export interface StepEvent extends Paced {
	readonly kind: 'step';
	readonly loss: number | null;
	readonly lr: number | null;
	/** GRPO: mean reward of the rollouts, in [0, 1]. */
	readonly reward: number | null;
	readonly tokensPerSecond: number | null;
	/** Peak number of bytes allocated on the GPU so far. */
	readonly gpuMemory: number | null;
}

export interface CheckpointEvent extends Written {
	readonly kind: 'checkpoint';
	readonly step: number;
}

/** The trained student starts to answer the validation questions. */
export interface ValidationEvent extends Written {
	readonly kind: 'validation';
	/** Number of validation questions. */
	readonly steps: number | null;
}

/** Reports how many validation questions have been answered so far. */
export interface AnsweredEvent extends Paced {
	readonly kind: 'answered';
}

/** Information for the user, such as reduced memory use or omitted rows. */
export interface NoteEvent extends Written {
	readonly kind: 'note';
	readonly text: string;
}

/** A Python traceback. */
export interface TraceEvent extends Written {
	readonly kind: 'trace';
	readonly text: string;
}

/** The end of the job, with the exit code and, after a failure, the reason. */
export interface EndEvent extends Written {
	readonly kind: 'end';
	readonly code: number | null;
	readonly message: string | null;
}

/** An event from another version, or one without the fields of its kind. */
export interface UnknownEvent extends Written {
	readonly kind: 'unknown';
	/** The kind as written. */
	readonly name: string;
}

/** Reads a field of the log; `null` if it is missing or of another type. */
class Fields {
	constructor(private readonly raw: Readonly<Record<string, unknown>>) {}

	number(name: string): number | null {
		const value = this.raw[name];
		return typeof value === 'number' && Number.isFinite(value) ? value : null;
	}

	text(name: string): string | null {
		const value = this.raw[name];
		return typeof value === 'string' ? value : null;
	}

	list(name: string): readonly unknown[] | null {
		const value = this.raw[name];
		return Array.isArray(value) ? value : null;
	}

	flag(name: string): boolean {
		return this.raw[name] === true;
	}
}

/** Parses one line of the log; `null` if it is incomplete or not an event. Never throws. */
export function parseJobEvent(line: string): JobEvent | null {
	let raw: unknown;
	try {
		raw = JSON.parse(line);
	} catch {
		return null;
	}
	if (typeof raw !== 'object' || raw === null) {
		return null;
	}
	const { at, kind: name, ...rest } = raw as Record<string, unknown>;
	if (typeof name !== 'string') {
		return null;
	}
	const written = { at: typeof at === 'string' ? at : null, fields: rest };
	return eventOf(name, new Fields(rest), written) ?? { kind: 'unknown', name, ...written };
}

function eventOf(kind: string, fields: Fields, written: Written): JobEvent | null {
	switch (kind) {
		case 'xray':
			return {
				kind,
				...written,
				rows: fields.number('rows'),
				tooLong: fields.number('too_long'),
				tokens: fields.number('tokens'),
				supervised: fields.number('supervised'),
				examples: (fields.list('examples') ?? []).map(runsOf),
			};
		case 'start':
			return {
				kind,
				...written,
				rows: fields.number('rows'),
				steps: fields.number('steps'),
				device: fields.text('device'),
				dtype: fields.text('dtype'),
				quantized: fields.flag('quantized'),
			};
		case 'recipe':
			return recipeOf(fields, written);
		case 'validation':
			return { kind, ...written, steps: fields.number('steps') };
		case 'note':
		case 'trace':
			return { kind, ...written, text: fields.text('text') ?? '' };
		case 'end':
			return { kind, ...written, code: fields.number('code'), message: fields.text('message') };
		default:
			return progressOf(kind, fields, written);
	}
}

/** Progress events are invalid without a step. */
function progressOf(kind: string, fields: Fields, written: Written): JobEvent | null {
	const step = fields.number('step');
	if (step === null) {
		return null;
	}
	const steps = fields.number('steps');
	const paced = {
		...written,
		step,
		steps,
		seconds: fields.number('seconds'),
		since: fields.number('since'),
		eta: fields.number('eta'),
	};
	switch (kind) {
		case 'step':
			return {
				kind,
				...paced,
				loss: fields.number('loss'),
				lr: fields.number('lr'),
				reward: fields.number('reward'),
				tokensPerSecond: fields.number('tokens_per_second'),
				gpuMemory: fields.number('gpu_memory'),
			};
		case 'answered':
			return { kind, ...paced };
		case 'resumed':
			return { kind, ...written, step, steps };
		case 'checkpoint':
			return { kind, ...written, step };
		default:
			return null;
	}
}

function recipeOf(fields: Fields, written: Written): RecipeEvent {
	return {
		kind: 'recipe',
		...written,
		effectiveBatch: fields.number('effective_batch'),
		batch: fields.number('batch'),
		accumulation: fields.number('accumulation'),
		processes: fields.number('processes'),
		schedule: fields.text('schedule'),
		warmupSteps: fields.number('warmup_steps'),
		peakLr: fields.number('peak_lr'),
		weightDecay: fields.number('weight_decay'),
		optimizer: fields.text('optimizer'),
		clip: fields.number('clip'),
		rank: fields.number('rank'),
		alpha: fields.number('alpha'),
		dropout: fields.number('dropout'),
		targetModules: fields.list('target_modules')?.map(String) ?? null,
	};
}

function runsOf(example: unknown): XrayRun[] {
	const runs = Array.isArray(example) ? (example as readonly unknown[]) : [];
	return runs.map((run) => {
		const fields = new Fields(typeof run === 'object' && run !== null ? (run as Record<string, unknown>) : {});
		return { loss: fields.flag('loss'), text: fields.text('text') ?? '' };
	});
}

/**
 * Turns the bytes of a log into events, however they are split into chunks. An incomplete line is buffered; `offset` is
 * where to continue reading.
 */
export class JobEventReader {
	private readonly decoder = new TextDecoder();
	private rest = '';
	private bytesRead: number;

	/** `offset` is the position in the log at which the first chunk begins. */
	constructor(offset = 0) {
		this.bytesRead = offset;
	}

	/** Bytes of the log read so far. */
	get offset(): number {
		return this.bytesRead;
	}

	*read(bytes: Uint8Array): Generator<JobEvent> {
		this.bytesRead += bytes.length;
		const lines = (this.rest + this.decoder.decode(bytes, { stream: true })).split('\n');
		this.rest = lines.pop() ?? '';
		for (const line of lines) {
			const event = parseJobEvent(line);
			if (event) {
				yield event;
			}
		}
	}

	/** Yields the last line if only its newline is missing. */
	*end(): Generator<JobEvent> {
		const event = parseJobEvent(this.rest);
		if (event) {
			this.rest = '';
			yield event;
		}
	}
}

/** Yields the events of a log as its bytes arrive. Incomplete lines and lines without events are skipped. */
export async function* jobEvents(
	chunks: AsyncIterable<Uint8Array>,
	reader = new JobEventReader(),
): AsyncGenerator<JobEvent> {
	for await (const bytes of chunks) {
		yield* reader.read(bytes);
	}
	yield* reader.end();
}
