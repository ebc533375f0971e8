import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { JobPanelContent, ToHost, ToPage } from '../../../../webview/job/protocol.ts';
import { toHost, toPage } from '../../../../webview/job/protocol.ts';
import type { Run } from '../../../core/run.ts';
import { commandIds, panelIds } from '../../ids.ts';
import type { JobsWatch } from '../../session/jobsWatch.ts';
import type { ProjectSession } from '../../session/projectSession.ts';
import { oneLine } from '../../kit/untrustedText.ts';
import { messageReader } from '../../kit/readMessage.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';
import { TrainingSteps, readJobState } from './jobState.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';

const readMessage = messageReader<ToHost>({
	[toHost.ready]: {},
	[toHost.log]: {},
	[toHost.cancel]: {},
	[toHost.resume]: {},
	[toHost.fetch]: {},
});
const remembered = z.object({ id: z.string().max(60) });
const open = new Map<string, JobPanel>();

/** Shows a job's curves and facts, in one panel per job. */
export function showJob(host: PanelHost, session: ProjectSession, watch: JobsWatch, id: string): void {
	const there = open.get(id);
	if (there) {
		there.show();
		return;
	}
	const panel = vscode.window.createWebviewPanel(panelIds.job, vscode.l10n.t('Job {0}', oneLine(id, 40)), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open.set(id, new JobPanel(host, panel, session, watch, id));
}

/**
 * Restores a panel after a window reload. extension.ts registers the serializer; startStudio.ts loads this file only
 * when a panel has to be restored.
 */
export async function restoreJob(
	host: PanelHost,
	source: SessionSource,
	watch: JobsWatch,
	panel: vscode.WebviewPanel,
	state: unknown,
): Promise<void> {
	const session = await source();
	const { success, data } = remembered.safeParse(state);
	if (!session || !success || open.has(data.id)) {
		panel.dispose();
		return;
	}
	open.set(data.id, new JobPanel(host, panel, session, watch, data.id));
}

class JobPanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	private trainingSteps: TrainingSteps | undefined;

	constructor(
		host: PanelHost,
		private readonly panel: vscode.WebviewPanel,
		private readonly session: ProjectSession,
		watch: JobsWatch,
		private readonly id: string,
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'job',
			title: panel.title,
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.page.keep(
			watch.onDidChange(() => this.refresh.run()),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			{ dispose: () => open.delete(id) },
		);
	}

	show(): void {
		this.panel.reveal(undefined, false);
		this.refresh.run();
	}

	private async send(): Promise<void> {
		this.page.post({ type: toPage.state, state: await this.read() });
	}

	private async read(): Promise<JobPanelContent> {
		const run: Run = {
			signal: this.page.closed,
			progress: () => undefined,
			log: () => undefined,
			now: () => new Date().toISOString(),
		};
		try {
			const parts = await this.session.hostParts();
			const record = await parts.jobs.get(this.id);
			this.trainingSteps ??= new TrainingSteps(parts, record);
			return await readJobState(parts, record, this.trainingSteps, vscode.workspace.isTrusted, run);
		} catch (error) {
			return { kind: 'failed', message: errorText(error) };
		}
	}

	private async receive({ type }: ToHost): Promise<void> {
		if (type === toHost.ready) {
			this.refresh.run();
			return;
		}
		// The commands show their own errors.
		await vscode.commands.executeCommand(
			{
				[toHost.log]: commandIds.openJobLog,
				[toHost.cancel]: commandIds.cancelJob,
				[toHost.resume]: commandIds.resumeJob,
				[toHost.fetch]: commandIds.fetchJob,
			}[type],
			{ id: this.id },
		);
		this.refresh.run();
	}
}
