import type { Worker } from 'node:worker_threads';
import type { Files } from '../../src/store/engine/machine.ts';
import type { CallResult } from './channel.ts';
import type { Channel } from './channel.ts';
import { calling, running } from './channel.ts';
import type { Order, Step } from './processThread.ts';
import { randomFrom } from './random.ts';
import type { Answer, Life, MachineState } from './diskCalls.ts';
import { callDisk } from './diskCalls.ts';
import type { History, Layout, SimulationOptions, World } from './history.ts';
import { DiskError, MachineDisk, SharedDisk } from './sharedDisk.ts';
import { simulatedFiles } from './simulatedFiles.ts';

interface Pending {
	/** The call's name, for the trace. */
	readonly call: string;
	steps: Generator<void, Answer>;
	readyAt: number;
}

/** A thread that runs one simulated process after another. */
export interface Slot {
	readonly channel: Channel;
	readonly worker: Worker;
	readonly lockMemory: Int32Array;
	life: Life | undefined;
	pending: Pending | undefined;
	/** The time at which the next life starts after a kill. */
	restartAt: number | undefined;
	restartTodo: Step[] | undefined;
}

const folder = '/project/.stat';
const beatEvery = 5000;

/** Runs one history. */
export class HistoryRun {
	private now = 1_000_000;
	private readonly random: () => number;
	private readonly disk: SharedDisk;
	private readonly machines: MachineState[] = [];
	private readonly layout: Layout;
	private readonly world: World;
	private readonly expected = new Map<string, { isReply: boolean; value: string }>();
	private readonly confirmed = new Set<string>();
	private readonly owners = new Map<string, Life>();
	private readonly result = {
		refused: 0,
		lost: [] as string[],
		takenFromLiving: 0,
		taken: 0,
		stops: 0,
		kills: 0,
		errors: [] as string[],
		warnings: [] as string[],
		calls: 0,
	};
	private nextPid = 100;
	private nextToken = 1;
	private faultsLeft: number;
	private isVerifying = false;

	constructor(
		private readonly seed: number,
		private readonly options: SimulationOptions,
		private readonly slots: readonly Slot[],
	) {
		this.random = randomFrom(seed);
		this.world = options.world ?? 'any';
		const serverSkew = this.skew();
		this.disk = new SharedDisk(() => this.now + serverSkew);
		const layouts: Layout[] =
			options.writers > 2
				? ['machines', 'mixed', 'containers']
				: ['machines', 'machines', 'containers', 'processes'];
		const chosen = this.pick(layouts);
		this.layout = layoutOf(this.world, chosen);
		this.disk.create('/project', 'folder');
		this.disk.create(folder, 'folder');
		this.disk.create(`${folder}/texts`, 'folder');
		this.faultsLeft = this.world === 'skew' ? 0 : 1 + Math.floor(this.random() * 4);
	}

	/** Returns how far a clock is off, in ms. */
	private skew(): number {
		const skew = this.pick([0, 0, 65_000, -65_000, 3_600_000]);
		return this.world === 'stops' ? 0 : skew;
	}

	history(): History {
		const lives = this.slots.map((_, index) => this.newLife(index, this.script(index)));
		this.slots.forEach((slot, index) => {
			const life = lives[index];
			if (life) {
				this.start(slot, life, 'write', life.todo);
			}
		});
		this.loop();
		this.verify();
		return {
			seed: this.seed,
			layout: this.layout,
			confirmed: this.confirmed.size,
			...this.result,
		};
	}

	private script(index: number): Step[] {
		const steps: Step[] = [];
		for (let step = 0; step < 4 + Math.floor(this.random() * 4); step++) {
			const writes = Array.from({ length: this.random() < 0.7 ? 1 : 3 }, (_, place) => {
				const key = `k${index}-${step}-${place}`;
				const isReply = this.random() < 0.4;
				const value = `${key} ${'x'.repeat(Math.floor(this.random() * 200))}`;
				this.expected.set(key, { isReply, value });
				return { key, isReply, value };
			});
			steps.push({ writes, pause: this.random() < 0.1 ? this.random() * 30_000 : this.random() * 100 });
		}
		return steps;
	}

	private newLife(index: number, todo: Step[]): Life {
		const machine = this.machineFor(index);
		const pid = this.layout === 'containers' ? 100 + index : this.nextPid++;
		const namespace = this.layout === 'containers' ? String(4_026_531_000 + index) : '4026531836';
		const token = (this.nextToken++).toString(16).padStart(12, '0');
		const life: Life = {
			machine,
			self: { host: machine.host, boot: machine.boot, namespace, pid, started: String(Math.floor(this.now)) },
			token,
			nextFd: 10,
			files: new Map(),
			todo,
			appended: new Map(),
			stoppedUntil: 0,
			resumedAt: Number.NEGATIVE_INFINITY,
			nextBeat: this.now + beatEvery,
			isDead: false,
		};
		this.owners.set(token, life);
		return life;
	}

