import * as fs from 'node:fs';
import initSqlJs from 'sql.js';
import type { SqlJsStatic } from 'sql.js';
import type { Files, Machine } from '../../src/store/engine/machine.ts';
import { newEntryMemory } from '../../src/store/engine/heldEntry.ts';
import { createStore } from './currentEngine.ts';
import type { SimulatedStore } from './engine.ts';
import type { DiskImage } from './powerDisk.ts';
import { afterPowerFailure, PowerDisk, unsyncedModes } from './powerDisk.ts';
import { randomFrom } from './random.ts';
import { DiskError } from './sharedDisk.ts';
import { sqlWasm } from './tally.ts';

const folder = '/project/.stat';

/** The results of trials of one kind. */
export interface Trials {
	/** Number of disks opened after a fault. */
	disks: number;
	/** Number of confirmed writes on all of them together. */
	confirmed: number;
	/** Number of confirmed writes that were gone or changed without a report. */
	lost: number;
	/** Number of confirmed writes that were gone and reported. */
	reported: number;
	/** Number of replies that were gone without a report after a power failure within a second of being confirmed. */
	recent: number;
	/** Number of disks that could not be opened. */
	unreadable: number;
	/** Number of disks whose opening gave a warning. */
	warned: number;
	/** The first few disks that lost something or could not be opened. */
	readonly bad: string[];
}

export function noTrials(): Trials {
	return { disks: 0, confirmed: 0, lost: 0, reported: 0, recent: 0, unreadable: 0, warned: 0, bad: [] };
}

let engine: Promise<SqlJsStatic> | undefined;

function sql(): Promise<SqlJsStatic> {
	const load = initSqlJs as unknown as (config: { wasmBinary: Uint8Array }) => Promise<SqlJsStatic>;
	engine ??= load({ wasmBinary: fs.readFileSync(sqlWasm) });
	return engine;
}

/** The promise for replies: ms after which no power failure takes them. */
const promised = 1000;

/** A clock that only a trial moves, with the work that waits for its time. */
class Clock {
	now = 0;
	private timers: { readonly due: number; readonly work: () => void }[] = [];

	later(ms: number, work: () => void): void {
		this.timers.push({ due: this.now + ms, work });
	}

	pass(ms: number): void {
		this.now += ms;
		const due = this.timers.filter((timer) => timer.due <= this.now);
		this.timers = this.timers.filter((timer) => timer.due > this.now);
		due.forEach(({ work }) => work());
	}
}

let processes = 0;

/** Opens a store in its own simulated process; the processes before it are dead. */
async function storeOn(files: Files, compactAt: number, clock = new Clock()): Promise<SimulatedStore> {
	processes++;
	const machine: Machine = {
		files,
		self: { host: 'here', boot: 'b', namespace: '1', pid: processes, started: '1' },
		now: () => 1_700_000_000_000 + clock.now++,
		monotonic: () => clock.now++,
		sleep: () => Promise.resolve(),
		later: (ms, work) => clock.later(ms, work),
		isAlive: (pid) => pid === processes,
	};
	return createStore({
		sql: await sql(),
		folder,
		token: processes.toString(16).padStart(12, '0'),
		machine,
		lockMemory: newEntryMemory(),
		patience: 1000,
		compactAt,
	});
}

interface Write {
	readonly key: string;
	readonly isReply: boolean;
	readonly value: string;
}

interface Confirmed extends Write {
	/** By the trial's clock. */
	readonly at: number;
}

/**
 * Returns writes of settings, which are stored in the journal, and after each of them `replies` replies, whose text is
 * stored in the segments.
 */
function writesOf(count: number, replies = 1): Write[] {
	return Array.from({ length: count }, (_, index) => {
		const key = `k${index}`;
		return { key, isReply: index % (replies + 1) > 0, value: `${key} ${'x'.repeat(40 + ((index * 37) % 400))}` };
	});
}

