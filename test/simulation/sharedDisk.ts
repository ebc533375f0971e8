/** A disk that several simulated machines share, and what each of them believes about it. */

export interface Attributes {
	readonly ino: number;
	readonly size: number;
	readonly mtimeMs: number;
	readonly ctimeMs: number;
	readonly kind: 'file' | 'folder';
}

interface Inode {
	readonly ino: number;
	readonly kind: 'file' | 'folder';
	data: Buffer;
	readonly entries: Map<string, number>;
	mtime: number;
	ctime: number;
	links: number;
}

/** Thrown as node:fs would throw it. */
export class DiskError extends Error {
	readonly code: string;
	readonly syscall = 'simulated';

	constructor(
		code: string,
		readonly path: string,
	) {
		super(`${code}: simulated, ${path}`);
		this.code = code;
	}
}

/** The server (or, for a single machine, its disk). Every call here is atomic. `now` is the server's clock in ms. */
export class SharedDisk {
	private readonly inodes = new Map<number, Inode>();
	private next = 2;

	constructor(readonly now: () => number) {
		this.inodes.set(1, {
			ino: 1,
			kind: 'folder',
			data: Buffer.alloc(0),
			entries: new Map(),
			mtime: 0,
			ctime: 0,
			links: 1,
		});
	}

	inode(ino: number): Inode | undefined {
		return this.inodes.get(ino);
	}

	find(path: string): Inode | undefined {
		let at = this.inodes.get(1);
		for (const name of path.split('/').filter((part) => part !== '')) {
			if (!at) {
				return undefined;
			}
			if (at.kind !== 'folder') {
				throw new DiskError('ENOTDIR', path);
			}
			const ino = at.entries.get(name);
			at = ino === undefined ? undefined : this.inodes.get(ino);
		}
		return at;
	}

	attributes(path: string): Attributes | undefined {
		const inode = this.find(path);
		return inode && attributesOf(inode);
	}

	create(path: string, kind: 'file' | 'folder'): Inode {
		const { folder, name } = this.parent(path);
		if (folder.entries.has(name)) {
			throw new DiskError('EEXIST', path);
		}
		const inode: Inode = {
			ino: this.next++,
			kind,
			data: Buffer.alloc(0),
			entries: new Map(),
			mtime: this.now(),
			ctime: this.now(),
			links: 1,
		};
		this.inodes.set(inode.ino, inode);
		this.enter(folder, name, inode.ino);
		return inode;
	}

	link(from: string, to: string): void {
		const inode = this.find(from);
		if (!inode) {
			throw new DiskError('ENOENT', from);
		}
		const { folder, name } = this.parent(to);
		if (folder.entries.has(name)) {
			throw new DiskError('EEXIST', to);
		}
		inode.links++;
		inode.ctime = this.now();
		this.enter(folder, name, inode.ino);
	}

	rename(from: string, to: string): void {
		const source = this.parent(from);
		const ino = source.folder.entries.get(source.name);
		const inode = ino === undefined ? undefined : this.inodes.get(ino);
		if (ino === undefined || !inode) {
			throw new DiskError('ENOENT', from);
		}
		const target = this.parent(to);
		const there = target.folder.entries.get(target.name);
		const replaced = there === undefined ? undefined : this.inodes.get(there);
		if (replaced?.ino === ino) {
			return;
		}
		if (replaced) {
			if (inode.kind === 'folder' && replaced.kind !== 'folder') {
				throw new DiskError('ENOTDIR', to);
			}
			if (inode.kind !== 'folder' && replaced.kind === 'folder') {
				throw new DiskError('EISDIR', to);
			}
			if (replaced.entries.size > 0) {
				throw new DiskError('ENOTEMPTY', to);
			}
			this.drop(replaced);
		}
		source.folder.entries.delete(source.name);
		source.folder.mtime = this.now();
		inode.ctime = this.now();
		this.enter(target.folder, target.name, ino);
	}

