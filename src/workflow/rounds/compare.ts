import type { ComparedQuestion, Comparison } from '../../core/rounds/comparison.ts';
import { comparing } from '../../core/rounds/comparison.ts';
import type { Score } from '../../core/stats/pairedChange.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Split } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { roundName } from '../../core/rounds/round.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { labelsOf } from '../reading/chunks.ts';
import { profiledOn, questionsOf } from '../questions/profiledOn.ts';

export type ComparedSplit = Exclude<Split, 'train'> | 'all';

export interface CompareOptions {
	readonly before: Scope;
	readonly after: Scope;
	/**
	 * Defaults to `test` if both rounds answered test questions, else to `validation`, where the gain is too optimistic
	 * because those questions guided the training.
	 */
	readonly split?: ComparedSplit | undefined;
	readonly benchmark?: string | undefined;
	/** `first`: only sample 0 (pass@1 as in the paper); `all` (default): the mean over a question's answers. */
	readonly answers?: 'all' | 'first' | undefined;
}

export interface CompareResult extends Comparison {
	readonly before: Scope;
	readonly after: Scope;
	/** The split that was compared: the option, or else the default. */
	readonly split: ComparedSplit;
	/**
	 * Questions not compared, because only one of the rounds answered them or because one of the rounds has no sure
	 * verdict for them.
	 */
	readonly onlyBefore: number;
	readonly onlyAfter: number;
	readonly unsure: number;
	/** Number of compared questions without labels; they are in no skill's row. */
	readonly unlabelled: number;
	/**
	 * Number of compared questions from the validation split, which is used to profile students and choose learning
	 * rates; results are reported on the test split.
	 */
	readonly validation: number;
}

type Row = Reads['scores']['result'][number];

/** Compares two rounds on the questions that both answered: accuracy, paired intervals and tests, and flips. */
export async function compare(
	{ store }: Pick<Parts, 'store'>,
	options: CompareOptions,
	run: Pick<Run, 'signal'>,
): Promise<CompareResult> {
	const { before, after, benchmark, answers = 'all' } = options;
	const [was, is] = await Promise.all([scoresOf(store, before), scoresOf(store, after)]);
	for (const [rows, { student, round }] of [
		[was, before],
		[is, after],
	] as const) {
		if (rows.length === 0) {
			throw new StatError('rounds.noAnswers', { student, round });
		}
	}
	throwIfCancelled(run);
	const selected = await questionsOf(store, benchmark ?? null);
	const graded = new Set(is.filter((row) => scoreOf(row, answers)).map(({ questionId }) => questionId));
	const isTested = was.some(
		(row) =>
			row.split === 'test' && selected.has(row.questionId) && scoreOf(row, answers) && graded.has(row.questionId),
	);
	const split = options.split ?? (isTested ? 'test' : 'validation');
	const isCompared = (row: Row) => (split === 'all' || row.split === split) && selected.has(row.questionId);
	const there = new Map(is.filter(isCompared).map((row) => [row.questionId, row]));
	const shared = was.filter((row) => isCompared(row) && there.has(row.questionId));
	const labels = new Map(
		(
			await labelsOf(
				store,
				shared.map(({ questionId }) => questionId),
			)
		).map(({ questionId, skills }) => [questionId, skills]),
	);
	throwIfCancelled(run);
	const questions = shared.flatMap((row): ComparedQuestion[] => {
		const [then, now] = [scoreOf(row, answers), scoreOf(there.get(row.questionId), answers)];
		const { questionId, subject, level, benchmark: of } = row;
		return then && now
			? [
					{
						questionId,
						subject,
						level,
						benchmark: of,
						skills: labels.get(questionId) ?? [],
						before: then,
						after: now,
					},
				]
			: [];
	});
	if (questions.length === 0) {
		throw new StatError(options.split || benchmark ? 'rounds.nothingInCommonThere' : 'rounds.nothingInCommon', {
			before: roundName(before),
			after: roundName(after),
		});
	}
	const missed = new Map<string, number>();
	const on = await profiledOn(store, before, undefined);
	for (const { questionId, skills } of await store.read('missingSkills', {
		student: before.student,
		round: before.round,
	})) {
		for (const key of new Set(on.has(questionId) ? skills.map(skillKey) : [])) {
			missed.set(key, (missed.get(key) ?? 0) + 1);
		}
	}
	const ofValidation = new Set(
		shared.filter((row) => row.split === 'validation').map(({ questionId }) => questionId),
	);
	const validation = questions.filter(({ questionId }) => ofValidation.has(questionId)).length;
	const onlyBefore = was.filter(isCompared).length - shared.length;
	const comparison = await inTurns(comparing(questions, missed), run);
	return {
		before,
		after,
		split,
		...comparison,
		onlyBefore,
		onlyAfter: there.size - shared.length,
		unsure: shared.length - questions.length,
		unlabelled: questions.filter(({ skills }) => skills.length === 0).length,
		validation,
	};
}

/**
 * Exact intervals for many skills take a second, so this lets the event loop run and checks for cancellation after each
 * one.
 */
async function inTurns<T>(work: Generator<void, T>, run: Pick<Run, 'signal'>): Promise<T> {
	for (;;) {
		const { done, value } = work.next();
		if (done) {
			return value;
		}
		await new Promise((resolve) => setImmediate(resolve));
		throwIfCancelled(run);
	}
}

const chunkSize = 5000;

async function scoresOf(store: Pick<Parts['store'], 'read'>, { student, round }: Scope): Promise<Row[]> {
	const rows: Row[] = [];
	for (;;) {
		const chunk = await store.read('scores', {
			student,
			round,
			after: rows.at(-1)?.questionId ?? null,
			limit: chunkSize,
		});
		rows.push(...chunk);
		if (chunk.length < chunkSize) {
			return rows;
		}
	}
}

function scoreOf(row: Row | undefined, answers: 'all' | 'first'): Score | null {
	if (answers === 'first') {
		return row === undefined || row.first === null ? null : { right: row.first ? 1 : 0, of: 1 };
	}
	return row === undefined || row.sure === 0 ? null : { right: row.right, of: row.sure };
}
