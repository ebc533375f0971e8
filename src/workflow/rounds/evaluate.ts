import type { AnswerDigest } from '../../core/questions/answer.ts';
import type { Benchmark, BenchmarkSettings } from '../../core/questions/benchmark.ts';
import type { AnsweringStudent, AnswerRequest, Incomplete } from './answeringStudent.ts';
import { needsGold } from '../../core/questions/gradingRule.ts';
import type { BenchmarkResult, EvaluatedBenchmark, EvaluationEntry } from '../../core/rounds/evaluationEntry.ts';
import { meanAccuracy, meanInterval, meanPassAtK, passAtK } from '../../core/stats/passAtK.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { samplingTemperature } from '../../core/questions/sampling.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import { hashHex } from '../../core/text/hash.ts';
import { isSameRound, roundName } from '../../core/rounds/round.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';
import type { Scope } from '../../core/scope.ts';
import { benchmarkNamed } from '../questions/benchmarks.ts';
import { gradeStored } from '../questions/gradeStored.ts';
import { gradingRules } from '../questions/gradingRules.ts';
import { allDigests } from '../reading/chunks.ts';

export interface EvaluateOptions extends Scope {
	/** The name under which the endpoint or host knows the model. */
	readonly model: string;
	/** Who answers, for display. */
	readonly by: string;
	readonly benchmarks: readonly string[];
	/**
	 * Default: each benchmark's own number. For any other number, the temperature is 0.1 for one sample and 1 for
	 * several (sec. C.1).
	 */
	readonly samples?: number | undefined;
	readonly temperature?: number | undefined;
	readonly part?: EvaluatedBenchmark['part'] | undefined;
	readonly topP?: number | undefined;
	readonly maxTokens?: number | undefined;
	/** Whether to count answers that the round already has, however they were produced. By default they are refused. */
	readonly keep?: boolean | undefined;
	/** Whether to request this round's answers again that have no text. Endpoints only. */
	readonly retryEmpty?: boolean | undefined;
	/** 12 hex digits, for a new evaluation. */
	readonly id: string;
}

export interface EvaluatedResult extends BenchmarkResult {
	benchmark: string;
	part: EvaluatedBenchmark['part'];
	metric: BenchmarkSettings['metric'];
	samples: number;
	temperature: number;
}

export interface EvaluateResult extends Scope, Incomplete {
	evaluation: string;
	model: string;
	/** Number of new answers; `failed` samples were set aside. */
	answers: number;
	failed: number;
	benchmarks: EvaluatedResult[];
	jobs: readonly string[];
}

/** What an evaluation is going to request, determined before anything is sent. */
export interface EvaluationPlan {
	readonly entry: EvaluationEntry;
	/** Who answers now; a resumed evaluation may have begun with a different server or host. */
	readonly by: string;
	readonly questions: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[];
	/** One request for each set of sampling settings; benchmarks that share questions and settings share answers. */
	readonly requests: readonly AnswerRequest[];
	readonly notes: readonly string[];
}

/**
 * Determines the benchmarks' questions and settings. Throws a StatError, before anything is sent, if that is
 * impossible.
 */
export async function planEvaluation(
	parts: Pick<Parts, 'store'>,
	options: EvaluateOptions,
	run: Pick<Run, 'now'>,
): Promise<EvaluationPlan> {
	if (options.benchmarks.length === 0) {
		throw new StatError('rounds.noBenchmark', {});
	}
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' }));
	const notes: string[] = [];
	const benchmarks: EvaluatedBenchmark[] = [];
	const questions: { benchmark: string; ids: QuestionId[] }[] = [];
	for (const name of options.benchmarks) {
		const { entry, known } = await benchmarkNamed(parts.store, name);
		if (questions.some(({ benchmark }) => benchmark === entry.name)) {
			continue;
		}
		const { part, ids, note } = await questionsOf(parts, options, entry.name, known);
		notes.push(...note);
		const samples = options.samples ?? entry.samples;
		benchmarks.push({
			benchmark: entry.name,
			part,
			metric: metricFor(samples, entry.metric),
			samples,
			temperature:
				options.temperature ?? (samples === entry.samples ? entry.temperature : samplingTemperature(samples)),
			grading: entry.grading,
			result: null,
		});
		questions.push({ benchmark: entry.name, ids });
	}
	const entry = await sameEvaluation(parts, {
		id: options.id,
		student: options.student,
		round: options.round,
		model: options.model,
		by: options.by,
		template: hashHex(JSON.stringify(template)).slice(0, 16),
		topP: options.topP ?? null,
		maxTokens: options.maxTokens ?? null,
		benchmarks,
		begunAt: run.now(),
		endedAt: null,
	});
	await refuseOthers(parts, entry, questions, options.keep === true);
	return { entry, by: options.by, questions, requests: requestsOf(entry, questions, options), notes };
}

