import type { Verdict } from '../../core/questions/answer.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { isSameChoice, isSameText, needsGold } from '../../core/questions/gradingRule.ts';
import type { Extracted, Grader } from '../../core/ports/grader.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { gradingRules } from './gradingRules.ts';
import { inChunks, questionsWithIds } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';

/** The rule to grade by, and the verdict that came with the answer, which the rule `log` trusts. */
export interface GradeBy {
	readonly rule: GradingRule;
	readonly logVerdict?: Verdict | undefined;
}

/**
 * Extracts the final answer of a response and grades it against the gold answer. A response without an answer is wrong.
 * A response that was cut off before its answer is unsure, as is every response without gold. `truncated`: the token
 * limit cut it off. By the rules `judge` and `exec` every response is unsure until {@link gradeStored} has asked.
 */
export async function gradeAnswer(
	grader: Grader,
	gold: string | null,
	response: string,
	truncated = false,
	{ rule, logVerdict = null }: GradeBy = { rule: 'math' },
): Promise<{ extracted: string | null; verdict: Verdict }> {
	const { answer: extracted, cutOff } = truncated
		? await namedAnswer(grader, response)
		: await grader.extractInTime(response);
	if (!needsGold(rule)) {
		return { extracted, verdict: rule === 'log' ? logVerdict : null };
	}
	if (gold === null || extracted === null) {
		return { extracted, verdict: gold === null || cutOff === true ? null : false };
	}
	if (rule === 'text' || rule === 'choice') {
		return { extracted, verdict: rule === 'text' ? isSameText(gold, extracted) : isSameChoice(gold, extracted) };
	}
	const grade = grader.equivalentNow(gold, extracted) ?? (await grader.equivalent(gold, extracted));
	return { extracted, verdict: grade.equal };
}

/**
 * The ways in which a response names its answer explicitly. Any other answer is a guess from the end of the response.
 */
const naming: ReadonlySet<Extracted['how']> = new Set(['boxed', 'tagged', 'phrase', 'hashes']);

/**
 * Returns the answer that a response had named before the token limit cut it off, if no continuation could have changed
 * it.
 */
async function namedAnswer(grader: Grader, response: string): Promise<Pick<Extracted, 'answer' | 'cutOff'>> {
	const found = await grader.extractInTime(response);
	// "The answer is 1" could have continued as "12".
	const stands = naming.has(found.how) && (await grader.extractInTime(`${response}0`)).answer === found.answer;
	return stands && found.answer !== null ? found : { answer: null, cutOff: true };
}

/**
 * Grades the answers of every student that were waiting for a gold answer, so that the order of imports does not
 * matter.
 */
export async function gradeWaiting(parts: Parts, gold: ReadonlyMap<QuestionId, string>, run: Run): Promise<void> {
	const { store, grader } = parts;
	const { students } = gold.size === 0 ? { students: [] } : await store.read('students', {});
	const rules = await gradingRules(parts.store);
	for (const scope of students.flatMap(({ student, rounds }) => rounds.map(({ round }) => ({ student, round })))) {
		let graded = 0;
		const readable = new ReadableAnswers(store, scope);
		for (const chunk of inChunks([...gold], 500)) {
			throwIfCancelled(run);
			const questions = await questionsWithIds(
				store,
				chunk.map(([id]) => id),
			);
			const rows = await Promise.all(
				chunk.map(async ([questionId, answer]) => {
					const rule = rules.of(questions.get(questionId)?.benchmark ?? null);
					const answers = needsGold(rule) ? await readable.of(questionId) : [];
					return Promise.all(
						answers.map(async ({ sample, text, truncated }) => ({
							questionId,
							sample,
							...(await gradeAnswer(grader, answer, text, truncated, { rule })),
						})),
					);
				}),
			);
			graded +=
				rows.flat().length === 0
					? 0
					: (await store.write('setVerdicts', { ...scope, rows: rows.flat() })).changed;
		}
		await readable.setAside('grade', run);
		if (graded > 0) {
			run.log(
				'info',
				`${graded} answers of ${scope.student}, round ${scope.round}, graded against gold answers that came now`,
			);
		}
	}
}
