import { formatWholePercent } from '../../src/core/text/formatNumber.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import { answerElement } from '../kit/maths.ts';
import { richText, visibleControls } from '../kit/richText.ts';
import { markShared } from './passages.ts';
import type { ShownContent, ShownFlag, ShownSolution, ShownWord } from './protocol.ts';
import type { View } from './view.ts';
import { flagWords, reasonWords, statusGlyphs, statusWords } from './view.ts';

/** What stands in the editor is what is shown, while it can be read. */
function contentOf({ item, preview }: View): ShownContent | null {
	return preview && !preview.isSaved && preview.questionId === item?.questionId && preview.content
		? preview.content
		: (item?.content ?? null);
}

function isPreviewed({ item, preview }: View): boolean {
	return preview !== null && preview.questionId === item?.questionId && !preview.isSaved;
}

/** Status, what it is for, and the new question. */
export function questionContent(view: View): Child[] {
	const { item, preview, raw, act } = view;
	const content = contentOf(view);
	if (!item || !content) {
		return [];
	}
	const problem = preview?.questionId === item.questionId ? preview.problem : null;
	return [
		h(
			'p',
			{ class: 'standing' },
			h(
				'span',
				{ class: `status status-${item.status}` },
				h('span', { class: 'glyph', 'aria-hidden': 'true' }, statusGlyphs[item.status]),
				` ${statusWords[item.status]}${item.reason === null ? '' : `: ${reasonWords[item.reason]}`}`,
			),
			item.skill
				? h(
						'span',
						{ class: 'for' },
						'for ',
						h('strong', {}, visibleControls(skillLabel(item.skill.name))),
						item.skill.subject === '' ? null : ` · ${visibleControls(skillLabel(item.skill.subject))}`,
					)
				: null,
			item.forQuestion
				? h(
						'button',
						{
							type: 'button',
							class: 'plain',
							title: item.forQuestion.text.slice(0, 400),
							'data-focus': 'for',
							onclick: () => act.openQuestion(item.forQuestion?.id ?? ''),
						},
						'missed in…',
					)
				: null,
		),
		h(
			'h2',
			{},
			isPreviewed(view)
				? 'New question, as in the editor: not saved yet'
				: item.isEdited
					? 'New question, edited'
					: 'New question',
		),
		problem === null
			? null
			: h(
					'p',
					{ class: 'banner', role: 'status' },
					h('strong', {}, 'The editor’s text cannot be saved like this. '),
					problem,
				),
		richText(content.question, raw),
	];
}

/** Flags with their reasons; a likeness is shown beside the question it is with, the shared passages marked. */
export function flagsContent(view: View): Child[] {
	const content = contentOf(view);
	return !view.item || !content || view.item.flags.length === 0
		? []
		: [
				h('h3', {}, 'Flags'),
				h(
					'ul',
					{ class: 'flags' },
					...view.item.flags.map((flag) =>
						flagContent(
							flag,
							content.question,
							view,
							view.item?.references.findIndex(({ id }) => id === flag.like?.id) ?? -1,
						),
					),
				),
			];
}

/** What it is like is shown under it, unless it is one of the references, which stand below anyway. */
function flagContent(
	{ kind, score, like }: ShownFlag,
	question: string,
	{ raw, act }: View,
	reference: number,
): HTMLElement {
	const [short, meaning] = flagWords[kind];
	const how =
		score === null
			? ''
			: kind === 'leak-passage'
				? `, ${score} words in a row`
				: `, ${formatWholePercent(score)} alike`;
	const text = like && reference < 0 ? marked(like.text, question, raw).element : null;
	return h(
		'li',
		{ class: 'flag' },
		h(
			'p',
			{},
			h('span', { class: 'flag-word' }, h('span', { 'aria-hidden': 'true' }, '⚑ '), short),
			` ${meaning}${how}`,
			like
				? h(
						'span',
						{ class: 'dim' },
						reference < 0 ? ` (${visibleControls(like.where)}) ` : ` (reference ${reference + 1}) `,
					)
				: null,
			like?.known
				? h(
						'button',
						{
							type: 'button',
							class: 'plain',
							'data-focus': `like:${like.id}:${kind}`,
							onclick: () => act.openQuestion(like.id),
						},
						'open',
					)
				: null,
		),
		text,
	);
}

/** Another question's text with the passages marked that it shares with the new one. */
function marked(
	text: string,
	question: string,
	raw: boolean,
): { readonly element: HTMLElement; readonly share: number } {
	const element = richText(text, raw);
	return { element, share: markShared(element, question) };
}

