import * as z from 'zod';
import type { Answer, AnswerDigest, Verdict } from '../../core/questions/answer.ts';
import type { Reads } from '../../core/ports/store.ts';
import { knownScope, questionRow } from '../tables/identities.ts';
import { unpackString } from '../engine/packed.ts';
import { bool, splitName, steps, stepScores } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';

/** What lies beside an answer's text. A segment may come from a stranger, so it is checked. */
const beside = z.object({ stepScores: stepScores.nullable(), steps });

export function answers(context: Context, params: Reads['answers']['params']): readonly Answer[] {
	const { db, texts } = context;
	const scope = knownScope(db, params);
	const question = questionRow(db, params.questionId);
	if (scope === undefined || question === undefined) {
		return [];
	}
	return db
		.all(
			'SELECT sample, segment, offset, length, verdict, log, extracted FROM answer WHERE scope = ? ' +
				'AND question = ? ORDER BY sample',
			scope,
			question,
		)
		.map((row) => {
			const stored = texts.read([Number(row[1]), Number(row[2]), Number(row[3])]);
			const extra = beside.safeParse(stored.extra);
			return {
				student: params.student,
				round: params.round,
				questionId: params.questionId,
				sample: Number(row[0]),
				text: stored.text,
				extracted: unpackString(row[6]),
				verdict: bool(row[4]),
				logVerdict: bool(row[5]),
				stepScores: extra.success ? extra.data.stepScores : null,
				steps: extra.success ? extra.data.steps : [],
			};
		});
}

type Digest = Reads['digests']['result'][number];

export function digests({ db }: Context, params: Reads['digests']['params']): readonly Digest[] {
	const scope = knownScope(db, params);
	if (scope === undefined) {
		return [];
	}
	const found: Digest[] = [];
	let current:
		| { id: string; samples: number[]; verdicts: Verdict[]; extracted: (string | null)[]; words: number[] }
		| undefined;
	db.each(
		`SELECT q.qid, q.gold, q.split, a.sample, a.verdict, a.extracted, a.words, a.last, a.mean, a.least
		FROM (SELECT q.id, q.qid, q.gold, q.split FROM question q CROSS JOIN tally t ON t.scope = ?1 AND t.question = q.id WHERE q.qid > ?2 AND q.split <> 0 ORDER BY q.qid LIMIT ?3) q
		CROSS JOIN answer a ON a.scope = ?1 AND a.question = q.id ORDER BY q.qid, a.sample`,
		[scope, params.after ?? '', params.limit],
		([id, gold, split, sample, verdict, extracted, words, last, mean, least]) => {
			if (!current || current.id !== id) {
				current = { id: String(id), samples: [], verdicts: [], extracted: [], words: [] };
				const reward: AnswerDigest['reward'] =
					sample === 0 && typeof last === 'number' && typeof mean === 'number'
						? { last, mean, minBeforeLast: typeof least === 'number' ? least : null }
						: null;
				found.push({
					questionId: current.id,
					samples: current.samples,
					verdicts: current.verdicts,
					extracted: current.extracted,
					words: current.words,
					reward,
					gold: unpackString(gold),
					split: splitName(split),
				});
			}
			current.samples.push(Number(sample));
			current.verdicts.push(bool(verdict));
			current.extracted.push(unpackString(extracted));
			current.words.push(Number(words));
		},
	);
	return found;
}

export function students({ db }: Context): Reads['students']['result'] {
	const rounds = new Map<string, { round: number; questions: number; answers: number; samples: number }[]>();
	let last: { student: string; round: number } | null = null;
	let latest = -1;
	db.each(
		'SELECT s.student, s.round, s.imported, count(t.question), coalesce(sum(t.samples), 0), ' +
			'coalesce(max(t.samples), 0) FROM scope s LEFT JOIN tally t ON t.scope = s.id GROUP BY s.id ORDER ' +
			'BY s.student, s.round',
		[],
		([student, round, imported, questions, answered, samples]) => {
			const name = String(student);
			const list = rounds.get(name) ?? [];
			rounds.set(name, list);
			list.push({
				round: Number(round),
				questions: Number(questions),
				answers: Number(answered),
				samples: Number(samples),
			});
			if (imported !== null && Number(imported) > latest) {
				latest = Number(imported);
				last = { student: name, round: Number(round) };
			}
		},
	);
	return { students: [...rounds].map(([student, list]) => ({ student, rounds: list })), last };
}
