import type { JSX } from 'preact';
import type { Correction } from '../../src/core/diagnosis/diagnosis.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { RichText } from '../kit/RichText.tsx';
import { useStore } from './state.ts';
import { TimeText } from './TimeText.tsx';

/** Phrases that follow the author's name and state what each kind of correction does. */
export const verdictLabels: Record<Correction['verdict'], string> = {
	agreed: 'agrees with the teacher',
	changed: 'changed the skills',
	disputed: 'disputes it: nothing is missing',
	withdrawn: 'withdrew: the teacher’s diagnosis applies',
};

/** All corrections, latest first, each with the teacher's diagnosis at that time. */
export function History({ history }: { readonly history: readonly Correction[] }): JSX.Element | null {
	if (history.length === 0) {
		return null;
	}
	return (
		<details class="history">
			<summary data-focus="history">{`History (${history.length})`}</summary>
			<ol reversed>{history.map((correction, at) => <Item key={at} correction={correction} />).reverse()}</ol>
		</details>
	);
}

function Item({ correction }: { readonly correction: Correction }): JSX.Element {
	const raw = useStore().raw.value;
	const { author, verdict, at, skills, note, original } = correction;
	return (
		<li>
			<p>
				<strong>{author}</strong>
				{` ${verdictLabels[verdict]} · `}
				<TimeText iso={at} />
			</p>
			{skills ? <p>{`skills: ${skills.map(({ name }) => skillLabel(name)).join(', ') || 'none'}`}</p> : null}
			{note ? (
				<div class="note">
					<RichText text={note} raw={raw} />
				</div>
			) : null}
			<p class="dim">{original ? describeOriginal(original) : 'there was no diagnosis at that time'}</p>
		</li>
	);
}

function describeOriginal({ judge, skills, model }: NonNullable<Correction['original']>): string {
	const names = skills.map(({ name }) => skillLabel(name)).join(', ') || 'no skill';
	return `the teacher’s verdict was ${judge}: ${names} (${model})`;
}
