import * as z from 'zod';
import type { RoundEntry } from '../../core/rounds/round.ts';
import { isAncestor, roundName } from '../../core/rounds/round.ts';
import { StatError } from '../../core/run.ts';
import type { Writes } from '../../core/ports/store.ts';
import { pack } from '../engine/packed.ts';
import { readRounds } from '../queries/rounds.ts';
import { at, scope, shortText } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import { defineVerb } from '../tables/verb.ts';

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
				throw new StatError(
					`round ${roundName(round)} is known ` +
						`already${there.dataset === null ? '' : `, trained on ${there.dataset}`}: give another ` +
						'number, or --replace',
					'usage',
				);
			}
			if (round.parent && isAncestor(round, round.parent, known)) {
				throw new StatError(
					`round ${roundName(round)} cannot come from ${roundName(round.parent)}, which comes from it`,
					'usage',
				);
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
