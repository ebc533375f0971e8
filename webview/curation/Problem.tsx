import type { JSX, RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { ItemFilter } from '../../src/core/curation/curation.ts';
import { Region } from '../kit/Region.tsx';
import { Flags } from './Flags.tsx';
import { History } from './History.tsx';
import { Question } from './Question.tsx';
import { References } from './References.tsx';
import { Solutions } from './Solutions.tsx';
import { useStore } from './state.ts';

/** The problem in view, with everything that helps to decide on it. Each problem starts scrolled to its top. */
export function Problem({ box }: { readonly box: RefObject<HTMLDivElement | null> }): JSX.Element {
	const store = useStore();
	const item = store.queue.item.value;
	const content = store.content.value;
	const raw = store.raw.value;
	useLayoutEffect(() => {
		if (box.current) {
			box.current.scrollTop = 0;
		}
	}, [item?.questionId]);
	return (
		<div ref={box} class="scrolled" tabIndex={0} role="region" aria-label="Problem">
			<Nothing />
			<Region tag="section" class="question" label="New question">
				{item && content ? <Question item={item} content={content} raw={raw} /> : null}
			</Region>
			<Region class="flag-box">
				{item && content ? <Flags item={item} question={content.question} raw={raw} /> : null}
			</Region>
			<Region tag="section" class="solution-box" label="Solutions">
				{item && content ? <Solutions item={item} content={content} raw={raw} /> : null}
			</Region>
			<Region tag="section" class="reference-box" label="References">
				{item && content ? <References item={item} question={content.question} raw={raw} /> : null}
			</Region>
			<Region tag="section" class="past" label="History">
				{item ? <History key={item.questionId} item={item} raw={raw} /> : null}
			</Region>
		</div>
	);
}

/** Explains why there is no problem. */
function Nothing(): JSX.Element {
	const queue = useStore().queue.state.value;
	const isEmpty = queue?.total === 0;
	return (
		<p class="nothing" role="status" hidden={!isEmpty}>
			{isEmpty ? emptyText(queue.filter) : ''}
		</p>
	);
}

function emptyText(filter: ItemFilter): string {
	const fields = Object.values(filter).filter((value) => value !== undefined);
	return filter.status === 'waiting' && fields.length === 1
		? 'Nothing waits any more: every problem of this queue has a decision. Select another status above to see them.'
		: 'No problem matches this filter.';
}
