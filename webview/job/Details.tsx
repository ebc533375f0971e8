import { Fragment } from 'preact';
import type { JSX } from 'preact';
import { formatPercent } from '../../src/core/text/formatNumber.ts';
import type { JobPanelState } from './protocol.ts';

type Fact = readonly [name: string, value: string];

/** The facts that do not change from step to step. */
export function Details({ job }: { readonly job: JobPanelState }): JSX.Element {
	const facts: Fact[] = [
		['Model', job.model],
		['Host', job.host],
		...(job.sweep === null ? [] : sweepFacts(job.sweep)),
		...job.recipeInForce,
		['Started', formatTime(job.createdAt)],
		['Id', job.id],
	];
	return (
		<section class="details" aria-label="Details">
			<h2>Details</h2>
			<dl class="facts">
				{facts.map(([name, value], at) => (
					<Fragment key={at}>
						<dt>{name}</dt>
						<dd>{value}</dd>
					</Fragment>
				))}
			</dl>
		</section>
	);
}

function sweepFacts({ lr, right, questions, winner, summary }: NonNullable<JobPanelState['sweep']>): Fact[] {
	const rate: Fact = ['Learning rate', `${lr}, one of a sweep${winner ? '; the most accurate so far' : ''}`];
	if (right === null || questions === null) {
		return [rate, ['Sweep', summary]];
	}
	const accuracy = formatPercent(right / Math.max(1, questions));
	return [rate, ['Validation', `${right} of ${questions} right (${accuracy})`], ['Sweep', summary]];
}

/** Formats a time in the reader's own time zone and format. */
export function formatTime(iso: string): string {
	return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
