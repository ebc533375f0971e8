import path from 'node:path';
import type { Mark } from './journal.ts';
import { decodeMark, encodeLine } from './journal.ts';
import type { Machine } from './machine.ts';
import { createNew, openToWriteIfThere, readIfThere } from './projectFiles.ts';

/** Minimum time in ms between two writes of the mark. */
const rest = 1000;

/**
 * The file `lock.mark`, which states how far the project had come, so that a truncated journal is recognised. It is not
 * synced, because a mark that lags behind is still true.
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

	/** Writes the mark, but at most once a second unless `isLast` is set. */
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
			// Only a warning depends on it.
		}
	}

	/** Returns the mark, or `undefined` if there is no complete one. */
	read(): Mark | undefined {
		try {
			const bytes = readIfThere(this.file, this.machine.files);
			return bytes && decodeMark(bytes.subarray(0, -1));
		} catch {
			return undefined;
		}
	}
}
