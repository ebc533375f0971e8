import type { JsonRow } from './jsonRows.ts';

/** A row of a Parquet or Arrow table, as it would be in JSON. */
export class TableRow implements JsonRow {
	readonly value: unknown;
	readonly problem = null;

	constructor(
		readonly line: number,
		object: Record<string, unknown>,
	) {
		this.value = plainValue(object, 0);
	}

	/** Used only to show a row that has a problem. */
	get text(): string {
		return JSON.stringify(this.value, (_key, value: unknown) =>
			typeof value === 'string' ? value.slice(0, 500) : value,
		).slice(0, 4000);
	}
}

/** Returns the value as it would be in JSON. */
function plainValue(value: unknown, depth: number): unknown {
	if (typeof value === 'bigint') {
		return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= -BigInt(Number.MAX_SAFE_INTEGER)
			? Number(value)
			: String(value);
	}
	if (typeof value !== 'object' || value === null) {
		return value;
	}
	if (depth > 32 || value instanceof Uint8Array) {
		return undefined;
	}
	if (value instanceof Date) {
		return value.toISOString();
	}
	if (Array.isArray(value) || ArrayBuffer.isView(value)) {
		return Array.from(value as ArrayLike<unknown>, (element) => plainValue(element, depth + 1));
	}
	const result = Object.create(null) as Record<string, unknown>;
	for (const [name, field] of Object.entries(value)) {
		result[name] = plainValue(field, depth + 1);
	}
	return result;
}