/** Solutions side by side, the agreeing group marked. */
export function solutionsContent(view: View): Child[] {
	const { item, raw } = view;
	const content = contentOf(view);
	if (!item || !content) {
		return [];
	}
	const { agree, of } = content.agreement;
	const words =
		agree === of
			? of === 1
				? 'one solution'
				: `all ${of} agree`
			: agree <= 1
				? `none of ${of} agree`
				: `${agree} of ${of} agree`;
	return [
		h(
			'h2',
			{},
			'Solutions · ',
			h('span', { class: agree < 2 && of > 1 ? 'agreement low' : 'agreement' }, words),
			item.isEdited || isPreviewed(view) ? h('span', { class: 'dim' }, ' · graded again after the edit') : null,
		),
		h(
			'div',
			{ class: 'solutions' },
			...content.solutions.map((solution, index) => solutionContent(solution, index, raw)),
		),
	];
}

function solutionContent({ text, answer, agrees, kept }: ShownSolution, index: number, raw: boolean): HTMLElement {
	return h(
		'article',
		{ class: `solution ${agrees ? 'agrees' : 'differs'}`, 'aria-label': `Solution ${index + 1}` },
		h(
			'h3',
			{},
			h('span', { class: 'glyph', 'aria-hidden': 'true' }, agrees ? '=' : '≠'),
			` ${index + 1} · `,
			answer === null
				? 'no final answer found'
				: h(
						'span',
						{},
						'answer ',
						raw ? h('code', {}, visibleControls(answer)) : answerElement(visibleControls(answer)),
					),
			h(
				'span',
				{ class: 'solution-word' },
				agrees ? 'agrees' : kept ? 'differs, trained on all the same' : 'differs, not trained on',
			),
		),
		richText(text, raw),
	);
}

/** The questions the teacher was shown. */
export function referencesContent(view: View): Child[] {
	const { item, raw, act } = view;
	const content = contentOf(view);
	if (!item || !content || item.references.length === 0) {
		return [];
	}
	return [
		h('h3', {}, 'References the teacher was shown'),
		h(
			'ol',
			{ class: 'references' },
			...item.references.map(({ id, text }) => {
				const { element, share } = marked(text, content.question, raw);
				return h(
					'li',
					{},
					element,
					h(
						'p',
						{ class: 'dim' },
						share > 0
							? `${formatWholePercent(share)} of its words are shared, in runs as marked; ` +
									'numbers not compared. '
							: null,
						h(
							'button',
							{
								type: 'button',
								class: 'plain',
								'data-focus': `reference:${id}`,
								onclick: () => act.openQuestion(id),
							},
							'open',
						),
					),
				);
			}),
		),
	];
}

/** Every word said on it, the latest first; what was taken back stays. */
export function historyContent({ item, raw }: View): Child[] {
	if (!item) {
		return [];
	}
	return [
		h(
			'p',
			{ class: 'provenance' },
			`written by ${visibleControls(item.model)} · ${visibleControls(item.promptVersion)}`,
		),
		item.history.length === 0 ? null : h('h3', {}, 'History'),
		h('ol', { class: 'history' }, ...[...item.history].reverse().map((word) => wordContent(word, raw))),
	];
}

const verdictWords = {
	accepted: 'accepted',
	edited: 'edited',
	repaired: 'repaired with all that match',
	rejected: 'rejected',
	regenerated: 'another one asked for',
	withdrawn: 'took the word before back',
} as const;

function wordContent(
	{ verdict, reason, note, hint, author, at, before, withdrawn }: ShownWord,
	raw: boolean,
): HTMLElement {
	return h(
		'li',
		{ class: withdrawn ? 'withdrawn' : undefined },
		h(
			'p',
			{},
			h('strong', {}, verdictWords[verdict]),
			reason === null ? null : `: ${reasonWords[reason]}`,
			withdrawn ? ' (taken back)' : null,
			h('span', { class: 'dim' }, ` · ${visibleControls(author)} · ${at.slice(0, 16).replace('T', ' ')}`),
		),
		hint === null ? null : h('p', { class: 'note' }, 'hint: ', visibleControls(hint)),
		note === null ? null : h('p', { class: 'note' }, visibleControls(note)),
		before === null
			? null
			: h(
					'details',
					{},
					h('summary', { 'data-focus': `before:${at}` }, 'the question before'),
					richText(before, raw),
				),
	);
}
