import * as z from 'zod';
import type { Writes } from '../../core/ports/store/store.ts';
import { questionRow, scopeRow } from './identities.ts';
import { at, flag, personName, qid, scope, verdict } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';

type SetClassification = Writes['setClassification'];
const params = z.object({
	...scope,
	method: personName,
	settings: z.record(z.string().max(100), z.union([z.number(), z.string().max(2000), z.null()])),
	at,
	rows: z.array(z.object({ questionId: qid, difficult: verdict })),
});

export const setClassification = defineVerb<
	SetClassification['params'],
	SetClassification['params'],
	SetClassification['result']
>('setClassification', ['classification'], {
	params,
	record: params,
	write(context, params) {
		return { result: apply(context, params), record: params };
	},
	replay(context, record) {
		apply(context, record);
	},
});

function apply({ db }: Context, params: SetClassification['params']): SetClassification['result'] {
	const scopeId = scopeRow(db, params);
	db.run('DELETE FROM difficulty WHERE scope = ?', scopeId);
	db.run(
		'INSERT OR REPLACE INTO classification (scope, method, settings, at) VALUES (?, ?, ?, ?)',
		scopeId,
		params.method,
		JSON.stringify(params.settings),
		JSON.stringify(params.at),
	);
	let difficult = 0;
	let unclassified = 0;
	for (const row of params.rows) {
		const question = questionRow(db, row.questionId);
		if (question !== undefined) {
			db.run(
				'INSERT OR REPLACE INTO difficulty (scope, question, difficult) VALUES (?, ?, ?)',
				scopeId,
				question,
				flag(row.difficult),
			);
			difficult += row.difficult === true ? 1 : 0;
			unclassified += row.difficult === null ? 1 : 0;
		}
	}
	return { difficult, unclassified };
}
