import type { EvaluationEntry } from '../../core/rounds/evaluationEntry.ts';
import type { QuestionId, Split } from '../../core/questions/question.ts';
import type { Reads } from '../../core/ports/store.ts';
import { knownScope } from '../tables/identities.ts';
import { pack, unpackString } from '../engine/packed.ts';
import { splitName } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import { benchmarkShape, evaluationShape } from '../verbs/evaluations.ts';

export function benchmarkEntries({ db }: Context): Reads['benchmarkEntries']['result'] {
	return db.all('SELECT id, body FROM benchmark ORDER BY name').map(([id, body]) => {
		const questions: Record<Split, number> = { train: 0, validation: 0, test: 0 };
		db.each(
			'SELECT q.split, count(*) FROM benchmark_question b JOIN question q ON q.id = b.question WHERE ' +
				'b.benchmark = ? GROUP BY q.split',
			[Number(id)],
			([split, count]) => {
				questions[splitName(split)] = Number(count);
			},
		);
		return { benchmark: benchmarkShape.parse(JSON.parse(unpackString(body) ?? 'null')), questions };
	});
}

export function benchmarkQuestions(
	{ db }: Context,
	{ name }: Reads['benchmarkQuestions']['params'],
): Reads['benchmarkQuestions']['result'] {
	return db
		.all(
			'SELECT qid, split, gold FROM question WHERE split <> 0 AND (benchmark IS ?1 OR id IN (SELECT ' +
				'b.question FROM benchmark_question b JOIN benchmark n ON n.id = b.benchmark WHERE n.name = ' +
				'?2)) ORDER BY qid',
			pack(name),
			name,
		)
		.map(([id, split, gold]) => ({ id: String(id), split: splitName(split), gold: unpackString(gold) }));
}

export function evaluations({ db }: Context, { scope }: Reads['evaluations']['params']): readonly EvaluationEntry[] {
	const rows =
		scope === null
			? db.all('SELECT body FROM evaluation ORDER BY id DESC')
			: db.all('SELECT body FROM evaluation WHERE scope = ? ORDER BY id DESC', knownScope(db, scope) ?? -1);
	return rows.map(([body]) => evaluationShape.parse(JSON.parse(unpackString(body) ?? 'null')));
}

export function evaluationQuestions(
	{ db }: Context,
	{ id }: Reads['evaluationQuestions']['params'],
): Reads['evaluationQuestions']['result'] {
	const ids = new Map<string, QuestionId[]>();
	db.each(
		'SELECT e.benchmark, q.qid FROM evaluation_question e JOIN question q ON q.id = e.question WHERE ' +
			'e.evaluation = (SELECT id FROM evaluation WHERE eid = ?) ORDER BY e.benchmark, q.qid',
		[id],
		([benchmark, question]) => {
			const known = ids.get(String(benchmark)) ?? [];
			known.push(String(question));
			ids.set(String(benchmark), known);
		},
	);
	return [...ids].map(([benchmark, questions]) => ({ benchmark, ids: questions }));
}
