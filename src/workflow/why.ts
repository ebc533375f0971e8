import type { Correction, Diagnosis } from '../core/diagnosis.ts';
import type { Parts } from '../core/ports.ts';
import { StatError } from '../core/run.ts';
import type { WhyResult } from '../core/workflows.ts';
import { questionsWithIds } from './pages.ts';

/**
 * The whole chain behind a dataset's row (counted from 0): row → skill → difficult question → the student's answer → its
 * diagnosis, and the teacher's reply the solution came from. What was deleted since is `null`.
 */
export async function why(parts: Pick<Parts, 'store' | 'datasets'>, options: { readonly name: string; readonly row: number }): Promise<WhyResult> {
	if (!Number.isInteger(options.row) || options.row < 0) {
		throw new StatError(`rows count from 0, "${options.row}" is none`, 'usage');
	}
	const { store, datasets } = parts;
	const { row, chain } = await datasets.row(options.name, options.row);
	const { forQuestion } = row;
	const { student, round } = chain;
	const reply = chain.replyKey === null ? undefined : await store.get(chain.replyKey);
	const question = forQuestion === null ? null : await store.read('question', { id: forQuestion });
	const scope = student === null || round === null || forQuestion === null ? null : { student, round, questionId: forQuestion };
	const answer = scope ? (await store.read('answers', scope)).find(({ sample }) => sample === (chain.sample ?? 0)) : undefined;
	const { diagnosis = null, correction = null } = scope ? await store.read('diagnosis', scope) : {};
	const references = await questionsWithIds(store, chain.references);
	return {
		row: { index: options.row, question: row.question, solution: row.solution, gold: row.gold, kind: row.kind, flags: row.flags },
		skill: row.skill,
		question: question && { id: question.id, text: question.text, subject: question.subject, level: question.level, gold: question.gold },
		student_answer: answer ? { student: answer.student, round: answer.round, sample: answer.sample, text: answer.text, extracted: answer.extracted, verdict: answer.verdict } : null,
		diagnosis: whatCounts(diagnosis, correction),
		references: [...references.values()].map(({ id, text }) => ({ id, text })),
		agreement: chain.agreement,
		teacher: reply ? { model: reply.model, promptVersion: reply.promptVersion, replyKey: reply.key, at: reply.at } : null,
	};
}

/** A person's word wins; what it leaves out is the teacher's. */
function whatCounts(diagnosis: Diagnosis | null, correction: Correction | null): WhyResult['diagnosis'] {
	if (correction && correction.verdict !== 'withdrawn') {
		const skills = correction.verdict === 'changed' ? (correction.skills ?? []) : correction.verdict === 'disputed' ? [] : (diagnosis?.skills ?? []);
		return { judge: correction.verdict === 'disputed' ? 'correct' : (diagnosis?.judge ?? 'incorrect'), reason: correction.note ?? diagnosis?.reason ?? '', skills, firstWrongStep: diagnosis?.firstWrongStep ?? null, from: 'person', model: diagnosis?.model ?? null };
	}
	return diagnosis && { judge: diagnosis.judge, reason: diagnosis.reason, skills: diagnosis.skills, firstWrongStep: diagnosis.firstWrongStep, from: 'teacher', model: diagnosis.model };
}