/**
 * Has an endpoint or a host answer benchmarks, then grades and counts the answers (sec. 3, D). The evaluation is stored
 * in the project before the first request. If it is called again after an interruption, it resumes and requests only
 * what is missing.
 */
export async function evaluate(
	parts: Parts,
	plan: EvaluationPlan,
	answering: AnsweringStudent,
	run: Run,
): Promise<EvaluateResult> {
	const { entry, questions } = plan;
	plan.notes.forEach((note) => run.log('warn', note));
	await parts.store.write('setEvaluation', { evaluation: entry, questions });
	const jobs: string[] = [];
	let answers = 0;
	let failed = 0;
	const incomplete: Incomplete = { cut: 0, empty: 0, onlyThought: 0 };
	for (const request of plan.requests) {
		throwIfCancelled(run);
		const answered = await answering.answer(request, run);
		jobs.push(...answered.jobs);
		answers += answered.imported.answers;
		failed += answered.imported.skipped;
		incomplete.cut += answered.incomplete?.cut ?? 0;
		incomplete.empty += answered.incomplete?.empty ?? 0;
		incomplete.onlyThought += answered.incomplete?.onlyThought ?? 0;
	}
	const rules = await gradingRules(parts.store);
	for (const { benchmark, ids } of questions) {
		const rule = entry.benchmarks.find((one) => one.benchmark === benchmark)?.grading ?? 'math';
		if (rule !== 'math') {
			const isOwn = (question: Question) => !needsGold(rule) && rules.of(question.benchmark) === rule;
			await gradeStored(parts, { ...entry, questions: ids, rule: () => rule, onlyUnsure: isOwn }, run);
		}
	}
	const digests = new Map((await allDigests(parts.store, entry)).map((digest) => [digest.questionId, digest]));
	const benchmarks = entry.benchmarks.map((one) => ({
		...one,
		result: resultOf(one, questions.find(({ benchmark }) => benchmark === one.benchmark)?.ids ?? [], digests),
	}));
	await parts.store.write('setEvaluation', {
		evaluation: {
			...entry,
			by: answers > 0 ? bothNames(entry.by, plan.by) : entry.by,
			benchmarks,
			endedAt: run.now(),
		},
		questions: null,
	});
	return {
		evaluation: entry.id,
		student: entry.student,
		round: entry.round,
		model: entry.model,
		answers,
		failed,
		...incomplete,
		jobs,
		benchmarks: benchmarks.map(({ benchmark, part, metric, samples, temperature, result }) => ({
			benchmark,
			part,
			metric,
			samples,
			temperature,
			...result,
		})),
	};
}

function bothNames(before: string, now: string): string {
	const names = before.split(', ');
	return names.includes(now) || names.length > 4 ? before : `${before}, ${now}`;
}

/**
 * Counts the results over a benchmark's questions, from the first `samples` answers to each. Unsure answers do not
 * count as right.
 */
