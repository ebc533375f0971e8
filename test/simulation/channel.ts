/** Calls from a simulated process (a thread) to the scheduler; the thread sleeps until it is answered. */

export interface CallResult {
	readonly value?: unknown;
	readonly error?: { readonly code: string; readonly message: string };
}

const headBytes = 32;
const callState = 0;
const lengthOf = 1;
const bytesOf = 2;

/** States of a channel. */
export const running = 0;
export const calling = 1;

/** Memory of one channel: state, length of the JSON, length of the bytes after it; then both. */
export class Channel {
	readonly control: Int32Array;
	/** The process's clocks, set with each answer: monotonic and wall clock, ms. */
	readonly clocks: Float64Array;
	private readonly body: Buffer;

	constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(1 << 21)) {
		this.control = new Int32Array(memory, 0, 4);
		this.clocks = new Float64Array(memory, 16, 2);
		this.body = Buffer.from(memory, headBytes);
	}

	/** In the thread: asks, and sleeps until the answer is there. `bytes` come back after the JSON. */
	call(name: string, args: readonly unknown[], bytes?: Uint8Array): { result: CallResult; bytes: Buffer } {
		this.post({ name, args }, bytes);
		Atomics.store(this.control, callState, calling);
		Atomics.notify(this.control, callState);
		while (Atomics.load(this.control, callState) === calling) {
			Atomics.wait(this.control, callState, calling);
		}
		return { result: this.json() as CallResult, bytes: this.bytes() };
	}

	/** In the scheduler, when the state is `calling`: what the thread asks. */
	request(): { name: string; args: readonly unknown[]; bytes: Buffer } {
		return { ...(this.json() as { name: string; args: readonly unknown[] }), bytes: this.bytes() };
	}

	/** In the scheduler: the thread runs on with this. */
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
