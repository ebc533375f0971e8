import { errorText } from '../../kit/describeError.ts';
import * as vscode from 'vscode';
import type { CurationState, ToHost, ToPage } from '../../../../webview/curation/protocol.ts';
import { toHost, toPage } from '../../../../webview/curation/protocol.ts';
import type { ItemFilter } from '../../../core/curation/curation.ts';
import { repairOf } from '../../../core/curation/repair.ts';
import { StatError } from '../../../core/errors/statError.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { Run } from '../../../core/run.ts';
import { formatCount } from '../../../core/text/formatNumber.ts';
import type { ItemEdit, ItemFiles } from '../../documents/itemFiles.ts';
import { commandIds, panelIds, viewIds } from '../../ids.ts';
import { clock } from '../../kit/clock.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';
import type { ProjectSession } from '../../session/projectSession.ts';
import type { Runs } from '../../session/runs.ts';
import { readMessage, readRemembered } from './curationMessages.ts';
import type { QueueRequest } from './curationQueue.ts';
import { CurationQueue } from './curationQueue.ts';
import { readRepairOffer } from './curationState.ts';
import { Decisions } from './decisions.ts';
import { EditorPreview } from './editorPreview.ts';

/** What the panel needs from the studio. */
export interface CurationHost extends PanelHost {
	readonly itemFiles: ItemFiles;
	readonly runs: Runs;
}

const waiting: ItemFilter = { status: 'waiting' };
let open: CurationPanel | undefined;

