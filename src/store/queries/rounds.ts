import type { RoundEntry } from '../../core/rounds/round.ts';
import type { Reads } from '../../core/ports/store.ts';
import { knownScope } from '../tables/identities.ts';
import { unpackString } from '../engine/packed.ts';
import { bool, splitName } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import { roundShape } from '../verbs/rounds.ts';

export function rounds(context: Context): Reads['rounds']['result'] {
	return readRounds(context);
}

/** By student and number. */
export function readRounds({ db }: Context): RoundEntry[] {
	return db
		.all('SELECT body FROM round ORDER BY student, round')
		.map(([body]) => roundShape.parse(JSON.parse(unpackString(body) ?? 'null')));
}

export function scores({ db }: Context, params: Reads['scores']['params']): Reads['scores']['result'] {
	const scope = knownScope(db, params);
	if (scope === undefined) {
		return [];
	}
	return db
		.all(
			`SELECT q.qid, q.split, q.subject, q.level, q.benchmark, coalesce(sum(a.verdict), 0), count(a.verdict), count(*), max(CASE WHEN a.sample = 0 THEN a.verdict END)
			FROM (SELECT q.id, q.qid, q.split, q.subject, q.level, q.benchmark FROM question q CROSS JOIN tally t ON t.scope = ?1 AND t.question = q.id WHERE q.qid > ?2 AND q.split <> 0 ORDER BY q.qid LIMIT ?3) q
			CROSS JOIN answer a ON a.scope = ?1 AND a.question = q.id GROUP BY q.qid ORDER BY q.qid`,
			scope,
			params.after ?? '',
			params.limit,
		)
		.map(([id, split, subject, level, benchmark, right, sure, samples, first]) => ({
			questionId: String(id),
			split: splitName(split),
			subject: unpackString(subject),
			level: level === null ? null : Number(level),
			benchmark: unpackString(benchmark),
			right: Number(right),
			sure: Number(sure),
			samples: Number(samples),
			first: bool(first),
		}));
}
