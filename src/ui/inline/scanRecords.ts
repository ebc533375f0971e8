/** A string in a record: its JSON is source [from, to), without the quotes. */
export interface RecordString {
	readonly from: number;
	readonly to: number;
	/**
	 * Whether it is the value of a field (and so may be a question) rather than an element of a list (as samples are).
	 */
	readonly inField: boolean;
}

/** An object and its strings; it is at [from, to) in the source. */
export interface JsonRecord {
	readonly from: number;
	readonly to: number;
	readonly strings: readonly RecordString[];
}

/** Maximum number of strings in a record; further ones are ignored. */
const maxStrings = 2000;

/**
 * Returns the records in a JSON text: the outermost objects in its lists, preceded by strings that are outside any
 * object. Takes one pass that looks only for strings and brackets, so a text that is not valid JSON (because it is
 * being typed or contains NaN) yields whatever can be recognised.
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

/** Returns the object on one line, with all its strings at any depth. */
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

/** Returns the index of the quote that closes a string opened before `from`, or -1. */
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