/** Performs the writes one after another and returns those that were confirmed. */
async function writeAll(
	store: SimulatedStore,
	writes: readonly Write[],
	confirm: (write: Confirmed) => void,
	clock = new Clock(),
): Promise<void> {
	for (const write of writes) {
		try {
			await (write.isReply
				? store.write('putReply', replyOf(write))
				: store.write('setSetting', { key: write.key, value: write.value }));
			confirm({ ...write, at: clock.now });
		} catch (error) {
			if ((error as { name?: string }).name !== 'StatError') {
				throw error;
			}
		}
		clock.pass(150);
	}
}

export function replyOf({ key, value }: { readonly key: string; readonly value: string }): unknown {
	return {
		key,
		task: 'label',
		about: key,
		model: 'm',
		promptVersion: 'p',
		sampling: {},
		sample: 0,
		attempt: 0,
		text: value,
		usage: null,
		cost: null,
		at: '',
	};
}

/**
 * Opens a disk and looks for the confirmed writes. `failedAt`: when a power failure struck, which may have taken the
 * replies of the second before; what it took must then be stored when it comes again.
 */
async function look(
	trials: Trials,
	disk: PowerDisk,
	confirmed: readonly Confirmed[],
	what: string,
	failedAt = Number.POSITIVE_INFINITY,
): Promise<void> {
	trials.disks++;
	trials.confirmed += confirmed.length;
	let store: SimulatedStore;
	try {
		store = await storeOn(disk.files, 1 << 20);
		await store.open();
	} catch (error) {
		trials.unreadable++;
		trials.bad.push(`${what}: ${String(error)}`);
		return;
	}
	const gone: string[] = [];
	const recent: Confirmed[] = [];
	const read = async ({ key, isReply }: Write): Promise<unknown> =>
		isReply
			? ((await store.read('reply', { key })) as { text: string } | undefined)?.text
			: store.read('setting', { key });
	for (const write of confirmed) {
		const found = await read(write);
		if (found !== write.value && found === undefined && write.isReply && failedAt - write.at < promised) {
			recent.push(write);
		} else if (found !== write.value) {
			gone.push(`${write.key}: ${String(found).slice(0, 40)}`);
		}
	}
	const isReported = store.warnings.length > 0;
	for (const write of recent) {
		await store.write('putReply', replyOf(write));
		if ((await read(write)) !== write.value) {
			gone.push(`${write.key}: not stored when it came again`);
		}
	}
	trials.recent += isReported ? 0 : recent.length;
	trials.warned += isReported ? 1 : 0;
	trials.reported += isReported ? gone.length : 0;
	if (!isReported && gone.length > 0) {
		trials.lost += gone.length;
		trials.bad.push(`${what}: ${gone.slice(0, 3).join('; ')}`);
	}
	await store.close();
}

function emptyDisk(before?: (name: string) => void): PowerDisk {
	const disk = new PowerDisk(undefined, before);
	for (const name of ['/project', folder, `${folder}/texts`]) {
		disk.makeFolder(name);
	}
	return disk;
}

/**
 * Simulates a power failure before each operation in a run of writes with snapshots between them. Data that was not
 * synced is lost, written, half written, zeroed or torn, and the last changes to the folders are cut at up to `cuts`
 * places. `every`: only every n-th operation is tried.
 */
