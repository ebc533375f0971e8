import type { JSX } from 'preact';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { Button } from '../kit/controls.tsx';
import { Region } from '../kit/Region.tsx';
import type { Compared, FlipLine } from './protocol.ts';
import { useStore } from './state.ts';

/** The questions whose answers turned right, or wrong; a button shows more of them. */
export function Flips({ compared }: { readonly compared: Compared }): JSX.Element {
	const store = useStore();
	const side = store.side.value;
	const flips = compared.flips.filter(({ to }) => to === side);
	const total = side === 'right' ? compared.right : compared.wrong;
	const more = store.moreFlips(flips.length);
	return (
		<Region tag="section" class="flips" label="Questions whose verdict changed">
			<h2>Questions whose verdict changed</h2>
			<div class="buttons" role="group" aria-label="Which">
				<Button
					label={`Turned right (${formatCount(compared.right)})`}
					focus="to:right"
					pressed={side === 'right'}
					onPress={() => store.showSide('right')}
				/>
				<Button
					label={`Turned wrong (${formatCount(compared.wrong)})`}
					focus="to:wrong"
					pressed={side === 'wrong'}
					onPress={() => store.showSide('wrong')}
				/>
			</div>
			<ol class="flip-list">
				{flips.slice(0, store.flipsShown.value).map((flip) => (
					<Flip key={flip.questionId} flip={flip} />
				))}
			</ol>
			{more > 0 ? (
				<Button
					label={`${more} more of ${formatCount(total)}`}
					focus="more"
					onPress={() => store.showMoreFlips()}
				/>
			) : null}
			{more === 0 && flips.length < total ? (
				<p class="dim">{`The first ${formatCount(flips.length)} of ${formatCount(total)}.`}</p>
			) : null}
		</Region>
	);
}

function Flip({ flip: { questionId, title, subject, level } }: { readonly flip: FlipLine }): JSX.Element {
	const store = useStore();
	return (
		<li>
			<button
				type="button"
				class="plain"
				data-focus={`flip:${questionId}`}
				title="Both answers side by side"
				onClick={() => store.showFlip(questionId)}
			>
				{title}
			</button>
			<span class="dim">
				{[subject === null ? '' : skillLabel(subject), level === null ? '' : `level ${level}`]
					.filter(Boolean)
					.join(', ')}
			</span>
		</li>
	);
}
