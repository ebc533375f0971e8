import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import type { Answer, Verdict } from '../../core/questions/answer.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { Scope } from '../../core/scope.ts';
import { gradeByRule } from './gradeByRule.ts';
import { inChunks, questionsWithIds } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';

export interface GradeStoredOptions extends Scope {
	readonly questions: readonly QuestionId[];
	readonly rule: (question: Question) => GradingRule;
	/** Whether to grade only a question's answers without a verdict; by default all. */
	readonly onlyUnsure?: ((question: Question) => boolean) | undefined;
}

export interface GradeStoredResult {
	/** Number of answers graded now, by verdict. */
	right: number;
	wrong: number;
	unsure: number;
	/** Number of answers whose verdict changed. */
	changed: number;
	/** Number of answers that wait for the judge, or for a checker that nobody allowed here. */
	waiting: number;
	/** Reasons of unsure answers with their numbers, most frequent first; at most ten. */
	reasons: { reason: string; answers: number }[];
}

/** Number of questions whose answers are graded and written together. */
const questionsAtOnce = 20;

/**
 * Grades stored answers by their questions' rules and stores the verdicts. Resumes: what was graded before an
 * interruption is stored. Answers that need the teacher wait; see judgeStored.
 */
export async function gradeStored(parts: Parts, options: GradeStoredOptions, run: Run): Promise<GradeStoredResult> {
	const { student, round, questions, onlyUnsure = () => false } = options;
	const graded = new Graded(parts, run);
	const answers = new ReadableAnswers(parts.store, options);
	let done = 0;
	for (const chunk of inChunks(questions, questionsAtOnce)) {
		throwIfCancelled(run);
		run.progress({ label: 'Grading', done, total: questions.length, detail: graded.detail });
		const found = await questionsWithIds(parts.store, chunk);
		const rows = await Promise.all(
			[...found.values()].map(async (question) => {
				const rule = options.rule(question);
				const own = (await answers.of(question.id)).filter(
					({ verdict }) => !onlyUnsure(question) || verdict === null,
				);
				return Promise.all(own.map((answer) => graded.grade(question, answer, rule)));
			}),
		);
		const decided = rows.flat().filter((row) => row !== null);
		if (decided.length > 0) {
			graded.counts.changed += (
				await parts.store.write('setVerdicts', { student, round, rows: decided })
			).changed;
		}
		done += chunk.length;
	}
	await answers.setAside('grade', run);
	return graded.result();
}

class Graded {
	readonly counts = { right: 0, wrong: 0, unsure: 0, changed: 0, waiting: 0 };
	private readonly reasons = new Map<string, number>();
	private readonly isAllowed = new Map<string, Promise<boolean>>();
	/** Why checkers cannot be run here. */
	private readonly missing = new Map<string, string>();

	constructor(
		private readonly parts: Parts,
		private readonly run: Run,
	) {}

	get detail(): string {
		return `${this.counts.right} right, ${this.counts.wrong} wrong, ${this.counts.unsure} unsure`;
	}

	/** Returns the row to store, or `null` if the answer waits. */
	async grade(
		question: Question,
		{ student, round, sample, text, truncated, logVerdict }: Answer,
		rule: GradingRule,
	): Promise<{ questionId: QuestionId; sample: number; extracted: string | null; verdict: Verdict } | null> {
		const command = commandOf(rule);
		if (rule === 'judge' || (command !== null && !(await this.mayRun(command)))) {
			this.counts.waiting++;
			this.because(command === null ? null : (this.missing.get(command) ?? null));
			return null;
		}
		const response = { text, truncated, rule, logVerdict, metadata: { student, round, sample } };
		const { extracted, verdict, reason } = await gradeByRule(this.parts, question, response, this.run);
		this.counts.right += verdict === true ? 1 : 0;
		this.counts.wrong += verdict === false ? 1 : 0;
		this.counts.unsure += verdict === null ? 1 : 0;
		if (verdict === null) {
			this.because(reason);
		}
		return { questionId: question.id, sample, extracted, verdict };
	}

	private because(reason: string | null): void {
		if (reason !== null) {
			this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
		}
	}

	private mayRun(command: string): Promise<boolean> {
		const found = this.isAllowed.get(command) ?? this.look(command);
		this.isAllowed.set(command, found);
		return found;
	}

	/** A checker that is missing here leaves its answers waiting, as one that nobody allowed does. */
	private async look(command: string): Promise<boolean> {
		try {
			return (await this.parts.checker?.describe(command))?.isAllowed === true;
		} catch (error) {
			if (!(error instanceof StatError)) {
				throw error;
			}
			this.missing.set(command, error.message);
			return false;
		}
	}

	result(): GradeStoredResult {
		const reasons = [...this.reasons]
			.map(([reason, answers]) => ({ reason, answers }))
			.sort((left, right) => right.answers - left.answers)
			.slice(0, 10);
		return { ...this.counts, reasons };
	}
}