/** Shows a dataset's queue in the curation panel; reuses the panel if it is open. */
export function showCuration(
	host: CurationHost,
	session: ProjectSession,
	dataset: string,
	filter: ItemFilter = waiting,
): void {
	const request: QueueRequest = { dataset, filter, questionId: null };
	if (open?.session === session) {
		open.show(request);
		return;
	}
	open?.close();
	const panel = vscode.window.createWebviewPanel(panelIds.curation, vscode.l10n.t('Curation'), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open = new CurationPanel(host, panel, session, request);
}

/** Returns the open panel, for commands that act on what it shows. */
export function openCuration(): Pick<CurationPanel, 'dataset' | 'reveal'> | undefined {
	return open;
}

/**
 * Restores a panel after a window reload. extension.ts registers the serializer; startStudio.ts loads this file only
 * when a panel has to be restored.
 */
export async function restoreCuration(
	host: CurationHost,
	source: SessionSource,
	panel: vscode.WebviewPanel,
	state: unknown,
): Promise<void> {
	const session = await source();
	const request = readRemembered(state);
	if (!session || !request || open) {
		panel.dispose();
		return;
	}
	open = new CurationPanel(host, panel, session, request);
}

class CurationPanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	private readonly asking = new Set<QuestionId>();
	private readonly decisions = new Map<string, Decisions>();
	private readonly queue: CurationQueue;
	private readonly preview: EditorPreview;
	private readOnly: string | null = null;
	private writes: Promise<void> = Promise.resolve();

	constructor(
		private readonly host: CurationHost,
		private readonly panel: vscode.WebviewPanel,
		readonly session: ProjectSession,
		request: QueueRequest,
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'curation',
			title: vscode.l10n.t('Curation'),
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.queue = new CurationQueue(request, () => session.parts());
		this.preview = new EditorPreview({
			dataset: () => this.dataset,
			parts: () => session.parts(),
			onPreview: (preview) => this.page.post({ type: toPage.preview, ...preview }),
			guard: (work) => this.guard(null, work),
		});
		this.page.keep(
			session.onDidChange((topics) => {
				if (topics.has('curation') || topics.has('datasets') || topics.has('settings')) {
					this.refresh.run();
				}
			}),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			host.itemFiles.onDidEdit((edit) => void this.edited(edit)),
			this.preview,
			{ dispose: () => (open = open === this ? undefined : open) },
		);
	}

	get dataset(): string {
		return this.queue.dataset;
	}

	close(): void {
		this.panel.dispose();
	}

	reveal(): void {
		this.panel.reveal(undefined, false);
	}

	show(request: QueueRequest): void {
		this.queue.select(request);
		this.reveal();
		this.refresh.run();
	}

	private async opened() {
		const { store, grader, datasets } = await this.session.parts();
		const { dataset } = this;
		const decisions =
			this.decisions.get(dataset) ??
			new Decisions({ store, grader, datasets }, dataset, () => this.session.author(), clock.now);
		this.decisions.set(dataset, decisions);
		return { store, grader, datasets, decisions };
	}

	/** Posts the whole state: the queue, the rows in the window, the item in view and the next item. */
	private async send(): Promise<void> {
		const { request } = this.queue;
		const state = await this.readState();
		if (this.page.closed.aborted) {
			return;
		}
		if (request !== this.queue.request) {
			this.refresh.run();
			return;
		}
		this.panel.title =
			state.kind === 'queue' ? vscode.l10n.t('Curation {0}', state.dataset) : vscode.l10n.t('Curation');
		this.page.post({ type: toPage.queue, state });
		if (state.kind === 'queue') {
			await this.guard(null, async () => {
				await this.sendRows();
				await this.sendItem(this.queue.index, false);
			});
		}
	}

	private async readState(): Promise<CurationState> {
		try {
			const { decisions } = await this.opened();
			const trusted = vscode.workspace.isTrusted;
			return await this.queue.readState({
				undo: decisions.undoable,
				readOnly: trusted ? this.readOnly : vscode.l10n.t('Nothing is saved in an untrusted folder.'),
				trusted,
			});
		} catch (error) {
			return { kind: 'failed', message: errorText(error) };
		}
	}

	private async sendRows(): Promise<void> {
		const rows = await this.queue.readRows();
		if (rows) {
			this.page.post({ type: toPage.rows, ...rows });
		}
	}

	/** Posts the item at a position, and then the one after it so that it is ready. */
	private async sendItem(index: number, show: boolean): Promise<void> {
		for (const at of [index, index + 1]) {
			const item = await this.queue.readItem(at, (id) => this.asking.has(id));
			if (item) {
				this.page.post({ type: toPage.item, item, show: show && at === index });
			}
		}
	}

	private async receive(message: ToHost): Promise<void> {
		await this.guard('request' in message ? message.request : null, () => this.act(message));
	}

	private async act(message: ToHost): Promise<void> {
		switch (message.type) {
			case toHost.ready:
				this.refresh.run();
				return;
			case toHost.filter:
				this.show({
					dataset: this.dataset,
					filter: message.filter,
					questionId: this.queue.inView,
				});
				return;
			case toHost.rows:
				if (this.queue.isCurrent(message.version)) {
					this.queue.setWindow(message.offset, message.limit);
					await this.sendRows();
				}
				return;
			case toHost.show:
				if (this.queue.isCurrent(message.version)) {
					this.queue.moveTo(message.index);
					await this.sendItem(message.index, false);
				}
				return;
			case toHost.decide:
				await this.decide(message);
				return;
			case toHost.repair:
				await this.write(message.request, (decisions) => this.repair(decisions, message));
				return;
			case toHost.undo:
				await this.write(message.request, (decisions) => this.undo(decisions));
				return;
			case toHost.edit:
				await this.preview.open(message.questionId);
				return;
			case toHost.regenerate:
				await this.regenerate(message.questionId, message.hint);
				return;
			case toHost.openQuestion:
				await vscode.commands.executeCommand(commandIds.openQuestion, message.questionId);
				return;
			case toHost.demand:
				await vscode.commands.executeCommand(commandIds.demandCuration, { name: this.dataset });
		}
	}

	private async decide(message: Extract<ToHost, { readonly type: 'decide' }>): Promise<void> {
		const ids = this.queue.itemsAt(message.version, message.ranges);
		const act =
			message.verdict === 'accepted'
				? ({ verdict: 'accepted' } as const)
				: ({ verdict: 'rejected', reason: message.reason ?? 'other' } as const);
		await this.write(message.request, async (decisions) => {
			const { decided, left } = await this.long(vscode.l10n.t('Curate'), ids.length, (run) =>
				decisions.decide(ids, act, message.note, run),
			);
			if (left > 0) {
				return vscode.l10n.t(
					'Cancelled: {0} decided, {1} unchanged; U undoes the decisions',
					formatCount(decided),
					formatCount(left),
				);
			}
			if (decided !== 1) {
				return vscode.l10n.t('{0} decided; U undoes all of them', formatCount(decided));
			}
			return act.verdict === 'accepted' ? vscode.l10n.t('Accepted') : vscode.l10n.t('Rejected');
		});
	}

	/** Repairs one item, or all that match, and returns a line with the result. */
	private async repair(decisions: Decisions, message: Extract<ToHost, { readonly type: 'repair' }>): Promise<string> {
		const { decided, left, refused } = await this.long(
			vscode.l10n.t('Repair'),
			message.questionId === null ? Infinity : 1,
			(run) => decisions.repair(message, message.questionId, run),
		);
		if (left > 0) {
			return vscode.l10n.t(
				'Cancelled: {0} repaired, {1} unchanged; U undoes the repairs',
				formatCount(decided),
				formatCount(left),
			);
		}
		if (refused.length > 0) {
			return vscode.l10n.t(
				'{0} repaired; {1} unchanged: {2}',
				formatCount(decided),
				formatCount(refused.length),
				refused[0]?.why ?? '',
			);
		}
		if (decided === 0) {
			return vscode.l10n.t('The passage does not occur here');
		}
		return message.questionId === null
			? vscode.l10n.t('{0} repaired; unreviewed ones still wait; U undoes it', formatCount(decided))
			: vscode.l10n.t('Repaired; U undoes it');
	}

	/**
	 * For a thousand items or more, the status bar shows the progress, with a way to cancel. Closing the panel cancels
	 * nothing.
	 */
	private async long<T>(
		title: string,
		size: number,
		work: (run: Pick<Run, 'signal' | 'progress'>) => Promise<T>,
	): Promise<T> {
		return size <= 1000
			? work({ signal: new AbortController().signal, progress: () => undefined })
			: this.host.runs.start('curate', title, viewIds.datasets, work);
	}

	/** Writes run one after another, in the order in which the user made the decisions. */
	private async write(request: number | null, work: (decisions: Decisions) => Promise<string | null>): Promise<void> {
		// The page hides what is disabled, but cannot be trusted to enforce it.
		if (!vscode.workspace.isTrusted) {
			throw new StatError('editor.failed', {
				problem: vscode.l10n.t('Nothing is saved in an untrusted folder.'),
			});
		}
		const done = this.writes.then(async () => {
			const message = await work((await this.opened()).decisions);
			if (message !== null) {
				this.page.post(
					request === null
						? { type: toPage.notice, level: 'info', message, request }
						: { type: toPage.saved, request, message },
				);
			}
		});
		this.writes = done.catch(() => undefined);
		await done;
		this.refresh.run();
	}

	/** The undone decision may be on another problem, so that problem is shown. */
	private async undo(decisions: Decisions): Promise<string> {
		const undone = await this.long(vscode.l10n.t('Undo'), decisions.undoableCount, (run) =>
			decisions.undo(this.queue.inView, run),
		);
		if (!undone) {
			return vscode.l10n.t('Nothing to undo here.');
		}
		if (this.queue.moveToItem(undone.ids[0] ?? '')) {
			await this.sendItem(this.queue.index, true);
		}
		return undone.left > 0
			? vscode.l10n.t(
					'Cancelled: {0} undone; U undoes the remaining {1}',
					formatCount(undone.ids.length),
					formatCount(undone.left),
				)
			: vscode.l10n.t('Undone: {0}', undone.what);
	}

	/** Handles a saved edit: it can be undone here, and the same repair may apply to other items. */
	private async edited({ dataset, questionId, before, after }: ItemEdit): Promise<void> {
		if (dataset !== this.dataset) {
			return;
		}
		await this.guard(null, async () => {
			const { store, grader, datasets, decisions } = await this.opened();
			decisions.add([questionId], vscode.l10n.t('edited'));
			this.refresh.run();
			const repair = repairOf(before, after);
			this.page.post({
				type: toPage.repair,
				offer:
					repair &&
					(await readRepairOffer({ store, grader, datasets }, dataset, repair, questionId, {
						now: clock.now,
						signal: this.page.closed,
						progress: () => undefined,
					})),
			});
		});
	}

	/** Resolves when the run has ended or the user has declined it. */
	private async regenerate(questionId: QuestionId, hint: string): Promise<void> {
		const { store, decisions } = await this.opened();
		const { dataset } = this;
		const count = async () =>
			(await store.read('item', { dataset, questionId }))?.history.filter(
				({ verdict }) => verdict === 'regenerated',
			).length ?? 0;
		const before = await count();
		this.asking.add(questionId);
		this.refresh.run();
		try {
			await vscode.commands.executeCommand(commandIds.regenerateItem, { dataset, questionId, hint });
		} finally {
			this.asking.delete(questionId);
			if ((await count()) > before) {
				decisions.add([questionId], vscode.l10n.t('regenerated'));
			}
			this.refresh.run();
		}
	}

	/** Shows an error in the page; if the error concerns writing, writing is disabled as well. */
	private async guard(request: number | null, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			const isCancelled = error instanceof StatError && error.kind === 'cancelled';
			if (error instanceof StatError && (error.kind === 'read-only' || error.kind === 'newer-schema')) {
				this.readOnly = error.message;
				this.refresh.run();
			}
			this.page.post({
				type: toPage.notice,
				level: isCancelled ? 'info' : 'error',
				message: isCancelled ? vscode.l10n.t('Cancelled') : errorText(error),
				request,
			});
		}
	}
}
