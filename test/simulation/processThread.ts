import * as fs from 'node:fs';
import { workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import type { ProcessIdentity } from '../../src/store/engine/machine.ts';
import { createStore } from 'simulated-engine';
import type { CallResult } from './channel.ts';
import { Channel } from './channel.ts';
import type { FirstMachine } from './firstEngineWorld.ts';
import { randomFrom } from './random.ts';
import { simulatedFiles } from './simulatedFiles.ts';

/** The work that the scheduler gives to a process. */
export interface Order {
	readonly kind: 'write' | 'verify';
	readonly seed: number;
	readonly folder: string;
	readonly token: string;
	readonly self: ProcessIdentity;
	readonly lockMemory: Int32Array;
	readonly patience: number;
	readonly compactAt: number;
	readonly steps: readonly Step[];
}

export interface Step {
	/** Writes that are sent together. */
	readonly writes: readonly { readonly key: string; readonly isReply: boolean; readonly value: string }[];
	/** The pause afterwards, in ms. */
	readonly pause: number;
}

class Killed extends Error {}

/** One process, from its start until it ends or is killed. */
class Life {
	isDead = false;
	/** Work that waits for its time, by the monotonic clock. */
	later: { readonly due: number; readonly work: () => void }[] = [];
	readonly killed: Promise<void>;
	private die: () => void = () => undefined;

	constructor(private readonly channel: Channel) {
		this.killed = new Promise((resolve) => (this.die = resolve));
	}

	call(name: string, args: readonly unknown[], bytes?: Uint8Array): { result: CallResult; bytes: Buffer } {
		if (this.isDead) {
			throw new Killed('killed');
		}
		const answer = this.channel.call(name, args, bytes);
		if (answer.result.error?.code === 'KILLED') {
			this.isDead = true;
			this.die();
			throw new Killed('killed');
		}
		return answer;
	}
}

const { memory, lockMemories, wasm } = workerData as {
	memory: SharedArrayBuffer;
	lockMemories: readonly Int32Array[];
	wasm: string;
};
const channel = new Channel(memory);

function machineOf(life: Life, self: ProcessIdentity): FirstMachine {
	const files = simulatedFiles((name, args, bytes) => life.call(name, args, bytes));
	return {
		files,
		self,
		now: () => channel.clocks[1] ?? 0,
		monotonic: () => channel.clocks[0] ?? 0,
		sleep: (ms) => {
			if (life.isDead) {
				return new Promise(() => undefined);
			}
			life.call('sleep', [ms]);
			return Promise.resolve();
		},
		later: (ms, work) => void life.later.push({ due: (channel.clocks[0] ?? 0) + ms, work }),
		startOf: (pid) => (life.call('started', [pid]).result.value as string | null) ?? undefined,
		isAlive: (pid, started) => life.call('alive', [pid, started]).result.value === true,
	};
}

async function live(life: Life, order: Order, sql: Awaited<ReturnType<typeof initSqlJs>>): Promise<void> {
	const store = createStore({ sql, ...order, machine: machineOf(life, order.self) });
	await store.open();
	if (order.kind === 'verify') {
		for (const { key, isReply, value } of order.steps.flatMap(({ writes }) => writes)) {
			let found: unknown;
			try {
				found = isReply
					? ((await store.read('reply', { key })) as { text?: string } | undefined)?.text
					: await store.read('setting', { key });
			} catch (error) {
				found = error instanceof Error ? error.message : error;
			}
			if (found !== value) {
				life.call('missing', [key, String(found)]);
			}
		}
		life.call('warnings', [...store.warnings]);
		await store.close();
		return;
	}
	for (const { writes, pause } of order.steps) {
		await Promise.all(
			writes.map(({ key, isReply, value }) =>
				Promise.resolve()
					.then(() =>
						store.write(
							isReply ? 'putReply' : 'setSetting',
							isReply ? replyOf(key, value) : { key, value },
						),
					)
					.then(
						() => void life.call('confirmed', [key]),
						(error: unknown) => void (life.isDead || life.call('refused', [key, codeOf(error)])),
					),
			),
		);
		life.call('sleep', [pause]);
		const due = life.later.filter((timer) => timer.due <= (channel.clocks[0] ?? 0));
		life.later = life.later.filter((timer) => !due.includes(timer));
		due.forEach(({ work }) => work());
	}
	await store.close();
}

function codeOf(error: unknown): string {
	const { code, message, stack, cause } = error as Error & { code?: string };
	if (code === undefined) {
		return `error: ${message} ${stack}`;
	}
	return code === 'unsorted.failed' || code === 'store.cannotWrite'
		? `${code}: ${message} ${cause instanceof Error ? cause.stack : ''}`
		: code;
}

function replyOf(key: string, text: string): unknown {
	return {
		key,
		task: 'label',
		about: key,
		model: 'm',
		promptVersion: 'p',
		sampling: {},
		sample: 0,
		attempt: 0,
		text,
		usage: null,
		cost: null,
		at: '',
	};
}

async function main(): Promise<void> {
	const load = initSqlJs as unknown as (config: { wasmBinary: Uint8Array }) => ReturnType<typeof initSqlJs>;
	const wasmBinary = fs.readFileSync(wasm);
	const sql = await load({ wasmBinary });
	for (;;) {
		const { value } = channel.call('next', []).result;
		const order = value as Order & { memory: number };
		const life = new Life(channel);
		Math.random = randomFrom(order.seed);
		const ended = live(life, { ...order, lockMemory: lockMemories[order.memory] ?? new Int32Array(3) }, sql).then(
			() => undefined,
			(error: unknown) => {
				if (!life.isDead) {
					life.call('failed', [codeOf(error)]);
				}
			},
		);
		await Promise.race([ended, life.killed]);
	}
}

void main();
