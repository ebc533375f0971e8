import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Run } from '../../core/run.ts';
import type { Verdict } from '../../core/questions/answer.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import type { GradeStoredResult } from './gradeStored.ts';
import { requireAllowed } from './gradeByRule.ts';
import { gradeStored } from './gradeStored.ts';
import { judgeStored } from './judgeStored.ts';
import { gradingRules, setGradingRule } from './gradingRules.ts';
import { allDigests, inChunks, questionsWithIds } from '../reading/chunks.ts';

export interface RegradeOptions extends Scope {
	/** Becomes the rule of the benchmark, or of the project and every benchmark of the answered questions. */
	readonly grading?: GradingRule | undefined;
	/** Only questions of this benchmark. */
	readonly benchmark?: string | undefined;
	/** Ask checkers and the judge again about answers that have a verdict. */
	readonly all?: boolean | undefined;
	readonly budget?: Budget | undefined;
}

export interface RegradeResult extends GradeStoredResult {
	/** Number of questions whose answers were graded. */
	questions: number;
	/** Number of calls to the judge in this run, and their cost in USD. */
	calls: number;
	cost: number | null;
}

/** What regrading would do: the questions, and the rules that they fall under. */
export interface RegradePlan {
	readonly questions: readonly Question[];
	readonly rules: ReadonlySet<GradingRule>;
	readonly ruleOf: (question: Question) => GradingRule;
	/** The rule that is stored, without `grading`. */
	readonly storedRuleOf: (question: Question) => GradingRule;
}

/** Reads the questions with answers and their rules. Throws StatError if there are no answers. */
export async function planRegrade({ store }: Pick<Parts, 'store'>, options: RegradeOptions): Promise<RegradePlan> {
	const ids = (await allDigests(store, options)).map(({ questionId }) => questionId);
	const { benchmark: only, grading } = options;
	const members =
		only === undefined
			? undefined
			: new Set((await store.read('benchmarkQuestions', { name: only })).map(({ id }) => id));
	const questions = [...(await questionsWithIds(store, ids)).values()].filter(({ id }) => members?.has(id) !== false);
	if (questions.length === 0) {
		throw new StatError('difficulty.noAnswers', { student: options.student, round: options.round });
	}
	const rules = await gradingRules(store);
	const storedRuleOf = ({ benchmark }: Question) => rules.of(only ?? benchmark);
	const ruleOf = (question: Question) => grading ?? storedRuleOf(question);
	return { questions, rules: new Set(questions.map(ruleOf)), ruleOf, storedRuleOf };
}

/**
 * Grades a round's stored answers again. What a checker or the judge has decided stays unless `all` is set or the rule is
 * another one now, so an interrupted run resumes. Without a teacher, answers wait for the judge. Throws StatError before
 * anything is stored if `grading` is a checker that is missing or that nobody allowed on this machine.
 */
export async function regrade(parts: Parts, options: RegradeOptions, run: Run): Promise<RegradeResult> {
	const { grading, benchmark, all = false, student, round } = options;
	const { questions, ruleOf, storedRuleOf } = await planRegrade(parts, options);
	const before = await verdictsOf(parts.store, options, questions);
	if (grading !== undefined) {
		await requireAllowed(parts, [grading]);
		const changed = questions.filter((one) => storedRuleOf(one) !== grading);
		await forget(parts.store, options, new Set(changed.map(({ id }) => id)));
		const names = benchmark === undefined ? [...new Set(questions.map((one) => one.benchmark)), null] : [benchmark];
		for (const name of new Set(names)) {
			await setGradingRule(parts.store, grading, name);
		}
	}
	const asksOthers = (question: Question): boolean => {
		const rule = ruleOf(question);
		return rule === 'judge' || commandOf(rule) !== null;
	};
	const total = { right: 0, wrong: 0, unsure: 0, waiting: 0 };
	let spent: { calls: number; cost: number | null } = { calls: 0, cost: 0 };
	const reasons: GradeStoredResult['reasons'] = [];
	for (const others of [false, true]) {
		const part = questions.filter((question) => asksOthers(question) === others).map(({ id }) => id);
		const onlyUnsure = () => others && !all;
		const graded = await gradeStored(parts, { student, round, questions: part, rule: ruleOf, onlyUnsure }, run);
		for (const name of ['right', 'wrong', 'unsure', 'waiting'] as const) {
			total[name] += graded[name];
		}
		reasons.push(...graded.reasons);
	}
	const judged = questions.filter((question) => ruleOf(question) === 'judge');
	if (judged.length > 0 && parts.teacher !== null) {
		const result = await judgeStored(parts, { ...options, questions: judged, all }, run);
		for (const name of ['right', 'wrong', 'unsure'] as const) {
			total[name] += result[name];
		}
		total.waiting = Math.max(0, total.waiting - result.right - result.wrong - result.unsure);
		spent = { calls: result.calls, cost: result.cost };
	}
	// Compared as a whole, since a verdict by another rule is forgotten first.
	const now = await verdictsOf(parts.store, options, questions);
	const changed = [...now].filter(([answer, verdict]) => before.get(answer) !== verdict).length;
	return { questions: questions.length, ...total, changed, ...spent, reasons };
}

/** Returns the verdicts of these questions' answers, by question and sample. */
async function verdictsOf(
	store: Pick<Store, 'read'>,
	{ student, round }: Scope,
	questions: readonly Question[],
): Promise<Map<string, Verdict>> {
	const ids = new Set(questions.map(({ id }) => id));
	const digests = (await allDigests(store, { student, round })).filter(({ questionId }) => ids.has(questionId));
	return new Map(
		digests.flatMap(({ questionId, samples, verdicts }) =>
			samples.map((sample, index) => [`${questionId} ${sample}`, verdicts[index] ?? null] as const),
		),
	);
}

/** Makes these questions' answers unsure, because their verdicts are by a rule that no longer holds. */
async function forget(
	store: Pick<Store, 'read' | 'write'>,
	{ student, round }: Scope,
	questions: ReadonlySet<QuestionId>,
): Promise<void> {
	const digests = (await allDigests(store, { student, round })).filter(({ questionId }) => questions.has(questionId));
	const rows = digests.flatMap(({ questionId, samples, extracted }) =>
		samples.map((sample, index) => ({ questionId, sample, extracted: extracted[index] ?? null, verdict: null })),
	);
	for (const chunk of inChunks(rows)) {
		await store.write('setVerdicts', { student, round, rows: chunk });
	}
}
