import * as vscode from 'vscode';
import type { CurationState, ItemState, Ranges, ToHost, ToPage } from '../../../../webview/curation/protocol.ts';
import { toHost, toPage } from '../../../../webview/curation/protocol.ts';
import type { ItemFilter } from '../../../core/curation/curation.ts';
import { readItemText } from '../../../core/curation/itemText.ts';
import { countWords } from '../../../core/text/numberWords.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import { repairOf } from '../../../core/curation/repair.ts';
import type { Run } from '../../../core/run.ts';
import { messageOf, StatError } from '../../../core/errors/statError.ts';
import { commandIds, panelIds, viewIds } from '../../ids.ts';
import type { SessionSource } from '../../kit/sessionSource.ts';
import type { PanelHost } from '../../kit/webviewPage.ts';
import { Latest, WebviewPage } from '../../kit/webviewPage.ts';
import type { ProjectSession } from '../../session/projectSession.ts';
import type { Runs } from '../../session/runs.ts';
import { readMessage, readRemembered } from './curationMessages.ts';
import { readItemState, readQueueState, readRepairOffer, shownContent } from './curationState.ts';
import type { ItemEdit, ItemFiles } from '../../documents/itemFiles.ts';
import { itemOfUri, itemUri, tabsOf } from '../../documents/itemFiles.ts';
import { CurationWords } from './decisions.ts';

/** Which queue, through which filter, beginning where. */
interface Asked {
	readonly dataset: string;
	readonly filter: ItemFilter;
	readonly questionId: QuestionId | null;
}

const first: ItemFilter = { status: 'waiting' };
let open: CurationPanel | undefined;

/** Shows a dataset's queue in the curation panel, which is taken over if it is open. */
export function showCuration(
	host: PanelHost,
	session: ProjectSession,
	files: ItemFiles,
	runs: Runs,
	dataset: string,
	filter: ItemFilter = first,
): void {
	const asked: Asked = { dataset, filter, questionId: null };
	if (open?.session === session) {
		open.show(asked);
		return;
	}
	open?.close();
	const panel = vscode.window.createWebviewPanel(panelIds.curation, vscode.l10n.t('Curation'), {
		viewColumn: vscode.ViewColumn.Active,
		preserveFocus: false,
	});
	open = new CurationPanel(host, panel, session, files, runs, asked);
}

/** The open panel, for commands that act on what it shows. */
export function openCuration(): Pick<CurationPanel, 'dataset' | 'reveal'> | undefined {
	return open;
}

/** Brings a panel back after the window was reloaded; extension.ts registers it, and loads this file only then. */
export async function restoreCuration(
	host: PanelHost,
	source: SessionSource,
	files: ItemFiles,
	runs: Runs,
	panel: vscode.WebviewPanel,
	state: unknown,
): Promise<void> {
	const session = await source();
	const kept = readRemembered(state);
	if (!session || !kept || open) {
		panel.dispose();
		return;
	}
	open = new CurationPanel(host, panel, session, files, runs, kept);
}

class CurationPanel {
	private readonly page: WebviewPage<ToPage, ToHost>;
	private readonly refresh = new Latest(() => this.send());
	private readonly asking = new Set<QuestionId>();
	private readonly words = new Map<string, CurationWords>();
	/** The list as the filter found it: places stay while statuses change. */
	private list: { readonly version: number; readonly ids: readonly QuestionId[] } | undefined;
	/** The list before: a word said while a new one is made is meant for what was on the screen. */
	private earlier: CurationPanel['list'];
	private version = 0;
	private index = 0;
	private window: readonly [offset: number, limit: number] = [0, 0];
	private readOnly: string | null = null;
	private writes: Promise<void> = Promise.resolve();
	private previewTimer: NodeJS.Timeout | undefined;
	/** Whose text the page shows as its preview. */
	private previewed: vscode.Uri | undefined;

