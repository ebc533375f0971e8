import * as z from 'zod';
import type { Answer, AnswerDigest, Verdict } from '../../core/questions/answer.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { knownScope, questionRow, quickQuestionId, scopeRow, sourceRow } from './identities.ts';
import { pack, pointerOf, unpackString } from '../engine/packed.ts';
import { beside, reward, stepsBeside } from './stepScores.ts';
import { bool, flag, pointer, qid, sample, scope, shortText, splitName, steps, stepScores, verdict } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { QuestionRecord } from './joining.ts';
import { excerpt, joinQuestion, questionFields, questionRecord, replayQuestion } from './joining.ts';

export function answers(context: Context, params: Reads['answers']['params']): readonly Answer[] {
	const { db, texts } = context;
	const scope = knownScope(db, params);
	const question = questionRow(db, params.questionId);
	if (scope === undefined || question === undefined) {
		return [];
	}
	return db
		.all(
			'SELECT sample, segment, offset, length, sum, verdict, log, extracted FROM answer WHERE scope = ? ' +
				'AND question = ? ORDER BY sample',
			scope,
			question,
		)
		.map((row) => {
			const stored = texts.read(pointerOf(row.slice(1, 5)));
			const extra = beside.safeParse(stored.extra);
			return {
				student: params.student,
				round: params.round,
				questionId: params.questionId,
				sample: Number(row[0]),
				text: stored.text,
				extracted: unpackString(row[7]),
				verdict: bool(row[5]),
				logVerdict: bool(row[6]),
				stepScores: extra.success ? extra.data.stepScores : null,
				steps: extra.success ? extra.data.steps : [],
				...(extra.success && extra.data.truncated === true ? { truncated: true } : {}),
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

type AddAnswers = Writes['addAnswers'];

const answerFields = z.object({
	sample,
	text: z.string(),
	extracted: z.string().nullable(),
	verdict,
	logVerdict: verdict,
	stepScores: stepScores.nullable(),
	steps,
	truncated: z.boolean().optional(),
});
const shared = { ...scope, source: shortText, benchmark: shortText.nullable() };
const head = { ...shared, fillsEmpty: z.boolean().optional() };
const headShape = z.object(head);
const params = z.object({
	...head,
	rows: z.array(z.object({ question: questionFields, samples: z.array(answerFields) })),
});

/**
 * An answer in the journal: the index of its question, its sample, the location of its text, and the fields that lists
 * and rules read.
 */
const answerRecord = z.tuple([
	z.int().min(0),
	sample,
	pointer,
	verdict,
	verdict,
	z.string().nullable(),
	z.int().min(0),
	z.number().nullable(),
	z.number().nullable(),
	z.number().nullable(),
]);
type AnswerRecord = z.infer<typeof answerRecord>;
const record = z.object({
	...shared,
	questions: z.array(z.union([qid, questionRecord])),
	answers: z.array(answerRecord),
	/** Indexes of answers that replace an existing one. */
	mended: z.array(z.int().min(0)).optional(),
});
type AnswersRecord = z.infer<typeof record>;

export const addAnswers = defineVerb<AddAnswers['params'], AnswersRecord, AddAnswers['result']>(
	'addAnswers',
	['answers', 'questions'],
	{
		params,
		isPlainlyRight,
		record,
		write(context, params) {
			const { db, texts } = context;
			const scopeId = scopeRow(db, params);
			const source = sourceRow(db, params.source);
			const conflicts: Conflict[] = [];
			const questions: (QuestionId | QuestionRecord)[] = [];
			const answers: AnswerRecord[] = [];
			const mended: number[] = [];
			const ids = new Map<string, QuestionId>();
			const counts = { answers: 0, added: 0, updated: 0, duplicate: 0, refused: 0 };
			let duplicates = 0;
			let refused = 0;
			for (const [index, { question, samples }] of params.rows.entries()) {
				let id = ids.get(question.text);
				if (id === undefined) {
					id = quickQuestionId(question.text);
					ids.set(question.text, id);
				}
				const joined = joinQuestion(
					context,
					question,
					'validation',
					true,
					params.benchmark,
					source,
					index,
					conflicts,
					id,
				);
				counts[joined.outcome]++;
				if (joined.row === undefined) {
					refused += samples.length;
					continue;
				}
				const place = questions.length;
				const first = answers.length;
				const isNew = joined.outcome === 'added';
				for (const answer of samples) {
					const at =
						!isNew || samples.length > 1
							? db.get(
									'SELECT segment, offset, length, sum FROM answer WHERE scope = ? AND ' +
										'question = ? AND sample = ?',
									scopeId,
									joined.row,
									answer.sample,
								)
							: undefined;
					const existing = at && texts.readIfSound(pointerOf(at))?.text;
					const isFilled = params.fillsEmpty === true && existing?.trim() === '' && answer.text.trim() !== '';
					if (existing !== undefined && !isFilled) {
						if (existing === answer.text) {
							duplicates++;
						} else {
							conflicts.push({
								index,
								field: 'answer',
								kept: excerpt(existing),
								offered: excerpt(answer.text),
							});
						}
						continue;
					}
					const [last, mean, least] = reward(answer.stepScores);
					const entry: AnswerRecord = [
						place,
						answer.sample,
						texts.put(
							'answer',
							answer.text,
							stepsBeside(answer.stepScores, answer.steps, answer.truncated),
						),
						answer.verdict,
						answer.logVerdict,
						answer.extracted,
						countWords(answer.text),
						last,
						mean,
						least,
					];
					insertAnswer(context, scopeId, joined.row, entry, at !== undefined);
					if (at) {
						mended.push(answers.length);
					}
					answers.push(entry);
				}
				if (answers.length > first) {
					count(context, scopeId, joined.row);
				}
				if (joined.record ?? answers.length > first) {
					questions.push(joined.record ?? joined.id);
				}
			}
			if (answers.length > 0) {
				db.run('UPDATE scope SET imported = ? WHERE id = ?', context.seq, scopeId);
			}
			return {
				result: {
					answers: answers.length,
					questions: counts.added,
					updated: counts.updated,
					duplicates,
					refused,
					conflicts,
				},
				record:
					questions.length > 0
						? {
								student: params.student,
								round: params.round,
								source: params.source,
								benchmark: params.benchmark,
								questions,
								answers,
								...(mended.length > 0 ? { mended } : {}),
							}
						: null,
			};
		},
		replay(context, record) {
			const { db } = context;
			const scopeId = scopeRow(db, record);
			const source = sourceRow(db, record.source);
			const rows = record.questions.map((question) =>
				typeof question === 'string'
					? questionRow(db, question)
					: replayQuestion(context, question, 'validation', true, record.benchmark, source),
			);
			const touched = new Set<number>();
			const mended = new Set(record.mended);
			for (const [index, answer] of record.answers.entries()) {
				const row = rows[answer[0]];
				if (row !== undefined) {
					insertAnswer(context, scopeId, row, answer, mended.has(index));
					touched.add(row);
				}
			}
			for (const row of touched) {
				count(context, scopeId, row);
			}
			if (touched.size > 0) {
				db.run('UPDATE scope SET imported = ? WHERE id = ?', context.seq, scopeId);
			}
		},
	},
);

function insertAnswer(
	{ db }: Context,
	scopeId: number,
	question: number,
	[, sampleNumber, [segment, offset, length, sum], ours, log, extracted, wordCount, last, mean, least]: AnswerRecord,
	isMended: boolean,
): void {
	db.run(
		`INSERT OR ${isMended ? 'REPLACE' : 'IGNORE'} INTO answer (scope, question, sample, segment, offset, length, ` +
			'sum, verdict, log, extracted, words, last, mean, least) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
		scopeId,
		question,
		sampleNumber,
		segment,
		offset,
		length,
		sum ?? null,
		flag(ours),
		flag(log),
		pack(extracted),
		wordCount,
		last,
		mean,
		least,
	);
}

/**
 * Updates what lists show about a question in a scope: the number of samples, the number of right samples, and the
 * first verdict (2: unsure).
 */
export function count({ db }: Context, scopeId: number, question: number): void {
	db.run(
		'INSERT OR REPLACE INTO tally (scope, question, samples, right, first) SELECT ?1, ?2, count(*), ' +
			'coalesce(sum(verdict), 0), max(CASE WHEN sample = 0 THEN coalesce(verdict, 2) END) FROM answer ' +
			'WHERE scope = ?1 AND question = ?2',
		scopeId,
		question,
	);
}

/**
 * Imports pass a million answers through here, so this makes the schema's checks without making its copies. Anything
 * unusual is left to the schema, which words the error.
 */
function isPlainlyRight(value: unknown): value is AddAnswers['params'] {
	const rows: unknown = headShape.safeParse(value).success ? (value as { rows?: unknown }).rows : undefined;
	return (
		Array.isArray(rows) &&
		rows.every(
			(row: { question?: unknown; samples?: unknown } | null) =>
				questionFields.safeParse(row?.question).success &&
				Array.isArray(row?.samples) &&
				row.samples.every(isSample),
		)
	);
}

function isSample(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) {
		return false;
	}
	const fields = value as Record<string, unknown>;
	return (
		Number.isInteger(fields['sample']) &&
		Number(fields['sample']) >= 0 &&
		Number(fields['sample']) <= 1_000_000 &&
		typeof fields['text'] === 'string' &&
		(fields['extracted'] === null || typeof fields['extracted'] === 'string') &&
		isVerdict(fields['verdict']) &&
		isVerdict(fields['logVerdict']) &&
		(fields['truncated'] === undefined || typeof fields['truncated'] === 'boolean') &&
		(fields['stepScores'] === null ||
			(isShortList(fields['stepScores']) &&
				fields['stepScores'].every((score) => typeof score === 'number' && score >= 0 && score <= 1))) &&
		isShortList(fields['steps']) &&
		fields['steps'].every(
			(span) =>
				isShortList(span) &&
				span.length === 2 &&
				span.every((end) => Number.isSafeInteger(end) && Number(end) >= 0),
		)
	);
}

function isVerdict(value: unknown): boolean {
	return value === null || value === true || value === false;
}

function isShortList(value: unknown): value is unknown[] {
	return Array.isArray(value) && value.length <= 100_000;
}

/** Counts the runs of characters that are not white space. */
function countWords(text: string): number {
	let found = 0;
	let inside = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code <= 32 || (code >= 0xa0 && isWideSpace(code))) {
			inside = 0;
		} else {
			found += 1 - inside;
			inside = 1;
		}
	}
	return found;
}

function isWideSpace(code: number): boolean {
	return code === 0xa0 || (code >= 0x2000 && code <= 0x200a) || code === 0x2028 || code === 0x2029 || code === 0x3000;
}

type SetVerdicts = Writes['setVerdicts'];
const verdictParams = z.object({
	...scope,
	rows: z.array(z.object({ questionId: qid, sample, extracted: z.string().nullable(), verdict })),
});

export const setVerdicts = defineVerb<SetVerdicts['params'], SetVerdicts['params'], SetVerdicts['result']>(
	'setVerdicts',
	['answers'],
	{
		params: verdictParams,
		record: verdictParams,
		write(context, params) {
			const rows = applyVerdicts(context, params);
			return { result: { changed: rows.length }, record: rows.length > 0 ? { ...params, rows } : null };
		},
		replay(context, record) {
			applyVerdicts(context, record);
		},
	},
);

function applyVerdicts(context: Context, params: SetVerdicts['params']): SetVerdicts['params']['rows'][number][] {
	const { db } = context;
	const scopeId = scopeRow(db, params);
	const changed: SetVerdicts['params']['rows'][number][] = [];
	const touched = new Set<number>();
	for (const row of params.rows) {
		const question = questionRow(db, row.questionId);
		if (question === undefined) {
			continue;
		}
		db.run(
			'UPDATE answer SET verdict = ?1, extracted = ?2 WHERE scope = ?3 AND question = ?4 AND sample ' +
				'= ?5 AND (verdict IS NOT ?1 OR extracted IS NOT ?2)',
			flag(row.verdict),
			pack(row.extracted),
			scopeId,
			question,
			row.sample,
		);
		if (db.changed() > 0) {
			changed.push(row);
			touched.add(question);
		}
	}
	for (const question of touched) {
		count(context, scopeId, question);
	}
	return changed;
}
