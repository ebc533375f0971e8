import * as fs from 'node:fs';
import path from 'node:path';
import type { FileState, Files } from '../../src/store/engine/machine.ts';
import { DiskError } from './sharedDisk.ts';

interface Node {
	readonly kind: 'file' | 'folder';
	/** What a reader sees. Buffers are never changed, so that images can share them. */
	data: Buffer;
	/** What is durably on the disk. */
	synced: Buffer;
	changed: number;
}

/** A change to a folder: the name now refers to this file or folder, or to nothing. */
interface Entry {
	readonly folder: string;
	readonly name: string;
	readonly ino: number | undefined;
	/** For a rename: the other half, which happens together with this one or not at all. */
	readonly also?: Omit<Entry, 'also'>;
}

/** What may happen to data that was written but not synced when the power failed. */
export const unsyncedModes = ['lost', 'written', 'half', 'zeroed', 'torn'] as const;
export type Unsynced = (typeof unsyncedModes)[number];

/** A disk at one moment, with the data that it had not made durable. */
export interface DiskImage {
	readonly nodes: ReadonlyMap<number, Readonly<Node>>;
	readonly names: ReadonlyMap<string, number>;
	readonly durableNames: ReadonlyMap<string, number>;
	readonly pending: readonly Entry[];
}

const { O_CREAT, O_EXCL } = fs.constants;

/**
 * A disk in memory that knows what is durable: a file's bytes once the file is synced, and a folder's entries once the
 * folder is synced. Entries reach the disk in the order of their changes.
 */
export class PowerDisk {
	private nodes = new Map<number, Node>();
	/** Maps full paths to inode numbers. */
	private names = new Map<string, number>();
	private durableNames = new Map<string, number>();
	private pending: Entry[] = [];
	private readonly open = new Map<number, number>();
	private next = 1;
	private time = 0;

	constructor(
		image?: DiskImage,
		/** Called before each operation that could be the last one or that could fail. */
		private readonly before: (name: string) => void = () => undefined,
	) {
		if (image) {
			this.nodes = new Map([...image.nodes].map(([ino, node]) => [ino, { ...node }]));
			this.names = new Map(image.names);
			this.durableNames = new Map(image.durableNames);
			this.pending = [...image.pending];
			this.next = Math.max(0, ...this.nodes.keys()) + 1;
			this.time = 1_000_000;
		}
	}

	image(): DiskImage {
		return {
			nodes: new Map([...this.nodes].map(([ino, node]) => [ino, { ...node }])),
			names: new Map(this.names),
			durableNames: new Map(this.durableNames),
			pending: [...this.pending],
		};
	}

	/** Creates a durable folder. */
	makeFolder(folder: string): void {
		const ino = this.create('folder');
		this.names.set(folder, ino);
		this.durableNames.set(folder, ino);
	}

	readonly files: Files = {
		openSync: (file, flags) => {
			this.before('open');
			let ino = this.names.get(file);
			if (ino !== undefined && flags & O_CREAT && flags & O_EXCL) {
				throw new DiskError('EEXIST', file);
			}
			if (ino === undefined) {
				if (!(flags & O_CREAT)) {
					throw new DiskError('ENOENT', file);
				}
				ino = this.create('file');
				this.enter({ folder: path.dirname(file), name: path.basename(file), ino });
			}
			const fd = this.next++;
			this.open.set(fd, ino);
			return fd;
		},
		closeSync: (fd) => void this.open.delete(fd),
		readSync: (fd, into, offset, length, position) => {
			this.before('read');
			const part = this.opened(fd).data.subarray(position, position + length);
			into.set(part, offset);
			return part.length;
		},
		writeSync: (fd, bytes, offset, length, position) => {
			this.before('write');
			const node = this.opened(fd);
			const data = Buffer.alloc(Math.max(node.data.length, position + length));
			node.data.copy(data);
			data.set(bytes.subarray(offset, offset + length), position);
			this.change(node, data);
			return length;
		},
		fstatSync: (fd) => this.state(this.open.get(fd) ?? -1),
		lstatSync: (file) => {
			const ino = this.names.get(file);
			return ino === undefined ? undefined : this.state(ino);
		},
		ftruncateSync: (fd, length) => {
			this.before('truncate');
			const node = this.opened(fd);
			this.change(node, Buffer.concat([node.data.subarray(0, length)], length));
		},
		fsyncSync: (fd) => {
			this.before('sync');
			this.sync(fd);
		},
		fdatasyncSync: (fd) => {
			this.before('sync');
			this.sync(fd);
		},
		renameSync: (from, to) => {
			this.before('rename');
			const ino = this.names.get(from);
			if (ino === undefined) {
				throw new DiskError('ENOENT', from);
			}
			const target = this.names.get(to);
			if (target === ino) {
				return;
			}
			if (target !== undefined && this.nodes.get(target)?.kind === 'folder' && this.list(to).length > 0) {
				throw new DiskError('ENOTEMPTY', to);
			}
			this.enter({
				folder: path.dirname(to),
				name: path.basename(to),
				ino,
				also: { folder: path.dirname(from), name: path.basename(from), ino: undefined },
			});
			for (const name of this.list(from)) {
				// When a folder is renamed, its content moves too. Moving one level is enough, because the store's
				// folders are either empty or contain only the lock.
				const inner = this.names.get(`${from}/${name}`);
				this.names.delete(`${from}/${name}`);
				if (inner !== undefined) {
					this.names.set(`${to}/${name}`, inner);
				}
			}
		},
		linkSync: (from, to) => {
			this.before('link');
			const ino = this.names.get(from);
			if (ino === undefined || this.names.has(to)) {
				throw new DiskError(ino === undefined ? 'ENOENT' : 'EEXIST', from);
			}
			this.enter({ folder: path.dirname(to), name: path.basename(to), ino });
		},
		unlinkSync: (file) => {
			this.before('unlink');
			this.remove(file);
		},
		mkdirSync: (folder) => {
			this.before('mkdir');
			if (this.names.has(folder)) {
				throw new DiskError('EEXIST', folder);
			}
			this.enter({ folder: path.dirname(folder), name: path.basename(folder), ino: this.create('folder') });
		},
		rmdirSync: (folder) => {
			this.before('rmdir');
			if (this.list(folder).length > 0) {
				throw new DiskError('ENOTEMPTY', folder);
			}
			this.remove(folder);
		},
		readdirSync: (folder) => {
			if (!this.names.has(folder)) {
				throw new DiskError('ENOENT', folder);
			}
			return this.list(folder);
		},
		realpathSync: (file) => file,
	};

