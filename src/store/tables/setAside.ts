import * as z from 'zod';
import type { SetAsideRow } from '../../core/ports/store/setAside.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import { stored } from './joining.ts';
import { pack } from '../engine/packed.ts';
import { at, shortText, textRef } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';

const shared = {
	operation: shortText,
	key: shortText,
	file: shortText.nullable(),
	line: z.int().min(0).nullable(),
	field: shortText.nullable(),
	message: shortText,
	at,
};
const row = z.object({ ...shared, text: z.string().nullable() });
const storedRow = z.object({ ...shared, text: textRef.nullable() });
type StoredRow = z.infer<typeof storedRow>;

export const setAside = defineVerb<Writes['setAside']['params'], { rows: StoredRow[] }, Writes['setAside']['result']>(
	'setAside',
	['setAside'],
	{
		params: z.object({ rows: z.array(row) }),
		record: z.object({ rows: z.array(storedRow) }),
		write(context, { rows }) {
			const records = rows.map((source: SetAsideRow): StoredRow => ({
				...source,
				text: source.text === null ? null : stored(context, source.text.slice(0, 20_000)),
			}));
			const added = records.filter((record) => apply(context, record)).length;
			return { result: { added }, record: records.length > 0 ? { rows: records } : null };
		},
		replay(context, { rows }) {
			for (const record of rows) {
				apply(context, record);
			}
		},
	},
);

/** Replaces an earlier row with the same key; returns true if there was none. */
function apply({ db }: Context, record: StoredRow): boolean {
	const operation = pack(record.operation);
	const key = pack(record.key);
	db.run('DELETE FROM set_aside WHERE operation = ? AND key = ?', operation, key);
	const isNew = db.changed() === 0;
	db.run(
		'INSERT INTO set_aside (operation, key, file, line, field, message, text, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
		operation,
		key,
		pack(record.file),
		record.line,
		pack(record.field),
		pack(record.message),
		pack(record.text),
		pack(record.at),
	);
	return isNew;
}

const clear = z.object({ operation: shortText, keys: z.array(shortText).nullable() });

export const clearSetAside = defineVerb<
	Writes['clearSetAside']['params'],
	Writes['clearSetAside']['params'],
	Writes['clearSetAside']['result']
>('clearSetAside', ['setAside'], {
	params: clear,
	record: clear,
	write(context, params) {
		const cleared = applyClear(context, params);
		return { result: { cleared }, record: cleared > 0 ? params : null };
	},
	replay(context, record) {
		applyClear(context, record);
	},
});

function applyClear({ db }: Context, { operation, keys }: Writes['clearSetAside']['params']): number {
	if (keys === null) {
		db.run('DELETE FROM set_aside WHERE operation = ?', pack(operation));
		return db.changed();
	}
	let cleared = 0;
	for (const key of keys) {
		db.run('DELETE FROM set_aside WHERE operation = ? AND key = ?', pack(operation), pack(key));
		cleared += db.changed();
	}
	return cleared;
}
