import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { SetAsideRow } from '../../core/ports/store/setAside.ts';
import type {
	Outcome,
	Spent,
	Teacher,
	TeacherCall,
	TeacherFailure,
	TeacherReply,
	TeacherTask,
} from '../../core/ports/teacher.ts';
import { formatCost } from '../../core/text/formatNumber.ts';
import type { Plan } from './plan.ts';
import { setAsideKeys } from './setAsideKeys.ts';
import { GroupCommit } from './groupCommit.ts';

export interface TeacherRunOptions {
	readonly limit?: number | undefined;
	readonly budget?: Budget | undefined;
}

/** Returns the teacher. Throws `asking.noTeacher` if none is set. */
export function teacherOf(parts: Pick<Parts, 'teacher'>): Teacher {
	if (!parts.teacher) {
		throw new StatError('asking.noTeacher', {});
	}
	return parts.teacher;
}

/** Makes a call for a task and renders its prompt. `about`: see docs/scripted-teacher.md. */
export function makeCall(
	parts: Pick<Parts, 'prompts'>,
	task: TeacherTask,
	about: string,
	values: Readonly<Record<string, string>>,
	sample = 0,
): TeacherCall {
	const { messages, version, sampling } = parts.prompts.render(task, values);
	return { task, about, messages, sampling, sample, promptVersion: version };
}

/**
 * Estimates the cost of these calls without making any. The notes list prompts that the project overrides, because a
 * project may come from a stranger. `onStored` receives the text of each reply that is already stored.
 */
export async function planCalls(
	teacher: Pick<Teacher, 'estimate'>,
	calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
	expectedOutputTokens: number,
	notes: readonly string[] = [],
	onStored?: (text: string, call: TeacherCall) => void,
): Promise<Plan> {
	let rows = 0;
	/** Tasks whose prompt is the project's edited copy rather than the built-in one. */
	const edited = new Set<TeacherCall['task']>();
	async function* counted(): AsyncGenerator<TeacherCall> {
		for await (const call of calls) {
			rows++;
			if (call.promptVersion.includes('+edited:')) {
				edited.add(call.task);
			}
			yield call;
		}
	}
	const { calls: paid, cached, tokens, cost } = await teacher.estimate(counted(), expectedOutputTokens, onStored);
	return {
		calls: paid,
		cached,
		tokens,
		cost,
		rows,
		notes: [
			...notes,
			...[...edited].map(
				(task) =>
					`the prompt is this project's own, .stat/prompts/${task}.md, not the built-in one: ` +
					'read it if the project came from someone else',
			),
		],
	};
}

export interface AskResult {
	/** Number of calls paid for in this run. */
	readonly calls: number;
	/** Cost in USD; `null` if the price is unknown. */
	readonly cost: number | null;
	readonly succeeded: number;
	/** Rows set aside because the reply was malformed, refused, unreachable or missing. */
	readonly failures: readonly { readonly about: string; readonly failure: TeacherFailure }[];
	/** Number of calls not sent because the budget was used up. */
	readonly overBudget: number;
}

export interface AskPlan<T, Row> {
	/** Name of the set-aside list, e.g. `diagnose` or `build sel-r1`. */
	readonly operation: string;
	/** Progress label, e.g. "Diagnosing". */
	readonly label: string;
	readonly calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>;
	readonly total: number;
	readonly parse: (text: string, call: TeacherCall, reply: TeacherReply) => T | Promise<T>;
	/** Returns the key under which a failure is set aside; unique within the operation. */
	readonly keyOf: (call: TeacherCall) => string;
	/** Converts a good reply into a row. */
	readonly row: (outcome: Extract<Outcome<T>, { reply: unknown }>) => Row;
	/** Makes rows durable; called with all rows that arrived since the last write. */
	readonly write: (rows: readonly Row[]) => Promise<unknown>;
	readonly budget?: Budget | undefined;
	/** See {@link AskOptions.acceptTruncated}. */
	readonly acceptTruncated?: boolean | undefined;
	/**
	 * Whether the endpoint has answered earlier calls of this run. Then failures of all of these calls are only set
	 * aside.
	 */
	readonly hasAnswered?: boolean | undefined;
	/** Who is called, for messages; defaults to the teacher. */
	readonly who?: string | undefined;
}

/**
 * Makes the calls and accounts for each one: its row is written, or it is set aside with its text, or it is not sent
 * (budget used up or run cancelled). Rows are written as they arrive, so a killed run loses none; the replies
 * themselves are on disk before they get here. Throws only if no call succeeded and the endpoint is the reason.
 */
