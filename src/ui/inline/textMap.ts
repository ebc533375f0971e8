/**
 * Maps the characters of a text to a document that shows the text differently: escaped in a JSON string, or indented
 * line by line. The map consists of pieces: runs that are unchanged, and escapes (several characters in the document,
 * one unit in the text). All offsets are in UTF-16 units; document offsets are relative to the start of the record.
 */
export class TextMap {
	private readonly there: number[] = [];
	private readonly thereEnd: number[] = [];
	private readonly here: number[] = [];
	private readonly hereEnd: number[] = [];

	constructor(readonly text: string) {}

	/**
	 * Adds the next piece; pieces must be added in ascending order. The document range [there, thereEnd) shows the text
	 * range [here, hereEnd).
	 */
	add(there: number, thereEnd: number, here: number, hereEnd: number): this {
		this.there.push(there);
		this.thereEnd.push(thereEnd);
		this.here.push(here);
		this.hereEnd.push(hereEnd);
		return this;
	}

	/** The document range [from, to) that shows the text. */
	get span(): readonly [number, number] {
		return [this.there[0] ?? 0, this.thereEnd.at(-1) ?? 0];
	}

	/**
	 * Returns the document offset at which the text's unit `offset` begins; for the end of the text, the offset at
	 * which it ends.
	 */
	toDocument(offset: number): number {
		const at = lastAtMost(this.here, offset);
		if (at < 0) {
			return this.span[0];
		}
		const [there = 0, thereEnd = 0, here = 0, hereEnd = 0] = [
			this.there[at],
			this.thereEnd[at],
			this.here[at],
			this.hereEnd[at],
		];
		if (offset >= hereEnd) {
			return thereEnd;
		}
		return isRun(there, thereEnd, here, hereEnd) ? there + offset - here : there;
	}

	/**
	 * Returns the document ranges that show text [start, end): a single one in JSON, or one per line if the text is
	 * shown line by line.
	 */
	ranges(start: number, end: number): (readonly [number, number])[] {
		const ranges: [number, number][] = [];
		for (
			let at = Math.max(0, lastAtMost(this.here, start));
			at < this.here.length && (this.here[at] ?? 0) < end;
			at++
		) {
			const [there = 0, thereEnd = 0, here = 0, hereEnd = 0] = [
				this.there[at],
				this.thereEnd[at],
				this.here[at],
				this.hereEnd[at],
			];
			if (hereEnd <= start) {
				continue;
			}
			const run = isRun(there, thereEnd, here, hereEnd);
			const from = run ? there + Math.max(0, start - here) : there;
			const to = run ? there + Math.min(end, hereEnd) - here : thereEnd;
			const open = ranges.at(-1);
			if (open && open[1] === from) {
				open[1] = to;
			} else {
				ranges.push([from, to]);
			}
		}
		return ranges;
	}

	/**
	 * Returns the map of only this text's [start, end), as the part of `text` that begins at `at`. Escapes are not cut.
	 */
	part(start: number, end: number, text: string, at: number): TextMap {
		const map = new TextMap(text);
		for (
			let piece = Math.max(0, lastAtMost(this.here, start));
			piece < this.here.length && (this.here[piece] ?? 0) < end;
			piece++
		) {
			const [there = 0, thereEnd = 0, here = 0, hereEnd = 0] = [
				this.there[piece],
				this.thereEnd[piece],
				this.here[piece],
				this.hereEnd[piece],
			];
			const [from, to] = [Math.max(start, here), Math.min(end, hereEnd)];
			if (from < to) {
				const run = isRun(there, thereEnd, here, hereEnd);
				map.add(
					run ? there + from - here : there,
					run ? there + to - here : thereEnd,
					at + from - start,
					at + to - start,
				);
			}
		}
		return map;
	}

	/**
	 * Returns the text's [start, end) that a selection [from, to) touches; selecting part of an escape selects all of
	 * it. Returns `null` if it touches none.
	 */
	toText(from: number, to: number): readonly [number, number] | null {
		let start = -1;
		let end = -1;
		for (
			let at = Math.max(0, lastAtMost(this.there, from));
			at < this.there.length && (this.there[at] ?? 0) < to;
			at++
		) {
			const [there = 0, thereEnd = 0, here = 0, hereEnd = 0] = [
				this.there[at],
				this.thereEnd[at],
				this.here[at],
				this.hereEnd[at],
			];
			if (thereEnd <= from) {
				continue;
			}
			const run = isRun(there, thereEnd, here, hereEnd);
			if (start < 0) {
				start = run ? here + Math.max(0, from - there) : here;
			}
			end = run ? here + Math.min(to, thereEnd) - there : hereEnd;
		}
		return from >= to || start < 0 || end <= start ? null : [start, end];
	}
}

function isRun(there: number, thereEnd: number, here: number, hereEnd: number): boolean {
	return thereEnd - there === hereEnd - here;
}

/** Returns the index of the last value in an ascending list that is at most `limit`, or -1. */
function lastAtMost(values: readonly number[], limit: number): number {
	let low = 0;
	let high = values.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((values[middle] ?? 0) <= limit) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low - 1;
}

/**
 * Decodes the string whose JSON is source [from, to), without its quotes; returns `null` if it is not a JSON string.
 */
export function decodeJson(source: string, from: number, to: number): string | null {
	try {
		return JSON.parse(source.slice(from - 1, to + 1)) as string;
	} catch {
		return null;
	}
}

/** Returns the map of that string. `text` is the result of {@link decodeJson}. */
export function jsonMap(source: string, from: number, to: number, text: string): TextMap {
	const map = new TextMap(text);
	let here = 0;
	for (let at = from; at < to;) {
		const escape = source.indexOf('\\', at);
		const end = escape < 0 || escape >= to ? to : escape;
		if (end > at) {
			map.add(at, end, here, here + end - at);
			here += end - at;
		}
		if (end < to) {
			const length = source.charAt(end + 1) === 'u' ? 6 : 2;
			map.add(end, end + length, here, here + 1);
			here += 1;
			at = end + length;
		} else {
			at = to;
		}
	}
	return map;
}
