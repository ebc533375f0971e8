/** Carries calls from a simulated process (a thread) to the scheduler. The thread sleeps until its call is answered. */

export interface CallResult {
	readonly value?: unknown;
	readonly error?: { readonly code: string; readonly message: string };
}

const headBytes = 32;
const callState = 0;
const lengthOf = 1;
const bytesOf = 2;

/** The states of a channel. */
export const running = 0;
export const calling = 1;

/**
 * The memory of one channel: the state, the length of the JSON and the length of the bytes after it, followed by the
 * JSON and the bytes.
 */
export class Channel {
	readonly control: Int32Array;
	/** The process's clocks, set with each answer: the monotonic clock and the wall clock, in ms. */
	readonly clocks: Float64Array;
	private readonly body: Buffer;

	constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(1 << 21)) {
		this.control = new Int32Array(memory, 0, 4);
		this.clocks = new Float64Array(memory, 16, 2);
		this.body = Buffer.from(memory, headBytes);
	}

	/** Used in the thread: sends a call and sleeps until the answer arrives. `bytes` are returned after the JSON. */
	call(name: string, args: readonly unknown[], bytes?: Uint8Array): { result: CallResult; bytes: Buffer } {
		this.post({ name, args }, bytes);
		Atomics.store(this.control, callState, calling);
		Atomics.notify(this.control, callState);
		while (Atomics.load(this.control, callState) === calling) {
			Atomics.wait(this.control, callState, calling);
		}
		return { result: this.json() as CallResult, bytes: this.bytes() };
	}

	/** Used in the scheduler when the state is `calling`: returns the thread's call. */
	request(): { name: string; args: readonly unknown[]; bytes: Buffer } {
		return { ...(this.json() as { name: string; args: readonly unknown[] }), bytes: this.bytes() };
	}

	/** Used in the scheduler: answers the thread's call, so that the thread runs on. */
	answer(result: CallResult, bytes?: Uint8Array): void {
		this.post(result, bytes);
		Atomics.store(this.control, callState, running);
		Atomics.notify(this.control, callState);
	}

	private post(value: unknown, bytes: Uint8Array | undefined): void {
		const length = this.body.write(JSON.stringify(value), 0, 'utf8');
		Atomics.store(this.control, lengthOf, length);
		Atomics.store(this.control, bytesOf, bytes?.length ?? 0);
		if (bytes) {
			this.body.set(bytes, length);
		}
	}

	private json(): unknown {
		return JSON.parse(this.body.toString('utf8', 0, Atomics.load(this.control, lengthOf)));
	}

	private bytes(): Buffer {
		const from = Atomics.load(this.control, lengthOf);
		return Buffer.from(this.body.subarray(from, from + Atomics.load(this.control, bytesOf)));
	}
}
