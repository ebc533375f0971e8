import * as z from 'zod';
import type { Writes } from '../../core/ports/store/store.ts';
import { personName } from './shapes.ts';
import { defineVerb } from './verb.ts';

const params = z.object({ key: personName, value: z.json() });
/** The database holds the value as ASCII JSON, so that every string survives. */
const record = z.object({ key: personName, json: z.string().refine(isJson, 'expected JSON') });

export const setSetting = defineVerb<
	Writes['setSetting']['params'],
	{ key: string; json: string },
	Writes['setSetting']['result']
>('setSetting', ['settings'], {
	params,
	record,
	write({ db }, { key, value }) {
		const json = ascii(JSON.stringify(value));
		if (db.get('SELECT value FROM setting WHERE key = ?', key)?.[0] === json) {
			return { result: {}, record: null };
		}
		db.run('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)', key, json);
		return { result: {}, record: { key, json } };
	},
	replay({ db }, { key, json }) {
		db.run(
			'INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)',
			key,
			ascii(JSON.stringify(JSON.parse(json))),
		);
	},
});

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function ascii(json: string): string {
	return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
