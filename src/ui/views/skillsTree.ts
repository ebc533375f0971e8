import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey, skillLabel } from '../../core/skills/skill.ts';
import type { SkillRow } from '../../core/ports/store/skills.ts';
import type { Scope } from '../../core/scope.ts';
import { viewIds } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession, SessionTopic } from '../session/projectSession.ts';
import { Tooltip } from '../kit/tooltip.ts';
import { oneLine } from '../kit/untrustedText.ts';
import { ProjectTree } from './projectTree.ts';
import type { ChunkNode, ProblemNode, QuestionNode } from './rows.ts';
import { chunkItem, problemItem, questionItem, questionTooltip, rowName, rowsOrChunks } from './rows.ts';

export interface SubjectNode {
	readonly kind: 'subject';
	readonly subject: string;
	readonly skills: readonly SkillRow[];
	readonly scope: Scope | null;
	readonly mostMissed: number;
}

export interface SkillNode {
	readonly kind: 'skill';
	readonly row: SkillRow;
	readonly scope: Scope | null;
	readonly parent: SubjectNode;
}

export type SkillsNode = SubjectNode | SkillNode | ChunkNode | QuestionNode;

/** Shows subject → skill → the questions whose answers miss the skill. Ticks select skills for a build. */
export class SkillsTree extends ProjectTree<SkillsNode> {
	readonly view: vscode.TreeView<SkillsNode | ProblemNode>;
	/**
	 * Skills stay where they first appeared, because counts that grow during a run must not move rows under the
	 * pointer.
	 */
	private order: Map<string, number> | undefined;

	constructor(project: OpenProject, log: vscode.LogOutputChannel) {
		super(project, log, ['skills', 'questions', 'answers', 'classification', 'diagnoses', 'scope', 'chosenSkills']);
		this.view = vscode.window.createTreeView(viewIds.skills, {
			treeDataProvider: this,
			showCollapseAll: true,
			canSelectMany: true,
			manageCheckboxStateManually: true,
		});
		this.disposables.push(
			this.view,
			this.view.onDidChangeCheckboxState(({ items }) => void this.tick(items)),
		);
		this.disposables.push(this.view.onDidChangeVisibility(({ visible }) => (visible ? undefined : this.resort())));
	}

	/** Lets the next refresh order skills by count again. */
	resort(): void {
		this.order = undefined;
	}

	protected override onChange(topics: ReadonlySet<SessionTopic>): void {
		if (topics.has('scope')) {
			this.resort();
		}
	}

	protected async children(session: ProjectSession, node: SkillsNode | undefined): Promise<SkillsNode[]> {
		switch (node?.kind) {
			case undefined:
				return this.subjects(session);
			case 'subject':
				return node.skills.map((row) => ({ kind: 'skill', row, scope: node.scope, parent: node }));
			case 'skill':
				return rowsOrChunks(
					session,
					{
						id: `skill:${skillKey(node.row)}`,
						title: skillLabel(node.row.name),
						scope: node.scope,
						filter: { difficult: true, missingSkill: ref(node.row) },
					},
					0,
					node.row.missed,
					node,
				);
			case 'chunk':
				return rowsOrChunks(session, node.list, node.from, node.to, node);
			case 'question':
				return [];
		}
	}

	private async subjects(session: ProjectSession): Promise<SubjectNode[]> {
		const { store } = await session.parts();
		const scope = await session.scope();
		const rows = await store.read('skills', { scope });
		this.order ??= new Map(
			[...rows]
				.sort((a, b) => b.missed - a.missed || b.train - a.train || a.name.localeCompare(b.name))
				.map((row, at) => [skillKey(row), at]),
		);
		const { order } = this;
		const place = (row: SkillRow) => order.get(skillKey(row)) ?? Number.MAX_SAFE_INTEGER;
		const bySubject = new Map<string, SkillRow[]>();
		for (const row of [...rows].sort((a, b) => place(a) - place(b))) {
			const group = bySubject.get(row.subject);
			if (group) {
				group.push(row);
			} else {
				bySubject.set(row.subject, [row]);
			}
		}
		const missed = rows.reduce((sum, row) => sum + row.missed, 0);
		const chosen = rows.filter((row) => session.isChosen(row)).length;
		this.view.description =
			rows.length === 0
				? ''
				: [
						scope ? `${oneLine(scope.student, 40)} · ${vscode.l10n.t('round {0}', scope.round)}` : '',
						chosen < rows.length
							? vscode.l10n.t('{0} of {1} chosen', formatCount(chosen), formatCount(rows.length))
							: '',
					]
						.filter(Boolean)
						.join(' · ');
		this.view.message =
			rows.length > 0 && scope && missed === 0
				? vscode.l10n.t('Nothing is diagnosed yet: counts show training questions.')
				: '';
		const mostMissed = rows.reduce((most, row) => Math.max(most, row.missed), 0);
		return [...bySubject]
			.map(([subject, skills]) => ({ kind: 'subject' as const, subject, skills, scope, mostMissed }))
			.sort((a, b) => a.subject.localeCompare(b.subject));
	}

	getTreeItem(node: SkillsNode | ProblemNode): vscode.TreeItem {
		switch (node.kind) {
			case 'subject':
				return this.subjectItem(node);
			case 'skill':
				return this.skillItem(node);
			case 'chunk':
				return chunkItem(node);
			case 'question':
				return questionItem(node);
			case 'problem':
				return problemItem(node);
		}
	}