	unlink(path: string): void {
		const { folder, name, inode } = this.existing(path);
		if (inode.kind === 'folder') {
			throw new DiskError('EISDIR', path);
		}
		folder.entries.delete(name);
		folder.mtime = this.now();
		this.drop(inode);
	}

	rmdir(path: string): void {
		const { folder, name, inode } = this.existing(path);
		if (inode.kind !== 'folder') {
			throw new DiskError('ENOTDIR', path);
		}
		if (inode.entries.size > 0) {
			throw new DiskError('ENOTEMPTY', path);
		}
		folder.entries.delete(name);
		this.drop(inode);
	}

	write(ino: number, bytes: Buffer, at: number): void {
		const inode = this.inodes.get(ino);
		if (!inode) {
			throw new DiskError('ESTALE', `inode ${ino}`);
		}
		inode.data = overlaid(inode.data, bytes, at);
		inode.mtime = this.now();
		inode.ctime = this.now();
	}

	truncate(ino: number, length: number): void {
		const inode = this.inodes.get(ino);
		if (!inode) {
			throw new DiskError('ESTALE', `inode ${ino}`);
		}
		inode.data =
			length <= inode.data.length
				? Buffer.from(inode.data.subarray(0, length))
				: overlaid(inode.data, Buffer.alloc(0), length);
		inode.mtime = this.now();
		inode.ctime = this.now();
	}

	private parent(path: string): { folder: Inode; name: string } {
		const cut = path.lastIndexOf('/');
		const folder = this.find(path.slice(0, cut));
		if (!folder) {
			throw new DiskError('ENOENT', path);
		}
		if (folder.kind !== 'folder') {
			throw new DiskError('ENOTDIR', path);
		}
		return { folder, name: path.slice(cut + 1) };
	}

	private existing(path: string): { folder: Inode; name: string; inode: Inode } {
		const { folder, name } = this.parent(path);
		const inode = this.inodes.get(folder.entries.get(name) ?? -1);
		if (!inode) {
			throw new DiskError('ENOENT', path);
		}
		return { folder, name, inode };
	}

	private enter(folder: Inode, name: string, ino: number): void {
		folder.entries.set(name, ino);
		folder.mtime = this.now();
		folder.ctime = this.now();
	}

	private drop(inode: Inode): void {
		inode.links--;
		if (inode.links === 0) {
			this.inodes.delete(inode.ino);
		}
	}
}

/** What a machine has read or written of a file. */
interface Pages {
	data: Buffer;
	/** Ranges [from, to) of bytes that were written here and that the server does not have yet. */
	dirty: [from: number, to: number][];
}

export interface MachineDiskOptions {
	/** Whether this is a machine's own disk: nothing is stale, and a write is on the disk when the call returns. */
	readonly local: boolean;
	/** Returns a number in [0, 1). */
	readonly random: () => number;
	/** Returns the monotonic time in ms, which determines how old cached attributes are. */
	readonly monotonic: () => number;
}

/** The longest time that attributes and folder listings are cached, in ms. */
const staleFor = 60_000;

/** A machine's view of the disk. Calls are generators: other machines' calls may come in at each yield. */
export class MachineDisk {
	private readonly pages = new Map<number, Pages>();
	private readonly attributes = new Map<string, { readonly found: Attributes | undefined; readonly until: number }>();
	private readonly lists = new Map<string, { readonly names: Set<string>; readonly until: number }>();

	constructor(
		readonly disk: SharedDisk,
		private readonly options: MachineDiskOptions,
	) {}

	get isLocal(): boolean {
		return this.options.local;
	}

	/** Returns the attributes by name; like an NFS client, it may return cached ones up to a minute old. */
	look(path: string): Attributes | undefined {
		const known = this.attributes.get(path);
		if (known && known.until > this.options.monotonic()) {
			return known.found;
		}
		const found = this.seen(this.disk.attributes(path));
		this.attributes.set(path, { found, until: this.believedUntil() });
		return found;
	}

