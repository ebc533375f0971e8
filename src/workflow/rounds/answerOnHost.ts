import type { AnsweringStudent, AnswerRequest } from './answeringStudent.ts';
import type { JobRecord } from '../../core/training/job.ts';
import { endStates } from '../../core/training/job.ts';
import type { JobFiles } from '../../core/ports/hosts.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { isSameRound } from '../../core/rounds/round.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import { importResults } from './askStudent.ts';
import type { DispatchOptions, DispatchParts } from '../training/dispatch.ts';
import { dispatch, readSettings } from '../training/dispatch.ts';
import { fetchJob, followEvents, jobRow } from '../training/jobs.ts';
import { allDigests, inChunks, questionsWithIds } from '../reading/chunks.ts';

/** Where the student answers and which model it is; `makeId` makes the ids when a job is needed. */
export interface AnswerOnHostOptions extends Omit<DispatchOptions, 'id' | 'token'> {
	/** Returns 12 hex digits for a job's id and 32 for its token; they are new on each call. */
	readonly makeId: () => { readonly id: string; readonly token: string };
}

/**
 * Has a student on a GPU host answer: a `generate` job is followed to its end, fetched and imported. First an existing
 * job with the same student, round, model, template and settings is joined or, if it was already fetched, imported, so
 * that an interrupted evaluation pays for nothing twice. Then a job for the remaining questions is started.
 */
export function answerOnHost(
	parts: DispatchParts & Parts & { readonly jobs: JobFiles },
	options: AnswerOnHostOptions,
): AnsweringStudent {
	return {
		async answer(request, run) {
			const jobs: string[] = [];
			const imported = noAnswers();
			const settings = {
				samples: request.samples,
				temperature: request.temperature,
				...(request.topP === undefined ? {} : { top_p: request.topP }),
				...(request.maxTokens === undefined ? {} : { max_new_tokens: request.maxTokens }),
				...(request.seed === undefined ? {} : { seed: request.seed }),
				...readSettings('generate', options.set ?? {}),
			};
			const finish = async (record: JobRecord): Promise<void> => {
				jobs.push(record.id);
				addUp(imported, await bringIn(parts, record, run));
			};
			const earlier = await earlierJobs(parts, options, request, settings, run);
			for (const record of earlier.unfetched) {
				run.log('info', `job ${record.id} on ${record.host} asks the same: joined`);
				await finish(record);
			}
			let missing = await unanswered(parts, request);
			for (const record of missing.length > 0 ? earlier.fetched : []) {
				// The answers had been fetched, but their import was interrupted.
				addUp(imported, await importFetched(parts, record, run));
				missing = await unanswered(parts, request);
			}
			if (missing.length > 0) {
				const lines = async function* () {
					for (const chunk of inChunks(missing)) {
						for (const { id, text } of (await questionsWithIds(parts.store, chunk)).values()) {
							yield `${JSON.stringify({ questionId: id, question: text })}\n`;
						}
					}
				};
				const { student, round } = request;
				await finish(
					await dispatch(
						parts,
						{ ...options, ...options.makeId() },
						{ recipe: 'generate', dataset: null, scope: { student, round }, settings, lines },
						run,
					),
				);
			}
			return { imported, incomplete: { cut: imported.cut ?? 0, empty: 0, onlyThought: 0 }, jobs };
		},
	};
}

/** Returns those of the request's questions that have fewer samples than it requires. */
async function unanswered({ store }: Pick<Parts, 'store'>, request: AnswerRequest): Promise<QuestionId[]> {
	const samples = new Map((await allDigests(store, request)).map((digest) => [digest.questionId, digest.samples]));
	return request.questions.filter((id) =>
		Array.from({ length: request.samples }, (_, sample) => sample).some(
			(sample) => !samples.get(id)?.includes(sample),
		),
	);
}

/**
 * Returns jobs of the same student with the same template and settings, oldest first, in two groups: those whose
 * answers are on the host or still to come, and those that were fetched.
 */
