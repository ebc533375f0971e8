/**
 * Length of the longest line in bytes. A longer line is cut, so that a file without line breaks cannot fill the memory.
 */
const longestLine = 64 * 1024 * 1024;

/**
 * Yields the lines of a byte stream, splitting only at LF (U+2028 is text), without CR and byte order mark. The last
 * line need not end in LF.
 */
export async function* readLines(input: NodeJS.ReadableStream): AsyncGenerator<string> {
	let parts: Buffer[] = [];
	let size = 0;
	let first = true;
	const finish = (): string => {
		let line = Buffer.concat(parts).toString('utf8');
		parts = [];
		size = 0;
		if (first) {
			first = false;
			line = line.replace(/^\uFEFF/, '');
		}
		return line.endsWith('\r') ? line.slice(0, -1) : line;
	};
	const keep = (part: Buffer): void => {
		if (size < longestLine && part.length > 0) {
			parts.push(part);
			size += part.length;
		}
	};
	for await (const chunk of input) {
		const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
		let start = 0;
		for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
			keep(bytes.subarray(start, end));
			start = end + 1;
			yield finish();
		}
		keep(bytes.subarray(start));
	}
	if (size > 0) {
		yield finish();
	}
}
