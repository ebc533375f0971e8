import { computed, signal } from '@preact/signals';
import type { ItemFilter, RejectReason } from '../../src/core/curation/curation.ts';
import type { QuestionId } from '../../src/core/questions/question.ts';
import type { Host } from '../kit/host.ts';
import { NoticeStore } from '../kit/Notices.tsx';
import { storeContext } from '../kit/storeContext.tsx';
import { plural } from './labels.ts';
import { Pace } from './pace.ts';
import { ProblemQueue } from './problemQueue.ts';
import type { LastAct, Remembered, RepairOffer, ShownContent, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import { Turns } from './turns.ts';

/** The text of a problem in an editor, as it is being typed. */
interface Preview {
	readonly questionId: QuestionId;
	readonly content: ShownContent | null;
	readonly problem: string | null;
	readonly isSaved: boolean;
}

/** The dialog that is open. */
export type Dialog =
	| { readonly kind: 'reason'; readonly about: string }
	| { readonly kind: 'hint'; readonly questionId: QuestionId; readonly before: string };

/** Time in ms within which a requested editor takes the focus; after that, it no longer will. */
const editorWait = 4000;

/** The state of the curation panel: a queue of problems, and the user's actions on them. */
export class CurationStore {
	readonly raw = signal(false);
	/** Whether there is room for the list beside the problem. */
	readonly hasRoom = signal(true);
	/** Whether the user turned the list on or off; `null`: it is shown if there is room. */
	private readonly listChoice = signal<boolean | null>(null);
	readonly isListShown = computed(() => this.listChoice.value ?? this.hasRoom.value);
	readonly isListVisible = computed(() => this.isListShown.value && this.queue.total > 0);
	readonly notices = new NoticeStore();
	readonly pace = new Pace();
	readonly queue = new ProblemQueue({
		post: (message) => this.host.post(message),
		notices: this.notices,
		pace: this.pace,
		isListVisible: () => this.isListVisible.value,
		onShown: () => this.remember(),
	});
	/** Delays keys that are pressed during an undo, because they are meant for what it restores. */
	readonly turns = new Turns();
	/**
	 * Whether keys are ignored. Until a requested editor has the focus, typed letters are meant for it: an “a” meant
	 * for the editor must not accept the problem.
	 */
	readonly isDeaf = signal(false);
	readonly isKeyListOpen = signal(false);
	readonly dialog = signal<Dialog | null>(null);
	readonly offer = signal<RepairOffer | null>(null);
	readonly last = signal<LastAct | null>(null);
	private readonly preview = signal<Preview | null>(null);
	readonly isEditorOpen = computed(() => this.preview.value !== null);
	private readonly previewInView = computed(() => {
		const preview = this.preview.value;
		return preview && preview.questionId === this.queue.item.value?.questionId ? preview : null;
	});
	/** Whether the problem is shown with text from an editor that has not been saved yet. */
	readonly isPreviewed = computed(() => this.previewInView.value?.isSaved === false);
	/** Why the editor's text for the problem in view cannot be saved. */
	readonly editProblem = computed(() => this.previewInView.value?.problem ?? null);
	/** The content of the problem in view: the editor's text while it is valid, else the stored text. */
	readonly content = computed(() => {
		const edited = this.isPreviewed.value ? this.previewInView.value?.content : null;
		return edited ?? this.queue.item.value?.content ?? null;
	});
	private hint: string;
	private requests = 0;
	private deafTimer = 0;

	constructor(private readonly host: Host<ToHost, ToPage, Remembered>) {
		const { remembered } = host;
		this.raw.value = remembered.raw ?? false;
		this.listChoice.value = remembered.list ?? null;
		this.pace.looks.value = remembered.pace ?? [];
		this.last.value = remembered.last ?? null;
		this.hint = remembered.hint ?? '';
		host.listen((message) => this.receive(message));
		host.post({ type: toHost.ready });
	}

	accept(): void {
		this.decide('accepted', null, null);
	}

	askReason(): void {
		if (this.mayDecide()) {
			const { chosen } = this.queue;
			this.dialog.value = {
				kind: 'reason',
				about: chosen > 0 ? plural(chosen, 'problem', 'problems') : 'this problem',
			};
		}
	}

	reject(reason: RejectReason, note: string | null): void {
		this.decide('rejected', reason, note);
	}

	askHint(): void {
		const item = this.itemToChange();
		if (item && !item.asking) {
			this.dialog.value = { kind: 'hint', questionId: item.questionId, before: this.hint };
		}
	}

	regenerate(questionId: QuestionId, hint: string): void {
		this.hint = hint;
		this.remember();
		this.host.post({ type: toHost.regenerate, questionId, hint });
	}

	/** Closes a dialog, unless a different one has been opened since. */
	closeDialog(dialog: Dialog): void {
		if (this.dialog.value === dialog) {
			this.dialog.value = null;
		}
	}

	edit(): void {
		const item = this.itemToChange();
		if (item) {
			this.isDeaf.value = true;
			clearTimeout(this.deafTimer);
			this.deafTimer = window.setTimeout(() => this.hear(), editorWait);
			this.host.post({ type: toHost.edit, questionId: item.questionId });
		}
	}

	/** Stops ignoring keys: they are meant for this page again. */
	hear(): void {
		clearTimeout(this.deafTimer);
		this.isDeaf.value = false;
	}

	undo(): void {
		if (this.queue.isWritable()) {
			this.notices.say('Undoing…');
			this.turns.wait(++this.requests);
			this.host.post({ type: toHost.undo, request: this.requests });
		}
	}

	/** Repeats the latest action. */
	repeat(): void {
		const last = this.last.value;
		if (last === null) {
			this.notices.say('Nothing to repeat yet.');
			return;
		}
		if (!this.mayDecide()) {
			return;
		}
		if (last.kind === 'accepted') {
			this.accept();
		} else if (last.kind === 'rejected') {
			this.reject(last.reason, last.note);
		} else if (this.queue.item.value) {
			this.repair(last, this.queue.item.value.questionId);
		}
	}

	applyRepair(): void {
		const offer = this.offer.value;
		if (offer && this.queue.isWritable()) {
			this.last.value = { kind: 'repair', find: offer.find, replace: offer.replace };
			this.offer.value = null;
			this.repair(offer, null);
		}
	}

	dropRepair(): void {
		this.offer.value = null;
	}

	toggleRaw(): void {
		this.raw.value = !this.raw.value;
		this.remember();
		this.notices.say(this.raw.value ? 'Raw text' : 'Rendered text');
	}

	toggleList(): void {
		this.listChoice.value = !this.isListShown.value;
		this.remember();
	}

	toggleKeyList(): void {
		this.isKeyListOpen.value = !this.isKeyListOpen.value;
	}

	setFilter(filter: ItemFilter): void {
		this.host.post({ type: toHost.filter, filter });
	}

	openQuestion(questionId: QuestionId): void {
		this.host.post({ type: toHost.openQuestion, questionId });
	}

	openDemand(): void {
		this.host.post({ type: toHost.demand });
	}

	/** Returns the problem in view, if it is the only one affected. */
	private itemToChange() {
		return this.queue.chosen === 0 && this.queue.isWritable() ? this.queue.item.value : null;
	}

	private mayDecide(): boolean {
		const { queue } = this;
		if (!queue.isWritable()) {
			return false;
		}
		const may = queue.chosen > 0 || queue.item.value !== null;
		if (!may && queue.total > 0) {
			this.notices.say('This problem is still loading: press again once it is shown.');
		}
		return may;
	}

	/** Shows the decision at once and saves it when its turn comes. */
	private decide(verdict: 'accepted' | 'rejected', reason: RejectReason | null, note: string | null): void {
		const version = this.queue.state.value?.version;
		if (version === undefined || !this.mayDecide()) {
			return;
		}
		this.last.value =
			verdict === 'accepted' ? { kind: 'accepted' } : { kind: 'rejected', reason: reason ?? 'other', note };
		const { ranges } = this.queue;
		this.host.post({ type: toHost.decide, request: ++this.requests, version, ranges, verdict, reason, note });
		this.queue.decided(verdict, reason);
	}

	private repair({ find, replace }: Pick<RepairOffer, 'find' | 'replace'>, questionId: QuestionId | null): void {
		this.host.post({ type: toHost.repair, request: ++this.requests, find, replace, questionId });
	}

	private remember(): void {
		const queue = this.queue.state.value;
		if (queue) {
			this.host.remember({
				dataset: queue.dataset,
				questionId: this.queue.item.value?.questionId ?? null,
				filter: queue.filter,
				raw: this.raw.value,
				list: this.listChoice.value,
				pace: this.pace.looks.value,
				last: this.last.value,
				hint: this.hint,
			});
		}
	}

	private receive(message: ToPage): void {
		switch (message.type) {
			case toPage.queue:
				if (this.queue.receive(message.state)) {
					this.preview.value = null;
					this.offer.value = null;
				}
				return;
			case toPage.rows:
				if (message.version === this.queue.state.value?.version) {
					this.queue.rows.fill(message.offset, message.rows);
				}
				return;
			case toPage.item:
				this.queue.receiveItem(message.item, message.show);
				return;
			case toPage.preview: {
				const { questionId, content, problem, isSaved } = message;
				if (questionId === null) {
					this.hear();
				}
				this.preview.value = questionId === null ? null : { questionId, content, problem, isSaved };
				return;
			}
			case toPage.repair: {
				const { offer } = message;
				this.offer.value = offer;
				if (offer) {
					this.last.value = { kind: 'repair', find: offer.find, replace: offer.replace };
				}
				this.remember();
				return;
			}
			case toPage.saved:
				this.notices.say(message.message);
				this.turns.ended(message.request);
				return;
			case toPage.notice:
				if (message.level === 'error') {
					this.hear();
					if (message.request !== null) {
						this.queue.revert();
					}
				}
				this.notices.show(message);
				this.turns.ended(message.request);
		}
	}
}

export const { StoreProvider, useStore } = storeContext<CurationStore>();
