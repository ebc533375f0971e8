import '../kit/base.css';
import './curation.css';
import type { ItemFilter, RejectReason } from '../../src/core/curation/curation.ts';
import { h, part, Section } from '../kit/dom.ts';
import { connect } from '../kit/host.ts';
import type { Key } from '../kit/keys.ts';
import { listenForKeys } from '../kit/keys.ts';
import { Page } from '../kit/page.ts';
import { Notices } from '../kit/states.ts';
import { AskHint, AskReason } from './asking.ts';
import { actionsContent, bannerContent, filterContent, headerContent, repairContent } from './frame.ts';
import { flagsContent, historyContent, questionContent, referencesContent, solutionsContent } from './itemView.ts';
import { QueueList } from './list.ts';
import type { CurationState, ItemState, LastAct, Ranges, Remembered, RepairOffer, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import { SearchField } from './searchField.ts';
import { Turns } from './turns.ts';
import type { Actions, Preview, View } from './view.ts';
import { plural } from './view.ts';

const host = connect<ToHost, ToPage, Remembered>();
const notices = new Notices();

let state: CurationState | undefined;
let raw = host.remembered.raw ?? false;
let isListShown = host.remembered.list ?? null;
let pace: readonly number[] = host.remembered.pace ?? [];
let last: LastAct | null = host.remembered.last ?? null;
let hint = host.remembered.hint ?? '';
let preview: Preview | null = null;
let offer: RepairOffer | null = null;
let current = 0;
let shownAt = 0;
let requests = 0;
/** Until the editor that was asked for has the keys, what is typed is meant for it: an “a” there must not accept. */
let deafUntil = 0;
/** Keys pressed while an undo is on its way are meant for what it brings back. */
const turns = new Turns();
/** Items of this list as they were last told, by place: the next one is here before it is asked for. */
const items = new Map<number, ItemState>();
/** Longer looks are pauses. */
const longestLook = 120;

const list = new QueueList({
	want: (offset, limit) => {
		if (state?.kind === 'queue') {
			host.post({ type: toHost.rows, version: state.version, offset, limit });
		}
	},
	open: (index, { shiftKey, ctrlKey, metaKey }) => {
		if (shiftKey) {
			list.extend(current, index);
		} else if (ctrlKey || metaKey) {
			list.toggle(index);
		}
		show(index);
	},
});
const reasonDialog = new AskReason();
const hintDialog = new AskHint();

const act: Actions = {
	go: (step) => move(current + step),
	accept: () => decide('accepted', null, null),
	askReason: () => {
		if (mayDecide()) {
			reasonDialog.ask(
				list.chosen.size > 0 ? plural(list.chosen.size, 'problem', 'problems') : 'this problem',
				(reason, note) => decide('rejected', reason, note),
			);
		}
	},
	askHint: () => {
		const item = shown();
		if (item && list.chosen.size === 0 && !item.asking && isWritable()) {
			hintDialog.ask(hint, (given) => {
				hint = given;
				remember();
				host.post({ type: toHost.regenerate, questionId: item.questionId, hint: given });
			});
		}
	},
	edit: () => {
		const item = shown();
		if (item && list.chosen.size === 0 && isWritable()) {
			deafUntil = performance.now() + 4000;
			host.post({ type: toHost.edit, questionId: item.questionId });
		}
	},
	undo: () => {
		if (isWritable()) {
			notices.say('Undoing…');
			turns.wait(++requests);
			host.post({ type: toHost.undo, request: requests });
		}
	},
	repeat,
	toggleRaw: () => {
		raw = !raw;
		update();
		remember();
		notices.say(raw ? 'Raw text' : 'Rendered text');
	},
	toggleList: () => {
		isListShown = !listShown();
		update();
		remember();
	},
	showKeys: () => keyList.toggle(),
	clearChosen: () => {
		list.clear();
		update();
	},
	applyRepair: () => {
		if (offer && isWritable()) {
			const { find, replace } = offer;
			last = { kind: 'repair', find, replace };
			offer = null;
			host.post({ type: toHost.repair, request: ++requests, find, replace, questionId: null });
			update();
		}
	},
	dropRepair: () => {
		offer = null;
		update();
	},
	openQuestion: (questionId) => host.post({ type: toHost.openQuestion, questionId }),
	demand: () => host.post({ type: toHost.demand }),
};

const top = new Section<View>(
	part('header', 'top'),
	({ queue, item, pace: seconds, ...view }) => [
		queue.dataset,
		queue.total,
		queue.counts,
		queue.demand,
		queue.demanded,
		item?.index,
		seconds,
		view.raw,
		view.isListShown,
	],
	headerContent,
);
const banners = new Section<View>(
	part('div', 'banners'),
	({ queue }) => [queue.readOnly, queue.trusted],
	bannerContent,
);
const selects = new Section<View>(
	part('div', 'selects'),
	({ queue }) => [queue.filter, queue.counts, queue.skills, queue.flags],
	({ queue }) => filterContent(queue, setFilter),
);
const question = new Section<View>(
	part('section', 'question', 'New question'),
	({ item, preview: editing, raw: isRaw }) => [
		item?.questionId,
		item?.index,
		item?.status,
		item?.reason,
		item?.isEdited,
		item?.content.question,
		item?.skill,
		item?.forQuestion,
		editing,
		isRaw,
	],
	questionContent,
);
const flags = new Section<View>(
	part('div', 'flag-box'),
	({ item, preview: editing, raw: isRaw }) => [
		item?.flags,
		item?.content.question,
		editing?.content?.question,
		isRaw,
	],
	flagsContent,
);
const solutions = new Section<View>(
	part('section', 'solution-box', 'Solutions'),
	({ item, preview: editing, raw: isRaw }) => [item?.questionId, item?.content, item?.isEdited, editing, isRaw],
	solutionsContent,
);
const decideBox = new Section<View>(
	part('div', 'decide'),
	({ queue, item, chosen, last: latest, preview: editing }) => [
		queue.readOnly,
		queue.undo,
		item === null,
		item?.asking,
		chosen,
		latest,
		editing === null,
	],
	actionsContent,
);
const repair = new Section<View>(
	part('div', 'repair'),
	({ queue, offer: offered }) => [offered, queue.readOnly],
	repairContent,
);
const references = new Section<View>(
	part('section', 'reference-box', 'References'),
	({ item, preview: editing, raw: isRaw }) => [
		item?.references,
		item?.content.question,
		editing?.content?.question,
		isRaw,
	],
	referencesContent,
);
const past = new Section<View>(
	part('section', 'past', 'History'),
	({ item, raw: isRaw }) => [item?.history, item?.model, isRaw],
	historyContent,
);
const sections = [top, banners, selects, question, flags, solutions, decideBox, repair, references, past];

const search = new SearchField({
	search: (text) => {
		if (state?.kind === 'queue' && text !== (state.filter.text ?? '')) {
			setFilter({ ...state.filter, text: text === '' ? undefined : text });
		}
	},
	leave: () => (listShown() ? list.element : scrolled).focus(),
});
const nothing = h('p', { class: 'nothing', role: 'status' });
const scrolled = h(
	'div',
	{ class: 'scrolled', tabindex: 0, role: 'region', 'aria-label': 'Problem' },
	nothing,
	question.element,
	flags.element,
	solutions.element,
	references.element,
	past.element,
);
const content = [
	top.element,
	banners.element,
	h('div', { class: 'filters', role: 'search' }, search.element, selects.element),
	h(
		'div',
		{ class: 'body' },
		list.element,
		h('div', { class: 'detail' }, scrolled, repair.element, decideBox.element),
	),
];
const keyList = listenForKeys(() =>
	performance.now() < deafUntil
		? []
		: keys.map((key) => ({ ...key, run: (event) => turns.take(() => key.run(event)) })),
);
window.addEventListener('focus', () => (deafUntil = 0));
const page = new Page(content, notices.element, keyList.element, reasonDialog.element, hintDialog.element);
window.addEventListener('resize', () => update());

const keys: readonly Key[] = [
	{ keys: ['a'], shown: 'A', does: 'accept', run: act.accept },
	{ keys: ['r'], shown: 'R', does: 'reject: a digit picks the reason, or words', run: act.askReason },
	{ keys: ['e'], shown: 'E', does: 'edit in an editor, with this panel as its preview', run: act.edit },
	{ keys: ['g'], shown: 'G', does: 'have another one written, with a hint', run: act.askHint },
	{
		keys: ['u', 'ctrl+z'],
		shown: 'U or Ctrl+Z',
		does: 'undo: the latest done here, else the latest word on this problem',
		run: act.undo,
	},
	{ keys: ['.'], shown: '.', does: 'do the latest again: accept, reject, or the same repair', run: act.repeat },
	{ keys: ['p'], shown: 'P', does: 'make the same repair in all that match, after an edit', run: act.applyRepair },
	{
		keys: ['j', 'arrowdown'],
		shown: 'J or ↓',
		does: 'next (with Shift: choose on the way)',
		run: (event) => step(1, event),
	},
	{
		keys: ['k', 'arrowup'],
		shown: 'K or ↑',
		does: 'previous (with Shift: choose on the way)',
		run: (event) => step(-1, event),
	},
	{
		keys: ['home', 'end'],
		shown: 'Home or End',
		does: 'first, last',
		run: (event) => move(event.key === 'Home' ? 0 : total() - 1),
	},
	{
		keys: ['pagedown', 'pageup'],
		shown: 'PgUp or PgDn',
		does: 'scroll the problem',
		run: (event) => scrolled.scrollBy({ top: (event.key === 'PageDown' ? 0.85 : -0.85) * scrolled.clientHeight }),
	},
	{ keys: ['x'], shown: 'X', does: 'choose, or choose no longer', run: () => choose(() => list.toggle(current)) },
	{ keys: ['ctrl+a'], shown: 'Ctrl+A', does: 'choose the whole list', run: () => choose(() => list.chooseAll()) },
	{
		keys: ['escape'],
		shown: 'Esc',
		does: 'choose none; close an offer',
		run: () => (list.chosen.size > 0 ? act.clearChosen() : act.dropRepair()),
	},
	{ keys: ['/'], shown: '/', does: 'filter by words; Tab goes on to status, skill, flag', run: () => search.focus() },
	{ keys: ['l'], shown: 'L', does: 'the list beside it', run: act.toggleList },
	{ keys: ['alt+r'], shown: 'Alt+R', does: 'raw text', run: act.toggleRaw },
	{ keys: ['?'], shown: '?', does: 'this list', run: act.showKeys },
];

function total(): number {
	return state?.kind === 'queue' ? state.total : 0;
}

/** The item one sees; nothing is decided on one that has not come yet. */
function shown(): ItemState | null {
	return items.get(current) ?? null;
}

function listShown(): boolean {
	return isListShown ?? window.innerWidth >= 900;
}

function isWritable(): boolean {
	return state?.kind === 'queue' && state.readOnly === null;
}

function mayDecide(): boolean {
	const is = isWritable() && (list.chosen.size > 0 || shown() !== null);
	if (!is && isWritable() && total() > 0) {
		notices.say('This problem is still on its way: press again once it stands here.');
	}
	return is;
}

function update(): void {
	if (state?.kind !== 'queue') {
		return;
	}
	page.show();
	const sorted = [...pace].sort((left, right) => left - right);
	const view: View = {
		queue: state,
		item: shown(),
		raw,
		preview,
		offer,
		chosen: list.chosen.size,
		isListShown: listShown(),
		last,
		pace: sorted.length < 3 ? null : (sorted[Math.floor(sorted.length / 2)] ?? null),
		act,
	};
	const isInList = document.activeElement === list.element;
	if (!page.element.classList.toggle('with-list', view.isListShown && state.total > 0) && isInList) {
		// What is hidden cannot keep the focus: Tab would begin at the top.
		scrolled.focus();
	}
	const isEmpty = state.total === 0;
	nothing.hidden = !isEmpty;
	nothing.textContent = isEmpty
		? state.filter.status === 'waiting' &&
			Object.keys(state.filter).filter(
				(key) => state?.kind === 'queue' && state.filter[key as keyof ItemFilter] !== undefined,
			).length === 1
			? 'Nothing waits any more: every problem of this queue has your word. Choose another status ' +
				'above to look at them.'
			: 'No problem fits this filter.'
		: '';
	sections.forEach((section) => section.update(view));
}

function move(index: number): void {
	if (total() === 0) {
		return;
	}
	if (index < 0 || index >= total()) {
		notices.say(index < 0 ? 'This is the first of this list.' : 'That was the last of this list.');
		return;
	}
	show(index);
}

function show(index: number): void {
	if (state?.kind !== 'queue') {
		return;
	}
	const before = shown()?.questionId;
	current = index;
	list.show(index);
	host.post({ type: toHost.show, version: state.version, index });
	arrived(before);
}

/** Another item is in view, if it has come. */
function arrived(before: string | undefined): void {
	const now = shown()?.questionId;
	if (now !== before) {
		shownAt = performance.now();
		scrolled.scrollTop = 0;
	}
	update();
	remember();
}

function step(by: 1 | -1, event: KeyboardEvent): void {
	if (event.shiftKey && event.key.startsWith('Arrow')) {
		const to = Math.max(0, Math.min(total() - 1, current + by));
		list.extend(current, to);
		show(to);
	} else {
		move(current + by);
	}
}

function choose(change: () => void): void {
	change();
	update();
	notices.say(list.chosen.size === 0 ? 'None chosen' : `${plural(list.chosen.size, 'problem', 'problems')} chosen`);
}

/** Shown at once, saved as it is made. */
function decide(verdict: 'accepted' | 'rejected', reason: RejectReason | null, note: string | null): void {
	if (state?.kind !== 'queue' || !mayDecide()) {
		return;
	}
	const several = list.chosen.size > 0;
	const ranges: Ranges = several ? list.ranges : [[current, current]];
	last = verdict === 'accepted' ? { kind: 'accepted' } : { kind: 'rejected', reason: reason ?? 'other', note };
	list.expect(several ? list.chosen : [current], verdict);
	host.post({ type: toHost.decide, request: ++requests, version: state.version, ranges, verdict, reason, note });
	if (several) {
		for (const [index, item] of items) {
			items.set(index, list.chosen.has(index) ? { ...item, status: verdict, reason } : item);
		}
		list.clear();
		show(current);
		return;
	}
	const item = shown();
	const seconds = (performance.now() - shownAt) / 1000;
	if (seconds < longestLook) {
		pace = [...pace.slice(-49), Math.round(seconds * 100) / 100];
	}
	if (item) {
		items.set(current, { ...item, status: verdict, reason });
	}
	if (current + 1 < state.total) {
		show(current + 1);
	} else {
		notices.say('That was the last of this list.');
		show(current);
	}
}

function repeat(): void {
	if (last === null) {
		notices.say('Nothing to repeat yet.');
		return;
	}
	if (!mayDecide()) {
		return;
	}
	if (last.kind === 'repair') {
		const item = shown();
		if (item) {
			host.post({
				type: toHost.repair,
				request: ++requests,
				find: last.find,
				replace: last.replace,
				questionId: item.questionId,
			});
		}
		return;
	}
	decide(last.kind, last.kind === 'rejected' ? last.reason : null, last.kind === 'rejected' ? last.note : null);
}

function setFilter(filter: ItemFilter): void {
	host.post({ type: toHost.filter, filter });
}

function remember(): void {
	if (state?.kind === 'queue') {
		host.remember({
			dataset: state.dataset,
			questionId: shown()?.questionId ?? null,
			filter: state.filter,
			raw,
			list: isListShown,
			pace,
			last,
			hint,
		});
	}
}

function receiveQueue(next: CurationState): void {
	const before = state?.kind === 'queue' ? state : null;
	state = next;
	if (next.kind !== 'queue') {
		page.showInstead(next, 'Nothing to curate');
		return;
	}
	if (before?.version !== next.version || before.dataset !== next.dataset) {
		items.clear();
		preview = null;
		offer = null;
		list.reset(next.total);
		search.show(next.filter.text ?? '');
		current = Math.max(0, Math.min(next.start, next.total - 1));
		update();
		if (next.total > 0) {
			show(current);
		}
		return;
	}
	list.refresh();
	update();
}

host.listen((message) => {
	switch (message.type) {
		case toPage.queue:
			receiveQueue(message.state);
			return;
		case toPage.rows:
			if (state?.kind === 'queue' && message.version === state.version) {
				list.fill(message.offset, message.rows);
			}
			return;
		case toPage.item: {
			if (state?.kind !== 'queue' || message.item.version !== state.version) {
				return;
			}
			const before = shown()?.questionId;
			items.set(message.item.index, message.item);
			if (message.show) {
				current = message.item.index;
				list.show(current);
			}
			if (message.item.index === current) {
				arrived(before);
			}
			return;
		}
		case toPage.preview:
			deafUntil = message.questionId === null ? 0 : deafUntil;
			preview =
				message.questionId === null
					? null
					: {
							questionId: message.questionId,
							content: message.content,
							problem: message.problem,
							isSaved: message.isSaved,
						};
			update();
			return;
		case toPage.repair:
			offer = message.offer;
			if (offer) {
				last = { kind: 'repair', find: offer.find, replace: offer.replace };
			}
			update();
			remember();
			return;
		case toPage.saved:
			notices.say(message.message);
			turns.ended(message.request);
			return;
		case toPage.notice:
			if (message.level === 'error') {
				deafUntil = 0;
				if (message.request !== null) {
					// What was shown at once did not happen: back to what is stored.
					items.clear();
					list.forget();
					show(current);
				}
			}
			notices.tell(message);
			turns.ended(message.request);
	}
});

host.post({ type: toHost.ready });
