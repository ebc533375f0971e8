import * as vscode from 'vscode';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { QuestionFilter } from '../../core/ports/store/questions.ts';
import { readStatUri } from '../documents/statUri.ts';
import { activeStatUri } from '../documents/activeDocument.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import type { Studio } from '../session/studio.ts';
import { forLabel, oneLine } from '../kit/untrustedText.ts';
import { onlyStep, pick } from '../kit/wizard.ts';

// Arguments of commands: tree nodes from menus, ids from panels, URIs from editors, and nothing from the palette.

/** A question, and the list that the next and previous commands walk through. */
export interface QuestionArgument {
	readonly id: string;
	readonly filter: QuestionFilter | null;
}

/**
 * Returns the questions a command applies to: the clicked one together with everything selected, else the one in view.
 */
export async function questionsOf(args: readonly unknown[]): Promise<QuestionArgument[]> {
	const [first, selected] = args;
	const several = Array.isArray(selected) ? selected.flatMap((node) => questionOf(node) ?? []) : [];
	const one = questionOf(first);
	if (several.length > 0 && (!one || several.some(({ id }) => id === one.id))) {
		return several;
	}
	return one ? [one] : inView();
}

function questionOf(argument: unknown): QuestionArgument | undefined {
	if (typeof argument === 'string' && argument !== '') {
		return { id: argument, filter: null };
	}
	if (argument instanceof vscode.Uri) {
		const what = readStatUri(argument);
		return what?.kind === 'question' || what?.kind === 'answers' ? { id: what.id, filter: null } : undefined;
	}
	if (isRecord(argument) && argument['kind'] === 'question') {
		const { row, list } = argument as { row?: { id?: unknown }; list?: { filter?: QuestionFilter } };
		return typeof row?.id === 'string' ? { id: row.id, filter: list?.filter ?? null } : undefined;
	}
	return undefined;
}

/** Returns the question in the diagnosis panel, or in the active `stat:` document. */
async function inView(): Promise<QuestionArgument[]> {
	const panel = (await import('../panels/diagnosis/diagnosisPanel.ts')).openDiagnosis();
	if (panel?.active) {
		return [{ id: panel.shown.questionId, filter: panel.shown.filter }];
	}
	const uri = activeStatUri();
	const shown = uri ? questionOf(uri) : undefined;
	return shown ? [shown] : [];
}

/**
 * Returns the question a command applies to, and asks if nothing determines it. Returns undefined if the user
 * cancelled.
 */
export async function needQuestion(
	studio: Studio,
	session: ProjectSession,
	title: string,
	args: readonly unknown[],
): Promise<QuestionArgument | undefined> {
	const [known] = await questionsOf(args);
	if (known) {
		return known;
	}
	const selected = studio.questions.view.visible
		? studio.questions.view.selection.flatMap((node) => questionOf(node) ?? [])
		: [];
	if (selected[0]) {
		return selected[0];
	}
	const list = await studio.questions.list(session);
	const { store } = await session.parts();
	const { rows } = await store.read('questions', { scope: list.scope, filter: list.filter, offset: 0, limit: 1000 });
	const chosen = await pick(onlyStep(title), {
		placeholder:
			rows.length === 0
				? vscode.l10n.t('The Questions view is empty: there is nothing to choose from')
				: vscode.l10n.t('Which question?'),
		items: rows.map((row) => ({
			label: forLabel(oneLine(row.title, 100)),
			description: forLabel(
				[row.subject ?? '', row.samples > 0 ? `${row.right}/${row.samples}` : ''].filter(Boolean).join(' · '),
			),
			value: row.id,
		})),
	});
	return typeof chosen === 'string' ? { id: chosen, filter: list.filter } : undefined;
}

/** Returns the skill a command applies to, from a tree or a panel. */
export function skillOf(argument: unknown): SkillRef | undefined {
	if (!isRecord(argument)) {
		return undefined;
	}
	const row = argument['kind'] === 'skill' && isRecord(argument['row']) ? argument['row'] : argument;
	return typeof row['subject'] === 'string' && typeof row['name'] === 'string'
		? { subject: row['subject'], name: row['name'] }
		: undefined;
}

/**
 * Returns the skills a command applies to: the clicked one together with everything selected. From the palette, the
 * view's selection counts if it contains several skills.
 */
export function selectedSkills(studio: Studio, args: readonly unknown[]): SkillRef[] {
	const [first, selected] = args;
	const inView = first === undefined && studio.skills.view.visible ? studio.skills.view.selection : [];
	const nodes: readonly unknown[] = Array.isArray(selected) ? selected : inView;
	const several = nodes.flatMap((node) => skillOf(node) ?? []);
	const one = skillOf(first);
	if (several.length > 1) {
		return several;
	}
	return one ? [one] : [];
}

/** Returns a dataset's name, from a tree, a card, a panel (`{name, row}`) or a test. */
export function datasetOf(argument: unknown): string | undefined {
	if (argument instanceof vscode.Uri) {
		const what = readStatUri(argument);
		return what?.kind === 'card' || what?.kind === 'why' ? what.name : datasetOfFile(argument)?.name;
	}
	if (!isRecord(argument)) {
		return undefined;
	}
	if (argument['kind'] === 'dataset' && isRecord(argument['card'])) {
		return typeof argument['card']['name'] === 'string' ? argument['card']['name'] : undefined;
	}
	if (argument['kind'] === 'datasetSkill') {
		return typeof argument['dataset'] === 'string' ? argument['dataset'] : undefined;
	}
	return typeof argument['name'] === 'string' ? argument['name'] : undefined;
}

/** Parses `…/.stat/datasets/NAME/data.jsonl`. */
export function datasetOfFile(uri: vscode.Uri): { readonly name: string } | undefined {
	const match = /\/\.stat\/datasets\/([^/]+)\/(?:data|chain)\.jsonl$/.exec(uri.path);
	return match?.[1] === undefined ? undefined : { name: match[1] };
}

/**
 * Returns the dataset a command applies to, and asks if nothing determines it. Returns undefined if the user cancelled.
 */
export async function needDataset(
	session: ProjectSession,
	title: string,
	argument: unknown,
): Promise<string | undefined> {
	const known = datasetOf(argument);
	if (known !== undefined) {
		return known;
	}
	const { datasets } = await session.parts();
	const cards = await datasets.list();
	const [only] = cards;
	if (only && cards.length === 1) {
		return only.name;
	}
	const chosen = await pick(onlyStep(title), {
		placeholder:
			cards.length === 0 ? vscode.l10n.t('No dataset has been built yet') : vscode.l10n.t('Which dataset?'),
		items: cards.map((card) => ({
			label: forLabel(card.name),
			description: vscode.l10n.t('{0} pairs', card.pairs),
			value: card.name,
		})),
	});
	return typeof chosen === 'string' ? chosen : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}