	private machineFor(index: number): MachineState {
		const number = { machines: index, mixed: Math.min(index, 1), containers: 0, processes: 0 }[this.layout];
		for (let made = this.machines.length; made <= number; made++) {
			const isLocal = this.world !== 'any' || this.layout === 'containers' || this.layout === 'processes';
			this.machines.push({
				disk: new MachineDisk(this.disk, {
					local: isLocal,
					random: this.random,
					monotonic: () => this.now,
				}),
				host: this.seed % 3 === 0 ? 'localhost' : `machine${made}`,
				boot: `${made}${'b'.repeat(15)}`,
				skew: this.skew(),
			});
		}
		const machine = this.machines[number];
		if (!machine) {
			throw new Error('no machine');
		}
		return machine;
	}

	private start(slot: Slot, life: Life, kind: Order['kind'], steps: readonly Step[]): void {
		slot.life = life;
		slot.restartAt = undefined;
		slot.lockMemory.fill(0);
		// The thread waits, because its `next` call is unanswered.
		this.await(slot);
		const order = {
			kind,
			seed: Math.floor(this.random() * 2 ** 32),
			folder,
			token: life.token,
			self: life.self,
			patience: 6000,
			compactAt: this.seed % 5 === 0 ? 400 : 1500,
			steps,
			memory: this.slots.indexOf(slot),
		};
		this.answer(slot, { value: order });
		this.await(slot);
		this.accept(slot);
	}

	/** Sleeps until the slot's thread makes a call. */
	private await(slot: Slot): void {
		for (let waited = 0; Atomics.load(slot.channel.control, 0) !== calling; waited++) {
			Atomics.wait(slot.channel.control, 0, running, 1000);
			if (waited > 120) {
				throw new Error(`seed ${this.seed}: a simulated process does not answer`);
			}
		}
	}

	private answer(slot: Slot, result: CallResult, bytes?: Buffer): void {
		slot.channel.clocks[0] = this.now;
		slot.channel.clocks[1] = this.now + (slot.life?.machine.skew ?? 0);
		slot.channel.answer(result, bytes);
	}

	/**
	 * Stores the call that the slot's thread has made as the slot's pending call. A call named `next` means that the
	 * thread has finished its current life.
	 */
	private accept(slot: Slot): void {
		const request = slot.channel.request();
		this.result.calls++;
		const { life } = slot;
		if (!life || request.name === 'next') {
			// Left unanswered until the next life begins.
			slot.pending = undefined;
			if (life && !life.isDead) {
				life.isDead = true;
			}
			slot.life = undefined;
			return;
		}
		const { name, args, bytes } = request;
		slot.pending = {
			call: `${name} ${args.join(' ')}`,
			steps: this.perform(life, name, args, bytes),
			readyAt: this.now,
		};
	}

	private loop(): void {
		for (let guard = 0; guard < 2_000_000; guard++) {
			for (const slot of this.slots) {
				if (slot.restartAt !== undefined && slot.restartAt <= this.now) {
					const todo = slot.restartTodo ?? [];
					this.start(slot, this.newLife(this.slots.indexOf(slot), todo), 'write', todo);
				}
			}
			const ready = this.slots.filter(
				({ life, pending }) => life && pending && pending.readyAt <= this.now && life.stoppedUntil <= this.now,
			);
			this.beats();
			if (ready.length === 0) {
				if (!this.skipAhead()) {
					return;
				}
				continue;
			}
			const slot = this.pick(ready);
			if (!this.strike(slot)) {
				this.step(slot);
			}
		}
		throw new Error(`seed ${this.seed}: a history without an end`);
	}

	/** Moves the clock to the next event; returns `false` if there will be none. */
	private skipAhead(): boolean {
		const times = this.slots.flatMap(({ life, pending, restartAt, lockMemory }) => [
			...(restartAt === undefined ? [] : [restartAt]),
			...(life && pending ? [Math.max(pending.readyAt, life.stoppedUntil)] : []),
			...(life && (lockMemory[1] ?? 0) > 0 && life.stoppedUntil <= this.now ? [life.nextBeat] : []),
		]);
		const next = Math.min(...times);
		if (!Number.isFinite(next)) {
			return false;
		}
		this.now = Math.max(this.now + 0.001, next);
		return true;
	}

