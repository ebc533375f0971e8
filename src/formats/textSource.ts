/** A text that is read from its beginning, also out of a `.gz` or `.zst` file. A BOM is left out. */
export interface TextSource {
	/** Size of the file on disk. */
	readonly size: number;
	/** Reads up to `length` bytes into `buffer` at `offset`; returns 0 at the end. */
	read(buffer: Buffer, offset: number, length: number): Promise<number>;
	/** Returns how much of the file is behind the text read so far, less `carried` bytes of it. */
	done(carried: number): number;
	/** Set at the end if the text is not whole: its compressed file was cut or is damaged. */
	readonly broken: string | null;
	close(): Promise<void>;
}
