import type { Answer } from '../../core/questions/answer.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { ReplyParsers } from '../../core/ports/prompts.ts';
import { skillLines, stepLines } from '../../core/ports/promptValues.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { Outcome, TeacherCall } from '../../core/ports/teacher.ts';
import type { Scope } from '../../core/scope.ts';
import { makeCall } from '../asking/askTeacher.ts';
import { inChunks, questionsWithIds } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';
import { SkillOffer } from '../skills/skillOffer.ts';

type Read = Extract<Outcome<ReturnType<ReplyParsers['parseDiagnosis']>>, { reply: unknown }>;

/**
 * Builds the requests that have an answer read (sec. 2.2). First and second teachers get the same ones. Holds each
 * answer and the skills offered for it until its reply arrives.
 */
export class AnswerReadings {
	private readonly requests = new Map<
		QuestionId,
		{ readonly offered: readonly SkillRef[]; readonly sample: number; readonly steps: number }
	>();
	private readonly offer: SkillOffer;
	readonly answers: ReadableAnswers;

	constructor(
		private readonly parts: Parts,
		private readonly scope: Scope,
	) {
		this.offer = new SkillOffer(parts.store);
		this.answers = new ReadableAnswers(parts.store, scope);
	}

	/**
	 * Yields one call for each question that has answers. `samples`: which sample to read, instead of the one that
	 * {@link answerToRead} selects.
	 */
	async *calls(ids: readonly QuestionId[], samples?: ReadonlyMap<QuestionId, number>): AsyncGenerator<TeacherCall> {
		for (const chunk of inChunks(ids, 200)) {
			const questions = await questionsWithIds(this.parts.store, chunk);
			for (const id of chunk) {
				const question = questions.get(id);
				const answers = await this.answers.of(id);
				const answer = answers.find(({ sample }) => sample === samples?.get(id)) ?? answerToRead(answers);
				if (question && answer) {
					yield await this.call(question, answer);
				}
			}
		}
	}

	offered(id: QuestionId): readonly SkillRef[] {
		return this.requests.get(id)?.offered ?? [];
	}

	/** Returns a usable reply in its stored form. */
	diagnosisOf({ call, reply, value }: Read): Diagnosis {
		const { student, round } = this.scope;
		const { sample, steps } = this.requests.get(call.about) ?? { sample: 0, steps: 0 };
		const { judge, reason, skills, offList, firstWrongStep } = value;
		const step = firstWrongStep !== null && firstWrongStep < Math.max(1, steps) ? firstWrongStep : null;
		return {
			student,
			round,
			questionId: call.about,
			sample,
			judge,
			reason,
			skills,
			offList,
			firstWrongStep: step,
			replyKey: reply.key,
			model: reply.model,
			promptVersion: reply.promptVersion,
			at: reply.at,
		};
	}

	private async call(question: Question, answer: Answer): Promise<TeacherCall> {
		const offered = await this.offer.for(question.subject);
		this.requests.set(question.id, { offered, sample: answer.sample, steps: answer.steps.length });
		return makeCall(this.parts, 'diagnose', question.id, {
			subject: question.subject ?? 'any',
			skills: skillLines(offered),
			question: question.text,
			steps: stepLines(answer.text, answer.steps),
			finalAnswer: answer.extracted ?? 'none found',
		});
	}
}

/** Returns the first sample graded wrong, else sample 0 (or the first one that exists). */
function answerToRead(answers: readonly Answer[]): Answer | undefined {
	return answers.find(({ verdict }) => verdict === false) ?? answers[0];
}
