import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { skillLines } from '../../core/ports/promptValues.ts';
import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import { splits } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import type { AskResult, TeacherRunOptions } from '../asking/askTeacher.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { labelsOf, questionChunks } from '../reading/chunks.ts';
import { SkillOffer } from './skillOffer.ts';

export interface LabelOptions extends TeacherRunOptions {
	readonly split?: Split | undefined;
}

export interface LabelResult {
	questions: number;
	links: number;
	calls: number;
	cost: number | null;
	failed: number;
}

/** Maximum number of skills per question (C.3.1). */
const skillsPerQuestion = 5;

/**
 * Has the teacher label questions with up to five skills from their subject's list (C.3.1), except questions that it
 * has already labelled. Its labels override a bank's; a user's labels override both.
 */
export async function label(parts: Parts, options: LabelOptions, run: Run): Promise<LabelResult> {
	teacherOf(parts);
	const { questions, offers } = await questionsToLabel(parts, options, run);
	const result = await askForLabels(
		parts,
		ownOrder(questions, run),
		offers,
		{ operation: 'label', budget: options.budget },
		run,
	);
	return {
		questions: result.succeeded,
		links: result.links,
		calls: result.calls,
		cost: result.cost,
		failed: result.failures.length,
	};
}

/**
 * Requests labels for questions, each of which is offered the skills that `offers` returns, and stores the labels as
 * they arrive.
 */
export async function askForLabels(
	parts: Parts,
	questions: readonly Question[],
	offers: ReadonlyMap<QuestionId, readonly SkillRef[]>,
	options: { readonly operation: string; readonly budget?: Budget | undefined },
	run: Run,
): Promise<AskResult & { readonly links: number }> {
	let links = 0;
	const result = await askTeacher(
		parts,
		{
			operation: options.operation,
			label: 'Labelling',
			calls: labelCalls(parts, questions, offers),
			total: questions.length,
			parse: (text, { about }) => parts.replies.parseLabel(text, offers.get(about) ?? [], skillsPerQuestion),
			keyOf: ({ about }) => about,
			row: ({ call, reply, value }) => ({ questionId: call.about, skills: value.skills, replyKey: reply.key }),
			write: async (rows) => {
				links += (
					await parts.store.write('addLabels', {
						source: 'teacher',
						author: teacherOf(parts).model,
						at: run.now(),
						replace: true,
						rows,
					})
				).links;
			},
			budget: options.budget,
		},
		run,
	);
	return { ...result, links };
}

export async function planLabel(parts: Parts, options: LabelOptions, run: Run): Promise<Plan> {
	const teacher = teacherOf(parts);
	const { questions, offers } = await questionsToLabel(parts, options, run);
	return planCalls(
		teacher,
		[...labelCalls(parts, questions, offers)],
		parts.prompts.render('label', { subject: '', skills: '', question: '' }).expectedOutputTokens,
	);
}

async function questionsToLabel(
	parts: Parts,
	options: LabelOptions,
	run: Run,
): Promise<{ questions: Question[]; offers: ReadonlyMap<QuestionId, readonly SkillRef[]> }> {
	const questions: Question[] = [];
	const offers = new Map<QuestionId, readonly SkillRef[]>();
	const offer = new SkillOffer(parts.store);
	const limit = options.limit ?? Infinity;
	for (const split of options.split ? [options.split] : splits) {
		for await (const chunk of questionChunks(parts.store, split)) {
			throwIfCancelled(run);
			if (questions.length >= limit) {
				return { questions, offers };
			}
			const labelled = new Set(
				(
					await labelsOf(
						parts.store,
						chunk.map(({ id }) => id),
						'teacher',
					)
				).map(({ questionId }) => questionId),
			);
			for (const question of chunk) {
				if (questions.length < limit && !labelled.has(question.id)) {
					questions.push(question);
					offers.set(question.id, await offer.for(question.subject));
				}
			}
		}
	}
	return { questions, offers };
}

export function* labelCalls(
	parts: Parts,
	questions: readonly Question[],
	offers: ReadonlyMap<QuestionId, readonly SkillRef[]>,
): Generator<TeacherCall> {
	for (const question of questions) {
		yield makeCall(parts, 'label', question.id, {
			subject: question.subject ?? 'any',
			skills: skillLines(offers.get(question.id) ?? []),
			question: question.text,
		});
	}
}
