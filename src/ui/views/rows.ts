import * as vscode from 'vscode';
import { effectiveMissing } from '../../core/diagnosis/annotation.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { QuestionFilter, QuestionRow } from '../../core/ports/store/questions.ts';
import type { AnswersMark } from '../../core/questions/answersMark.ts';
import { answersGlyphs, answersMark } from '../../core/questions/answersMark.ts';
import type { Scope } from '../../core/scope.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import { commandIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { describeMark } from '../kit/describeMark.ts';
import { Tooltip } from '../kit/tooltip.ts';
import { forLabel, oneLine } from '../kit/untrustedText.ts';

/** A question in a tree, with its list (which the next and previous commands walk through). */
export interface QuestionNode {
	readonly kind: 'question';
	readonly row: QuestionRow;
	readonly list: QuestionList;
	/** Its index in the list, 0-based. */
	readonly index: number;
	readonly parent: RowParent;
}

/**
 * A chunk of five hundred rows (or of chunks, in very long lists): a group of 100,000 questions takes 200 lines, and
 * only chunks that are opened are read.
 */
export interface ChunkNode {
	readonly kind: 'chunk';
	readonly list: QuestionList;
	readonly from: number;
	readonly to: number;
	readonly parent: RowParent;
}

export interface ProblemNode {
	readonly kind: 'problem';
	readonly message: string;
}

/** A list of questions that the store returns in chunks. */
export interface QuestionList {
	/** Unique among the lists of a view; node ids are derived from it. */
	readonly id: string;
	readonly title: string;
	readonly scope: Scope | null;
	readonly filter: QuestionFilter;
}

/** The parent of a question or chunk; `null` for the root of the view. */
export type RowParent = { readonly kind: string } | null;

/**
 * Shortens a skill's name so that its count stays visible in a side bar of the usual width; `indented` rows have less
 * room. Tooltips and screen readers get the full name.
 */
export function rowName(name: string, indented = false): string {
	return oneLine(name, indented ? 25 : 28);
}

export const chunkSize = 500;
const fanOut = 200;

/** Returns the nodes of rows [from, to) of a list: the rows themselves if they fit into one chunk, else chunks. */
export async function rowsOrChunks(
	session: ProjectSession,
	list: QuestionList,
	from: number,
	to: number,
	parent: RowParent,
): Promise<(QuestionNode | ChunkNode)[]> {
	const count = to - from;
	if (count > chunkSize) {
		let size = chunkSize;
		while (count / size > fanOut) {
			size *= fanOut;
		}
		return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
			kind: 'chunk' as const,
			list,
			from: from + index * size,
			to: Math.min(to, from + (index + 1) * size),
			parent,
		}));
	}
	const { store } = await session.parts();
	const { rows } = await store.read('questions', {
		scope: list.scope,
		filter: list.filter,
		offset: from,
		limit: count,
	});
	return rows.map((row, at) => ({ kind: 'question' as const, row, list, index: from + at, parent }));
}

export function chunkItem(node: ChunkNode): vscode.TreeItem {
	const item = new vscode.TreeItem(
		`${formatCount(node.from + 1)} – ${formatCount(node.to)}`,
		vscode.TreeItemCollapsibleState.Collapsed,
	);
	item.id = `${node.list.id}#${node.from}-${node.to}`;
	item.contextValue = 'chunk;';
	return item;
}

/** Returns a question's state as words that the menus match, such as `question;difficult;diagnosed;corrected;`. */
export function questionContext(row: QuestionRow): string {
	return [
		'question',
		row.samples > 0 && 'answered',
		row.difficult === true && 'difficult',
		row.diagnosed && 'diagnosed',
		row.corrected && 'corrected',
		row.disputed && 'disputed',
	]
		.filter(Boolean)
		.map((state) => `${String(state)};`)
		.join('');
}

/** Returns a question's state in one word. */
function standing(row: QuestionRow): string {
	if (row.disputed) {
		return vscode.l10n.t('disputed');
	}
	if (row.corrected) {
		return vscode.l10n.t('corrected');
	}
	if (row.diagnosed) {
		return vscode.l10n.t('diagnosed');
	}
	return row.difficult === null && row.samples > 0 ? vscode.l10n.t('unclassified') : '';
}