	/** Lets the main threads of the running processes show that they are alive. */
	private beats(): void {
		for (const { life, lockMemory } of this.slots) {
			if (life && !life.isDead && life.stoppedUntil <= this.now && life.nextBeat <= this.now) {
				life.nextBeat = this.now + beatEvery;
				this.options.beat?.(this.filesOf(life), folder, life.token, lockMemory);
			}
		}
	}

	private filesOf(life: Life): Files {
		return simulatedFiles((name, args, bytes) => {
			const steps = this.perform(life, name, args, Buffer.from(bytes ?? []));
			for (;;) {
				try {
					const next = steps.next();
					if (next.done) {
						return { result: { value: next.value.value }, bytes: next.value.bytes ?? Buffer.alloc(0) };
					}
				} catch (error) {
					return { result: { error: errorOf(error) }, bytes: Buffer.alloc(0) };
				}
			}
		});
	}

	/**
	 * May stop, slow down or kill the process that is about to take a step; returns `true` if the process takes no step
	 * now.
	 */
	private strike(slot: Slot): boolean {
		const { life, pending } = slot;
		if (!life || !pending || this.isVerifying) {
			return false;
		}
		if (this.random() < 0.002 && this.world !== 'stops') {
			// The machine's wall clock is changed.
			life.machine.skew += this.pick([65_000, -65_000, 130_000]);
		}
		// Faults are more likely where they do the most harm: while the process holds the lock.
		const likely = Atomics.load(slot.lockMemory, 1) > 0 ? 0.02 : 0.003;
		if (this.faultsLeft === 0 || this.random() > likely) {
			return false;
		}
		this.faultsLeft--;
		const kind = this.random();
		if (kind < 0.5) {
			this.result.stops++;
			life.stoppedUntil = this.now + (this.random() < 0.3 ? 10_000 : 62_000 + this.random() * 120_000);
			life.resumedAt = life.stoppedUntil;
			life.nextBeat = life.stoppedUntil;
			return true;
		}
		if (kind < 0.65) {
			this.result.kills++;
			this.kill(slot, life);
			return true;
		}
		// The call takes long, while the process's other threads run on.
		pending.readyAt = this.now + 62_000 + this.random() * 60_000;
		return true;
	}

	private kill(slot: Slot, life: Life): void {
		life.isDead = true;
		slot.pending = undefined;
		for (const { ino } of life.files.values()) {
			// The kernel closes the process's files, which sends their unsent data.
			try {
				for (const step of life.machine.disk.flush(ino)) {
					void step;
				}
			} catch (error) {
				// Another machine deleted the file, and no process is left to be told so.
				if ((error as NodeJS.ErrnoException).code !== 'ESTALE') {
					throw error;
				}
			}
		}
		this.answer(slot, { error: { code: 'KILLED', message: 'killed' } });
		this.await(slot);
		const request = slot.channel.request();
		if (request.name !== 'next') {
			throw new Error(`a killed process asks for ${request.name}`);
		}
		slot.life = undefined;
		slot.restartAt = this.now + this.random() * 100_000;
		slot.restartTodo = life.todo;
	}

	private step(slot: Slot): void {
		const { life, pending } = slot;
		if (!life || !pending) {
			return;
		}
		this.now += life.machine.disk.isLocal ? 0.02 + this.random() * 0.1 : 0.2 + this.random();
		let result: CallResult = {};
		let bytes: Buffer | undefined;
		try {
			const next = pending.steps.next();
			if (!next.done) {
				return;
			}
			if (next.value.sleep !== undefined) {
				pending.readyAt = this.now + next.value.sleep;
				pending.steps = nothing();
				return;
			}
			result = { value: next.value.value };
			bytes = next.value.bytes;
		} catch (error) {
			result = { error: errorOf(error) };
		}
		this.trace(life, pending, result);
		this.answer(slot, result, bytes);
		this.await(slot);
		this.accept(slot);
	}

	private trace(life: Life, { call }: Pending, result: CallResult): void {
		this.options.trace?.(
			`${(this.now / 1000).toFixed(3)} ${life.token.slice(-2)} ${call} -> ${JSON.stringify(result.error?.code ?? result.value)}`,
		);
	}

	private *perform(life: Life, name: string, args: readonly unknown[], bytes: Buffer): Generator<void, Answer> {
		if (name === 'rename' || name === 'unlink') {
			this.watchTaking(life, String(args[0]), name === 'rename' ? String(args[1]) : undefined);
		}
		return (yield* callDisk(life, name, args, bytes, this.now)) ?? this.answerOf(life, name, args);
	}

	/** Answers a call that is not a disk call. */
	private answerOf(life: Life, name: string, args: readonly unknown[]): Answer {
		switch (name) {
			case 'sleep':
				return { sleep: Number(args[0]) };
			case 'alive':
				return { value: this.processOf(life, Number(args[0]), String(args[1])) !== undefined };
			case 'started':
				return { value: this.processOf(life, Number(args[0]), undefined)?.self.started ?? null };
			default:
				return this.note(life, name, args);
		}
	}