export async function askTeacher<T, Row>(parts: Parts, plan: AskPlan<T, Row>, run: Run): Promise<AskResult> {
	const teacher = teacherOf(parts);
	const earlier = await setAsideKeys(parts.store, plan.operation);
	const failures: { about: string; failure: TeacherFailure }[] = [];
	const rows = new GroupCommit<Row>(plan.write);
	const aside = new GroupCommit<SetAsideRow>((added) => parts.store.write('setAside', { rows: added }));
	const cameRight: string[] = [];
	const elsewhere = new Set<string>();
	let spent: { calls: number; cost: number | null } = { calls: 0, cost: 0 };
	let unsure: Spent['unsure'] = { calls: 0, usd: 0 };
	let succeeded = 0;
	let overBudget = 0;
	let batch: Spent['batch'];
	const detailOf = ({ pausedFor, elsewhere = 0, inFlight = 0 }: Partial<Spent>): string | undefined => {
		if (pausedFor !== undefined) {
			return `waiting ${Math.ceil(pausedFor)} s for the rate limit`;
		}
		if (batch) {
			return `batch: ${batch.done} of ${batch.total} done at the endpoint`;
		}
		if (elsewhere > 0 && inFlight === 0) {
			return `waiting for ${elsewhere} replies that another run pays for`;
		}
		return failures.length > 0 ? `${failures.length} set aside` : undefined;
	};
	const progress = (current: Partial<Spent> = {}) =>
		run.progress({
			label: plan.label,
			done: succeeded + failures.length,
			total: plan.total,
			calls: spent.calls,
			cost: spent.cost,
			detail: detailOf(current),
		});
	/**
	 * The cache is keyed by request, not by address, so replies already paid for are still found when a server moves.
	 * Warns once per address if a reply came from a different one.
	 */
	const warnElsewhere = ({ endpoint, model }: TeacherReply) => {
		if (endpoint !== undefined && endpoint !== teacher.endpoint && !elsewhere.has(endpoint)) {
			elsewhere.add(endpoint);
			run.log(
				'warn',
				`replies that ${model} gave at ${endpoint} are used again, without asking ` +
					`${teacher.endpoint}: if that is another model, serve it under another name`,
			);
		}
	};
	const onProgress = (current: Spent) => {
		spent = { calls: current.calls, cost: current.cost };
		unsure = current.unsure;
		batch = run.signal.aborted ? (batch ?? current.batch) : current.batch;
		progress(current);
	};
	try {
		for await (const outcome of teacher.ask(plan.calls, plan.parse, {
			signal: run.signal,
			budget: plan.budget,
			acceptTruncated: plan.acceptTruncated,
			onProgress,
		})) {
			const key = plan.keyOf(outcome.call);
			if ('reply' in outcome) {
				succeeded += 1;
				warnElsewhere(outcome.reply);
				rows.add(plan.row(outcome));
				if (earlier.has(key)) {
					cameRight.push(key);
				}
			} else if (outcome.failure.kind === 'budget') {
				overBudget += 1;
			} else if (outcome.failure.kind !== 'cancelled') {
				failures.push({ about: outcome.call.about, failure: outcome.failure });
				aside.add({
					operation: plan.operation,
					key,
					file: null,
					line: null,
					field: outcome.call.task,
					message: `${outcome.failure.kind}: ${outcome.failure.message}`,
					text: outcome.failure.text?.slice(0, 20_000) ?? null,
					at: run.now(),
				});
			}
			progress();
		}
	} finally {
		// Also runs after a cancel, so that everything already paid for is written.
		await rows.drain();
		await aside.drain();
		if (cameRight.length > 0) {
			await parts.store.write('clearSetAside', { operation: plan.operation, keys: cameRight });
		}
	}
	if (unsure.usd > 0) {
		run.log(
			'warn',
			`${unsure.calls} calls ended without a reply and may have been billed, for at most ${formatCost(unsure.usd)}; ` +
				'that counts against the budget',
		);
	}
	if (run.signal.aborted && batch) {
		run.log(
			'info',
			`the batch runs on at ${teacher.endpoint} (${batch.done} of ${batch.total} done): the same step, started ` +
				'again, fetches its replies and sends nothing twice',
		);
	}
	throwIfCancelled(run);
	const [first] = failures;
	if (
		first &&
		succeeded === 0 &&
		plan.hasAnswered !== true &&
		failures.every(({ failure: { kind } }) => kind === 'refused' || kind === 'unreachable')
	) {
		throw new StatError('asking.nothingAnswered', {
			step: plan.label,
			who: plan.who ?? `the teacher at ${teacher.endpoint}`,
			calls: failures.length,
			reason: first.failure.message,
		});
	}
	if (failures.length > 0) {
		run.log(
			'warn',
			`${failures.length} replies set aside under "${plan.operation}"; the first: ` +
				`${first?.failure.kind}: ${first?.failure.message}`,
		);
	}
	if (overBudget > 0) {
		run.log(
			'warn',
			`the budget is used up: ${overBudget} calls were not made; run again with a larger one to continue`,
		);
	}
	return { ...spent, succeeded, failures, overBudget };
}
