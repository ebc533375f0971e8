import type { ProcessIdentity } from '../../src/store/engine/machine.ts';
import type { Step } from './processThread.ts';
import type { MachineDisk } from './sharedDisk.ts';

export interface MachineState {
	readonly disk: MachineDisk;
	readonly host: string;
	readonly boot: string;
	skew: number;
}

export interface Life {
	readonly machine: MachineState;
	readonly self: ProcessIdentity;
	readonly token: string;
	nextFd: number;
	/** Open files by descriptor. */
	readonly files: Map<number, { readonly ino: number; readonly path: string }>;
	readonly todo: Step[];
	/** The position of the next write without an explicit position, by descriptor. */
	readonly appended: Map<number, number>;
	stoppedUntil: number;
	/** The time at which the process last resumed after a stop. */
	resumedAt: number;
	nextBeat: number;
	isDead: boolean;
}

/** The result of a call. `sleep`: the number of ms until the answer arrives, if it arrives later. */
export interface Answer {
	readonly value?: unknown;
	readonly bytes?: Buffer;
	readonly sleep?: number;
}

/**
 * Runs a process's file call on its machine's disk; returns `undefined` if the call is not a file call. The steps
 * between yields are not atomic together.
 */
export function* callDisk(
	life: Life,
	name: string,
	args: readonly unknown[],
	bytes: Buffer,
	now: number,
): Generator<void, Answer | undefined> {
	const { disk } = life.machine;
	const path = String(args[0]);
	const file = typeof args[0] === 'number' ? life.files.get(args[0]) : undefined;
	const ino = file?.ino ?? -1;
	switch (name) {
		case 'open': {
			const fd = life.nextFd++;
			life.files.set(fd, {
				ino: disk.open(path, { create: args[1] === true, exclusive: args[2] === true }),
				path,
			});
			return { value: fd };
		}
		case 'close':
			yield* disk.flush(ino);
			life.files.delete(Number(args[0]));
			return {};
		case 'read':
			return { bytes: disk.read(ino, Number(args[1]), Number(args[2])) };
		case 'write': {
			const at = args[1] === null ? (life.appended.get(Number(args[0])) ?? 0) : Number(args[1]);
			life.appended.set(Number(args[0]), at + bytes.length);
			yield* disk.write(ino, bytes, at);
			return { value: bytes.length };
		}
		case 'fstat':
			return { value: disk.fstat(ino) };
		case 'lstat':
			return { value: disk.look(path) ?? null };
		case 'truncate':
			disk.truncate(ino, Number(args[1]));
			return {};
		case 'sync':
			yield* disk.flush(ino);
			return {};
		case 'rename':
			disk.rename(path, String(args[1]));
			return {};
		case 'link':
			disk.link(path, String(args[1]));
			return {};
		case 'unlink':
			disk.unlink(path);
			return {};
		case 'mkdir':
			disk.mkdir(path);
			return {};
		case 'rmdir':
			disk.rmdir(path);
			return {};
		case 'list':
			return { value: disk.list(path) };
		case 'touch':
			disk.touch(path, now + life.machine.skew);
			return {};
		default:
			return undefined;
	}
}
