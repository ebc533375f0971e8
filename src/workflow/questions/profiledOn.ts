import type { QuestionId } from '../../core/questions/question.ts';
import { isSameRound } from '../../core/rounds/round.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { benchmarkNamed } from './benchmarks.ts';

/** The questions that a round's profile covers: the validation questions that it answered. */
export interface ProfiledOn {
	/** The benchmark to which they belong; `null`: all questions. */
	readonly benchmark: string | null;
	has(id: QuestionId): boolean;
}

/**
 * Returns a benchmark's questions, or all questions if `name` is `null`. A question may belong to several benchmarks:
 * those of MATH-500 also belong to MATH.
 */
export async function questionsOf(store: Pick<Store, 'read'>, name: string | null): Promise<ProfiledOn> {
	if (name === null) {
		return { benchmark: null, has: () => true };
	}
	const { entry } = await benchmarkNamed(store, name);
	const ids = new Set((await store.read('benchmarkQuestions', { name: entry.name })).map(({ id }) => id));
	return { benchmark: entry.name, has: (id) => ids.has(id) };
}

/**
 * Returns the questions that a round's profile covers. A round meant for a benchmark is profiled only on that
 * benchmark's questions (continual learning, sec. 3.3); the same holds for the diagnoses, dials and training sets made
 * for it. `benchmark`: a different one, or `null` for all questions; default: the round's.
 */
export async function profiledOn(
	store: Pick<Store, 'read'>,
	scope: Scope,
	benchmark: string | null | undefined,
): Promise<ProfiledOn> {
	return questionsOf(
		store,
		benchmark === undefined
			? ((await store.read('rounds', {})).find((round) => isSameRound(round, scope))?.benchmark ?? null)
			: benchmark,
	);
}

/** Returns the field that records the benchmark on a dataset's card; empty if all questions count. */
export function benchmarkOnCard({ benchmark }: ProfiledOn): { readonly benchmark?: string } {
	return benchmark === null ? {} : { benchmark };
}