/** Returns the icon of a mark. Icons differ in shape, not only in colour. */
function questionIcon(mark: AnswersMark): vscode.ThemeIcon {
	switch (mark) {
		case 'unanswered':
			return new vscode.ThemeIcon('circle-outline');
		case 'right':
			return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
		case 'mixed':
			return new vscode.ThemeIcon('color-mode', new vscode.ThemeColor('testing.iconQueued'));
		case 'unsure':
			return new vscode.ThemeIcon('question', new vscode.ThemeColor('testing.iconSkipped'));
		case 'wrong':
			return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
	}
}

export function questionItem(node: QuestionNode): vscode.TreeItem {
	const { row } = node;
	// Short enough to leave room for the counts beside it; the tooltip has the full text.
	const item = new vscode.TreeItem(
		oneLine(row.title, 64) || vscode.l10n.t('(empty question)'),
		vscode.TreeItemCollapsibleState.None,
	);
	item.id = `${node.list.id}/${row.id}`;
	const counts = row.samples > 0 ? `${row.right}/${row.samples}` : '';
	const state = standing(row);
	item.description = [counts, state].filter(Boolean).join(' · ');
	const mark = answersMark(row);
	item.iconPath = questionIcon(mark);
	item.contextValue = questionContext(row);
	const says =
		row.samples > 0 ? vscode.l10n.t('{0} of {1} answers right', row.right, row.samples) : describeMark(mark);
	item.accessibilityInformation = { label: [row.title, says, state].filter(Boolean).join(', ') };
	item.command =
		row.samples > 0
			? { command: commandIds.openDiagnosis, title: vscode.l10n.t('Open Diagnosis'), arguments: [node] }
			: { command: commandIds.openQuestion, title: vscode.l10n.t('Open Question'), arguments: [node] };
	return item;
}

/** The tooltip is read from the store only when the pointer rests on the row. */
export async function questionTooltip(
	session: ProjectSession,
	{ row, list }: QuestionNode,
): Promise<vscode.MarkdownString> {
	const { store } = await session.parts();
	const question = await store.read('question', { id: row.id });
	const tip = new Tooltip();
	if (!question) {
		return tip.line(row.title).markdown;
	}
	tip.raw(question.text, 600);
	const found =
		list.scope && row.samples > 0
			? await store.read('diagnosis', { ...list.scope, questionId: row.id })
			: undefined;
	const annotations = found && list.scope ? await store.read('annotations', { ...list.scope, ids: [row.id] }) : [];
	const counted = found ? effectiveMissing(found.diagnosis, found.correction, annotations) : undefined;
	tip.facts([
		[vscode.l10n.t('Subject'), question.subject],
		[vscode.l10n.t('Level'), question.level],
		[vscode.l10n.t('Reference answer'), question.gold],
		[vscode.l10n.t('Answers right'), row.samples > 0 ? `${row.right}/${row.samples}` : null],
		[vscode.l10n.t('Mark'), `${answersGlyphs[answersMark(row)]} ${describeMark(answersMark(row))}`],
		[
			vscode.l10n.t('Missing skills'),
			counted && !counted.disputed && counted.skills.length > 0
				? counted.skills.map(({ name }) => skillLabel(name)).join(', ')
				: null,
		],
	]);
	if (found?.diagnosis && found.diagnosis.reason !== '') {
		tip.line(found.diagnosis.reason.slice(0, 400));
	}
	return tip.markdown;
}

/** Returns a row for a tree that could not be filled: it shows the reason, and clicking it retries. */
export function problemItem(node: ProblemNode): vscode.TreeItem {
	const item = new vscode.TreeItem(forLabel(node.message), vscode.TreeItemCollapsibleState.None);
	item.iconPath = new vscode.ThemeIcon('error');
	item.tooltip = `${node.message}\n\n${vscode.l10n.t('Click to try again; the log has details')}`;
	item.contextValue = 'problem;';
	item.command = { command: commandIds.refresh, title: vscode.l10n.t('Try Again') };
	return item;
}
