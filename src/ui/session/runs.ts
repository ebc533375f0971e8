import * as vscode from 'vscode';
import { formatCount, formatMoney } from '../../core/text/formatNumber.ts';
import type { Progress, Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import { commandIds, contextKeys } from '../ids.ts';
import { forLabel } from '../kit/untrustedText.ts';

export type RunKind =
	| 'import'
	| 'catalog'
	| 'label'
	| 'split'
	| 'jury'
	| 'classify'
	| 'diagnose'
	| 'build'
	| 'export'
	| 'train'
	| 'evaluate'
	| 'fetch'
	| 'regenerate'
	| 'curate'
	| 'report';

/** A run in this window; there is at most one of each kind. */
export interface RunningJob {
	readonly kind: RunKind;
	readonly title: string;
	readonly progress: Progress | null;
	cancel(): void;
}

/** What stays in the status bar after a run: one line that opens the result when it is clicked. */
export interface RunResult {
	readonly text: string;
	readonly open?: vscode.Command | undefined;
}

/**
 * Tracks the runs in progress. Their progress is shown in the status bar and as a bar over the view they fill, never in
 * a notification; clicking it offers to cancel. A cancelled run keeps everything it has finished.
 */
export class Runs implements vscode.Disposable {
	private readonly jobs = new Map<RunKind, RunningJob & { progress: Progress | null }>();
	private readonly changed = new vscode.EventEmitter<void>();
	/** Fires when a run starts, progresses or ends. */
	readonly onDidChange = this.changed.event;
	private readonly item: vscode.StatusBarItem;
	private result: RunResult | null = null;
	private drawn = 0;
	private later: NodeJS.Timeout | undefined;

	constructor(private readonly log: vscode.LogOutputChannel) {
		this.item = vscode.window.createStatusBarItem('stat.run', vscode.StatusBarAlignment.Left, 9);
		this.item.name = vscode.l10n.t('STAT Runs');
	}

	get going(): readonly RunningJob[] {
		return [...this.jobs.values()];
	}

	/** Runs `work` unless a run of its kind is in progress. Rejects if `work` rejects. */
	async start<R>(kind: RunKind, title: string, viewId: string, work: (run: Run) => Promise<R>): Promise<R> {
		const other = this.jobs.get(kind);
		if (other) {
			throw new StatError('editor.usage', {
				problem: vscode.l10n.t('“{0}” is still in progress: wait for it or cancel it first', other.title),
			});
		}
		const abort = new AbortController();
		const job: RunningJob & { progress: Progress | null } = {
			kind,
			title,
			progress: null,
			cancel: () => abort.abort(),
		};
		this.jobs.set(kind, job);
		this.result = null;
		const began = Date.now();
		this.log.info(`${title}: begins`);
		this.draw();
		const run: Run = {
			signal: abort.signal,
			progress: (progress) => {
				job.progress = progress;
				this.drawSoon();
			},
			log: (level, message) => this.log[level](message),
			now: () => new Date().toISOString(),
		};
		try {
			const result = await vscode.window.withProgress({ location: { viewId } }, () => work(run));
			this.log.info(`${title}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
			return result;
		} catch (error) {
			this.log.info(`${title}: ended after ${((Date.now() - began) / 1000).toFixed(1)} s`);
			throw error;
		} finally {
			this.jobs.delete(kind);
			this.draw();
		}
	}

	/** Shows a run's outcome in the status bar until the next run starts or the user opens it. */
	show(result: RunResult): void {
		this.result = result;
		this.log.info(result.text);
		this.draw();
	}

	/** The eye needs no more than ten updates a second. */
	private drawSoon(): void {
		if (Date.now() - this.drawn > 100) {
			this.draw();
		} else {
			this.later ??= setTimeout(() => this.draw(), 100);
		}
	}

	private draw(): void {
		clearTimeout(this.later);
		this.later = undefined;
		this.drawn = Date.now();
		const jobs = this.going;
		void vscode.commands.executeCommand('setContext', contextKeys.running, jobs.length > 0);
		const [job] = jobs;
		if (job) {
			const more = jobs.length > 1 ? ` +${jobs.length - 1}` : '';
			this.item.text = `$(sync~spin) ${forLabel(describe(job))}${more}`;
			this.item.tooltip = vscode.l10n.t('{0}. Click to cancel or to read the log', job.title);
			this.item.accessibilityInformation = {
				label: `${describe(job)}. ${vscode.l10n.t('Cancel run')}`,
				role: 'button',
			};
			this.item.command = commandIds.cancelRun;
			this.item.show();
		} else if (this.result) {
			this.item.text = `$(check) ${forLabel(this.result.text)}`;
			this.item.tooltip = this.result.open?.title;
			this.item.accessibilityInformation = {
				label: this.result.text,
				role: this.result.open ? 'button' : 'status',
			};
			this.item.command = this.result.open;
			this.item.show();
		} else {
			this.item.hide();
		}
		this.changed.fire();
	}

	dispose(): void {
		clearTimeout(this.later);
		this.going.forEach((job) => job.cancel());
		this.item.dispose();
		this.changed.dispose();
	}
}

/** Returns, for example, `Diagnosing 12/312 · $0.04`. */
export function describe(job: RunningJob): string {
	const { progress } = job;
	if (!progress) {
		return `${job.title}…`;
	}
	return [
		`${progress.label || job.title}${formatDone(progress)}`,
		...(progress.cost ? [formatMoney(progress.cost)] : []),
		...(progress.detail ? [progress.detail] : []),
	].join(' · ');
}

function formatDone({ done, total }: Progress): string {
	if (total !== undefined) {
		return ` ${formatCount(done)}/${formatCount(total)}`;
	}
	return done > 0 ? ` ${formatCount(done)}` : '';
}
