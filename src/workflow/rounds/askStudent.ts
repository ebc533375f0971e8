import type { JobFiles } from '../../core/ports/hosts.ts';
import type { JobRecord } from '../../core/training/job.ts';
import type { RewardForm } from '../../core/training/settings.ts';
import { optionSettings } from '../../core/training/settings.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { samplingTemperature } from '../../core/questions/sampling.ts';
import type { Split } from '../../core/questions/question.ts';
import type { RoundEntry } from '../../core/rounds/round.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import { importAnswers } from '../questions/importAnswers.ts';
import type { Scope } from '../../core/scope.ts';
import type { DispatchOptions, DispatchParts } from '../training/dispatch.ts';
import { dispatch, readSettings } from '../training/dispatch.ts';
import { allDigests, inChunks, questionChunks } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';
import { questionsOf } from '../questions/profiledOn.ts';

export interface SampleOptions extends DispatchOptions, Scope {
	readonly split: Exclude<Split, 'train'>;
	/** Number of answers per question; default 1. */
	readonly samples?: number | undefined;
	/** Only this benchmark's questions. */
	readonly benchmark?: string | undefined;
}

/**
 * Has the student answer a split's questions on a host (sec. 2.1), except those already answered in this round.
 * Fetching the job imports the answers.
 */
export async function sampleAnswers(parts: DispatchParts, options: SampleOptions, run: Run): Promise<JobRecord> {
	const { student, round, split, benchmark } = options;
	const samples = options.samples ?? 1;
	const settings = {
		samples,
		temperature: samplingTemperature(samples),
		...readSettings('generate', options.set ?? {}),
	};
	const answered = new Set((await allDigests(parts.store, options)).map(({ questionId }) => questionId));
	const selected = await questionsOf(parts.store, benchmark ?? null);
	const lines = async function* () {
		let count = 0;
		for await (const chunk of questionChunks(parts.store, split)) {
			for (const { id, text } of chunk.filter(
				(question) => !answered.has(question.id) && selected.has(question.id),
			)) {
				count++;
				yield `${JSON.stringify({ questionId: id, question: text })}\n`;
			}
		}
		if (count === 0) {
			throw nothingToAsk(options, answered.size > 0);
		}
	};
	return dispatch(
		parts,
		options,
		{ recipe: 'generate', dataset: null, scope: { student, round }, settings, lines },
		run,
	);
}

function nothingToAsk({ student, round, split, benchmark }: SampleOptions, hasAnswered: boolean): StatError {
	if (hasAnswered) {
		return benchmark === undefined
			? new StatError('rounds.allAnswered', { student, split, round })
			: new StatError('rounds.allAnsweredOf', { student, split, benchmark, round });
	}
	return benchmark === undefined
		? new StatError('rounds.noQuestions', { split })
		: new StatError('rounds.noBenchmarkQuestions', { split, benchmark });
}

/**
 * Has a round's student answer on the host of the job that produced it. If the round has a benchmark, only its
 * questions are answered. Defaults to validation questions, for the next profile.
 */
export async function sampleRound(
	parts: DispatchParts,
	{ student, round, job, benchmark }: RoundEntry,
	how: Pick<SampleOptions, 'id' | 'token' | 'set' | 'samples' | 'hubToken'> & {
		readonly split?: SampleOptions['split'] | undefined;
	},
	run: Run,
): Promise<JobRecord> {
	const made = await parts.jobs.get(job ?? '');
	return sampleAnswers(
		parts,
		{
			...how,
			split: how.split ?? 'validation',
			host: made.host,
			adapter: made.id,
			student,
			round,
			benchmark: benchmark ?? undefined,
		},
		run,
	);
}

export interface ScoreOptions extends DispatchOptions, Scope {
	/** The format in which the reward model expects an answer; default: RLHFlow's. */
	readonly form?: RewardForm | undefined;
	/** Number of samples to score for each question, counted from the first; default 1, which is what eq. (1) reads. */
	readonly samples?: number | undefined;
}

/**
 * Has a process reward model score the steps of a student's answers on a host (sec. 2.1), except those already scored.
 * Fetching the job imports the scores.
 */