	list(path: string): string[] {
		const known = this.lists.get(path);
		if (known && known.until > this.options.monotonic()) {
			return [...known.names];
		}
		const folder = this.disk.find(path);
		if (!folder) {
			throw new DiskError('ENOENT', path);
		}
		if (folder.kind !== 'folder') {
			throw new DiskError('ENOTDIR', path);
		}
		const names = new Set([...folder.entries.keys()].sort());
		this.lists.set(path, { names, until: this.believedUntil() });
		return [...names];
	}

	/** Looks up the name on the server and drops what was read before (close-to-open). Returns the inode number. */
	open(path: string, flags: { readonly create: boolean; readonly exclusive: boolean }): number {
		let inode = this.disk.find(path);
		if (inode && flags.create && flags.exclusive) {
			throw new DiskError('EEXIST', path);
		}
		if (!inode) {
			if (!flags.create) {
				throw new DiskError('ENOENT', path);
			}
			inode = this.disk.create(path, 'file');
			this.changed(path, true);
		}
		if (inode.kind === 'folder') {
			return inode.ino;
		}
		this.refresh(inode.ino);
		this.attributes.set(path, { found: this.seen(attributesOf(inode)), until: this.believedUntil() });
		return inode.ino;
	}

	fstat(ino: number): Attributes {
		const inode = this.disk.inode(ino);
		if (this.options.local || !inode || inode.kind === 'folder') {
			if (!inode) {
				return { ino, size: this.pages.get(ino)?.data.length ?? 0, mtimeMs: 0, ctimeMs: 0, kind: 'file' };
			}
			return attributesOf(inode);
		}
		return { ...attributesOf(inode), size: this.cached(ino).data.length };
	}

	read(ino: number, length: number, at: number): Buffer {
		if (this.options.local) {
			const data = this.disk.inode(ino)?.data ?? this.pages.get(ino)?.data ?? Buffer.alloc(0);
			return Buffer.from(data.subarray(at, at + length));
		}
		if (this.options.random() < 0.02) {
			this.refresh(ino);
		}
		return Buffer.from(this.cached(ino).data.subarray(at, at + length));
	}

	*write(ino: number, bytes: Buffer, at: number): Generator<void, void> {
		if (this.options.local) {
			if (!this.disk.inode(ino)) {
				// An open file without a name can be written, and its data is gone once it is closed.
				return;
			}
			const cut = Math.floor(bytes.length * this.options.random());
			this.disk.write(ino, bytes.subarray(0, cut), at);
			yield;
			this.disk.write(ino, bytes.subarray(cut), at + cut);
			return;
		}
		const pages = this.cached(ino);
		pages.data = overlaid(pages.data, bytes, at);
		pages.dirty.push([at, at + bytes.length]);
		if (this.options.random() < 0.3) {
			// The kernel may write back part of the data on its own, from any offset and before data that was written
			// earlier.
			const from = at + Math.floor(bytes.length * this.options.random());
			yield;
			this.flushRange(ino, from, at + bytes.length);
		}
	}

	/** Sends unsent data to the server, piece by piece. */
	*flush(ino: number): Generator<void, void> {
		const pages = this.pages.get(ino);
		while (pages && pages.dirty.length > 0) {
			const [from, to] = pages.dirty[0] ?? [0, 0];
			const middle = this.options.random() < 0.5 ? from : from + Math.floor((to - from) * this.options.random());
			if (middle > from) {
				this.flushRange(ino, from, middle);
				yield;
			}
			this.flushRange(ino, middle, to);
			pages.dirty.shift();
			yield;
		}
	}