export async function powerFailures(options: {
	readonly writes: number;
	readonly every: number;
	readonly cuts: number;
	/** A fault that the trials must find: files are never synced, or never by a timer. */
	readonly without?: 'syncs' | 'timers';
}): Promise<Trials> {
	const images: {
		readonly image: DiskImage;
		readonly confirmed: readonly Confirmed[];
		readonly name: string;
		readonly at: number;
	}[] = [];
	const confirmed: Confirmed[] = [];
	const clock = new Clock();
	let operation = 0;
	const disk = emptyDisk((name) => {
		if (operation++ % options.every === 0) {
			images.push({
				image: disk.image(),
				confirmed: [...confirmed],
				name: `${operation} (${name})`,
				at: clock.now,
			});
		}
	});
	const files = options.without === 'syncs' ? { ...disk.files, fdatasyncSync: () => undefined } : disk.files;
	if (options.without === 'timers') {
		clock.later = () => undefined;
	}
	const store = await storeOn(files, 3000, clock);
	await store.open();
	// Ten replies in a row take longer than a reply may remain unsynced.
	await writeAll(store, writesOf(options.writes, 10), (write) => confirmed.push(write), clock);
	await store.close();
	if (confirmed.length !== options.writes) {
		throw new Error('a write failed without a fault');
	}
	const trials = noTrials();
	for (const { image, confirmed: before, name, at } of images) {
		for (const mode of unsyncedModes) {
			for (const left of afterPowerFailure(image, mode, options.cuts)) {
				await look(trials, new PowerDisk(left), before, `power failure before operation ${name}, ${mode}`, at);
			}
		}
	}
	return trials;
}

/**
 * Tries file calls in turn: the call fails, or writes only half of its data; with `isLasting`, all later calls fail as
 * well.
 */
export async function fileErrors(options: { readonly writes: number; readonly every: number }): Promise<Trials> {
	const trials = noTrials();
	for (const [code, isLasting] of [
		['EIO', false],
		['EIO', true],
		['ENOSPC', true],
		['half', false],
	] as const) {
		let isWithin = true;
		for (let from = 1; isWithin; from += options.every) {
			let calls = 0;
			let isArmed = true;
			const hit = (name: string): boolean => {
				if (!isArmed || (code === 'half' && name !== 'write') || (code === 'ENOSPC' && !growing.has(name))) {
					return false;
				}
				calls++;
				return isLasting ? calls >= from : calls === from;
			};
			const disk = emptyDisk((name) => {
				if (code !== 'half' && hit(name)) {
					throw new DiskError(code, name);
				}
			});
			const confirmed: Confirmed[] = [];
			const files: Files = {
				...disk.files,
				writeSync: (fd, bytes, offset, length, position) =>
					disk.files.writeSync(
						fd,
						bytes,
						offset,
						code === 'half' && hit('write') ? length >> 1 : length,
						position,
					),
			};
			const store = await storeOn(files, 1500);
			try {
				await store.open();
				await writeAll(store, writesOf(options.writes), (write) => confirmed.push(write));
				await store.close();
			} catch (error) {
				if (!(error instanceof DiskError) && (error as { name?: string }).name !== 'StatError') {
					throw error;
				}
			}
			isWithin = calls >= from;
			isArmed = false;
			await look(trials, disk, confirmed, `${code} at call ${from}${isLasting ? ' and after' : ''}`);
		}
	}
	return trials;
}

const growing: ReadonlySet<string> = new Set(['open', 'write', 'sync', 'mkdir', 'link']);

/** Flips one bit of a file: confirmed writes must be read unchanged, or the damage must be reported. */
export async function bitFlips(options: { readonly flips: number; readonly seed: number }): Promise<Trials> {
	const disk = emptyDisk();
	const confirmed: Confirmed[] = [];
	const store = await storeOn(disk.files, 6000);
	await store.open();
	await writeAll(store, writesOf(40), (write) => confirmed.push(write));
	await store.close();
	const image = disk.image();
	const random = randomFrom(options.seed);
	const trials = noTrials();
	for (let flip = 0; flip < options.flips; flip++) {
		const name = ['stat.db', 'stat.journal', 'texts/000001.seg'][flip % 3] ?? '';
		const file = `${folder}/${name}`;
		const flipped = new PowerDisk(image);
		const bit = Math.floor(random() * flipped.size(file) * 8);
		flipped.flip(file, bit);
		await look(trials, flipped, confirmed, `bit ${bit} of ${name}`);
	}
	return trials;
}
