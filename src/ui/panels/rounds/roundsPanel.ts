import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import type { Compared, PanelState, ToHost, ToPage } from '../../../../webview/rounds/protocol.ts';
import { toHost, toPage } from '../../../../webview/rounds/protocol.ts';
import type { Run } from '../../../core/run.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { Scope } from '../../../core/scope.ts';
import { statUri } from '../../documents/statUri.ts';
import { commandIds, panelIds } from '../../ids.ts';
import type { ProjectSession, SessionTopic } from '../../session/projectSession.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';
import type { RoundsChoice } from './roundsMessages.ts';
import { noChoice, readMessage, readRemembered } from './roundsMessages.ts';
import { readRoundsState } from './roundsState.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';

let open: RoundsPanel | undefined;

/** Shows the tree of rounds and, if a pair is passed, the comparison of the two. */
export function showRounds(
	host: PanelHost,
	session: ProjectSession,
	pair?: { readonly before: Scope; readonly after: Scope },
): void {
	const choice = pair ? { ...noChoice, ...pair } : undefined;
	if (open?.session === session) {
		open.show(choice);
		return;
	}
	open?.close();
	const panel = vscode.window.createWebviewPanel(panelIds.rounds, vscode.l10n.t('Rounds'), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open = new RoundsPanel(host, panel, session, choice ?? noChoice);
}

/**
 * Restores a panel after a window reload. extension.ts registers the serializer; startStudio.ts loads this file only
 * when a panel has to be restored.
 */
export async function restoreRounds(
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
	open = new RoundsPanel(host, panel, session, readRemembered(state));
}

/** Shows both rounds' answers to a question, side by side. */
export async function showFlip(
	session: ProjectSession,
	questionId: string,
	before: Scope,
	after: Scope,
): Promise<void> {
	const question = await (await session.parts()).store.read('question', { id: questionId });
	const title = question?.text ?? questionId;
	const [left, right] = [before, after].map(({ student, round }) =>
		statUri({ kind: 'answers', id: questionId, student, round }, title),
	) as [vscode.Uri, vscode.Uri];
	await vscode.commands.executeCommand(
		'vscode.diff',
		left,
		right,
		vscode.l10n.t('Round {0} ↔ round {1}', before.round, after.round),
		{ preview: true },
	);
}

const watched: readonly SessionTopic[] = [
	'scope',
	'rounds',
	'answers',
	'skills',
	'questions',
	'diagnoses',
	'classification',
	'datasets',
];
/** Topics that change repeatedly during an import or an evaluation. */
const frequent: ReadonlySet<SessionTopic> = new Set<SessionTopic>(['answers', 'questions']);
/** Milliseconds between two comparisons while such a topic keeps changing. */
const pauseBetween = 3000;

class RoundsPanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	private shown: PanelState | undefined;
	private readonly cache = new Map<string, Compared>();
	private soon: NodeJS.Timeout | undefined;

	constructor(
		host: PanelHost,
		private readonly panel: vscode.WebviewPanel,
		readonly session: ProjectSession,
		private choice: RoundsChoice,
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'rounds',
			title: vscode.l10n.t('Rounds'),
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.page.keep(
			session.onDidChange((topics) => this.changed(topics)),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			{
				dispose: () => {
					clearTimeout(this.soon);
					open = open === this ? undefined : open;
				},
			},
		);
	}

	close(): void {
		this.panel.dispose();
	}

	show(choice: RoundsChoice | undefined): void {
		this.choice = choice ?? this.choice;
		this.panel.reveal(undefined, false);
		this.refresh.run();
	}

	private changed(topics: ReadonlySet<SessionTopic>): void {
		const seen = watched.filter((topic) => topics.has(topic));
		if (seen.some((topic) => !frequent.has(topic))) {
			this.refresh.run();
		} else if (seen.length > 0) {
			this.soon ??= setTimeout(() => {
				this.soon = undefined;
				this.refresh.run();
			}, pauseBetween);
		}
	}

	private async send(): Promise<void> {
		const state = await this.read();
		this.shown = state;
		this.page.post({ type: toPage.state, state });
	}

	private async read(): Promise<PanelState> {
		const run: Pick<Run, 'signal'> = { signal: this.page.closed };
		try {
			const scope = await this.session.scope();
			return await readRoundsState(
				await this.session.parts(),
				{ scope, choice: this.choice, trusted: vscode.workspace.isTrusted, cache: this.cache },
				run,
			);
		} catch (error) {
			return { kind: 'failed', message: errorText(error) };
		}
	}

	private async receive(message: ToHost): Promise<void> {
		try {
			await this.act(message);
		} catch (error) {
			if (!(error instanceof StatError && error.kind === 'cancelled')) {
				this.page.post({ type: toPage.notice, level: 'error', message: errorText(error) });
			}
		}
	}

	private async act(message: ToHost): Promise<void> {
		const { before, after } = this.shown?.kind === 'rounds' ? this.shown : { before: null, after: null };
		switch (message.type) {
			case toHost.ready:
				this.refresh.run();
				return;
			case toHost.choose:
				this.choice = { before: message.before, after: message.after, how: message.how };
				this.refresh.run();
				return;
			case toHost.view:
				await this.session.setScope(message.round);
				return;
			case toHost.flip:
				if (before && after) {
					await showFlip(this.session, message.questionId, before, after);
				}
				return;
			case toHost.report:
				await vscode.commands.executeCommand(commandIds.report, after ?? undefined);
				return;
			case toHost.copy:
				await vscode.env.clipboard.writeText(message.text);
				this.page.post({
					type: toPage.notice,
					level: 'info',
					message: vscode.l10n.t('Copied as {0}.', 'Markdown'),
				});
				return;
			case toHost.showMissing:
				await vscode.commands.executeCommand(commandIds.showMissing, message.skill);
				return;
			case toHost.next:
				await vscode.commands.executeCommand(commandIds.nextRound);
				return;
			case toHost.correct:
				await vscode.commands.executeCommand(commandIds.correctRound, message.round);
		}
	}
}