	truncate(ino: number, length: number): void {
		this.disk.truncate(ino, length);
		const pages = this.pages.get(ino);
		if (pages) {
			pages.data = Buffer.from(pages.data.subarray(0, length));
			pages.dirty = pages.dirty
				.filter(([from]) => from < length)
				.map(([from, to]): [number, number] => [from, Math.min(to, length)]);
		}
	}

	rename(from: string, to: string): void {
		this.disk.rename(from, to);
		this.changed(from, false);
		this.changed(to, true);
		this.lists.delete(from);
		this.lists.delete(to);
	}

	link(from: string, to: string): void {
		this.disk.link(from, to);
		this.changed(to, true);
	}

	unlink(path: string): void {
		this.disk.unlink(path);
		this.changed(path, false);
	}

	mkdir(path: string): void {
		this.disk.create(path, 'folder');
		this.changed(path, true);
	}

	rmdir(path: string): void {
		this.disk.rmdir(path);
		this.changed(path, false);
		this.lists.delete(path);
	}

	/** Sets a file's times by name. */
	touch(path: string, at: number): void {
		const inode = this.disk.find(path);
		if (!inode) {
			throw new DiskError('ENOENT', path);
		}
		inode.mtime = at;
		inode.ctime = this.disk.now();
	}

	/** The machine loses power, and data that it had not sent is gone. */
	crash(): void {
		this.pages.clear();
		this.attributes.clear();
		this.lists.clear();
	}

	private cached(ino: number): Pages {
		return this.pages.get(ino) ?? this.refresh(ino);
	}

	private refresh(ino: number): Pages {
		const server = this.disk.inode(ino);
		const known = this.pages.get(ino);
		const pages: Pages = { data: Buffer.from(server?.data ?? known?.data ?? []), dirty: known?.dirty ?? [] };
		for (const [from, to] of known && server ? pages.dirty : []) {
			pages.data = overlaid(pages.data, known?.data.subarray(from, to) ?? Buffer.alloc(0), from);
		}
		this.pages.set(ino, pages);
		return pages;
	}

	private flushRange(ino: number, from: number, to: number): void {
		const { data } = this.cached(ino);
		let [start, end] = [from, Math.min(to, data.length)];
		if (this.options.random() < 0.3) {
			// Whole pages are sent, with whatever this machine believes is around the bytes written.
			start = Math.floor(start / 512) * 512;
			end = Math.min(Math.ceil(end / 512) * 512, data.length);
		}
		if (end > start) {
			this.disk.write(ino, data.subarray(start, end), start);
		}
	}

	/**
	 * Records that a name changed through this machine. The machine knows this change, but not what others changed
	 * beside it.
	 */
	private changed(path: string, isThere: boolean): void {
		this.attributes.delete(path);
		const cut = path.lastIndexOf('/');
		const names = this.lists.get(path.slice(0, cut))?.names;
		if (isThere) {
			names?.add(path.slice(cut + 1));
		} else {
			names?.delete(path.slice(cut + 1));
		}
	}

	private seen(found: Attributes | undefined): Attributes | undefined {
		const size =
			found && this.pages.get(found.ino)?.dirty.length ? this.pages.get(found.ino)?.data.length : undefined;
		return found && size !== undefined ? { ...found, size: Math.max(size, found.size) } : found;
	}

	private believedUntil(): number {
		if (this.options.local || this.options.random() < 0.4) {
			return -1;
		}
		return this.options.monotonic() + staleFor * this.options.random() ** 2;
	}
}

function attributesOf(inode: Inode): Attributes {
	return { ino: inode.ino, size: inode.data.length, mtimeMs: inode.mtime, ctimeMs: inode.ctime, kind: inode.kind };
}

/** Returns `data` with `bytes` at `at`; a gap before them is filled with zeros. */
function overlaid(data: Buffer, bytes: Uint8Array, at: number): Buffer {
	const whole = Buffer.alloc(Math.max(data.length, at + bytes.length));
	data.copy(whole);
	whole.set(bytes, at);
	return whole;
}
