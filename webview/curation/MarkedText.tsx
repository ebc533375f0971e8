import type { JSX } from 'preact';
import { RichText } from '../kit/RichText.tsx';
import { markShared } from './passages.ts';

export interface MarkedTextProps {
	readonly text: string;
	/** The new question. */
	readonly question: string;
	readonly raw: boolean;
	/** Called with the fraction of the text's words that are in shared passages. */
	readonly onShare?: ((share: number) => void) | undefined;
}

/** The text of another question; the passages that it shares with the new question are marked. */
export function MarkedText({ text, question, raw, onShare }: MarkedTextProps): JSX.Element {
	return (
		<RichText
			text={text}
			raw={raw}
			decoration={question}
			decorate={(root) => {
				const share = markShared(root, question);
				onShare?.(share);
			}}
		/>
	);
}
