import * as vscode from 'vscode';
import type { JobState } from '../../core/training/job.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { JobRow } from '../../workflow/training/jobs.ts';
import { commandIds, viewIds } from '../ids.ts';
import { JobsWatch } from '../session/jobsWatch.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { Tooltip } from '../kit/tooltip.ts';
import { oneLine } from '../kit/untrustedText.ts';
import { ProjectTree } from './projectTree.ts';
import type { ProblemNode } from './rows.ts';
import { problemItem } from './rows.ts';

export interface JobNode {
	readonly kind: 'job';
	readonly id: string;
	readonly job: JobRow;
	/** Whether it is the most accurate member of a finished sweep. */
	readonly winner: boolean;
	readonly sweepSummary: string | null;
}

const icons: Record<JobState, string> = {
	queued: 'watch',
	running: 'sync~spin',
	done: 'pass',
	failed: 'error',
	cancelled: 'circle-slash',
	lost: 'question',
};

/** Returns a job's state, localised. */
export function stateLabel(state: JobState): string {
	switch (state) {
		case 'queued':
			return vscode.l10n.t('queued');
		case 'running':
			return vscode.l10n.t('running');
		case 'done':
			return vscode.l10n.t('done');
		case 'failed':
			return vscode.l10n.t('failed');
		case 'cancelled':
			return vscode.l10n.t('cancelled');
		case 'lost':
			return vscode.l10n.t('lost');
	}
}

/** Lists training and sampling jobs on hosts, newest first; the badge counts those in progress. */
export class JobsTree extends ProjectTree<JobNode> {
	readonly view: vscode.TreeView<JobNode | ProblemNode>;
	readonly watch: JobsWatch;

	constructor(project: OpenProject, log: vscode.LogOutputChannel) {
		super(project, log, []);
		const watch = new JobsWatch(project, log);
		this.watch = watch;
		this.view = vscode.window.createTreeView(viewIds.jobs, { treeDataProvider: this });
		this.disposables.push(
			this.view,
			watch,
			watch.onDidChange(() => {
				const going = watch.rows.filter(({ state }) => state === 'queued' || state === 'running').length;
				this.view.badge =
					going > 0
						? { value: going, tooltip: vscode.l10n.t('{0} jobs in progress', formatCount(going)) }
						: undefined;
				this.refreshSoon();
			}),
			this.view.onDidChangeVisibility(({ visible }) => void (visible && watch.look())),
		);
	}

	protected async children(_session: ProjectSession, node: JobNode | undefined): Promise<JobNode[]> {
		if (node) {
			return [];
		}
		if (this.watch.rows.length === 0) {
			await this.watch.look();
		}
		const { sweepsOf } = await import('../../workflow/training/sweeps.ts');
		const sweeps = new Map(sweepsOf(this.watch.rows).map((sweep) => [sweep.id, sweep]));
		return this.watch.rows.map((job): JobNode => {
			const sweep = job.sweep ? sweeps.get(job.sweep.id) : undefined;
			return {
				kind: 'job',
				id: job.id,
				job,
				winner: sweep?.over === true && sweep.winner === job.id,
				sweepSummary: sweep?.summary ?? null,
			};
		});
	}

	getTreeItem(node: JobNode | ProblemNode): vscode.TreeItem {
		return node.kind === 'problem' ? problemItem(node) : jobItem(node);
	}
}

function formatStep({ step, steps }: JobNode['job']): string {
	if (step === null) {
		return '';
	}
	return steps === null
		? vscode.l10n.t('step {0}', formatCount(step))
		: vscode.l10n.t('step {0}/{1}', formatCount(step), formatCount(steps));
}

function formatTimeLeft({ eta }: JobNode['job']): string {
	if (eta === null) {
		return '';
	}
	return eta < 5400
		? vscode.l10n.t('{0} min left', Math.ceil(eta / 60))
		: vscode.l10n.t('{0} h left', (eta / 3600).toFixed(1));
}

function jobItem(node: JobNode): vscode.TreeItem {
	const { job } = node;
	const item = new vscode.TreeItem(oneLine(job.dataset ?? job.model, 80), vscode.TreeItemCollapsibleState.None);
	const sweep = job.sweep ? vscode.l10n.t('rate {0}', job.sweep.lr) : '';
	const accuracy = job.validation
		? vscode.l10n.t('{0}% right', ((100 * job.validation.right) / Math.max(1, job.validation.questions)).toFixed(1))
		: '';
	item.id = `job:${job.id}`;
	item.description = [
		node.winner ? vscode.l10n.t('winner') : '',
		sweep,
		accuracy,
		job.fresh ? stateLabel(job.state) : vscode.l10n.t('last known state: {0}', stateLabel(job.state)),
		formatStep(job),
		formatTimeLeft(job),
		job.recipe,
		job.host,
	]
		.filter(Boolean)
		.map((part) => oneLine(part, 60))
		.join(' · ');
	item.iconPath = node.winner
		? new vscode.ThemeIcon('star-full')
		: new vscode.ThemeIcon(job.fresh ? icons[job.state] : 'debug-disconnect');
	item.contextValue = `job;${job.state};${job.fetched ? 'fetched;' : ''}`;
	item.tooltip = new Tooltip().heading(job.dataset ?? job.model).facts([
		[vscode.l10n.t('State'), stateLabel(job.state)],
		[vscode.l10n.t('Message'), job.detail],
		[vscode.l10n.t('Host'), job.host],
		[vscode.l10n.t('Recipe'), job.recipe],
		[vscode.l10n.t('Model'), job.model],
		[vscode.l10n.t('Learning rate'), job.sweep ? String(job.sweep.lr) : null],
		[vscode.l10n.t('Sweep'), node.sweepSummary],
		[vscode.l10n.t('Loss'), job.loss === null ? null : job.loss.toFixed(4)],
		[vscode.l10n.t('Results'), job.fetched ? vscode.l10n.t('fetched') : null],
		[vscode.l10n.t('Started'), job.createdAt.slice(0, 16).replace('T', ' ')],
		[vscode.l10n.t('Id'), job.id],
	]).markdown;
	item.command = { command: commandIds.openJob, title: vscode.l10n.t('Show Job'), arguments: [node] };
	return item;
}
