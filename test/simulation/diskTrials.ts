import * as fs from 'node:fs';
import initSqlJs from 'sql.js';
import type { SqlJsStatic } from 'sql.js';
import type { Files, Machine } from '../../src/store/engine/machine.ts';
import { newLockMemory } from '../../src/store/engine/lock.ts';
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
	/** Number of disks that could not be opened. */
	unreadable: number;
	/** Number of disks whose opening gave a warning. */
	warned: number;
	/** The first few disks that lost something or could not be opened. */
	readonly bad: string[];
}

export function noTrials(): Trials {
	return { disks: 0, confirmed: 0, lost: 0, reported: 0, unreadable: 0, warned: 0, bad: [] };
}

let engine: Promise<SqlJsStatic> | undefined;

function sql(): Promise<SqlJsStatic> {
	const load = initSqlJs as unknown as (config: { wasmBinary: Uint8Array }) => Promise<SqlJsStatic>;
	engine ??= load({ wasmBinary: fs.readFileSync(sqlWasm) });
	return engine;
}

let processes = 0;

/** Opens a store in its own simulated process; the processes before it are dead. */
async function storeOn(files: Files, compactAt: number): Promise<SimulatedStore> {
	processes++;
	let time = 0;
	const machine: Machine = {
		files,
		self: { host: 'here', boot: 'b', namespace: '1', pid: processes, started: '1' },
		now: () => 1_700_000_000_000 + time++,
		monotonic: () => time++,
		sleep: () => Promise.resolve(),
		isAlive: (pid) => pid === processes,
	};
	return createStore({
		sql: await sql(),
		folder,
		token: processes.toString(16).padStart(12, '0'),
		machine,
		lockMemory: newLockMemory(),
		patience: 1000,
		compactAt,
	});
}

interface Write {
	readonly key: string;
	readonly isReply: boolean;
	readonly value: string;
}

/** Returns writes of settings, which are stored in the journal, and replies, whose text is stored in the segments. */
function writesOf(count: number): Write[] {
	return Array.from({ length: count }, (_, index) => {
		const key = `k${index}`;
		return { key, isReply: index % 2 === 1, value: `${key} ${'x'.repeat(40 + ((index * 37) % 400))}` };
	});
}

/** Performs the writes one after another and returns those that were confirmed. */
async function writeAll(
	store: SimulatedStore,
	writes: readonly Write[],
	confirm: (write: Write) => void,
): Promise<void> {
	for (const write of writes) {
		try {
			await (write.isReply
				? store.write('putReply', replyOf(write))
				: store.write('setSetting', { key: write.key, value: write.value }));
			confirm(write);
		} catch (error) {
			if ((error as { name?: string }).name !== 'StatError') {
				throw error;
			}
		}
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

/** Opens a disk and looks for the confirmed writes. */
async function look(trials: Trials, disk: PowerDisk, confirmed: readonly Write[], what: string): Promise<void> {
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
	for (const { key, isReply, value } of confirmed) {
		const found = isReply
			? ((await store.read('reply', { key })) as { text: string } | undefined)?.text
			: await store.read('setting', { key });
		if (found !== value) {
			gone.push(`${key}: ${String(found).slice(0, 40)}`);
		}
	}
	const isReported = store.warnings.length > 0;
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
	/** A fault that the trials must find: files are never synced. */
	readonly isNeverSynced?: boolean;
}): Promise<Trials> {
	const images: { readonly image: DiskImage; readonly confirmed: readonly Write[]; readonly name: string }[] = [];
	const confirmed: Write[] = [];
	let operation = 0;
	const disk = emptyDisk((name) => {
		if (operation++ % options.every === 0) {
			images.push({ image: disk.image(), confirmed: [...confirmed], name: `${operation} (${name})` });
		}
	});
	const files = options.isNeverSynced ? { ...disk.files, fdatasyncSync: () => undefined } : disk.files;
	const store = await storeOn(files, 3000);
	await store.open();
	await writeAll(store, writesOf(options.writes), (write) => confirmed.push(write));
	await store.close();
	if (confirmed.length !== options.writes) {
		throw new Error('a write failed without a fault');
	}
	const trials = noTrials();
	for (const { image, confirmed: before, name } of images) {
		for (const mode of unsyncedModes) {
			for (const left of afterPowerFailure(image, mode, options.cuts)) {
				await look(trials, new PowerDisk(left), before, `power failure before operation ${name}, ${mode}`);
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
			const confirmed: Write[] = [];
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
	const confirmed: Write[] = [];
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
