import type { FieldsUsed } from '../core/ports/files.ts';
import type { Row, RowReader } from './rowReader.ts';
import { sourcesOf } from './ours.ts';

/** Rows whose fields are looked at, and names that are listed: a table of a thousand columns stays readable. */
const mostRows = 2_000;
const mostNames = 100;
/** Names of fields that number or time a row. */
const bookkeeping =
	/(?:^|[_-])(?:id|ids|idx|index|hash|uuid|uid|time|timestamp|date|tokens?|length|latency|seed|url)$/i;

/** Notes which fields of a file were read, and which others hold text or numbers. */
export class FieldUse {
	private readonly holding = new Set<string>();
	private rows = 0;

	constructor(private readonly reader: RowReader) {}

	see(row: Row): void {
		if (this.rows++ >= mostRows || this.holding.size >= mostNames) {
			return;
		}
		for (const name of Object.keys(row)) {
			if (!this.holding.has(name) && holdsText(row[name])) {
				this.holding.add(name);
			}
		}
	}

	soFar(): FieldsUsed {
		const used = [...this.reader.used].slice(0, mostNames);
		const tops = new Set(
			used.flatMap((from) => sourcesOf({ value: null, from })).flatMap((name) => [name, name.split('.')[0]]),
		);
		return { used, unused: [...this.holding].filter((name) => !tops.has(name) && !bookkeeping.test(name)) };
	}
}

function holdsText(value: unknown): boolean {
	if (Array.isArray(value)) {
		return value.some((element) => typeof element === 'string' && element.trim() !== '');
	}
	return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
}
