import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { QuestionId } from '../../src/core/questions/question.ts';
import { formatWholePercent } from '../../src/core/text/formatNumber.ts';
import { MarkedText } from './MarkedText.tsx';
import type { ItemState } from './protocol.ts';
import { useStore } from './state.ts';

export interface ReferencesProps {
	readonly item: ItemState;
	/** The new question. */
	readonly question: string;
	readonly raw: boolean;
}

/** The questions that the teacher was shown as references. */
export function References({ item, question, raw }: ReferencesProps): JSX.Element | null {
	if (item.references.length === 0) {
		return null;
	}
	return (
		<>
			<h3>References the teacher was shown</h3>
			<ol class="references">
				{item.references.map(({ id, text }, index) => (
					<Reference key={index} id={id} text={text} question={question} raw={raw} />
				))}
			</ol>
		</>
	);
}

function Reference(props: {
	readonly id: QuestionId;
	readonly text: string;
	readonly question: string;
	readonly raw: boolean;
}): JSX.Element {
	const { id, text, question, raw } = props;
	const store = useStore();
	const [share, setShare] = useState(0);
	return (
		<li>
			<MarkedText text={text} question={question} raw={raw} onShare={setShare} />
			<p class="dim">
				{share > 0
					? `${formatWholePercent(share)} of its words are shared, as marked; numbers are not compared. `
					: null}
				<button
					type="button"
					class="plain"
					data-focus={`reference:${id}`}
					onClick={() => store.openQuestion(id)}
				>
					open
				</button>
			</p>
		</li>
	);
}
