import * as vscode from 'vscode';
import type { JobState } from '../../core/training/job.ts';
import { endStates } from '../../core/training/job.ts';
import type { Run } from '../../core/run.ts';
import { messageOf } from '../../core/errors/statError.ts';
import type { JobRow } from '../../workflow/training/jobs.ts';
import { commandIds } from '../ids.ts';
import type { OpenProject } from './openProject.ts';
import type { HostParts, ProjectSession } from './projectSession.ts';
import { forMessage, oneLine } from '../kit/untrustedText.ts';

/** Seconds between two polls while a job has not ended. */
const pause = 10;

/**
 * Tracks the state of the project's jobs on their hosts. Polls while a job has not ended, in a trusted workspace, and
 * only hosts that were confirmed on this machine. A window opened later, here or on another machine, follows the same
 * jobs. Only the end of a job raises a notification.
 */
export class JobsWatch implements vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChange = this.changed.event;
	private known: readonly JobRow[] = [];
	private timer: NodeJS.Timeout | undefined;
	private looking: Promise<void> | undefined;
	private abort = new AbortController();
	private readonly listener: vscode.Disposable;

	constructor(
		private readonly project: OpenProject,
		private readonly log: vscode.LogOutputChannel,
	) {
		this.listener = project.onDidChange(() => {
			this.abort.abort();
			this.abort = new AbortController();
			this.known = [];
			this.later(2);
		});
		this.later(2);
	}

	/** Last known states, newest first. */
	get rows(): readonly JobRow[] {
		return this.known;
	}

	/** Polls the hosts now; concurrent callers share one poll. */
	look(): Promise<void> {
		this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
		return this.looking;
	}

	private later(seconds: number): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.look(), seconds * 1000);
	}

	private async lookOnce(): Promise<void> {
		const { session } = this.project;
		clearTimeout(this.timer);
		if (!session || !vscode.workspace.isTrusted || !(await hasJobs(session))) {
			return;
		}
		const { signal } = this.abort;
		const run: Run = {
			signal,
			progress: () => undefined,
			log: (level, message) => this.log[level](message),
			now: () => new Date().toISOString(),
		};
		try {
			const { listJobs } = await import('../../workflow/training/jobs.ts');
			const parts = await session.hostParts();
			const before = await this.lastHeard(parts);
			const listed = await listJobs(parts, run);
			const { problems } = listed;
			let { jobs } = listed;
			if (jobs.some(({ sweep, state, validation }) => sweep && state === 'done' && validation === null)) {
				const { gradeSweeps } = await import('../../workflow/training/sweeps.ts');
				jobs = (await gradeSweeps(parts, jobs, run)) ? (await listJobs(parts, run)).jobs : jobs;
			}
			if (signal.aborted) {
				return;
			}
			problems.forEach((problem) => this.log.debug(`jobs: ${problem}`));
			this.tell(before, jobs);
			this.known = jobs;
			this.changed.fire();
		} catch (error) {
			this.log.warn(`jobs: ${messageOf(error)}`);
		} finally {
			if (!signal.aborted && this.known.some(({ state }) => state === 'queued' || state === 'running')) {
				this.later(pause);
			}
		}
	}

	/** Returns the states that this window knows or, in a new window, those that the project recorded. */
	private async lastHeard({ jobs }: HostParts): Promise<ReadonlyMap<string, JobState>> {
		const states = new Map<string, JobState>();
		for (const { id } of (await jobs.list()).records) {
			const state = this.known.find((job) => job.id === id)?.state ?? (await jobs.note(id))?.state;
			if (state) {
				states.set(id, state);
			}
		}
		return states;
	}

	/** Notifies the user of jobs that were in progress at the last poll and have ended since. */
	private tell(before: ReadonlyMap<string, JobState>, jobs: readonly JobRow[]): void {
		for (const job of jobs) {
			const state = before.get(job.id);
			if (state !== undefined && !endStates.has(state) && endStates.has(job.state) && job.state !== 'cancelled') {
				void this.offer(job);
			}
		}
	}

	private async offer(job: JobRow): Promise<void> {
		const what = oneLine(job.dataset ?? job.model, 60);
		const [fetch, show] = [vscode.l10n.t('Fetch Results'), vscode.l10n.t('Show Job')];
		const answer =
			job.state === 'done'
				? await vscode.window.showInformationMessage(
						forMessage(vscode.l10n.t('{0} of {1} on {2} is done', job.recipe, what, job.host)),
						fetch,
						show,
					)
				: await vscode.window.showErrorMessage(
						forMessage(
							vscode.l10n.t('{0} of {1} on {2} has failed: {3}', job.recipe, what, job.host, job.detail),
						),
						show,
					);
		if (answer !== undefined) {
			await vscode.commands.executeCommand(answer === fetch ? commandIds.fetchJob : commandIds.openJob, {
				id: job.id,
			});
		}
	}

	dispose(): void {
		clearTimeout(this.timer);
		this.abort.abort();
		this.listener.dispose();
		this.changed.dispose();
	}
}

/** Does not open the store: in a project that has never dispatched a job, a window reads just one folder. */
async function hasJobs(session: ProjectSession): Promise<boolean> {
	try {
		return (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(session.root, '.stat', 'jobs'))).length > 0;
	} catch {
		return false;
	}
}