async function earlierJobs(
	parts: DispatchParts,
	options: AnswerOnHostOptions,
	request: AnswerRequest,
	settings: JobRecord['spec']['settings'],
	run: Run,
): Promise<{ unfetched: JobRecord[]; fetched: JobRecord[] }> {
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' }));
	const alike = ({ recipe, host, scope, spec }: JobRecord): boolean =>
		recipe === 'generate' &&
		host === options.host &&
		isSameRound(scope ?? null, request) &&
		isSameStudent(spec.model, options) &&
		spec.template.kind === template?.kind &&
		spec.template.system === template.system &&
		spec.template.instruction === template.instruction &&
		JSON.stringify(Object.entries(spec.settings).sort()) === JSON.stringify(Object.entries(settings).sort());
	const [unfetched, fetched]: [JobRecord[], JobRecord[]] = [[], []];
	for (const record of (await parts.jobs.list()).records.filter(alike).reverse()) {
		const row = await jobRow(parts, record, run);
		if (row.fetched) {
			fetched.push(record);
		} else if (row.fresh && (row.state === 'done' || !endStates.has(row.state)) && row.state !== 'lost') {
			unfetched.push(record);
		}
	}
	return { unfetched, fetched };
}

/**
 * A base model, and the same base with an adapter, are two different students (src/workflow/training/dispatch.ts names
 * adapters).
 */
function isSameStudent(
	{ name, adapter }: JobRecord['spec']['model'],
	{ model, adapter: from }: AnswerOnHostOptions,
): boolean {
	if (from === undefined || from.includes('/')) {
		return name === model && (adapter ?? undefined) === from;
	}
	const result = `../${from}/out/model`;
	return adapter === result || name === result;
}

async function importFetched(
	parts: DispatchParts & Parts & { readonly jobs: JobFiles },
	record: JobRecord,
	run: Run,
): Promise<ImportAnswersResult> {
	try {
		const result = await importResults(parts, record, run);
		return result && 'answers' in result ? result : noAnswers();
	} catch (error) {
		if (!(error instanceof StatError) || error.kind === 'cancelled') {
			throw error;
		}
		run.log('warn', `what job ${record.id} brought cannot be read any more: ${error.message}`);
		return noAnswers();
	}
}

/** Follows a job to its end, then fetches and imports it. Throws if it did not succeed. */
async function bringIn(
	parts: DispatchParts & Parts & { readonly jobs: JobFiles },
	record: JobRecord,
	run: Run,
): Promise<ImportAnswersResult> {
	for await (const event of followEvents(parts, record, true, run)) {
		if (event.kind === 'step') {
			run.progress({ label: `${record.host}: answering`, done: event.step, total: event.steps ?? undefined });
		}
	}
	const { job } = await fetchJob(parts, record, run);
	if (job.state !== 'done') {
		throw new StatError('rounds.jobUnfinished', {
			job: record.id,
			host: record.host,
			state: job.detail && job.detail !== job.state ? `${job.state} (${job.detail})` : job.state,
		});
	}
	const result = await importResults(parts, record, run);
	return result && 'answers' in result ? result : noAnswers();
}

function noAnswers(): ImportAnswersResult {
	return {
		answers: 0,
		questions: 0,
		graded: 0,
		correct: 0,
		unsure: 0,
		disagreeing: 0,
		duplicates: 0,
		skipped: 0,
		problems: [],
		conflicts: [],
	};
}

function addUp(sum: ImportAnswersResult, more: ImportAnswersResult): void {
	for (const name of [
		'answers',
		'questions',
		'graded',
		'correct',
		'unsure',
		'disagreeing',
		'duplicates',
		'skipped',
	] as const) {
		sum[name] += more[name];
	}
	sum.cut = (sum.cut ?? 0) + (more.cut ?? 0);
	sum.problems.push(...more.problems);
	sum.conflicts.push(...more.conflicts);
}
