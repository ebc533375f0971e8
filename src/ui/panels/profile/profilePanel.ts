import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import type { ProfileState, ToHost, ToPage } from '../../../../webview/profile/protocol.ts';
import { toHost, toPage } from '../../../../webview/profile/protocol.ts';
import type { Run } from '../../../core/run.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { Rank } from '../../../core/profile/profile.ts';
import { commandIds, panelIds } from '../../ids.ts';
import type { ProjectSession, SessionTopic } from '../../session/projectSession.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';
import { readMessage, readRemembered } from './profileMessages.ts';
import { readProfileState } from './profileState.ts';
import { readWhatIf } from './whatIfOffer.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';

let open: ProfilePanel | undefined;

/** Shows the Missing-Skill-Profile of the student and round in view. */
export async function showProfile(host: PanelHost, session: ProjectSession): Promise<void> {
	if (!(await session.scope())) {
		throw new StatError('editor.noAnswers', {});
	}
	if (open?.session === session) {
		open.show();
		return;
	}
	open?.close();
	const panel = vscode.window.createWebviewPanel(panelIds.profile, vscode.l10n.t('Missing Skills'), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open = new ProfilePanel(host, panel, session, { before: undefined, rank: 'share' });
}

/**
 * Restores a panel after a window reload. extension.ts registers the serializer; startStudio.ts loads this file only
 * when a panel has to be restored.
 */
export async function restoreProfile(
	host: PanelHost,
	source: SessionSource,
	panel: vscode.WebviewPanel,
	state: unknown,
): Promise<void> {
	const session = await source();
	if (!session || open) {
		panel.dispose();
		return;
	}
	open = new ProfilePanel(host, panel, session, readRemembered(state));
}

class ProfilePanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	/** The dials' table covers all answers, so it pauses for longer while answers are being imported. */
	private readonly dials = new Latest(() => this.sendDials(), 10_000);
	private dialsOpen = false;

	constructor(
		host: PanelHost,
		private readonly panel: vscode.WebviewPanel,
		readonly session: ProjectSession,
		private choice: { readonly before: number | null | undefined; readonly rank: Rank },
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'profile',
			title: vscode.l10n.t('Missing Skills'),
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.page.keep(
			session.onDidChange((topics) => this.changed(topics)),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			{
				dispose: () => (open = open === this ? undefined : open),
			},
		);
	}

	close(): void {
		this.panel.dispose();
	}

	show(): void {
		this.panel.reveal(undefined, false);
		this.refresh.run();
	}

	private changed(topics: ReadonlySet<SessionTopic>): void {
		if (topics.has('scope')) {
			this.choice = { ...this.choice, before: undefined };
		}
		if (
			(['scope', 'questions', 'skills', 'answers', 'classification', 'diagnoses', 'rounds'] as const).some(
				(topic) => topics.has(topic),
			)
		) {
			this.refresh.run();
		}
		if (
			this.dialsOpen &&
			(
				[
					'scope',
					'questions',
					'skills',
					'answers',
					'classification',
					'diagnoses',
					'datasets',
					'rounds',
				] as const
			).some((topic) => topics.has(topic))
		) {
			this.dials.run();
		}
	}

	/** The page works the dials itself: it gets the table once, and again whenever the project changes. */
	private async sendDials(): Promise<void> {
		try {
			const offer = await readWhatIf(this.session, this.page.closed);
			if (this.dialsOpen) {
				this.page.post({ type: toPage.whatIf, offer });
			}
		} catch (error) {
			this.tell(error);
		}
	}

	private async send(): Promise<void> {
		this.page.post({ type: toPage.state, state: await this.read() });
	}

	private async read(): Promise<ProfileState> {
		const run: Run = {
			signal: this.page.closed,
			progress: () => undefined,
			log: () => undefined,
			now: () => new Date().toISOString(),
		};
		try {
			const scope = await this.session.scope();
			if (!scope) {
				return {
					kind: 'empty',
					message: vscode.l10n.t(
						'There are no student answers yet. Import some, find the difficult questions and have them ' +
							'diagnosed: the profile counts the missing skills.',
					),
				};
			}
			return await readProfileState(
				await this.session.parts(),
				{ scope, ...this.choice, trusted: vscode.workspace.isTrusted },
				run,
			);
		} catch (error) {
			return { kind: 'failed', message: errorText(error) };
		}
	}

	private async receive(message: ToHost): Promise<void> {
		try {
			switch (message.type) {
				case toHost.ready:
					this.refresh.run();
					return;
				case toHost.rank:
					this.choice = { ...this.choice, rank: message.rank };
					this.refresh.run();
					return;
				case toHost.compare:
					this.choice = { ...this.choice, before: message.round };
					this.refresh.run();
					return;
				case toHost.showMissing:
					await vscode.commands.executeCommand(commandIds.showMissing, message.skill);
					return;
				case toHost.copy:
					await vscode.env.clipboard.writeText(message.text);
					this.page.post({
						type: toPage.notice,
						level: 'info',
						message: vscode.l10n.t('Copied as {0}.', message.what),
					});
					return;
				case toHost.whatIf:
					this.dialsOpen = message.on;
					if (message.on) {
						this.dials.run();
					}
					return;
				case toHost.build:
					await vscode.commands.executeCommand(commandIds.buildWith, message.settings);
					return;
				case toHost.diagnose:
					await vscode.commands.executeCommand(commandIds.diagnose);
			}
		} catch (error) {
			this.tell(error);
		}
	}

	private tell(error: unknown): void {
		if (!(error instanceof StatError && error.kind === 'cancelled')) {
			this.page.post({ type: toPage.notice, level: 'error', message: errorText(error) });
		}
	}
}
