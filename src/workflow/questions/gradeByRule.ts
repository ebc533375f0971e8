import type { Verdict } from '../../core/questions/answer.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { GradeBy } from './gradeAnswer.ts';
import { gradeAnswer } from './gradeAnswer.ts';

/** A response to grade, and what a checker is told about it besides its question. */
export interface GradedResponse extends GradeBy {
	readonly text: string;
	readonly truncated?: boolean | undefined;
	readonly metadata: Readonly<Record<string, string | number | null>>;
}

/**
 * Grades a response by its rule, and runs the checker if the rule is one; `reason`: the checker's. By the rule `judge`
 * it is unsure. Throws a `consent` StatError if nobody allowed the checker on this machine.
 */
export async function gradeByRule(
	parts: Pick<Parts, 'grader' | 'checker'>,
	{ id, text: question, subject, level, gold, benchmark }: Question,
	response: GradedResponse,
	run: Run,
): Promise<{ extracted: string | null; verdict: Verdict; reason: string | null }> {
	const { text, truncated, metadata, rule } = response;
	const plain = await gradeAnswer(parts.grader, gold, text, truncated, response);
	const command = commandOf(rule);
	if (command === null) {
		return { ...plain, reason: null };
	}
	if (parts.checker === undefined) {
		throw new StatError('questions.checkerNotAllowed', { command });
	}
	const input = {
		question,
		gold,
		answer: plain.extracted,
		response: text,
		metadata: { questionId: id, subject, level, benchmark, ...metadata },
	};
	const checked = await parts.checker.check(command, input, run.signal).catch((error: unknown) => {
		throwIfCancelled(run);
		throw error;
	});
	return { extracted: plain.extracted, ...checked };
}

/** Throws a `consent` StatError if one of the rules is a checker that nobody allowed on this machine. */
export async function requireAllowed({ checker }: Pick<Parts, 'checker'>, rules: Iterable<GradingRule>): Promise<void> {
	for (const rule of rules) {
		const command = commandOf(rule);
		const described = command === null ? undefined : await checker?.describe(command);
		if (command !== null && described?.isAllowed !== true) {
			const code = described?.hasChanged === true ? 'questions.checkerChanged' : 'questions.checkerNotAllowed';
			throw new StatError(code, { command });
		}
	}
}
