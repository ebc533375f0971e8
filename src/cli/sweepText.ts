import { formatPercent } from '../core/text/formatNumber.ts';
import type { SweepRow } from '../workflow/training/sweeps.ts';
import { table } from './wording.ts';

/** Formats a sweep for `jobs list` and `train --sweep --follow`: one learning rate per line, then the conclusion. */
export function sweepText({ id, dataset, model, jobs, winner, summary }: SweepRow): string {
	const rows = jobs.map(({ id: job, lr, state, accuracy, ci95, unsure }) => [
		`  ${job === winner ? '*' : ' '}`,
		String(lr),
		job,
		state,
		formatAccuracy({ accuracy, ci95, unsure }),
	]);
	return `sweep ${id}, ${dataset ?? model}: ${summary}\n${table(rows)}`;
}

function formatAccuracy({
	accuracy,
	ci95,
	unsure,
}: Pick<SweepRow['jobs'][number], 'accuracy' | 'ci95' | 'unsure'>): string {
	if (accuracy === null || ci95 === null) {
		return '';
	}
	const interval = ci95.map(formatPercent).join(' to ');
	return `${formatPercent(accuracy)} (${interval})${unsure ? `, ${unsure} unsure` : ''}`;
}