export function resultOf(
	{ samples, metric, grading }: BenchmarkSettings,
	ids: readonly QuestionId[],
	digests: ReadonlyMap<QuestionId, AnswerDigest & { readonly gold: string | null }>,
): BenchmarkResult {
	let [unsure, unanswered, withoutGold] = [0, 0, 0];
	const first: number[] = [];
	const tallies: { samples: number; right: number }[] = [];
	for (const id of ids) {
		const digest = digests.get(id);
		const places = Array.from({ length: samples }, (_, sample) => digest?.samples.indexOf(sample) ?? -1);
		if (!digest || places.includes(-1)) {
			unanswered++;
			continue;
		}
		if (digest.gold === null && needsGold(grading)) {
			withoutGold++;
			continue;
		}
		const verdicts = places.map((place) => digest.verdicts[place] ?? null);
		unsure += verdicts.filter((verdict) => verdict === null).length;
		first.push(verdicts[0] === true ? 1 : 0);
		tallies.push({ samples, right: verdicts.filter((verdict) => verdict === true).length });
	}
	const values =
		metric === 'pass@1'
			? first
			: tallies.map(({ right }) =>
					metric === 'avg@k' ? right / samples : (passAtK(samples, right, samples) ?? 0),
				);
	return {
		n: tallies.length,
		pass1: first.length === 0 ? null : first.reduce((sum, right) => sum + right, 0) / first.length,
		avgk: meanAccuracy(tallies),
		passk: meanPassAtK(tallies, samples),
		ci95: meanInterval(values, metric === 'avg@k' ? samples : 1),
		unsure,
		unanswered,
		withoutGold,
	};
}

/**
 * Returns the questions to evaluate and their split: the one that the options name, else test, or validation if the
 * benchmark has no test questions. A note warns about validation questions unless `part` is `validation`.
 */
async function questionsOf(
	parts: Pick<Parts, 'store'>,
	options: EvaluateOptions,
	name: string,
	known: Benchmark | undefined,
): Promise<{ part: EvaluatedBenchmark['part']; ids: QuestionId[]; note: string[] }> {
	if (known?.difficultOf !== undefined) {
		return { part: 'test', ...(await difficultPart(parts, options, known.name, known.difficultOf)) };
	}
	const all = await parts.store.read('benchmarkQuestions', { name });
	if (all.length === 0) {
		const imported = (await parts.store.read('benchmarks', {})).map(({ benchmark }) => benchmark);
		throw new StatError('rounds.noQuestionsOf', {
			name,
			sources: known?.sources.join(', ') || 'not known',
			others: imported.slice(0, 20).join(', ') || 'no benchmark',
		});
	}
	const test = all.filter(({ split }) => split === 'test').length;
	const part = options.part ?? (test > 0 ? 'test' : 'validation');
	const ids = all.filter(({ split }) => part === 'all' || split === part).map(({ id }) => id);
	if (ids.length === 0) {
		throw new StatError('rounds.noneInSplit', {
			name,
			split: part,
			other: part === 'test' ? 'validation' : 'test',
		});
	}
	const note =
		part !== 'test' && (options.part === undefined || part === 'all')
			? [
					`${name}: ${all.length - test} of its questions are validation questions, which the ` +
						'student is profiled on: report what they show as such',
				]
			: [];
	return { part, ids, note };
}

/**
 * Returns the questions in a benchmark's test split that are difficult for this student according to the classification
 * of its first round, so that all rounds are evaluated on the same questions.
 */
async function difficultPart(
	{ store }: Pick<Parts, 'store'>,
	scope: Scope,
	name: string,
	of: string,
): Promise<{ ids: QuestionId[]; note: string[] }> {
	const rounds = await store.read('rounds', {});
	const chain: Scope[] = [];
	for (
		let at: Scope | null = scope;
		at && !chain.some((one) => isSameRound(one, at));
		at = rounds.find((entry) => isSameRound(entry, at))?.parent ?? null
	) {
		chain.unshift(at);
	}
	const mine =
		(await store.read('students', {})).students.find(({ student }) => student === scope.student)?.rounds ?? [];
	const candidates = [...chain, ...mine.map(({ round }) => ({ student: scope.student, round }))];
	const inTest = (await store.read('benchmarkQuestions', { name: of }))
		.filter(({ split }) => split === 'test')
		.map(({ id }) => id);
	for (const { student, round } of candidates) {
		const difficult = new Set((await store.read('classification', { student, round }))?.difficult ?? []);
		const ids = inTest.filter((id) => difficult.has(id));
		if (ids.length > 0) {
			return {
				ids,
				note: [
					`${name}: ${ids.length} of ${inTest.length} test questions of ${of}, difficult in ` +
						`round ${roundName({ student, round })}`,
				],
			};
		}
	}
	throw new StatError('rounds.difficultUnknown', { name, of, student: scope.student });
}