	/** Flips a bit in a file. */
	flip(file: string, bit: number): void {
		const node = this.nodes.get(this.names.get(file) ?? -1);
		if (!node) {
			throw new DiskError('ENOENT', file);
		}
		const data = Buffer.from(node.data);
		data[bit >> 3] = (data[bit >> 3] ?? 0) ^ (1 << (bit & 7));
		this.change(node, data);
	}

	size(file: string): number {
		return this.nodes.get(this.names.get(file) ?? -1)?.data.length ?? 0;
	}

	private create(kind: Node['kind']): number {
		const ino = this.next++;
		this.nodes.set(ino, { kind, data: Buffer.alloc(0), synced: Buffer.alloc(0), changed: ++this.time });
		return ino;
	}

	private opened(fd: number): Node {
		const node = this.nodes.get(this.open.get(fd) ?? -1);
		if (!node) {
			throw new DiskError('EBADF', String(fd));
		}
		return node;
	}

	private change(node: Node, data: Buffer): void {
		node.data = data;
		node.changed = ++this.time;
	}

	private sync(fd: number): void {
		const ino = this.open.get(fd) ?? -1;
		const node = this.opened(fd);
		node.synced = node.data;
		if (node.kind === 'folder') {
			const folder = [...this.names].find(([, other]) => other === ino)?.[0];
			// Entries become durable in order: the last entry of this folder makes all entries before it durable.
			const last = this.pending.findLastIndex(
				(entry) => entry.folder === folder || entry.also?.folder === folder,
			);
			for (const entry of this.pending.splice(0, last + 1)) {
				apply(this.durableNames, entry);
			}
		}
	}

	private enter(entry: Entry): void {
		this.pending.push(entry);
		apply(this.names, entry);
		this.time++;
	}

	private remove(file: string): void {
		if (!this.names.has(file)) {
			throw new DiskError('ENOENT', file);
		}
		this.enter({ folder: path.dirname(file), name: path.basename(file), ino: undefined });
	}

	private list(folder: string): string[] {
		return [...this.names.keys()]
			.filter((name) => path.dirname(name) === folder)
			.map((name) => path.basename(name))
			.sort();
	}

	private state(ino: number): FileState {
		const node = this.nodes.get(ino);
		if (!node) {
			throw new DiskError('EBADF', String(ino));
		}
		return {
			ino,
			size: node.data.length,
			mtimeMs: node.changed,
			ctimeMs: node.changed,
			isFile: () => node.kind === 'file',
			isDirectory: () => node.kind === 'folder',
			isSymbolicLink: () => false,
		};
	}
}

/**
 * Yields the disks that a power failure may leave: unsynced data is treated as `unsynced` says, and the folders'
 * changes are cut to each of at most `cuts` prefixes.
 */
export function* afterPowerFailure(image: DiskImage, unsynced: Unsynced, cuts: number): Generator<DiskImage> {
	const nodes = new Map(
		[...image.nodes].map(([ino, node]): [number, Node] => {
			const data = left(node, unsynced);
			return [ino, { ...node, data, synced: data }];
		}),
	);
	const places = new Set<number>();
	for (let cut = 0; cut < cuts; cut++) {
		places.add(Math.round((image.pending.length * cut) / Math.max(1, cuts - 1)));
	}
	for (const place of places) {
		const names = new Map(image.durableNames);
		for (const entry of image.pending.slice(0, place)) {
			apply(names, entry);
		}
		yield { nodes, names, durableNames: names, pending: [] };
	}
}

function left({ data, synced }: Readonly<Node>, unsynced: Unsynced): Buffer {
	if (data === synced || unsynced === 'written') {
		return data;
	}
	const changedLength = Math.max(data.length, synced.length);
	switch (unsynced) {
		case 'lost':
			return synced;
		case 'half': {
			const half = Math.floor((data.length + Math.min(synced.length, data.length)) / 2);
			return Buffer.concat([data.subarray(0, half), synced.subarray(half)]);
		}
		case 'zeroed':
			return Buffer.concat([synced.subarray(0, data.length)], data.length);
		case 'torn': {
			const torn = Buffer.alloc(changedLength);
			for (let at = 0, page = 0; at < changedLength; at += 512, page++) {
				torn.set((page % 2 === 0 ? synced : data).subarray(at, at + 512), at);
			}
			return torn.subarray(0, data.length);
		}
	}
}

function apply(names: Map<string, number>, { also, ...entry }: Entry): void {
	if (also) {
		apply(names, also);
	}
	const file = `${entry.folder}/${entry.name}`;
	if (entry.ino === undefined) {
		names.delete(file);
	} else {
		names.set(file, entry.ino);
	}
}
