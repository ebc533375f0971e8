import type { RoundEntry } from '../../core/rounds/round.ts';
import { isAncestor, roundName } from '../../core/rounds/round.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { knownScope } from './identities.ts';
import { pack, unpackString } from '../engine/packed.ts';
import { at, bool, scope, shortText, splitName } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import { StatError } from '../../core/errors/statError.ts';

export function rounds(context: Context): Reads['rounds']['result'] {
	return readRounds(context);
}

/** Returns the rounds by student and number. */
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
			`SELECT q.qid, q.split, q.subject, q.level, q.benchmark,
				coalesce(sum(a.verdict), 0), count(a.verdict), count(*), max(CASE WHEN a.sample = 0 THEN a.verdict END)
			FROM (SELECT q.id, q.qid, q.split, q.subject, q.level, q.benchmark
				FROM question q CROSS JOIN tally t ON t.scope = ?1 AND t.question = q.id
				WHERE q.qid > ?2 AND q.split <> 0 ORDER BY q.qid LIMIT ?3) q
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

export const roundShape: z.ZodType<RoundEntry> = z.object({
	...scope,
	parent: z.object(scope).nullable(),
	job: shortText.nullable(),
	dataset: shortText.nullable(),
	recipe: z.enum(['sft', 'grpo']).nullable(),
	model: shortText.nullable(),
	benchmark: shortText.nullable(),
	control: z.boolean(),
	note: shortText.nullable(),
	at,
});

export const setRound = defineVerb<Writes['setRound']['params'], RoundEntry, Writes['setRound']['result']>(
	'setRound',
	['rounds'],
	{
		params: z.object({ round: roundShape, replace: z.boolean() }),
		record: roundShape,
		write(context, { round, replace }) {
			const known = new Map(readRounds(context).map((entry) => [roundName(entry), entry]));
			const there = known.get(roundName(round));
			if (there && JSON.stringify({ ...there, at: '' }) === JSON.stringify({ ...round, at: '' })) {
				return { result: { changed: false }, record: null };
			}
			if (there && !replace) {
				const name = roundName(round);
				throw there.dataset === null
					? new StatError('store.roundExists', { round: name })
					: new StatError('store.roundTrained', { round: name, dataset: there.dataset });
			}
			if (round.parent && isAncestor(round, round.parent, known)) {
				throw new StatError('store.roundCycle', { round: roundName(round), parent: roundName(round.parent) });
			}
			keep(context, round);
			return { result: { changed: true }, record: round };
		},
		replay: keep,
	},
);

function keep({ db }: Context, round: RoundEntry): void {
	db.run(
		'INSERT OR REPLACE INTO round (student, round, body) VALUES (?, ?, ?)',
		round.student,
		round.round,
		pack(JSON.stringify(round)),
	);
}
