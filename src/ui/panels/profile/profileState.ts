import type { ProfileState } from '../../../../webview/profile/protocol.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { Run } from '../../../core/run.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { GridCell } from '../../../core/difficulty/detector.ts';
import type { Rank } from '../../../core/profile/profile.ts';
import type { Scope } from '../../../core/scope.ts';
import { thresholdGrid } from '../../../workflow/difficulty/thresholdGrid.ts';
import { profile } from '../../../workflow/profile/profile.ts';

export interface ReadProfile {
	readonly scope: Scope;
	readonly rank: Rank;
	/** The round to compare with. `undefined`: the latest earlier round; `null`: none. */
	readonly before: number | null | undefined;
	readonly trusted: boolean;
}

/**
 * Reads the Missing-Skill-Profile of a round, that of another round beside it and, if there are step scores, the
 * threshold grid.
 */
export async function readProfileState(
	parts: Parts,
	{ scope, rank, before, trusted }: ReadProfile,
	run: Run,
): Promise<ProfileState> {
	const { store } = parts;
	const [{ students }, classification] = await Promise.all([
		store.read('students', {}),
		store.read('classification', scope),
	]);
	const rounds = (students.find(({ student }) => student === scope.student)?.rounds ?? [])
		.map(({ round }) => round)
		.sort((left, right) => left - right);
	const compared = comparedRound(before, scope.round, rounds);
	const now = await profile(parts, { ...scope, rank }, run);
	const other =
		compared === null ? null : await profile(parts, { student: scope.student, round: compared, rank }, run);
	const cells = await gridOf(parts, scope);
	return {
		kind: 'profile',
		profile: now,
		before: other && other.questions > 0 ? other : null,
		rounds,
		rank,
		grid: cells?.some(({ compared: judged }) => judged > 0) ? cells : null,
		rule: classification && {
			method: classification.method,
			tau1: numberOrNull(classification.settings['tau1']),
			tau2: numberOrNull(classification.settings['tau2']),
		},
		trusted,
	};
}

/**
 * Returns the requested round, or `null` if it has no answers; if no round is requested, the one before the round
 * shown.
 */
function comparedRound(requested: number | null | undefined, shown: number, rounds: readonly number[]): number | null {
	if (requested === undefined) {
		return rounds.filter((round) => round < shown).at(-1) ?? null;
	}
	return requested !== null && requested !== shown && rounds.includes(requested) ? requested : null;
}

function numberOrNull(value: number | string | null | undefined): number | null {
	return typeof value === 'number' ? value : null;
}

/** Returns `null` if there are no step scores to compare with thresholds. */
async function gridOf(parts: Parts, scope: Scope): Promise<GridCell[] | null> {
	try {
		return await thresholdGrid(parts, scope);
	} catch (error) {
		if (error instanceof StatError) {
			return null;
		}
		throw error;
	}
}
