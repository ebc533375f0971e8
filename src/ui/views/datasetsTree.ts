import * as vscode from 'vscode';
import type { DatasetCard } from '../../core/datasets/dataset.ts';
import { methodNames } from '../../core/datasets/dataset.ts';
import { formatCount, formatMoney } from '../../core/text/formatNumber.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import { commandIds, viewIds } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { Tooltip } from '../kit/tooltip.ts';
import { oneLine } from '../kit/untrustedText.ts';
import { ProjectTree } from './projectTree.ts';
import type { ProblemNode } from './rows.ts';
import { problemItem, rowName } from './rows.ts';

export interface DatasetNode {
	readonly kind: 'dataset';
	readonly card: DatasetCard;
	/** The state of its curation; `null` if nothing in it can be curated. */
	readonly queue: QueueCounts | null;
}

type QueueCounts = Reads['itemCounts']['result'][number];

export interface DatasetSkillNode {
	readonly kind: 'datasetSkill';
	readonly dataset: string;
	readonly subject: string;
	readonly skill: string;
	readonly pairs: number;
	readonly parent: DatasetNode;
}

export interface SetAsideNode {
	readonly kind: 'setAside';
	readonly count: number;
}

export interface OperationNode {
	readonly kind: 'operation';
	readonly operation: string;
	readonly count: number;
}

/** The synthesized problems of a dataset that no user has decided on yet. */
export interface QueueNode {
	readonly kind: 'queue';
	readonly name: string;
	readonly waiting: number;
	readonly parent: DatasetNode;
}

export type DatasetsNode = DatasetNode | QueueNode | DatasetSkillNode | SetAsideNode | OperationNode;

/** Lists the datasets that were built, skill by skill, with the rows set aside. */
export class DatasetsTree extends ProjectTree<DatasetsNode> {
	readonly view: vscode.TreeView<DatasetsNode | ProblemNode>;

	constructor(project: OpenProject, log: vscode.LogOutputChannel) {
		super(project, log, ['datasets', 'setAside', 'curation']);
		this.view = vscode.window.createTreeView(viewIds.datasets, { treeDataProvider: this });
		this.disposables.push(this.view);
	}

	protected async children(session: ProjectSession, node: DatasetsNode | undefined): Promise<DatasetsNode[]> {
		const { store, datasets } = await session.parts();
		switch (node?.kind) {
			case undefined: {
				const cards = [...(await datasets.list())].sort(
					(a, b) => b.createdAt.localeCompare(a.createdAt) || a.name.localeCompare(b.name),
				);
				const { total } = await store.read('setAside', { operation: null, offset: 0, limit: 0 });
				const queues = await store.read('itemCounts', {});
				const nodes = cards.map((card): DatasetNode => ({
					kind: 'dataset',
					card,
					queue: queues.find(({ dataset }) => dataset === card.name) ?? null,
				}));
				const waiting = nodes.reduce((sum, { queue }) => sum + (queue?.waiting ?? 0), 0);
				this.view.badge =
					waiting === 0
						? undefined
						: {
								value: waiting,
								tooltip: vscode.l10n.t(
									'{0} synthesized problems wait for curation',
									formatCount(waiting),
								),
							};
				return [...nodes, ...(total > 0 ? [{ kind: 'setAside' as const, count: total }] : [])];
			}
			case 'dataset':
				return [
					...(node.queue && node.queue.waiting > 0
						? [{ kind: 'queue' as const, name: node.card.name, waiting: node.queue.waiting, parent: node }]
						: []),
					...[...node.card.skills]
						.sort((a, b) => b.pairs - a.pairs || a.skill.localeCompare(b.skill))
						.map(({ subject, skill, pairs }) => ({
							kind: 'datasetSkill' as const,
							dataset: node.card.name,
							subject,
							skill,
							pairs,
							parent: node,
						})),
				];
			case 'setAside':
				return (await store.read('setAsideOperations', {})).map(({ operation, count }) => ({
					kind: 'operation',
					operation,
					count,
				}));
			default:
				return [];
		}
	}

