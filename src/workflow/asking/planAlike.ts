import type { Teacher, TeacherCall } from '../../core/ports/teacher.ts';
import type { Plan } from './plan.ts';

/**
 * Estimates `times` calls that do not exist yet, and so are not stored, by the mean of these like them. There must be at
 * least one.
 */
export async function planAlike(
	teacher: Pick<Teacher, 'estimate'>,
	calls: readonly TeacherCall[],
	expectedOutputTokens: number,
	times: number,
): Promise<Plan> {
	// A sample of its own for each: a call that happens to be stored would otherwise cost nothing.
	const unstored = calls.map((call, index) => ({ ...call, sample: firstUnstoredSample + index }));
	const all = await teacher.estimate(unstored, expectedOutputTokens);
	const factor = times / Math.max(1, all.calls + all.cached);
	return {
		calls: times,
		cached: 0,
		tokens: { input: Math.round(all.tokens.input * factor), output: Math.round(all.tokens.output * factor) },
		cost: all.cost === null ? null : all.cost * factor,
		rows: times,
		notes: [],
	};
}

/** No request that is really sent has a sample this high. */
const firstUnstoredSample = 1_000_000_000;
