import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import type { QuestionFilter } from '../../core/ports/store/questions.ts';
import type { Scope } from '../../core/scope.ts';
import type { FactState, ProjectFacts } from '../session/facts.ts';
import { contextKeys, mementoKeys, viewIds } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { oneLine } from '../kit/untrustedText.ts';
import { ProjectTree } from './projectTree.ts';
import type { Grouping, QuestionState, QuestionView, Shown } from './questionView.ts';
import { groupFilter, isNarrowed, readView, skillName, toFilter } from './questionView.ts';
import type { ChunkNode, ProblemNode, QuestionList, QuestionNode } from './rows.ts';
import { chunkItem, problemItem, questionItem, questionTooltip, rowName, rowsOrChunks } from './rows.ts';
import { subjectLabel } from './skillsTree.ts';

export interface GroupNode {
	readonly kind: 'group';
	readonly title: string;
	/** The subject of the skill by which the group is formed. */
	readonly detail: string | null;
	readonly count: number;
	readonly list: QuestionList;
}

export type QuestionsNode = GroupNode | ChunkNode | QuestionNode;

/** Shows the scope's questions in groups; it never holds 100,000 of them in memory. */
export class QuestionsTree extends ProjectTree<QuestionsNode> {
	readonly view: vscode.TreeView<QuestionsNode | ProblemNode>;
	private shown: QuestionView;
	/** Groups stay where they first appeared until the view changes, because counts grow during a run. */
	private readonly places = new Map<string, number>();
	/** The whole view as one list; the next and previous commands walk through it if nothing is selected. */
	private whole: QuestionList | undefined;

	constructor(
		project: OpenProject,
		log: vscode.LogOutputChannel,
		private readonly facts: ProjectFacts,
		private readonly memento: vscode.Memento,
	) {
		super(project, log, ['questions', 'answers', 'classification', 'diagnoses', 'scope', 'skills']);
		this.shown = readView(memento.get(mementoKeys.questionView));
		this.view = vscode.window.createTreeView(viewIds.questions, { treeDataProvider: this, showCollapseAll: true });
		this.disposables.push(
			this.view,
			facts.onDidChange((state) => this.badge(state)),
		);
		this.setFilteredKey();
	}

	get current(): QuestionView {
		return this.shown;
	}

	async setView(change: Partial<QuestionView>): Promise<void> {
		this.shown = { ...this.shown, ...change };
		this.places.clear();
		this.setFilteredKey();
		this.refresh();
		await this.memento.update(mementoKeys.questionView, this.shown);
	}

	/** Returns everything the view shows, as one list. */
	async list(session: ProjectSession): Promise<QuestionList> {
		const scope = await session.scope();
		return this.whole ?? { id: 'all', title: shownLabel(this.shown.show), scope, filter: toFilter(this.shown) };
	}

	protected async children(session: ProjectSession, node: QuestionsNode | undefined): Promise<QuestionsNode[]> {
		switch (node?.kind) {
			case undefined:
				return this.roots(session);
			case 'group':
				return rowsOrChunks(session, node.list, 0, node.count, node);
			case 'chunk':
				return rowsOrChunks(session, node.list, node.from, node.to, node);
			case 'question':
				return [];
		}
	}

	private async roots(session: ProjectSession): Promise<QuestionsNode[]> {
		// This view opens the store when it is first shown. The welcome views need the same facts, which update on
		// their own from then on.
		const state = this.facts.current.kind === 'open' ? this.facts.current : await this.facts.read();
		if (state.kind === 'failed') {
			throw new Error(state.message);
		}
		const { store } = await session.parts();
		const scope = await session.scope();
		const filter = toFilter(this.shown);
		this.whole = { id: 'all', title: shownLabel(this.shown.show), scope, filter };
		const { total } = await store.read('questions', { scope, filter, offset: 0, limit: 0 });
		this.describe(state, total);
		if (total === 0 || this.shown.group === 'none') {
			return rowsOrChunks(session, this.whole, 0, total, null);
		}
		const groups = await this.groups(session, scope, filter, total);
		return groups.length === 0 ? rowsOrChunks(session, this.whole, 0, total, null) : groups;
	}