	constructor(
		host: PanelHost,
		private readonly panel: vscode.WebviewPanel,
		readonly session: ProjectSession,
		files: ItemFiles,
		private readonly runs: Runs,
		private asked: Asked,
	) {
		this.page = new WebviewPage<ToPage, ToHost>({
			host,
			panel,
			name: 'curation',
			title: vscode.l10n.t('Curation'),
			read: readMessage,
			onMessage: (message) => void this.receive(message),
		});
		this.page.keep(
			session.onDidChange((topics) => {
				if (topics.has('curation') || topics.has('datasets') || topics.has('settings')) {
					this.refresh.run();
				}
			}),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.refresh.run()),
			files.onDidEdit((edit) => void this.edited(edit)),
			vscode.workspace.onDidChangeTextDocument(({ document }) => this.typed(document)),
			vscode.workspace.onDidSaveTextDocument((document) => this.typed(document)),
			// The last tab of a group may go with its group, which closes no tab by name.
			vscode.window.tabGroups.onDidChangeTabs(() => this.closePreview()),
			vscode.window.tabGroups.onDidChangeTabGroups(() => this.closePreview()),
			{
				dispose: () => {
					clearTimeout(this.previewTimer);
					open = open === this ? undefined : open;
				},
			},
		);
	}

	get dataset(): string {
		return this.asked.dataset;
	}

	close(): void {
		this.panel.dispose();
	}

	reveal(): void {
		this.panel.reveal(undefined, false);
	}

	show(asked: Asked): void {
		this.earlier = asked.dataset === this.dataset ? (this.list ?? this.earlier) : undefined;
		this.asked = asked;
		this.list = undefined;
		this.reveal();
		this.refresh.run();
	}

	private async opened() {
		const { store, grader, datasets } = await this.session.parts();
		const { dataset } = this;
		const words =
			this.words.get(dataset) ??
			new CurationWords(
				{ store, grader, datasets },
				dataset,
				() => this.session.author(),
				() => new Date().toISOString(),
			);
		this.words.set(dataset, words);
		return { store, grader, datasets, words };
	}

	/** The whole state: the queue, the rows in the window, the item in view and the one after it. */
	private async send(): Promise<void> {
		const asked = this.asked;
		let state: CurationState;
		try {
			state = await this.readQueue(asked);
		} catch (error) {
			state = { kind: 'failed', message: messageOf(error) };
		}
		if (this.page.closed.aborted) {
			return;
		}
		if (asked !== this.asked) {
			this.refresh.run();
			return;
		}
		this.panel.title =
			state.kind === 'queue' ? vscode.l10n.t('Curation {0}', state.dataset) : vscode.l10n.t('Curation');
		this.page.post({ type: toPage.queue, state });
		if (state.kind === 'queue') {
			await this.guard(null, async () => {
				await this.sendRows();
				await this.sendItem(this.index, false);
			});
		}
	}

	private async readQueue({ dataset, filter, questionId }: Asked): Promise<CurationState> {
		const { store, words } = await this.opened();
		if (!this.list) {
			const ids = await store.read('itemIds', { dataset, filter });
			const at = questionId === null ? -1 : ids.indexOf(questionId);
			this.list = { version: ++this.version, ids };
			this.index = Math.max(0, at);
			this.window = [0, 0];
		}
		const { ids, version } = this.list;
		const trusted = vscode.workspace.isTrusted;
		const state = await readQueueState(
			{ store },
			{
				dataset,
				filter,
				version,
				total: ids.length,
				start: this.index,
				undo: words.undoable,
				readOnly: trusted ? this.readOnly : vscode.l10n.t('Nothing is saved in a folder that is not trusted.'),
				trusted,
			},
		);
		return Object.values(state.counts).every((count) => count === 0)
			? {
					kind: 'empty',
					message: vscode.l10n.t(
						'{0} has no synthesized problems. STAT-Syn makes them (STAT: Build Training Set…).',
						dataset,
					),
				}
			: state;
	}

	private async sendRows(): Promise<void> {
		const {
			list,
			window: [offset, limit],
		} = this;
		if (!list || limit === 0) {
			return;
		}
		const ids = list.ids.slice(offset, offset + limit);
		const { store } = await this.opened();
		const rows = new Map(
			(await store.read('itemRows', { dataset: this.dataset, ids })).map((row) => [row.questionId, row]),
		);
		this.page.post({
			type: toPage.rows,
			version: list.version,
			offset,
			rows: ids.map((id) => rows.get(id) ?? null),
		});
	}

	/** The item at a place, then the one after it, so that going on waits for nothing. */
	private async sendItem(index: number, show: boolean): Promise<void> {
		const { list } = this;
		for (const at of [index, index + 1]) {
			const item = list && (await this.readItem(list, at));
			if (item && list === this.list) {
				this.page.post({ type: toPage.item, item, show: show && at === index });
			}
		}
	}

	private async readItem(
		{ version, ids }: { readonly version: number; readonly ids: readonly QuestionId[] },
		index: number,
	): Promise<ItemState | null> {
		const questionId = ids[index];
		const { store, grader } = await this.opened();
		return questionId === undefined
			? null
			: readItemState(
					{ store, grader },
					{ dataset: this.dataset, questionId, version, index, asking: this.asking.has(questionId) },
				);
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
					questionId: this.list?.ids[this.index] ?? null,
				});
				return;
			case toHost.rows:
				if (message.version === this.list?.version) {
					this.window = [message.offset, message.limit];
					await this.sendRows();
				}
				return;
			case toHost.show:
				if (message.version === this.list?.version) {
					this.index = message.index;
					await this.sendItem(message.index, false);
				}
				return;
			case toHost.decide: {
				const ids = this.idsOf(message.version, message.ranges);
				const act =
					message.verdict === 'accepted'
						? ({ verdict: 'accepted' } as const)
						: ({ verdict: 'rejected', reason: message.reason ?? 'other' } as const);
				await this.write(message.request, async ({ words }) => {
					const { decided, left } = await this.long(vscode.l10n.t('Curate'), ids.length, (run) =>
						words.decide(ids, act, message.note, run),
					);
					return left > 0
						? vscode.l10n.t(
								'Cancelled: {0} decided, {1} left as they were; U takes back what was decided',
								countWords(decided),
								countWords(left),
							)
						: decided === 1
							? act.verdict === 'accepted'
								? vscode.l10n.t('Accepted')
								: vscode.l10n.t('Rejected')
							: vscode.l10n.t('{0} decided; U takes all of it back', countWords(decided));
				});
				return;
			}
			case toHost.repair:
				await this.write(message.request, async ({ words }) => {
					const { decided, left, refused } = await this.long(
						vscode.l10n.t('Repair'),
						message.questionId === null ? Infinity : 1,
						(run) => words.repair(message, message.questionId, run),
					);
					if (left > 0) {
						return vscode.l10n.t(
							'Cancelled: {0} repaired, {1} left as they were; U takes back what was repaired',
							countWords(decided),
							countWords(left),
						);
					}
					if (refused.length > 0) {
						return vscode.l10n.t(
							'{0} repaired; {1} left as they were: {2}',
							countWords(decided),
							countWords(refused.length),
							refused[0]?.why ?? '',
						);
					}
					return decided === 0
						? vscode.l10n.t('The passage does not stand here')
						: message.questionId === null
							? vscode.l10n.t(
									'{0} repaired; those nobody looked at still wait; U takes it back',
									countWords(decided),
								)
							: vscode.l10n.t('Repaired; U takes it back');
				});
				return;
			case toHost.undo:
				await this.write(message.request, (parts) => this.undo(parts.words));
				return;
			case toHost.edit:
				await this.edit(message.questionId);
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

	/** From a thousand on it shows in the status bar, where it can be cancelled. Closing the panel ends nothing. */
	private async long<T>(
		title: string,
		size: number,
		work: (run: Pick<Run, 'signal' | 'progress'>) => Promise<T>,
	): Promise<T> {
		return size <= 1000
			? work({ signal: new AbortController().signal, progress: () => undefined })
			: this.runs.start('curate', title, viewIds.datasets, work);
	}

	private idsOf(version: number, ranges: Ranges): QuestionId[] {
		const list = [this.list, this.earlier].find((known) => known?.version === version);
		if (!list) {
			throw new StatError('editor.failed', {
				problem: vscode.l10n.t('The list was made anew meanwhile: nothing was decided'),
			});
		}
		return ranges.flatMap(([from, to]) => list.ids.slice(from, to + 1));
	}

	/** Writes go one after the other, in the order the person made them. */
	private async write(
		request: number | null,
		work: (parts: { readonly words: CurationWords }) => Promise<string | null>,
	): Promise<void> {
		// The page hides what is off; a page is not what decides.
		if (!vscode.workspace.isTrusted) {
			throw new StatError('editor.failed', {
				problem: vscode.l10n.t('Nothing is saved in a folder that is not trusted.'),
			});
		}
		const done = this.writes.then(async () => {
			const message = await work(await this.opened());
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

	/** What was taken back may be on a problem left behind: go there, so that it is seen. */
	private async undo(words: CurationWords): Promise<string> {
		const undone = await this.long(vscode.l10n.t('Undo'), words.undoableCount, (run) =>
			words.undo(this.list?.ids[this.index] ?? null, run),
		);
		if (!undone) {
			return vscode.l10n.t('Nothing to undo here.');
		}
		const at = this.list?.ids.indexOf(undone.ids[0] ?? '') ?? -1;
		if (at >= 0) {
			this.index = at;
			await this.sendItem(at, true);
		}
		return undone.left > 0
			? vscode.l10n.t(
					'Cancelled: {0} taken back; U goes on with the {1} left',
					countWords(undone.ids.length),
					countWords(undone.left),
				)
			: vscode.l10n.t('Taken back: {0}', undone.what);
	}

	private async edit(questionId: QuestionId): Promise<void> {
		const { store } = await this.opened();
		const [row] = await store.read('itemRows', { dataset: this.dataset, ids: [questionId] });
		const uri = itemUri({ dataset: this.dataset, questionId }, row?.title ?? '');
		const document = await vscode.workspace.openTextDocument(uri);
		// Begin where the question does.
		const start = new vscode.Position(Math.min(1, document.lineCount - 1), 0);
		await vscode.window.showTextDocument(document, {
			viewColumn: vscode.ViewColumn.Beside,
			preview: true,
			selection: new vscode.Range(start, start),
		});
		this.typed(document);
	}

	/** The editor's text as it would be, a moment after the last key. */
	private typed(document: vscode.TextDocument): void {
		const name = itemOfUri(document.uri);
		if (name?.dataset !== this.dataset) {
			return;
		}
		clearTimeout(this.previewTimer);
		this.previewTimer = setTimeout(() => {
			void this.guard(null, async () => {
				const { store, grader } = await this.opened();
				let problem: string | null = null;
				const content = await (async () =>
					shownContent({ store, grader }, readItemText(document.getText())))().catch((error: unknown) => {
					problem = messageOf(error);
					return null;
				});
				// A document outlives its tab for a while; a preview of it must not.
				if (tabsOf(document.uri).length > 0) {
					this.previewed = document.uri;
					this.page.post({
						type: toPage.preview,
						questionId: name.questionId,
						content,
						problem,
						isSaved: !document.isDirty,
					});
				}
			});
		}, 150);
	}

	private closePreview(): void {
		if (this.previewed && tabsOf(this.previewed).length === 0) {
			this.previewed = undefined;
			this.page.post({ type: toPage.preview, questionId: null, content: null, problem: null, isSaved: true });
		}
	}

	/** An edit was saved: it can be undone here, and others may need the same. */
	private async edited({ dataset, questionId, before, after }: ItemEdit): Promise<void> {
		if (dataset !== this.dataset) {
			return;
		}
		await this.guard(null, async () => {
			const { store, grader, datasets, words } = await this.opened();
			words.add([questionId], vscode.l10n.t('edited'));
			this.refresh.run();
			const repair = repairOf(before, after);
			this.page.post({
				type: toPage.repair,
				offer:
					repair &&
					(await readRepairOffer({ store, grader, datasets }, dataset, repair, questionId, {
						now: () => new Date().toISOString(),
						signal: this.page.closed,
						progress: () => undefined,
					})),
			});
		});
	}

	/** Ends when the run has ended or the person said no. */
	private async regenerate(questionId: QuestionId, hint: string): Promise<void> {
		const { store, words } = await this.opened();
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
				words.add([questionId], vscode.l10n.t('regenerated'));
			}
			this.refresh.run();
		}
	}

	/** Errors become a line in the page; one that says that nothing can be written turns writing off. */
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
				message: isCancelled ? vscode.l10n.t('Cancelled') : messageOf(error),
				request,
			});
		}
	}
}
