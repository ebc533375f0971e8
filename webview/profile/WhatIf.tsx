import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { profileKeys } from './panelKeys.ts';
import { Region } from '../kit/Region.tsx';
import type { WhatIfOffer } from './protocol.ts';
import { useStore } from './state.ts';
import { WhatIfForm } from './WhatIfForm.tsx';
import { WhatIfOutcome } from './WhatIfOutcome.tsx';
import { WhatIfSkills } from './WhatIfSkills.tsx';
import type { Outcome, Values } from './whatIfState.ts';

/** The what-if dials of a build and their outcome; only a button until the user opens them. */
export function WhatIf(): JSX.Element {
	const { whatIf } = useStore();
	const [offer, values, outcome] = [whatIf.offer.value, whatIf.values.value, whatIf.outcome.value];
	return (
		<Region tag="section" class="what-if" label="What if">
			{offer && values && outcome ? (
				<Opened offer={offer} values={values} outcome={outcome} />
			) : (
				<Button
					label="What if…"
					name="What if? Try other thresholds, skills, mix, size or budget…"
					shortcut={shortcutOf(profileKeys.whatIf)}
					focus="what-if"
					onPress={() => whatIf.toggle()}
				/>
			)}
		</Region>
	);
}

function Opened(props: {
	readonly offer: WhatIfOffer;
	readonly values: Values;
	readonly outcome: Outcome;
}): JSX.Element {
	const { offer, values, outcome } = props;
	const { whatIf } = useStore();
	const head = useRef<HTMLDivElement>(null);
	const dials = useRef<HTMLDivElement>(null);
	useLayoutEffect(() => {
		head.current?.closest('section')?.scrollIntoView({ block: 'start' });
		focusIn(dials.current, 'select, input');
	}, []);
	const cutPairs = (): void => {
		whatIf.cutPairs();
		focusIn(dials.current, '[data-focus="dial:pairs"]');
	};
	return (
		<>
			<div ref={head} class="what-if-head">
				<h2>What if…</h2>
				<Button
					label="Close"
					shortcut={shortcutOf(profileKeys.whatIf)}
					focus="what-if"
					onPress={() => whatIf.toggle()}
				/>
			</div>
			<div ref={dials} class="dials-and-facts">
				<WhatIfForm table={offer.table} values={values} />
				<WhatIfOutcome trusted={offer.trusted} outcome={outcome} onCutPairs={cutPairs} />
			</div>
			<WhatIfSkills outcome={outcome} />
		</>
	);
}

function focusIn(part: HTMLElement | null, selector: string): void {
	part?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
}
