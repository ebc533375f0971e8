import type { CurationStatus, ItemFlag, RejectReason } from '../../src/core/curation/curation.ts';
import { rejectReasons } from '../../src/core/curation/curation.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import type { QuestionId } from '../../src/core/questions/question.ts';
import type { ItemState, LastAct, QueueState, RepairOffer, ShownContent } from './protocol.ts';

/** What stands in an editor on the item in view, as it is typed. */
export interface Preview {
	readonly questionId: QuestionId;
	readonly content: ShownContent | null;
	readonly problem: string | null;
	readonly isSaved: boolean;
}

/** All that the sections of the panel draw from. */
export interface View {
	readonly queue: QueueState;
	readonly item: ItemState | null;
	readonly raw: boolean;
	readonly preview: Preview | null;
	readonly offer: RepairOffer | null;
	/** Items chosen for one word at once. */
	readonly chosen: number;
	readonly isListShown: boolean;
	readonly last: LastAct | null;
	/** Seconds a decision takes, the middle one of the latest; `null`: too few yet. */
	readonly pace: number | null;
	readonly act: Actions;
}

export interface Actions {
	go(step: number): void;
	accept(): void;
	askReason(): void;
	askHint(): void;
	edit(): void;
	undo(): void;
	repeat(): void;
	toggleRaw(): void;
	toggleList(): void;
	showKeys(): void;
	clearChosen(): void;
	applyRepair(): void;
	dropRepair(): void;
	openQuestion(id: QuestionId): void;
	demand(): void;
}

export const statusWords: Record<CurationStatus, string> = {
	waiting: 'waiting',
	accepted: 'accepted',
	edited: 'edited',
	rejected: 'rejected',
};
export const statusGlyphs: Record<CurationStatus, string> = { waiting: '○', accepted: '✓', edited: '✎', rejected: '✗' };

export const reasonWords: Record<RejectReason, string> = {
	'wrong-solution': 'the solutions are wrong',
	unclear: 'unclear, or more than one answer',
	copy: 'a copy of another question',
	leak: 'a leak of an evaluation question',
	'figure-needed': 'needs a figure',
	'skill-not-used': 'does not use the skill',
	'too-easy': 'too easy',
	'too-hard': 'too hard',
	other: 'another reason',
};
export const reasons: readonly RejectReason[] = rejectReasons;

/** A flag in a word or two, and what it says. */
export const flagWords: Record<ItemFlag['kind'], readonly [short: string, meaning: string]> = {
	copy: ['copy', 'nearly the words of another question'],
	twin: ['twin', 'another question with other numbers'],
	'leak-copy': ['leak', 'nearly the words of an evaluation question'],
	'leak-twin': ['leak?', 'an evaluation question with other numbers'],
	'leak-passage': ['leak', 'shares a long passage with an evaluation question'],
	'figure-needed': ['figure', 'speaks of a figure that is not there'],
	unsolvable: ['unsolvable', 'solutions say that it cannot be solved'],
	'skill-not-used': ['skill unused', 'the teacher’s check found that it does not take the skill'],
	'answer-unsure': ['unsure', 'the grader could not tell whether the answers are the same'],
};

export function plural(count: number, one: string, many: string): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}