	getTreeItem(node: DatasetsNode | ProblemNode): vscode.TreeItem {
		switch (node.kind) {
			case 'dataset':
				return datasetItem(node);
			case 'queue': {
				const item = new vscode.TreeItem(vscode.l10n.t('Curation'), vscode.TreeItemCollapsibleState.None);
				item.id = `queue:${node.name}`;
				item.description = vscode.l10n.t('{0} wait', formatCount(node.waiting));
				item.iconPath = new vscode.ThemeIcon('checklist');
				item.contextValue = 'queue;';
				item.command = {
					command: commandIds.curate,
					title: vscode.l10n.t('Curate Problems…'),
					arguments: [{ name: node.name }],
				};
				return item;
			}
			case 'datasetSkill': {
				const item = new vscode.TreeItem(
					rowName(skillLabel(oneLine(node.skill, 120))),
					vscode.TreeItemCollapsibleState.None,
				);
				item.tooltip = skillLabel(oneLine(node.skill, 120));
				item.id = `dataset:${node.dataset}/${node.subject}/${node.skill}`;
				item.description = vscode.l10n.t('{0} pairs', formatCount(node.pairs));
				item.contextValue = 'datasetSkill;';
				return item;
			}
			case 'setAside': {
				const item = new vscode.TreeItem(vscode.l10n.t('Set aside'), vscode.TreeItemCollapsibleState.Collapsed);
				item.id = 'setAside';
				item.description = formatCount(node.count);
				item.iconPath = new vscode.ThemeIcon('inbox');
				item.contextValue = 'setAside;';
				item.tooltip = vscode.l10n.t('Lines and replies that could not be used, each with its reason.');
				return item;
			}
			case 'operation': {
				const item = new vscode.TreeItem(oneLine(node.operation, 80), vscode.TreeItemCollapsibleState.None);
				item.id = `setAside:${node.operation}`;
				item.description = formatCount(node.count);
				item.contextValue = 'operation;setAside;';
				item.command = {
					command: commandIds.openSetAside,
					title: vscode.l10n.t('Show Set Aside'),
					arguments: [node],
				};
				return item;
			}
			case 'problem':
				return problemItem(node);
		}
	}

	getParent(node: DatasetsNode | ProblemNode): DatasetsNode | undefined {
		return 'parent' in node ? node.parent : undefined;
	}
}

function datasetItem(node: DatasetNode): vscode.TreeItem {
	const { card, queue } = node;
	const item = new vscode.TreeItem(
		oneLine(card.name, 80),
		card.skills.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
	);
	item.id = `dataset:${card.name}`;
	const facts = [vscode.l10n.t('{0} pairs', formatCount(card.pairs)), methodNames[card.method]];
	// Items that wait for a decision come first, because views are narrow.
	item.description = (
		queue && queue.waiting > 0
			? [vscode.l10n.t('{0} wait for curation', formatCount(queue.waiting)), ...facts]
			: [...facts, vscode.l10n.t('{0} questions', formatCount(card.questions))]
	).join(' · ');
	item.iconPath = new vscode.ThemeIcon('database');
	item.contextValue = `dataset;${card.method};${card.setAside > 0 ? 'incomplete;' : ''}${queue ? 'curation;' : ''}`;
	item.tooltip = new Tooltip().heading(card.name).facts([
		[vscode.l10n.t('Method'), methodNames[card.method]],
		[vscode.l10n.t('Pairs'), formatCount(card.pairs)],
		[vscode.l10n.t('Distinct pairs'), formatCount(card.distinct)],
		[vscode.l10n.t('Questions'), formatCount(card.questions)],
		[
			vscode.l10n.t('For'),
			card.student === null ? null : `${card.student}, ${vscode.l10n.t('round {0}', card.round ?? 1)}`,
		],
		[vscode.l10n.t('Teacher'), card.teacher ? `${card.teacher.model} · ${card.teacher.endpoint}` : null],
		[vscode.l10n.t('Teacher calls'), formatCount(card.calls)],
		[vscode.l10n.t('Cost'), card.cost === null ? null : formatMoney(card.cost)],
		[
			vscode.l10n.t('Curation'),
			queue &&
				vscode.l10n.t(
					'{0} wait, {1} accepted, {2} rejected, {3} flagged',
					formatCount(queue.waiting),
					formatCount(queue.accepted + queue.edited),
					formatCount(queue.rejected),
					formatCount(queue.flagged),
				),
		],
		[vscode.l10n.t('Set aside'), card.setAside > 0 ? formatCount(card.setAside) : null],
		[vscode.l10n.t('Built'), card.createdAt.slice(0, 16).replace('T', ' ')],
	]).markdown;
	item.command = { command: commandIds.openCard, title: vscode.l10n.t('Open Dataset Card'), arguments: [node] };
	return item;
}
