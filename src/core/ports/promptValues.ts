import type { Question } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { TeacherTask } from './teacher.ts';

/**
 * The values of each prompt. A prompt must contain exactly these placeholders, all of them. A user's edited copy is
 * held to the same list, so a prompt can be reworded but cannot lose what the method shows the teacher. `diagnose` and
 * `judge` contain no gold answer: difficulty and missing skills are determined without ground truth (sec. 2.1, 2.2).
 * `grade` compares with gold: it is the grading rule `judge`.
 */
export const promptPlaceholders = {
	label: ['subject', 'skills', 'question'],
	judge: ['question', 'answer'],
	grade: ['question', 'gold', 'answer'],
	diagnose: ['subject', 'skills', 'question', 'steps', 'finalAnswer'],
	rewrite: ['question', 'solution', 'finalAnswer'],
	catalogName: ['subject', 'question'],
	catalogCluster: ['subject', 'skills'],
	propose: ['subject', 'skill', 'references', 'hint'],
	proposeNear: ['subject', 'references', 'hint'],
	solve: ['question'],
	check: ['skill', 'question'],
} as const satisfies Readonly<Record<TeacherTask, readonly string[]>>;

/**
 * Renders skill names for a prompt, exactly as stored and in the same order, one per line. A name that several subjects
 * share is written as `subject/name`.
 */
export function skillLines(skills: readonly SkillRef[]): string {
	const times = new Map<string, number>();
	for (const { name } of skills) {
		times.set(name, (times.get(name) ?? 0) + 1);
	}
	return skills
		.map(({ subject, name }) => ((times.get(name) ?? 0) > 1 && subject !== '' ? `${subject}/${name}` : name))
		.join('\n');
}

/**
 * Renders a student's answer split into its steps (UTF-16 ranges stored with the answer), numbered from 1: `[1] …`, one
 * paragraph per step. Text between steps is attached to the step before it, so that no part of the answer is hidden.
 * Without steps, the whole answer is `[1]`.
 */
export function stepLines(answer: string, steps: readonly (readonly [number, number])[]): string {
	if (steps.length === 0) {
		return `[1] ${answer.trim()}`;
	}
	return steps
		.map((_, index) => answer.slice(index === 0 ? 0 : steps[index]?.[0], steps[index + 1]?.[0]).trim())
		.map((text, index) => `[${index + 1}] ${text}`)
		.join('\n\n');
}

/** Renders reference questions for `propose`, numbered from 1. */
export function referenceLines(questions: readonly Pick<Question, 'text'>[]): string {
	return questions.map((question, index) => `[${index + 1}] ${question.text.trim()}`).join('\n\n');
}
