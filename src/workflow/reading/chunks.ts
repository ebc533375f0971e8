import type { AnswerDigest } from '../../core/questions/answer.ts';
import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import type { LabelSource, SkillRef } from '../../core/skills/skill.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';

type Reader = Pick<Store, 'read'>;
export type ScopeDigest = AnswerDigest & { readonly gold: string | null; readonly split: Split };

const chunkSize = 2000;

/** Returns every question that has answers in the scope, by id. */
export async function allDigests(store: Reader, scope: Scope): Promise<ScopeDigest[]> {
	const digests: ScopeDigest[] = [];
	for (;;) {
		const chunk = await store.read('digests', {
			student: scope.student,
			round: scope.round,
			after: digests.at(-1)?.questionId ?? null,
			limit: chunkSize,
		});
		digests.push(...chunk);
		if (chunk.length < chunkSize) {
			return digests;
		}
	}
}

/** Yields a split's questions by id, in chunks. */
export async function* questionChunks(store: Reader, split: Split): AsyncGenerator<readonly Question[]> {
	let after: QuestionId | null = null;
	for (;;) {
		const chunk: readonly Question[] = await store.read('questionsOfSplit', { split, after, limit: chunkSize });
		if (chunk.length > 0) {
			yield chunk;
		}
		if (chunk.length < chunkSize) {
			return;
		}
		after = chunk.at(-1)?.id ?? null;
	}
}

/** Returns full questions by id; unknown ids are omitted. */
export async function questionsWithIds(store: Reader, ids: readonly QuestionId[]): Promise<Map<QuestionId, Question>> {
	const questions = new Map<QuestionId, Question>();
	for (const chunk of inChunks(ids)) {
		for (const question of await store.read('questionsById', { ids: chunk })) {
			questions.set(question.id, question);
		}
	}
	return questions;
}

/** Returns the labels of many questions; if a source is given, only the labels from that source. */
export async function labelsOf(
	store: Reader,
	ids: readonly QuestionId[],
	source?: LabelSource,
): Promise<{ questionId: QuestionId; skills: readonly SkillRef[] }[]> {
	const labels: { questionId: QuestionId; skills: readonly SkillRef[] }[] = [];
	for (const chunk of inChunks(ids)) {
		labels.push(...(await store.read('labels', { ids: chunk, ...(source ? { source } : {}) })));
	}
	return labels;
}

export function* inChunks<T>(items: readonly T[], size = chunkSize): Generator<readonly T[]> {
	for (let start = 0; start < items.length; start += size) {
		yield items.slice(start, start + size);
	}
}
