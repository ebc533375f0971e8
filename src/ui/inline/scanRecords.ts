/** A string in a record: its JSON lies in source [from, to), without the quotes. */
export interface RecordString {
	readonly from: number;
	readonly to: number;
	/** It is the value of a field (a question may be), not an element of a list (samples are). */
	readonly inField: boolean;
}

/** One object with what it says; [from, to) in the source. */
export interface JsonRecord {
	readonly from: number;
	readonly to: number;
	readonly strings: readonly RecordString[];
}

/** More strings than this in one record are not looked at. */
const maxStrings = 2000;

/**
 * The records of a JSON text: objects in a list, the outermost ones; before them what stands outside any. One pass that
 * only looks for strings and brackets: a text that is not quite JSON (being typed, NaN) gives what can be seen of it.
 */
export function scanRecords(source: string): JsonRecord[] {
	const records: JsonRecord[] = [];
	const open: string[] = [];
	const outside: RecordString[] = [];
	let record: { from: number; depth: number; strings: RecordString[] } | undefined;
	const notable = /["[\]{}]/g;
	for (let match = notable.exec(source); match; match = notable.exec(source)) {
		const { index } = match;
		switch (match[0]) {
			case '"': {
				const end = closingQuote(source, index + 1);
				if (end < 0) {
					notable.lastIndex = source.length;
					break;
				}
				const strings = record?.strings ?? outside;
				if (end > index + 1 && strings.length < maxStrings && !isKey(source, end + 1, open.at(-1))) {
					strings.push({ from: index + 1, to: end, inField: open.at(-1) === '{' });
				}
				notable.lastIndex = end + 1;
				break;
			}
			case '{':
				if (!record && open.at(-1) === '[') {
					record = { from: index, depth: open.length, strings: [] };
				}
				open.push('{');
				break;
			case '[':
				open.push('[');
				break;
			default:
				open.pop();
				if (record && open.length <= record.depth) {
					records.push({ from: record.from, to: index + 1, strings: record.strings });
					record = undefined;
				}
		}
	}
	if (record) {
		records.push({ from: record.from, to: source.length, strings: record.strings });
	}
	if (outside.length > 0) {
		records.unshift({ from: 0, to: source.length, strings: outside });
	}
	return records;
}

/** One object on its line: all its strings, however deep. */
export function scanLine(line: string): JsonRecord | null {
	const [only, ...more] = scanRecords(`[${line}]`);
	if (!only || more.length > 0) {
		return null;
	}
	return {
		from: only.from - 1,
		to: only.to - 1,
		strings: only.strings.map(({ from, to, inField }) => ({ from: from - 1, to: to - 1, inField })),
	};
}

function isKey(source: string, after: number, container: string | undefined): boolean {
	if (container !== '{') {
		return false;
	}
	let at = after;
	while (' \t\r\n'.includes(source.charAt(at)) && at < source.length) {
		at += 1;
	}
	return source.charAt(at) === ':';
}

/** The index of the quote that ends a string begun before `from`, or -1. */
function closingQuote(source: string, from: number): number {
	for (let quote = source.indexOf('"', from); quote >= 0; quote = source.indexOf('"', quote + 1)) {
		let backslashes = 0;
		while (quote - 1 - backslashes >= from && source.charAt(quote - 1 - backslashes) === '\\') {
			backslashes += 1;
		}
		if (backslashes % 2 === 0) {
			return quote;
		}
	}
	return -1;
}