/** Returns the evaluation of this round that began with the same settings, if there is one, so that it is resumed. */
async function sameEvaluation({ store }: Pick<Parts, 'store'>, requested: EvaluationEntry): Promise<EvaluationEntry> {
	const settings = ({ model, template, topP, maxTokens, benchmarks }: EvaluationEntry) =>
		JSON.stringify([
			model,
			template,
			topP,
			maxTokens,
			benchmarks.map((one) => [one.benchmark, one.part, one.metric, one.samples, one.temperature, one.grading]),
		]);
	const found = (
		await store.read('evaluations', { scope: { student: requested.student, round: requested.round } })
	).find((entry) => settings(entry) === settings(requested));
	return found ? { ...requested, id: found.id, begunAt: found.begunAt, by: found.by } : requested;
}

/**
 * Throws, before anything is sent, if this round has answers to these questions that were sampled with other settings,
 * because this evaluation would count them as its own.
 */
async function refuseOthers(
	{ store }: Pick<Parts, 'store'>,
	entry: EvaluationEntry,
	questions: EvaluationPlan['questions'],
	keep: boolean,
): Promise<void> {
	const temperatures = new Map<QuestionId, { readonly benchmark: string; readonly temperature: number }>();
	for (const { benchmark, temperature } of entry.benchmarks) {
		for (const id of questions.find((one) => one.benchmark === benchmark)?.ids ?? []) {
			const other = temperatures.get(id);
			if (other && other.temperature !== temperature) {
				throw new StatError('rounds.temperaturesDiffer', {
					benchmark,
					temperature,
					other: other.benchmark,
					otherTemperature: other.temperature,
				});
			}
			temperatures.set(id, { benchmark, temperature });
		}
	}
	if (keep) {
		return;
	}
	const scope = { student: entry.student, round: entry.round };
	const answered = (await allDigests(store, scope)).filter(({ questionId }) => temperatures.has(questionId));
	const alike = new Set<QuestionId>();
	for (const earlier of answered.length === 0 ? [] : await store.read('evaluations', { scope })) {
		if (
			earlier.model === entry.model &&
			earlier.template === entry.template &&
			earlier.topP === entry.topP &&
			earlier.maxTokens === entry.maxTokens
		) {
			for (const { benchmark, ids } of await store.read('evaluationQuestions', { id: earlier.id })) {
				const temperature = earlier.benchmarks.find((one) => one.benchmark === benchmark)?.temperature;
				ids.filter((id) => temperatures.get(id)?.temperature === temperature).forEach((id) => alike.add(id));
			}
		}
	}
	const others = answered.filter(({ questionId }) => !alike.has(questionId)).length;
	if (others > 0) {
		throw new StatError('rounds.answeredOtherwise', { questions: others, round: roundName(scope) });
	}
}

function requestsOf(
	entry: EvaluationEntry,
	questions: EvaluationPlan['questions'],
	{ topP, maxTokens, retryEmpty }: EvaluateOptions,
): AnswerRequest[] {
	const groups = new Map<string, { samples: number; temperature: number; ids: Set<QuestionId> }>();
	for (const { benchmark, samples, temperature } of entry.benchmarks) {
		const key = `${samples}/${temperature}`;
		const group = groups.get(key) ?? { samples, temperature, ids: new Set() };
		groups.set(key, group);
		questions.find((one) => one.benchmark === benchmark)?.ids.forEach((id) => group.ids.add(id));
	}
	return [...groups.values()].map(({ samples, temperature, ids }) => ({
		student: entry.student,
		round: entry.round,
		questions: [...ids],
		samples,
		temperature,
		topP,
		maxTokens,
		retryEmpty,
	}));
}

/** Returns the metric for a number of samples: with several, pass@1 becomes avg@k, their mean. */
function metricFor(samples: number, metric: BenchmarkSettings['metric']): BenchmarkSettings['metric'] {
	if (samples === 1) {
		return 'pass@1';
	}
	return metric === 'pass@1' ? 'avg@k' : metric;
}
