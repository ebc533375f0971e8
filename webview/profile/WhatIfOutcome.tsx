import type { JSX } from 'preact';
import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WhatIf, WhatIfDials } from '../../src/core/datasets/whatIf.ts';
import { fittingPairs } from '../../src/core/datasets/whatIf.ts';
import { formatCost, formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { useStore } from './state.ts';
import type { Outcome } from './whatIfState.ts';

/** Time in ms for which the dials must rest before the outcome is read out. */
const quiet = 700;

/** The build that these dials would produce, and the buttons that start it. */
export function WhatIfOutcome(props: {
	readonly trusted: boolean;
	readonly outcome: Outcome;
	readonly onCutPairs: () => void;
}): JSX.Element {
	const { trusted, outcome, onCutPairs } = props;
	const { now, before, dials } = outcome;
	const { whatIf } = useStore();
	const facts = factsOf(now);
	const former = factsOf(before);
	return (
		<div class="outcome">
			<dl class="facts">
				{facts.map(([name, value], at) => (
					<Fragment key={name}>
						<dt>{name}</dt>
						<dd>
							<strong>{value}</strong>
							<Former value={former[at]?.[1] ?? value} now={value} />
						</dd>
					</Fragment>
				))}
			</dl>
			<p class="dim note">{notesOf(now, dials).join(' ')}</p>
			<div class="more">
				<Button
					label={whatIf.needsRule(dials) ? 'Classify and Build with These…' : 'Build with These…'}
					primary
					focus="build"
					disabled={!trusted || now.pairs === 0}
					onPress={() => whatIf.build()}
				/>
				{fittingPairs(now) === null ? null : (
					<Button label="Cut to Pairs That Fit" focus="cut-pairs" onPress={onCutPairs} />
				)}
			</div>
			<Spoken
				text={facts
					.slice(0, 6)
					.map(([name, value]) => `${name}: ${value}`)
					.join('; ')}
			/>
		</div>
	);
}

function Former({ value, now }: { readonly value: string; readonly now: string }): JSX.Element | null {
	return value === now ? null : <span class="dim">{` was ${value}`}</span>;
}

/** Text that is read out once it has not changed for a while. */
function Spoken({ text }: { readonly text: string }): JSX.Element {
	const [spoken, setSpoken] = useState('');
	useEffect(() => {
		const timer = setTimeout(() => setSpoken(text), quiet);
		return () => clearTimeout(timer);
	}, [text]);
	return (
		<p class="sr" role="status" aria-live="polite">
			{spoken}
		</p>
	);
}

function factsOf(what: WhatIf): readonly (readonly [name: string, value: string])[] {
	const { difficult, unclassified, profiled, undiagnosed, pairs, rehearsal, questions, calls, cost, minutes } = what;
	const and = (count: number, is: string): string => (count > 0 ? `, ${formatCount(count)} ${is}` : '');
	return [
		['Difficult questions', formatCount(difficult) + and(unclassified, 'unclassified')],
		['Profiled', formatCount(profiled) + and(undiagnosed, 'to diagnose first')],
		['Pairs', formatCount(pairs) + and(rehearsal, 'of them from all of P')],
		['Distinct questions', formatCount(questions)],
		['Answers to rewrite', formatCount(calls)],
		['Maximum cost', formatCost(cost)],
		['Teacher’s time (about)', calls === 0 ? 'none' : formatMinutes(minutes)],
	];
}

function formatMinutes(minutes: number): string {
	if (minutes < 1) {
		return 'under a minute';
	}
	return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

function notesOf(now: WhatIf, dials: WhatIfDials): readonly string[] {
	const { pairs, undiagnosed, affordable, calls, used, profiled } = now;
	return [
		affordable !== null && affordable < calls
			? `The budget pays for ${formatCount(affordable)} of ${formatCount(calls)} answers: about ` +
				`${formatCount(fittingPairs(now) ?? 0)} pairs fit; a larger build stops when the budget is used up.`
			: '',
		pairs < dials.pairs ? `Fewer than the ${formatCount(dials.pairs)} requested pairs: the pool has no more.` : '',
		used < profiled ? `${formatCount(used)} of ${formatCount(profiled)} profiled questions are used.` : '',
		undiagnosed > 0 ? 'Questions without a diagnosis yield no pairs.' : '',
		dials.mix > 0 ? 'With a mix, distinct questions and answers are expected values.' : '',
	].filter(Boolean);
}