	private async groups(
		session: ProjectSession,
		scope: Scope | null,
		filter: QuestionFilter,
		total: number,
	): Promise<GroupNode[]> {
		const { store } = await session.parts();
		const { group } = this.shown;
		const node = (key: string, subject: string | null, count: number, part: QuestionFilter): GroupNode => {
			const title = groupLabel(group, group === 'missingSkill' ? skillName(key, subject) : key);
			return {
				kind: 'group',
				title,
				detail: group === 'missingSkill' && subject ? subjectLabel(subject) : null,
				count,
				list: { id: `${group}:${key}`, title, scope, filter: { ...filter, ...part } },
			};
		};
		if (group === 'none') {
			return [];
		}
		const sizes = await store.read('questionGroups', { scope, filter, by: group });
		const groups = sizes
			.filter(({ count }) => count > 0)
			.map(({ key, subject, count }) => node(key, subject, count, groupFilter(group, key, subject)));
		if (group === 'missingSkill') {
			const waiting = (
				await store.read('questions', {
					scope,
					filter: { ...filter, difficult: true, diagnosed: false, corrected: false },
					offset: 0,
					limit: 0,
				})
			).total;
			const rest =
				waiting > 0
					? [
							{
								...node('', null, waiting, { difficult: true, diagnosed: false, corrected: false }),
								title: vscode.l10n.t('Not diagnosed yet'),
							},
						]
					: [];
			const disputed = (
				await store.read('questions', { scope, filter: { ...filter, disputed: true }, offset: 0, limit: 0 })
			).total;
			const last =
				disputed > 0
					? [
							{
								...node('disputed', null, disputed, { disputed: true }),
								title: vscode.l10n.t('Disputed: nothing is missing'),
							},
						]
					: [];
			// Without any diagnosis there is nothing to group by, and a single group that contains everything is no
			// help.
			return groups.length === 0 && waiting === total ? [] : [...this.inPlace(groups), ...rest, ...last];
		}
		return groups;
	}

	/**
	 * Lets the next refresh order groups by count again; until then they stay in place while counts grow under the
	 * pointer.
	 */
	resort(): void {
		this.places.clear();
	}

	private inPlace(groups: readonly GroupNode[]): GroupNode[] {
		for (const { list } of groups) {
			if (!this.places.has(list.id)) {
				this.places.set(list.id, this.places.size);
			}
		}
		return [...groups].sort((a, b) => (this.places.get(a.list.id) ?? 0) - (this.places.get(b.list.id) ?? 0));
	}

	private describe(state: FactState, total: number): void {
		const facts = state.kind === 'open' ? state.facts : undefined;
		this.view.description =
			facts?.questions === 0
				? ''
				: [`${formatCount(total)} ${shownLabel(this.shown.show)}`, groupingLabel(this.shown.group)]
						.filter(Boolean)
						.join(' · ');
		const narrowed = formatNarrowing(this.shown).join(', ');
		if (narrowed === '' || !facts || facts.questions === 0) {
			this.view.message = '';
		} else if (total === 0) {
			this.view.message = vscode.l10n.t('No question matches {0}.', narrowed);
		} else {
			this.view.message = vscode.l10n.t('Only {0}.', narrowed);
		}
	}

	/** Shows the number of questions that wait for a diagnosis. */
	private badge(state: FactState): void {
		const waiting = state.kind === 'open' ? state.facts.waiting : 0;
		this.view.badge =
			waiting > 0
				? {
						value: waiting,
						tooltip: vscode.l10n.t('{0} difficult questions are not diagnosed yet', formatCount(waiting)),
					}
				: undefined;
	}

