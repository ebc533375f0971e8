import { wilsonInterval } from '../stats/interval.ts';
import type { JobState, ValidationScore } from './job.ts';
import { endStates } from './job.ts';
import { formatPercent } from '../text/formatNumber.ts';

/** Peak learning rates among which the paper chooses for each method, by accuracy (sec. C.1). */
export const paperRates: readonly number[] = [5e-4, 2e-4, 1e-4, 8e-5, 2e-5];

/** Default number of validation questions answered in a sweep: 1,000 would cost more than the training. */
export const defaultValidation = 200;

export interface SweepMember {
	readonly id: string;
	readonly lr: number;
	readonly state: JobState;
	readonly validation: ValidationScore | null;
}

export interface SweepOutcome {
	/**
	 * The most accurate graded member; ties go to the smaller rate. `null` if none is graded yet, or if no member got
	 * anything right.
	 */
	readonly winner: string | null;
	/** Members as accurate as the winner, including the winner; empty if there is no tie. */
	readonly tied: readonly string[];
	/** Whether every member has ended and all that succeeded are graded. */
	readonly over: boolean;
	/** A one-sentence summary. */
	readonly summary: string;
}

export function accuracy({ right, questions }: ValidationScore): number {
	return questions === 0 ? 0 : right / questions;
}

/** Computes the 95% Wilson interval of {@link accuracy}. */
export function accuracyInterval({ right, questions }: ValidationScore): [number, number] {
	return wilsonInterval(right, questions);
}

type GradedMember = SweepMember & { readonly validation: ValidationScore };

/** Returns the result of a sweep so far. A failed member is listed but does not compete. */
export function sweepOutcome(members: readonly SweepMember[]): SweepOutcome {
	const graded = members.filter(
		(member): member is GradedMember => member.validation !== null && member.validation.questions > 0,
	);
	const waiting = members.filter(
		({ state, validation }) => !endStates.has(state) || (state === 'done' && validation === null),
	);
	const failed = members.filter(({ state }) => state === 'failed' || state === 'cancelled');
	const best = Math.max(...graded.map(({ validation }) => accuracy(validation)));
	// If no member got anything right, there is nothing to choose by.
	const leading =
		best <= 0 ? [] : graded.filter(({ validation }) => accuracy(validation) === best).sort((a, b) => a.lr - b.lr);
	const [winner] = leading;
	const over = waiting.length === 0;
	const parts = [
		winner === undefined ? formatNoWinner(graded.length, over) : formatWinner(winner, over),
		leading.length > 1
			? `${leading.map(({ lr }) => lr).join(' and ')} are equally accurate, the smallest is taken`
			: '',
		waiting.length > 0 ? `${waiting.length} of ${members.length} to come` : '',
		failed.length > 0 ? `${failed.map(({ lr, state }) => `${lr} ${state}`).join(', ')}: not compared` : '',
	];
	return {
		winner: winner?.id ?? null,
		tied: leading.length > 1 ? leading.map(({ id }) => id) : [],
		over,
		summary: parts.filter(Boolean).join('; '),
	};
}

function formatWinner({ lr, validation }: GradedMember, over: boolean): string {
	const interval = accuracyInterval(validation).map(formatPercent).join(' to ');
	return (
		`${over ? 'winner' : 'ahead so far'}: learning rate ${lr}, ${formatPercent(accuracy(validation))} of ` +
		`${validation.questions} validation questions (95 % ${interval})`
	);
}

/** Explains why no member leads. */
function formatNoWinner(graded: number, over: boolean): string {
	if (graded > 0) {
		return 'no student has answered a validation question right, so there is nothing to choose by';
	}
	return over ? 'no training of it can be compared' : 'none has been graded yet';
}