	private subjectItem(node: SubjectNode): vscode.TreeItem {
		const missed = sum(node.skills, 'missed');
		const train = sum(node.skills, 'train');
		const name = subjectLabel(node.subject);
		const item = new vscode.TreeItem(
			name,
			missed > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
		);
		item.id = `subject:${node.subject}`;
		item.description =
			missed > 0
				? vscode.l10n.t('{0} missed', formatCount(missed))
				: vscode.l10n.t('{0} train', formatCount(train));
		item.contextValue = 'subject;';
		const chosen = node.skills.every((skill) => this.chosen(skill));
		item.checkboxState = {
			state: chosen ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
			tooltip: vscode.l10n.t('Choose the skills of this subject for builds'),
		};
		item.accessibilityInformation = {
			label: vscode.l10n.t(
				'{0}, {1} skills, missed {2} times, {3} training questions',
				name,
				node.skills.length,
				missed,
				train,
			),
		};
		return item;
	}

	private skillItem({ row, parent }: SkillNode): vscode.TreeItem {
		const name = skillLabel(oneLine(row.name, 120));
		const item = new vscode.TreeItem(
			rowName(name, true),
			row.missed > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
		);
		item.id = `skill:${skillKey(row)}`;
		if (row.missed > 0) {
			item.description = `${formatCount(row.missed)}  ${bar(row.missed, parent.mostMissed)}`;
		} else {
			item.description = row.train > 0 ? vscode.l10n.t('{0} train', formatCount(row.train)) : '';
		}
		item.contextValue = `skill;${row.missed > 0 ? 'missed;' : ''}`;
		const chosen = this.chosen(row);
		item.checkboxState = {
			state: chosen ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
			tooltip: chosen ? vscode.l10n.t('Chosen for builds') : vscode.l10n.t('Left out of builds'),
		};
		item.accessibilityInformation = {
			label: vscode.l10n.t('{0}, missed by {1} questions, {2} training questions', name, row.missed, row.train),
		};
		return item;
	}

	async resolveTreeItem(item: vscode.TreeItem, node: SkillsNode | ProblemNode): Promise<vscode.TreeItem> {
		const { session } = this.project;
		if (session && node.kind === 'question') {
			item.tooltip = await questionTooltip(session, node);
		} else if (session && node.kind === 'skill') {
			item.tooltip = await skillTooltip(session, node);
		}
		return item;
	}

	getParent(node: SkillsNode | ProblemNode): SkillsNode | undefined {
		return 'parent' in node && node.parent ? (node.parent as SkillsNode) : undefined;
	}

	private chosen(skill: SkillRef): boolean {
		return this.project.session?.isChosen(skill) ?? true;
	}

	private async tick(
		items: readonly (readonly [SkillsNode | ProblemNode, vscode.TreeItemCheckboxState])[],
	): Promise<void> {
		const changes = items.flatMap(([node, state]) => {
			return skillsOf(node).map((skill) => [skill, state === vscode.TreeItemCheckboxState.Checked] as const);
		});
		await this.project.session?.setChosen(changes);
	}
}

function skillsOf(node: SkillsNode | ProblemNode): readonly SkillRow[] {
	switch (node.kind) {
		case 'subject':
			return node.skills;
		case 'skill':
			return [node.row];
		default:
			return [];
	}
}

async function skillTooltip(session: ProjectSession, { row, scope }: SkillNode): Promise<vscode.MarkdownString> {
	const { store } = await session.parts();
	const tip = new Tooltip().heading(skillLabel(row.name)).facts([
		[vscode.l10n.t('Subject'), row.subject],
		[vscode.l10n.t('Missed by'), scope ? vscode.l10n.t('{0} difficult questions', formatCount(row.missed)) : null],
		[vscode.l10n.t('Training questions'), formatCount(row.train)],
		[vscode.l10n.t('Evaluation questions'), formatCount(row.evaluation)],
		[vscode.l10n.t('Description'), row.description],
	]);
	const example = await store.read(
		'questions',
		row.missed > 0
			? { scope, filter: { difficult: true, missingSkill: ref(row) }, offset: 0, limit: 1 }
			: { scope, filter: { labelledSkill: ref(row) }, offset: 0, limit: 1 },
	);
	const [first] = example.rows;
	return first
		? tip
				.line(row.missed > 0 ? vscode.l10n.t('For example, missed in:') : vscode.l10n.t('For example:'))
				.raw(first.title, 240).markdown
		: tip.markdown;
}

function ref({ subject, name }: SkillRef): SkillRef {
	return { subject, name };
}

function sum(rows: readonly SkillRow[], field: 'missed' | 'train'): number {
	return rows.reduce((total, row) => total + row[field], 0);
}

/**
 * Formats a subject for display: `counting_and_probability` → `Counting and probability`. No subject gets a
 * placeholder.
 */
export function subjectLabel(subject: string | null): string {
	const label = oneLine(subject ?? '', 80).replace(/_/g, ' ');
	return label === '' ? vscode.l10n.t('No subject') : label.charAt(0).toUpperCase() + label.slice(1);
}

/** Returns a bar of up to six blocks, because the eye compares lengths faster than figures. */
function bar(value: number, most: number): string {
	return '▇'.repeat(Math.round((value / Math.max(1, most)) * 6)) || '▏';
}
