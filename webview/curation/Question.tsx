import type { JSX } from 'preact';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { RichText } from '../kit/RichText.tsx';
import { visibleControls } from '../kit/richText.ts';
import { reasonChoices, statusGlyphs, statusLabels } from './labels.ts';
import type { ItemState, ShownContent } from './protocol.ts';
import { useStore } from './state.ts';

export interface QuestionProps {
	readonly item: ItemState;
	readonly content: ShownContent;
	readonly raw: boolean;
}

/** The problem's status and purpose, and the new question. */
export function Question({ item, content, raw }: QuestionProps): JSX.Element {
	const store = useStore();
	const problem = store.editProblem.value;
	return (
		<>
			<Standing item={item} />
			<h2>{titleOf(item, store.isPreviewed.value)}</h2>
			{problem === null ? null : (
				<p class="banner" role="status">
					<strong>{'The editor’s text is not valid yet. '}</strong>
					{problem}
				</p>
			)}
			<RichText text={content.question} raw={raw} />
		</>
	);
}

function Standing({ item }: { readonly item: ItemState }): JSX.Element {
	const store = useStore();
	const { status, reason, skill, forQuestion } = item;
	return (
		<p class="standing">
			<span class={`status status-${status}`}>
				<span class="glyph" aria-hidden="true">
					{statusGlyphs[status]}
				</span>
				{` ${statusLabels[status]}${reason === null ? '' : `: ${reasonChoices[reason].label}`}`}
			</span>
			{skill ? (
				<span class="for">
					{'for '}
					<strong>{visibleControls(skillLabel(skill.name))}</strong>
					{skill.subject === '' ? null : ` · ${visibleControls(skillLabel(skill.subject))}`}
				</span>
			) : null}
			{forQuestion ? (
				<button
					type="button"
					class="plain"
					title={forQuestion.text.slice(0, 400)}
					data-focus="for"
					onClick={() => store.openQuestion(forQuestion.id)}
				>
					missed in…
				</button>
			) : null}
		</p>
	);
}

function titleOf({ isEdited }: ItemState, isPreviewed: boolean): string {
	if (isPreviewed) {
		return 'New question, as in the editor: not saved yet';
	}
	return isEdited ? 'New question, edited' : 'New question';
}
