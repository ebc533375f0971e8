import type { JSX } from 'preact';
import type { Annotation } from '../../src/core/diagnosis/annotation.ts';
import { isInForce } from '../../src/core/diagnosis/annotation.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { RichText } from '../kit/RichText.tsx';
import { visibleControls } from '../kit/richText.ts';
import type { QuestionState } from './protocol.ts';
import { useStore } from './state.ts';
import { TimeText } from './TimeText.tsx';

/** Users' annotations of the answers, beside the text; dismissed annotations are left out. */
export function Annotations({ state }: { readonly state: QuestionState }): JSX.Element | null {
	const inForce = state.annotations.filter(({ action }) => isInForce(action));
	if (inForce.length === 0) {
		return null;
	}
	return (
		<>
			<h3>Annotated in the answer</h3>
			<ul class="annotations">
				{inForce.map((annotation) => (
					<Item
						key={annotation.id}
						annotation={annotation}
						place={state.samples.findIndex(({ sample }) => sample === annotation.sample) + 1}
					/>
				))}
			</ul>
		</>
	);
}

/**
 * The annotated words, the skills that they miss, and whether the annotation counts. `place`: the sample's number, from
 * 1.
 */
function Item({ annotation, place }: { readonly annotation: Annotation; readonly place: number }): JSX.Element {
	const raw = useStore().raw.value;
	const { skills, counts, quote, note, author, at } = annotation;
	return (
		<li>
			<p>
				<strong>{skills.map(({ name }) => skillLabel(name)).join(', ')}</strong>
				{counts ? null : <span class="dim"> not counted: disputed later</span>}
			</p>
			<blockquote>
				<code>{visibleControls(quote)}</code>
			</blockquote>
			{note === null ? null : (
				<div class="note">
					<RichText text={note} raw={raw} />
				</div>
			)}
			<p class="provenance">
				{`${author} · sample ${place} · `}
				<TimeText iso={at} />
			</p>
		</li>
	);
}
