import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import type { DiagnosisState, Surroundings, ToHost, ToPage } from '../../../../webview/diagnosis/protocol.ts';
import { toHost, toPage } from '../../../../webview/diagnosis/protocol.ts';
import { formatCount } from '../../../core/text/formatNumber.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { SkillRef } from '../../../core/skills/skill.ts';
import type { QuestionFilter } from '../../../core/ports/store/questions.ts';
import type { Scope } from '../../../core/scope.ts';
import { commandIds, mementoKeys, panelIds } from '../../ids.ts';
import type { ProjectSession, SessionTopic } from '../../session/projectSession.ts';
import { clock } from '../../kit/clock.ts';
import { CausedRowsIndex } from './causedRows.ts';
import { Corrections } from './corrections.ts';
import { readMessage, readRemembered } from './diagnosisMessages.ts';
import { neighbour, readDiagnosisState } from './diagnosisState.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';

/**
 * What the panel shows: a question, the student's round, and the list that the next and previous commands walk through.
 */
export interface Shown {
	readonly scope: Scope;
	readonly questionId: QuestionId;
	readonly filter: QuestionFilter;
}

let open: DiagnosisPanel | undefined;

/**
 * Shows a question in the diagnosis panel; reuses the panel if it is open. Rejects with a StatError if there are no
 * answers.
 */
