import type { BenchmarkEntry, EvaluationEntry } from '../../core/rounds/evaluationEntry.ts';
import type { QuestionId, Split } from '../../core/questions/question.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { knownScope, questionRow, scopeRow } from './identities.ts';
import { pack, unpackString } from '../engine/packed.ts';
import { at, personName, qid, scope, shortText, splitName } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import type { BenchmarkSettings } from '../../core/questions/benchmark.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { gradingForms, readGradingRule } from '../../core/questions/gradingRule.ts';

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

/** Projects of 0.1 say `answer` for `math`. */
const grading = z.string().transform((text, context): GradingRule => {
	const rule = readGradingRule(text);
	if (rule === undefined) {
		context.addIssue({ code: 'custom', message: `expected ${gradingForms}` });
	}
	return rule ?? 'math';
});

const settings = {
	metric: z.enum(['pass@1', 'avg@k', 'pass@k']),
	samples: z.int().min(1).max(100_000),
	temperature: z.number().min(0).max(10),
	grading,
} satisfies Record<keyof BenchmarkSettings, z.ZodType>;

export const benchmarkShape: z.ZodType<BenchmarkEntry> = z.object({
	...settings,
	name: personName,
	about: shortText,
	seed: z.number(),
	validation: z.int().min(0),
});

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const result = z.object({
	n: count,
	pass1: share.nullable(),
	avgk: share.nullable(),
	passk: share.nullable(),
	ci95: z.tuple([share, share]).nullable(),
	unsure: count,
	unanswered: count,
	withoutGold: count,
});
export const evaluationShape: z.ZodType<EvaluationEntry> = z.object({
	...scope,
	id: z.string().regex(/^[0-9a-f]{12}$/, 'expected an evaluation id (12 hex digits)'),
	model: shortText,
	by: shortText,
	template: shortText,
	topP: z.number().nullable(),
	maxTokens: count.nullable(),
	benchmarks: z
		.array(
			z.object({
				...settings,
				benchmark: personName,
				part: z.enum(['validation', 'test', 'all']),
				result: result.nullable(),
			}),
		)
		.max(1000),
	begunAt: at,
	endedAt: at.nullable(),
});

const benchmarkParams = z.object({ benchmark: benchmarkShape, questions: z.array(qid) });

export const setBenchmark = defineVerb<
	Writes['setBenchmark']['params'],
	Writes['setBenchmark']['params'],
	Writes['setBenchmark']['result']
>('setBenchmark', ['evaluations'], {
	params: benchmarkParams,
	record: benchmarkParams,
	write: (context, params) => ({ result: { added: keepBenchmark(context, params) }, record: params }),
	replay: keepBenchmark,
});

function keepBenchmark({ db }: Context, { benchmark, questions }: Writes['setBenchmark']['params']): number {
	db.run(
		'INSERT INTO benchmark (name, body) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET body = ?2',
		benchmark.name,
		pack(JSON.stringify(benchmark)),
	);
	const id = db.number('SELECT id FROM benchmark WHERE name = ?', benchmark.name);
	let added = 0;
	for (const question of questions) {
		db.run(
			'INSERT OR IGNORE INTO benchmark_question (benchmark, question) SELECT ?, id FROM question ' +
				'WHERE qid = ? AND split <> 0',
			id,
			question,
		);
		added += db.changed();
	}
	return added;
}

const evaluationParams = z.object({
	evaluation: evaluationShape,
	questions: z
		.array(z.object({ benchmark: personName, ids: z.array(qid) }))
		.max(1000)
		.nullable(),
});

export const setEvaluation = defineVerb<
	Writes['setEvaluation']['params'],
	Writes['setEvaluation']['params'],
	Writes['setEvaluation']['result']
>('setEvaluation', ['evaluations'], {
	params: evaluationParams,
	record: evaluationParams,
	write(context, params) {
		keepEvaluation(context, params);
		return { result: {}, record: params };
	},
	replay: keepEvaluation,
});

function keepEvaluation({ db }: Context, { evaluation, questions }: Writes['setEvaluation']['params']): void {
	db.run(
		'INSERT INTO evaluation (eid, scope, body) VALUES (?1, ?2, ?3) ON CONFLICT (eid) DO UPDATE SET ' +
			'scope = ?2, body = ?3',
		evaluation.id,
		scopeRow(db, evaluation),
		pack(JSON.stringify(evaluation)),
	);
	if (questions === null) {
		return;
	}
	const id = db.number('SELECT id FROM evaluation WHERE eid = ?', evaluation.id);
	db.run('DELETE FROM evaluation_question WHERE evaluation = ?', id);
	for (const { benchmark, ids } of questions) {
		for (const question of ids) {
			const row = questionRow(db, question);
			if (row !== undefined) {
				db.run(
					'INSERT OR IGNORE INTO evaluation_question (evaluation, benchmark, question) VALUES (?, ?, ?)',
					id,
					benchmark,
					row,
				);
			}
		}
	}
}