export async function scoreAnswers(parts: DispatchParts, options: ScoreOptions, run: Run): Promise<JobRecord> {
	const { student, round } = options;
	const settings = {
		form: options.form ?? optionSettings.form.defaults.score,
		...readSettings('score', options.set ?? {}),
	};
	const lines = async function* () {
		let count = 0;
		const answers = new ReadableAnswers(parts.store, options);
		for (const { questionId } of await allDigests(parts.store, options)) {
			const question = await parts.store.read('question', { id: questionId });
			for (const { sample, text, steps, stepScores } of await answers.of(questionId)) {
				if (question && sample < (options.samples ?? 1) && stepScores === null && steps.length > 0) {
					count++;
					yield `${JSON.stringify({ questionId, sample, question: question.text, steps: steps.map(([start, end]) => text.slice(start, end)) })}\n`;
				}
			}
		}
		await answers.setAside('score', run);
		if (count === 0) {
			throw new StatError('rounds.nothingToScore', { student, round });
		}
	};
	return dispatch(
		parts,
		options,
		{ recipe: 'score', dataset: null, scope: { student, round }, settings, lines },
		run,
	);
}

export interface ScoresImported {
	/** Number of answers that received step scores. */
	readonly scored: number;
	/** Number of answers left unscored because they are too long for the reward model. */
	readonly tooLong: number;
	/** Number of rows that no longer match an answer in the project, because it was removed or changed. */
	readonly unmatched: number;
}

/**
 * Attaches a job's step scores to their answers. The rows come from a remote machine, so each is checked against the
 * answer it names.
 */
async function importScores(
	parts: { readonly store: Parts['store']; readonly jobs: JobFiles },
	record: JobRecord,
	run: Run,
): Promise<ScoresImported> {
	const scope = scopeOf(record);
	const rows: {
		questionId: string;
		sample: number;
		stepScores: number[];
		steps: readonly (readonly [number, number])[];
	}[] = [];
	let [tooLong, unmatched] = [0, 0];
	const answers = new ReadableAnswers(parts.store, scope);
	for await (const { questionId, sample, step_scores: scores } of parts.jobs.rows(
		record.id,
		'fetched/out/scores.jsonl',
	)) {
		if (scores === null) {
			tooLong++;
			continue;
		}
		const answer =
			typeof questionId === 'string'
				? (await answers.of(questionId)).find((one) => one.sample === sample)
				: undefined;
		if (
			!answer ||
			!Array.isArray(scores) ||
			scores.length !== answer.steps.length ||
			!scores.every((score) => typeof score === 'number' && score >= 0 && score <= 1)
		) {
			unmatched++;
			continue;
		}
		rows.push({
			questionId: answer.questionId,
			sample: answer.sample,
			stepScores: scores as number[],
			steps: answer.steps,
		});
	}
	await answers.setAside('score', run);
	let scored = 0;
	for (const chunk of inChunks(rows)) {
		scored += (await parts.store.write('setStepScores', { ...scope, rows: chunk })).changed;
	}
	if (unmatched > 0) {
		run.log('warn', `${unmatched} scores fit no answer of ${scope.student}, round ${scope.round}: left out`);
	}
	return { scored, tooLong, unmatched };
}

/**
 * Imports the contents of a fetched job: answers from a `generate` job, scores from a `score` job, and nothing from
 * other jobs.
 */
export async function importResults(
	parts: Parts & { readonly jobs: JobFiles },
	record: JobRecord,
	run: Run,
): Promise<ImportAnswersResult | ScoresImported | null> {
	if (record.recipe === 'generate') {
		const file = `${parts.jobs.folder(record.id)}/fetched/out/answers.jsonl`;
		return importAnswers(parts, { ...scopeOf(record), files: [file], format: 'plain' }, run);
	}
	return record.recipe === 'score' ? importScores(parts, record, run) : null;
}

function scopeOf(record: JobRecord): Scope {
	if (!record.scope) {
		throw new StatError('rounds.jobWithoutScope', { job: record.id });
	}
	return record.scope;
}
