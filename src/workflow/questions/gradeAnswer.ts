import type { Verdict } from '../../core/questions/answer.ts';
import type { Extracted, Grader } from '../../core/ports/grader.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { inChunks } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';

/**
 * Extracts the final answer of a response and grades it against the gold answer. A response without an answer is wrong.
 * A response that was cut off before its answer is unsure, as is every response without gold. `truncated`: the token
 * limit cut it off.
 */
export async function gradeAnswer(
	grader: Grader,
	gold: string | null,
	response: string,
	truncated = false,
): Promise<{ extracted: string | null; verdict: Verdict }> {
	const { answer: extracted, cutOff } = truncated
		? await namedAnswer(grader, response)
		: await grader.extractInTime(response);
	if (gold === null || extracted === null) {
		return { extracted, verdict: gold === null || cutOff === true ? null : false };
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
	for (const scope of students.flatMap(({ student, rounds }) => rounds.map(({ round }) => ({ student, round })))) {
		let graded = 0;
		const readable = new ReadableAnswers(store, scope);
		for (const chunk of inChunks([...gold], 500)) {
			throwIfCancelled(run);
			const rows = await Promise.all(
				chunk.map(async ([questionId, answer]) => {
					const answers = await readable.of(questionId);
					return Promise.all(
						answers.map(async ({ sample, text, truncated }) => ({
							questionId,
							sample,
							...(await gradeAnswer(grader, answer, text, truncated)),
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
