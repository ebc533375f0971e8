import type { JSX } from 'preact';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import { ListToolbar } from '../kit/ListToolbar.tsx';
import { diagnosisKeys } from './panelKeys.ts';
import { Region } from '../kit/Region.tsx';
import type { QuestionState } from './protocol.ts';
import { QuestionMark } from './QuestionMark.tsx';
import { useStore } from './state.ts';

/** The question's place, such as "17 of 312 · ✗ 0 of 5 right · number theory · level 4 · consistency 1/5", and the panel's buttons. */
export function Bar({ state }: { readonly state: QuestionState }): JSX.Element {
	const store = useStore();
	const { index, total, list } = state;
	return (
		<Region tag="header" class="bar">
			<div class="place">
				<h1>
					{index < 0
						? `Left the list of ${formatCount(total)}`
						: `${formatCount(index + 1)} of ${formatCount(total)}`}
				</h1>
				{state.samples.length > 0 ? <QuestionMark samples={state.samples} /> : null}
				{factsOf(state).map((fact, at) => (
					<span key={at} class="fact">
						{fact}
					</span>
				))}
				{list === '' ? null : (
					<span class="fact list" title="The filter of this list">
						{list}
					</span>
				)}
			</div>
			<ListToolbar
				item="question"
				isFirst={index === 0}
				isLast={index >= 0 && index + 1 >= total}
				onGo={(to) => store.go(to)}
				raw={store.raw.value}
				onToggleRaw={() => store.toggleRaw()}
				keys={diagnosisKeys}
				onShowKeys={() => (store.areKeysShown.value = true)}
			/>
		</Region>
	);
}

function factsOf({ question, samples, consistency }: QuestionState): readonly string[] {
	return [
		question.subject ? skillLabel(question.subject) : null,
		question.level === null ? null : `level ${question.level}`,
		question.benchmark,
		consistency === null ? null : `consistency ${consistency}/${samples.length}`,
	].filter((fact) => fact !== null);
}
