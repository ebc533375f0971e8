import type { JSX } from 'preact';
import { formatPoints, formatPValue, formatRange } from '../../src/core/text/formatChange.ts';
import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import { ChangeList } from './ChangeList.tsx';
import { roundTitle } from './Lineage.tsx';
import type { ChangeLine, Compared, RoundsState } from './protocol.ts';

/** The change overall, by subject and by level; if there is none, the reason why. */
export function Summary({ state }: { readonly state: RoundsState }): JSX.Element {
	const { compared, problem, before, after } = state;
	if (!compared) {
		return (
			<section class="summary" aria-label="Comparison">
				<p class="empty">
					{problem ??
						'Two rounds with answers to the same questions can be compared. Train the student, ' +
							'have it answer, and start the next round from the job.'}
				</p>
			</section>
		);
	}
	const [overall, ...parts] = compared.lines;
	return (
		<section class="summary" aria-label="Comparison">
			<h2>{before && after ? `${roundTitle(before)} → ${roundTitle(after)}` : 'Comparison'}</h2>
			{overall ? <Overall change={overall.change} /> : null}
			<p class="dim">{basisOf(compared, overall?.change.n ?? 0)}</p>
			{compared.validation > 0 ? (
				<p class="dim">
					{`${formatCount(compared.validation)} of them are validation questions: the student is ` +
						'profiled on them and a sweep chooses its learning rate by them, so the gain is likely ' +
						'too large. Report test questions.'}
				</p>
			) : null}
			{parts.length > 0 ? (
				<div>
					<ChangeList lines={parts} />
				</div>
			) : null}
		</section>
	);
}

function Overall({ change }: { readonly change: ChangeLine['change'] }): JSX.Element {
	const { before, after, delta, ci95, p } = change;
	return (
		<p class="big">
			<strong>{`${formatPercent(before)} → ${formatPercent(after)}`}</strong>
			<span>{` ${formatPoints(delta)} points (${formatRange(ci95)}), p ${formatPValue(p)}`}</span>
		</p>
	);
}

/** Describes in one line what the comparison is based on. */
function basisOf({ split, right, wrong, dataset, leftOut }: Compared, questions: number): string {
	return [
		`${formatCount(questions)} ${split === 'all' ? '' : `${split} `}questions`,
		`${formatCount(right)} turned right, ${formatCount(wrong)} turned wrong`,
		dataset === null ? '' : `trained on ${dataset}`,
		leftOut,
	]
		.filter(Boolean)
		.join(' · ');
}
