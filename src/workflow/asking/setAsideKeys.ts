import type { Store } from '../../core/ports/store/store.ts';

/** Returns the keys that an operation set aside; with `field`, only those set aside because of that field. */
export async function setAsideKeys(
	store: Pick<Store, 'read'>,
	operation: string,
	field?: string,
): Promise<ReadonlySet<string>> {
	const keys = new Set<string>();
	for (let offset = 0; ; offset += 1000) {
		const { total, rows } = await store.read('setAside', { operation, offset, limit: 1000 });
		for (const row of rows) {
			if (field === undefined || row.field === field) {
				keys.add(row.key);
			}
		}
		if (rows.length === 0 || offset + rows.length >= total) {
			return keys;
		}
	}
}
