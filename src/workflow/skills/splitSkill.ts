import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import { splits } from '../../core/questions/question.ts';
import { skillLines } from '../../core/ports/promptValues.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSkillName, skillKey, skillLabel } from '../../core/skills/skill.ts';
import type { SkillEdit } from '../../core/skills/skillEdits.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { questionsWithIds } from '../reading/chunks.ts';

type Split = Extract<SkillEdit, { kind: 'split' }>;

export interface SplitOptions {
	readonly skill: SkillRef;
	readonly parts: readonly SkillRef[];
	readonly budget?: Budget | undefined;
}

/** Returns every question, of any student and round, whose labels or missing skills include a skill. */
export async function questionsOfSkill(store: Pick<Store, 'read'>, skill: SkillRef): Promise<QuestionId[]> {
	const ids = new Set<QuestionId>();
	const add = async (scope: { student: string; round: number } | null, filter: object): Promise<void> => {
		for (let offset = 0; ; offset += 1000) {
			const { total, rows } = await store.read('questions', { scope, filter, offset, limit: 1000 });
			rows.forEach(({ id }) => ids.add(id));
			if (rows.length === 0 || offset + rows.length >= total) {
				return;
			}
		}
	};
	await add(null, { splits, labelledSkill: skill });
	const { students } = await store.read('students', {});
	for (const { student, rounds } of students) {
		for (const { round } of rounds) {
			await add({ student, round }, { missingSkill: skill });
		}
	}
	return [...ids].sort();
}

/** Returns a split chosen by the user. Throws if a name or a question does not fit. */
export async function splitByHand(
	store: Pick<Store, 'read'>,
	skill: SkillRef,
	parts: readonly SkillRef[],
	assigned: readonly { readonly questionId: QuestionId; readonly part: string }[],
): Promise<Split> {
	const own = new Set(await questionsOfSkill(store, skill));
	const chosen = new Map<QuestionId, SkillRef>();
	for (const [index, { questionId, part }] of assigned.entries()) {
		const to =
			parts.find(({ name }) => normaliseSkillName(name) === normaliseSkillName(part)) ??
			(parts.length === 0 ? { subject: skill.subject, name: normaliseSkillName(part) } : undefined);
		if (!to || !own.has(questionId)) {
			throw to
				? new StatError('skills.assignmentMisfit', { number: index + 1, skill: skillLabel(skill.name) })
				: new StatError('skills.noSuchPart', {
						number: index + 1,
						part,
						parts: parts.map(({ name }) => name).join(', '),
					});
		}
		chosen.set(questionId, to);
	}
	return splitOf(skill, chosen, own.size);
}

/**
 * Returns a split chosen by the teacher, which assigns each question to one of the parts or to none. Questions that fit
 * no part, or whose reply cannot be parsed, stay with the skill.
 */
export async function splitByTeacher(
	parts: Parts,
	options: SplitOptions,
	run: Run,
): Promise<{ edit: Split; calls: number; cost: number | null; failed: number }> {
	const questions = await toSplit(parts, options);
	const chosen = new Map<QuestionId, SkillRef>();
	const result = await askTeacher(
		parts,
		{
			operation: `split ${skillKey(options.skill)}`,
			label: 'Splitting',
			calls: splitCalls(parts, options, questions),
			total: questions.length,
			parse: (text) => parts.replies.parseLabel(text, options.parts, 1),
			keyOf: ({ about }) => about,
			row: ({ call, value }) => [call.about, value.skills[0]] as const,
			write: async (rows) => rows.forEach(([id, part]) => (part ? chosen.set(id, part) : undefined)),
			budget: options.budget,
		},
		run,
	);
	if (result.overBudget > 0) {
		throw new StatError('asking.budgetUsedUp', {
			done: questions.length - result.overBudget,
			total: questions.length,
		});
	}
	return {
		edit: splitOf(options.skill, chosen, questions.length),
		calls: result.calls,
		cost: result.cost,
		failed: result.failures.length,
	};
}

export async function planSplit(parts: Parts, options: SplitOptions): Promise<Plan> {
	const questions = await toSplit(parts, options);
	return planCalls(
		teacherOf(parts),
		[...splitCalls(parts, options, questions)],
		parts.prompts.render('label', { subject: '', skills: '', question: '' }).expectedOutputTokens,
	);
}

/** Returns the number of questions in each part. */
export function splitAssignments(edit: Split): { skill: string; questions: number }[] {
	return edit.parts.map(({ skill, questions }) => ({ skill: skill.name, questions: questions.length }));
}

function splitOf(skill: SkillRef, chosen: ReadonlyMap<QuestionId, SkillRef>, all: number): Split {
	if (chosen.size === 0) {
		throw new StatError('skills.emptySplit', { skill: skillLabel(skill.name) });
	}
	const parts = new Map<string, { skill: SkillRef; questions: QuestionId[] }>();
	for (const [id, part] of chosen) {
		const known = parts.get(skillKey(part)) ?? { skill: part, questions: [] };
		parts.set(skillKey(part), known);
		known.questions.push(id);
	}
	return {
		kind: 'split',
		skill,
		parts: [...parts.values()].map((part) => ({ ...part, questions: part.questions.sort() })),
		keep: chosen.size < all,
	};
}

async function toSplit(parts: Parts, { skill }: SplitOptions): Promise<Question[]> {
	const ids = await questionsOfSkill(parts.store, skill);
	if (ids.length === 0) {
		throw new StatError('skills.unused', { skill: skillLabel(skill.name) });
	}
	const found = await questionsWithIds(parts.store, ids);
	return ids.flatMap((id) => found.get(id) ?? []);
}

function* splitCalls(
	parts: Parts,
	{ parts: choices }: SplitOptions,
	questions: readonly Question[],
): Generator<TeacherCall> {
	for (const question of questions) {
		yield makeCall(parts, 'label', question.id, {
			subject: question.subject ?? 'any',
			skills: skillLines(choices),
			question: question.text,
		});
	}
}
