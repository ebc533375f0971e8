import type { QuestionId } from '../../core/questions/question.ts';
import { isSameRound } from '../../core/rounds/round.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { benchmarkNamed } from './benchmarks.ts';

/** Which questions a round's profile covers: the validation questions it answered. */
export interface ProfiledOn {
	/** The benchmark they belong to; `null`: all of them. */
	readonly benchmark: string | null;
	has(id: QuestionId): boolean;
}

/** A benchmark's questions; `null`: all. A question may belong to several benchmarks: MATH-500's are MATH's. */
export async function questionsOf(store: Pick<Store, 'read'>, name: string | null): Promise<ProfiledOn> {
	if (name === null) {
		return { benchmark: null, has: () => true };
	}
	const { entry } = await benchmarkNamed(store, name);
	const ids = new Set((await store.read('benchmarkQuestions', { name: entry.name })).map(({ id }) => id));
	return { benchmark: entry.name, has: (id) => ids.has(id) };
}

/**
 * A round meant for a benchmark is profiled on its questions alone (continual learning, sec. 3.3); so are the
 * diagnoses, dials and training sets made for it. `benchmark`: another one, or `null` for all; default: the round's.
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

/** The card's note if not all questions count. */
export function benchmarkOnCard({ benchmark }: ProfiledOn): { readonly benchmark?: string } {
	return benchmark === null ? {} : { benchmark };
}
