import path from 'node:path';
import type { Mark } from './journal.ts';
import { decodeMark, encodeLine } from './journal.ts';
import type { Machine } from './machine.ts';
import { createNew, openToWriteIfThere, readIfThere } from './projectFiles.ts';

/** How long a mark is left unchanged, ms. */
const rest = 1000;

/**
 * `lock.mark`: how far the project had come, so that a journal that was cut is recognised. It is not synced, since a
 * mark that is behind is still true.
 */
export class MarkFile {
	private readonly file: string;
	/** When it was last written, by the monotonic clock. */
	private written = Number.NEGATIVE_INFINITY;

	constructor(
		folder: string,
		private readonly machine: Machine,
	) {
		this.file = path.join(folder, 'lock.mark');
	}

	/** Writes the mark, but at most once a second unless it `isLast`. */
	write(mark: Mark, isLast: boolean): void {
		const now = this.machine.monotonic();
		if (!isLast && now - this.written < rest) {
			return;
		}
		this.written = now;
		const { files } = this.machine;
		const bytes = encodeLine(mark);
		try {
			const fd = openToWriteIfThere(this.file, files) ?? createNew(this.file, files);
			if (fd !== undefined) {
				try {
					files.ftruncateSync(fd, 0);
					files.writeSync(fd, bytes, 0, bytes.length, 0);
				} finally {
					files.closeSync(fd);
				}
			}
		} catch {
			// Nothing depends on it but a warning.
		}
	}

	/** The mark, or `undefined` if there is none that is whole. */
	read(): Mark | undefined {
		try {
			const bytes = readIfThere(this.file, this.machine.files);
			return bytes && decodeMark(bytes.subarray(0, -1));
		} catch {
			return undefined;
		}
	}
}
