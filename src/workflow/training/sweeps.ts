import { endingOf } from '../../core/text/finishReason.ts';
import type { JobRecord, ValidationScore } from '../../core/training/job.ts';
import { endStates } from '../../core/training/job.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { SweepOutcome } from '../../core/training/sweep.ts';
import { accuracy, accuracyInterval, sweepOutcome } from '../../core/training/sweep.ts';
import { needsGold } from '../../core/questions/gradingRule.ts';
import type { Question } from '../../core/questions/question.ts';
import { gradeByRule } from '../questions/gradeByRule.ts';
import { gradingRules } from '../questions/gradingRules.ts';
import type { JobParts, JobRow } from './jobs.ts';
import type { ConfirmJob } from './jobs.ts';
import { resumeJob } from './jobs.ts';

export interface SweepRow extends SweepOutcome {
	/** The id of the sweep's first job. */
	readonly id: string;
	readonly dataset: string | null;
	readonly model: string;
	readonly host: string;
	readonly jobs: readonly (Pick<JobRow, 'id' | 'state'> & {
		readonly lr: number;
		readonly accuracy: number | null;
		readonly ci95: readonly [number, number] | null;
		readonly questions: number | null;
		readonly unsure: number | null;
	})[];
}

/** Returns the sweeps among a project's jobs, newest first, each with its result so far. */
export function sweepsOf(jobs: readonly JobRow[]): SweepRow[] {
	const groups = new Map<string, JobRow[]>();
	for (const job of jobs) {
		if (job.sweep) {
			groups.set(job.sweep.id, [...(groups.get(job.sweep.id) ?? []), job]);
		}
	}
	return [...groups].map(([id, members]) => {
		const [{ dataset, model, host }] = members as [JobRow];
		const ordered = members
			.map(({ sweep, ...job }) => ({ ...job, lr: sweep?.lr ?? 0 }))
			.sort((a, b) => b.lr - a.lr);
		return {
			id,
			dataset,
			model,
			host,
			...sweepOutcome(ordered),
			jobs: ordered.map(({ id: job, state, lr, validation }) => ({
				id: job,
				state,
				lr,
				accuracy: validation && accuracy(validation),
				ci95: validation && accuracyInterval(validation),
				questions: validation?.questions ?? null,
				unsure: validation?.unsure ?? null,
			})),
		};
	});
}

/**
 * Grades the answers of the students in sweeps with this project's own grader, so that the learning rate is chosen by
 * the measure used everywhere else. Fetches only the answers, not the weights. Returns whether there are any new
 * scores.
 */
export async function gradeSweeps(
	parts: JobParts & Pick<Parts, 'store' | 'grader' | 'checker'>,
	jobs: readonly JobRow[],
	run: Run,
): Promise<boolean> {
	let news = false;
	for (const job of jobs.filter(({ sweep, state, validation }) => sweep && state === 'done' && validation === null)) {
		throwIfCancelled(run);
		try {
			if ((await parts.jobs.note(job.id))?.unanswered) {
				continue;
			}
			const validation = await gradeJob(parts, await parts.jobs.get(job.id), run);
			const note = await parts.jobs.note(job.id);
			if (note) {
				await parts.jobs.setNote(job.id, { ...note, ...(validation ? { validation } : { unanswered: true }) });
				news = true;
			}
			if (!validation) {
				run.log(
					'warn',
					`${job.id}: the job left no validation answers, so that nothing tells how good its learning rate is`,
				);
			}
		} catch (error) {
			if (!(error instanceof StatError) || error.kind === 'cancelled') {
				throw error;
			}
			run.log('warn', `${job.id}: its validation answers are not here yet: ${error.message}`);
		}
	}
	return news;
}

/** Returns `null` if the job left no answers and never will. */
async function gradeJob(
	parts: JobParts & Pick<Parts, 'store' | 'grader' | 'checker'>,
	record: JobRecord,
	run: Run,
): Promise<ValidationScore | null> {
	const host = await parts.hosts.open(record.host);
	const name = 'out/validation.jsonl';
	const files = await host.fetch(
		record,
		`${parts.jobs.folder(record.id)}/fetched`,
		{ signal: run.signal, progress: run.progress, log: run.log },
		name,
	);
	if (files.length === 0) {
		return null;
	}
	let [questions, right, unsure] = [0, 0, 0];
	const seen = new Set<string>();
	const rules = await gradingRules(parts.store);
	const isGoldNeeded = ({ benchmark }: Question) => needsGold(rules.of(benchmark));
	for await (const { questionId, responses, finish_reasons: finishes } of parts.jobs.rows(
		record.id,
		`fetched/${name}`,
	)) {
		const question =
			typeof questionId === 'string' && !seen.has(questionId)
				? await parts.store.read('question', { id: questionId })
				: null;
		const [answer] = Array.isArray(responses) ? (responses as unknown[]) : [];
		if (!question || (question.gold === null && isGoldNeeded(question)) || typeof answer !== 'string') {
			run.log('warn', `${record.id}: an answer to no question of this project is left out`);
			continue;
		}
		seen.add(question.id);
		questions++;
		const isCut = Array.isArray(finishes) && endingOf(finishes[0]) === 'cut';
		const rule = rules.of(question.benchmark);
		const response = { text: answer, truncated: isCut, rule, metadata: { student: record.id } };
		const { verdict } = await gradeByRule(parts, question, response, run);
		right += verdict === true ? 1 : 0;
		unsure += verdict === null ? 1 : 0;
	}
	return { questions, right, unsure };
}

/**
 * Resumes or sends every training job of a sweep that has not finished successfully; on a host without a queue, one
 * after the other.
 */
export async function resumeSweep(parts: JobParts, id: string, confirm: ConfirmJob, run: Run): Promise<JobRow[]> {
	const members = (await parts.jobs.list()).records.filter(({ sweep }) => sweep?.id === id).reverse();
	if (members.length === 0) {
		throw new StatError('training.noSweep', { job: id });
	}
	const host = await parts.hosts.open(members[0]?.host ?? '');
	const statuses = await host.status(members, run.signal);
	const rows: JobRow[] = [];
	// On a host without a queue, a resumed job waits for whichever job of the sweep is still running.
	let last = members
		.filter((_, at) => statuses[at]?.state === 'running' || statuses[at]?.state === 'queued')
		.at(-1)?.id;
	for (const [at, record] of members.entries()) {
		const state = statuses[at]?.state ?? 'lost';
		if (!endStates.has(state) || state === 'failed' || state === 'cancelled') {
			rows.push(await resumeJob(parts, record, confirm, run, last === record.id ? undefined : last));
			last = record.id;
		}
	}
	return rows;
}
