import type { JSX } from 'preact';
import { formatWholePercent } from '../../src/core/text/formatNumber.ts';
import { visibleControls } from '../kit/richText.ts';
import { flagLabels } from './labels.ts';
import { MarkedText } from './MarkedText.tsx';
import type { ItemState, ShownFlag } from './protocol.ts';
import { useStore } from './state.ts';

export interface FlagsProps {
	readonly item: ItemState;
	/** The new question. */
	readonly question: string;
	readonly raw: boolean;
}

/** The flags with their reasons. A similar question is shown beside the new one, with the shared passages marked. */
export function Flags({ item, question, raw }: FlagsProps): JSX.Element | null {
	const { flags, references } = item;
	if (flags.length === 0) {
		return null;
	}
	return (
		<>
			<h3>Flags</h3>
			<ul class="flags">
				{flags.map((flag, index) => (
					<Flag
						key={index}
						flag={flag}
						reference={references.findIndex(({ id }) => id === flag.like?.id)}
						question={question}
						raw={raw}
					/>
				))}
			</ul>
		</>
	);
}

function Flag(props: {
	readonly flag: ShownFlag;
	/** Position of the similar question among the references, or -1. */
	readonly reference: number;
	readonly question: string;
	readonly raw: boolean;
}): JSX.Element {
	const { flag, reference, question, raw } = props;
	const store = useStore();
	const { kind, like } = flag;
	const [short, meaning] = flagLabels[kind];
	return (
		<li class="flag">
			<p>
				<span class="flag-word">
					<span aria-hidden="true">{'⚑ '}</span>
					{short}
				</span>
				{` ${meaning}${scoreText(flag)}`}
				{like ? (
					<span class="dim">
						{reference < 0 ? ` (${visibleControls(like.where)}) ` : ` (reference ${reference + 1}) `}
					</span>
				) : null}
				{like?.known ? (
					<button
						type="button"
						class="plain"
						data-focus={`like:${like.id}:${kind}`}
						onClick={() => store.openQuestion(like.id)}
					>
						open
					</button>
				) : null}
			</p>
			{/* The references are shown below anyway. */}
			{like && reference < 0 ? <MarkedText text={like.text} question={question} raw={raw} /> : null}
		</li>
	);
}

function scoreText({ kind, score }: ShownFlag): string {
	if (score === null) {
		return '';
	}
	return kind === 'leak-passage' ? `, ${score} words in a row` : `, ${formatWholePercent(score)} similar`;
}