	private note(life: Life, name: string, args: readonly unknown[]): { readonly value?: unknown } {
		switch (name) {
			case 'confirmed':
				this.confirmed.add(String(args[0]));
				this.drop(life, String(args[0]));
				return {};
			case 'refused':
				this.result.refused++;
				this.drop(life, String(args[0]));
				this.checkRefusal(String(args[1]));
				return {};
			case 'failed':
				this.checkRefusal(String(args[0]));
				return {};
			case 'missing':
				this.result.lost.push(`${String(args[0])}: ${String(args[1]).slice(0, 120)}`);
				return {};
			case 'warnings':
				this.result.warnings.push(...args.map(String));
				return {};
			default:
				throw new Error(`no such call: ${name}`);
		}
	}

	/**
	 * Removes a write from the process's list; a restarted process repeats only the writes for which it has received no
	 * answer.
	 */
	private drop(life: Life, key: string): void {
		for (const [index, step] of life.todo.entries()) {
			if (step.writes.some((write) => write.key === key)) {
				life.todo[index] = { ...step, writes: step.writes.filter((write) => write.key !== key) };
			}
		}
	}

	private checkRefusal(code: string): void {
		if (!['store.lockTaken', 'store.locked', 'store.lockFailed', 'unsorted.locked'].includes(code)) {
			this.result.errors.push(code);
		}
	}

	private processOf(asking: Life, pid: number, started: string | undefined): Life | undefined {
		return this.slots
			.map(({ life }) => life)
			.find(
				(life) =>
					life &&
					!life.isDead &&
					life.machine === asking.machine &&
					life.self.namespace === asking.self.namespace &&
					life.self.pid === pid &&
					(started === undefined || started === '' || life.self.started === started),
			);
	}

	/** Checks whether this call takes the lock from another process, and whether that process was alive. */
	private watchTaking(life: Life, from: string, to: string | undefined): void {
		let victim: Life | undefined;
		if (from.startsWith(`${folder}/lock/`) && to?.startsWith(`${folder}/lock/`)) {
			victim = this.disk.find(from) && this.owners.get(from.slice(folder.length + 6).split('~')[0] ?? '');
		} else if (from === `${folder}/lock` && to === undefined) {
			const text = this.disk.find(from)?.data.toString('utf8') ?? '';
			victim = this.owners.get(/"token":"([0-9a-f]+)"/.exec(text)?.[1] ?? '');
		}
		if (!victim || victim === life || this.isVerifying) {
			return;
		}
		this.result.taken++;
		const isStopped = victim.stoppedUntil > this.now || this.now - victim.resumedAt < 60_000;
		const memory = this.slots.find(({ life: other }) => other === victim)?.lockMemory;
		// In the middle of a renewal or release that takes a minute, the process cannot show that it is alive.
		const isRenewing = memory !== undefined && Atomics.load(memory, 0) === 1;
		if (!victim.isDead && !isStopped && !isRenewing) {
			this.result.takenFromLiving++;
		}
	}

	/** Much later, a process on another machine opens the project and looks for all confirmed writes. */
	private verify(): void {
		this.isVerifying = true;
		this.now += 3_600_000;
		const [slot] = this.slots;
		if (!slot) {
			return;
		}
		const machine: MachineState = {
			disk: new MachineDisk(this.disk, { local: true, random: this.random, monotonic: () => this.now }),
			host: 'verifier',
			boot: 'f'.repeat(16),
			skew: 0,
		};
		const life = { ...this.newLife(0, []), machine };
		const steps = [...this.confirmed].map((key) => ({
			writes: [{ key, ...(this.expected.get(key) ?? { isReply: false, value: '' }) }],
			pause: 0,
		}));
		this.start(slot, life, 'verify', steps);
		this.loop();
	}

	private pick<T>(from: readonly T[]): T {
		const chosen = from[Math.floor(this.random() * from.length)];
		if (chosen === undefined) {
			throw new Error('nothing to choose from');
		}
		return chosen;
	}
}

/** Returns the layout; attacks on 0.1 need their own. */
function layoutOf(world: World, chosen: Layout): Layout {
	if (world === 'any') {
		return chosen;
	}
	return world === 'containers' ? 'containers' : 'machines';
}

function* nothing(): Generator<void, Answer> {
	return {};
}

function errorOf(error: unknown): { code: string; message: string } {
	if (error instanceof DiskError) {
		return { code: error.code, message: error.message };
	}
	throw error;
}