	getTreeItem(node: QuestionsNode | ProblemNode): vscode.TreeItem {
		switch (node.kind) {
			case 'group': {
				const item = new vscode.TreeItem(
					this.shown.group === 'missingSkill' ? rowName(node.title) : node.title,
					vscode.TreeItemCollapsibleState.Collapsed,
				);
				item.tooltip = node.title;
				item.id = node.list.id;
				item.description = [formatCount(node.count), node.detail].filter(Boolean).join(' · ');
				item.contextValue = `group;${this.shown.group};`;
				item.accessibilityInformation = {
					label: vscode.l10n.t(
						'{0}, {1} questions',
						[node.title, node.detail].filter(Boolean).join(', '),
						node.count,
					),
				};
				return item;
			}
			case 'chunk':
				return chunkItem(node);
			case 'question':
				return questionItem(node);
			case 'problem':
				return problemItem(node);
		}
	}

	async resolveTreeItem(item: vscode.TreeItem, node: QuestionsNode | ProblemNode): Promise<vscode.TreeItem> {
		const { session } = this.project;
		if (session && node.kind === 'question') {
			item.tooltip = await questionTooltip(session, node);
		}
		return item;
	}

	getParent(node: QuestionsNode | ProblemNode): QuestionsNode | undefined {
		return 'parent' in node && node.parent ? (node.parent as QuestionsNode) : undefined;
	}

	private setFilteredKey(): void {
		void vscode.commands.executeCommand('setContext', contextKeys.filtered, isNarrowed(this.shown));
		void vscode.commands.executeCommand('setContext', contextKeys.shown, this.shown.show);
	}
}

export function shownLabel(show: Shown): string {
	switch (show) {
		case 'difficult':
			return vscode.l10n.t('difficult');
		case 'wrong':
			return vscode.l10n.t('answered wrong');
		case 'answered':
			return vscode.l10n.t('answered');
		case 'evaluation':
			return vscode.l10n.t('evaluation');
		case 'train':
			return vscode.l10n.t('training');
	}
}

export function groupingLabel(group: Grouping): string {
	switch (group) {
		case 'missingSkill':
			return vscode.l10n.t('by missing skill');
		case 'subject':
			return vscode.l10n.t('by subject');
		case 'level':
			return vscode.l10n.t('by level');
		case 'benchmark':
			return vscode.l10n.t('by benchmark');
		case 'verdict':
			return vscode.l10n.t('by verdict');
		case 'none':
			return '';
	}
}

export function stateLabel(state: QuestionState): string {
	switch (state) {
		case 'waiting':
			return vscode.l10n.t('not diagnosed yet');
		case 'diagnosed':
			return vscode.l10n.t('diagnosed');
		case 'corrected':
			return vscode.l10n.t('corrected by a person');
		case 'disputed':
			return vscode.l10n.t('disputed');
	}
}

export function verdictLabel(verdict: boolean | null): string {
	if (verdict === true) {
		return vscode.l10n.t('right');
	}
	return verdict === false ? vscode.l10n.t('wrong') : vscode.l10n.t('unsure');
}

function groupLabel(group: Grouping, key: string): string {
	switch (group) {
		case 'missingSkill':
			return skillLabel(oneLine(key, 120));
		case 'subject':
			return subjectLabel(key);
		case 'level':
			return key === '' ? vscode.l10n.t('No level') : vscode.l10n.t('Level {0}', key);
		case 'verdict':
			if (key === 'right') {
				return vscode.l10n.t('First answer right');
			}
			if (key === 'wrong') {
				return vscode.l10n.t('First answer wrong');
			}
			return vscode.l10n.t('First answer unsure');
		default:
			return oneLine(key, 120) || vscode.l10n.t('No benchmark');
	}
}

/** Returns a view's filters as text. */
export function formatNarrowing({ narrow }: QuestionView): string[] {
	return [
		narrow.subject === undefined ? '' : subjectLabel(narrow.subject),
		narrow.level === undefined ? '' : vscode.l10n.t('level {0}', narrow.level),
		narrow.benchmark ?? '',
		narrow.skill ? vscode.l10n.t('missing {0}', skillLabel(narrow.skill.name)) : '',
		narrow.verdict === undefined ? '' : vscode.l10n.t('first answer {0}', verdictLabel(narrow.verdict)),
		narrow.state ? stateLabel(narrow.state) : '',
		narrow.text ? vscode.l10n.t('text “{0}”', oneLine(narrow.text, 60)) : '',
	].filter(Boolean);
}