export async function showDiagnosis(
	host: PanelHost,
	session: ProjectSession,
	questionId: QuestionId,
	list: { readonly filter: QuestionFilter },
): Promise<void> {
	const scope = await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const shown: Shown = { scope, questionId, filter: list.filter };
	if (open?.session === session) {
		open.show(shown);
		return;
	}
	open?.close();
	const panel = vscode.window.createWebviewPanel(panelIds.diagnosis, vscode.l10n.t('Diagnosis'), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open = new DiagnosisPanel(host, panel, session, shown);
}

/** Returns the open panel, for commands that act on what it shows. */
export function openDiagnosis(): Pick<DiagnosisPanel, 'shown' | 'go' | 'active'> | undefined {
	return open;
}

/**
 * Restores a panel after a window reload. extension.ts registers the serializer; startStudio.ts loads this file only
 * when a panel has to be restored.
 */
export async function restoreDiagnosis(
	host: PanelHost,
	source: SessionSource,
	panel: vscode.WebviewPanel,
	state: unknown,
): Promise<void> {
	const session = await source();
	const remembered = readRemembered(state);
	if (!session || !remembered || open) {
		panel.dispose();
		return;
	}
	const { student, round, questionId, filter } = remembered;
	open = new DiagnosisPanel(host, panel, session, { scope: { student, round }, questionId, filter });
}

class DiagnosisPanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	private parts: { readonly corrections: Corrections; readonly rows: CausedRowsIndex } | undefined;
	private readOnly: string | null = null;
	private lastIndex = 0;
	private readonly asking = new Set<QuestionId>();
	/** Writes run one after another, in the order in which the user made them. */
	private writes: Promise<void> = Promise.resolve();

	constructor(
		private readonly host: PanelHost,
		private readonly panel: vscode.WebviewPanel,
		readonly session: ProjectSession,
		public shown: Shown,
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'diagnosis',
			title: vscode.l10n.t('Diagnosis'),
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.page.keep(
			session.onDidChange((topics) => this.changed(topics)),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			{ dispose: () => (open = open === this ? undefined : open) },
		);
	}

	get active(): boolean {
		return this.panel.active;
	}

	close(): void {
		this.panel.dispose();
	}

	show(shown: Shown): void {
		this.shown = shown;
		this.panel.reveal(undefined, false);
		this.refresh.run();
	}

	/** Moves within the list, and notifies the user at either end. */
	async go(to: 'next' | 'previous'): Promise<void> {
		if (!this.panel.active) {
			this.panel.reveal(undefined, false);
		}
		const { store } = await this.session.parts();
		const id = await neighbour({ store }, { ...this.shown, lastIndex: this.lastIndex }, to);
		if (id === null) {
			this.page.post({
				type: toPage.notice,
				level: 'info',
				message:
					to === 'next'
						? vscode.l10n.t('That was the last question of this list.')
						: vscode.l10n.t('This is the first question of this list.'),
				request: null,
			});
			return;
		}
		this.shown = { ...this.shown, questionId: id };
		this.refresh.run();
	}

	private changed(topics: ReadonlySet<SessionTopic>): void {
		if (topics.has('scope')) {
			void this.session.scope().then((scope) => {
				if (scope) {
					this.shown = { ...this.shown, scope };
				}
				this.refresh.run();
			});
			return;
		}
		if (
			(['questions', 'skills', 'answers', 'classification', 'diagnoses', 'datasets'] as const).some((topic) =>
				topics.has(topic),
			)
		) {
			this.refresh.run();
		}
	}

	private async opened(): Promise<{ readonly corrections: Corrections; readonly rows: CausedRowsIndex }> {
		const { store, datasets } = await this.session.parts();
		this.parts ??= {
			corrections: new Corrections(
				{ store },
				() => this.session.author(),
				clock,
				this.host.context.workspaceState.get<SkillRef[]>(mementoKeys.recentSkills, []),
			),
			rows: new CausedRowsIndex(datasets),
		};
		return this.parts;
	}

	private async send(): Promise<void> {
		const { shown } = this;
		const state = await this.read(shown);
		if (this.page.closed.aborted) {
			return;
		}
		if (shown !== this.shown) {
			this.refresh.run();
			return;
		}
		if (state.kind === 'question') {
			this.lastIndex = state.index >= 0 ? state.index : this.lastIndex;
			this.panel.title = vscode.l10n.t(
				'Diagnosis {0} of {1}',
				formatCount(this.lastIndex + 1),
				formatCount(Math.max(state.total, this.lastIndex + 1)),
			);
		}
		this.page.post({ type: toPage.state, state });
		if (state.kind === 'question') {
			await this.sendRows(shown);
		}
	}

	private async read(shown: Shown): Promise<DiagnosisState> {
		try {
			const { store, grader } = await this.session.parts();
			const { corrections } = await this.opened();
			const state = await readDiagnosisState(
				{ store, grader },
				{
					...shown,
					recent: corrections.recent,
					undo: corrections.undoable,
					surroundings: this.surroundings(shown),
				},
			);
			return state ?? { kind: 'empty', message: vscode.l10n.t('This question is no longer in the project.') };
		} catch (error) {
			return { kind: 'failed', message: errorText(error) };
		}
	}

	/** Posted after the state, so that the panel does not wait while datasets are read from disk. */
	private async sendRows({ questionId, scope }: Shown): Promise<void> {
		try {
			const { rows } = await this.opened();
			this.page.post({ type: toPage.rows, questionId, rows: await rows.of(questionId, scope, this.page.closed) });
		} catch (error) {
			this.notice(error, null);
		}
	}

	private async receive(message: ToHost): Promise<void> {
		try {
			switch (message.type) {
				case toHost.ready:
					this.refresh.run();
					return;
				case toHost.correct:
					this.needTrust();
					await this.inOrder(async () => {
						await (await this.opened()).corrections.add(message);
						this.page.post({ type: toPage.saved, request: message.request });
						await this.host.context.workspaceState.update(
							mementoKeys.recentSkills,
							this.parts?.corrections.recent,
						);
					});
					this.refresh.run();
					return;
				case toHost.undo:
					this.needTrust();
					await this.inOrder(() => this.undo());
					return;
				case toHost.go:
					await this.go(message.to);
					return;
				case toHost.diagnose:
					await this.diagnose(message.questionId);
					return;
				case toHost.showMissing:
					await vscode.commands.executeCommand(commandIds.showMissing, message.skill);
					return;
				case toHost.why:
					await vscode.commands.executeCommand(commandIds.why, { name: message.dataset, row: message.row });
					return;
				case toHost.openQuestion:
					await vscode.commands.executeCommand(commandIds.openQuestion, message.questionId);
			}
		} catch (error) {
			if (error instanceof StatError && (error.kind === 'read-only' || error.kind === 'newer-schema')) {
				this.readOnly = error.message;
				this.refresh.run();
			}
			this.notice(error, message.type === toHost.correct ? message.request : null);
		}
	}

	private surroundings({ questionId }: Shown): Surroundings {
		const trusted = vscode.workspace.isTrusted;
		return {
			readOnly: trusted ? this.readOnly : vscode.l10n.t('Nothing is saved in an untrusted folder.'),
			trusted,
			asking: this.asking.has(questionId),
		};
	}

	/** The page hides what is disabled, but cannot be trusted to enforce it. */
	private needTrust(): void {
		if (!vscode.workspace.isTrusted) {
			throw new StatError('editor.failed', {
				problem: vscode.l10n.t('Nothing is saved in an untrusted folder.'),
			});
		}
	}

	/** Resolves when the run has ended or the user has declined it. */
	private async diagnose(questionId: QuestionId): Promise<void> {
		this.asking.add(questionId);
		this.refresh.run();
		try {
			await vscode.commands.executeCommand(commandIds.diagnoseQuestion, questionId);
		} finally {
			this.asking.delete(questionId);
			this.refresh.run();
		}
	}

	/** The undone change may be on another question, so that question is shown. */
	private async undo(): Promise<void> {
		const undone = await (await this.opened()).corrections.undo();
		if (!undone) {
			this.page.post({
				type: toPage.notice,
				level: 'info',
				message: vscode.l10n.t('Nothing to undo in this panel.'),
				request: null,
			});
			return;
		}
		const { student, round, questionId } = undone;
		this.shown = { ...this.shown, scope: { student, round }, questionId };
		this.refresh.run();
	}

	private inOrder(work: () => Promise<void>): Promise<void> {
		const done = this.writes.then(work);
		this.writes = done.catch(() => undefined);
		return done;
	}

	private notice(error: unknown, request: number | null): void {
		if (this.page.closed.aborted || (error instanceof StatError && error.kind === 'cancelled')) {
			return;
		}
		this.page.post({ type: toPage.notice, level: 'error', message: errorText(error), request });
	}
}
