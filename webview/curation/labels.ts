import type { CurationStatus, ItemFlag, RejectReason } from '../../src/core/curation/curation.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';

export const statusLabels: Record<CurationStatus, string> = {
	waiting: 'waiting',
	accepted: 'accepted',
	edited: 'edited',
	rejected: 'rejected',
};
export const statusGlyphs: Record<CurationStatus, string> = { waiting: '○', accepted: '✓', edited: '✎', rejected: '✗' };

type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';

/** Reasons for rejection as they are shown, each with the digit that picks it. */
export const reasonChoices: Readonly<Record<RejectReason, { readonly key: Digit; readonly label: string }>> = {
	'wrong-solution': { key: '1', label: 'the solutions are wrong' },
	unclear: { key: '2', label: 'unclear, or more than one answer' },
	copy: { key: '3', label: 'a copy of another question' },
	leak: { key: '4', label: 'a leak of an evaluation question' },
	'figure-needed': { key: '5', label: 'needs a figure' },
	'skill-not-used': { key: '6', label: 'does not use the skill' },
	'too-easy': { key: '7', label: 'too easy' },
	'too-hard': { key: '8', label: 'too hard' },
	other: { key: '9', label: 'another reason' },
};

/** Each flag in a word or two, with its meaning. */
export const flagLabels: Record<ItemFlag['kind'], readonly [short: string, meaning: string]> = {
	copy: ['copy', 'nearly the same words as another question'],
	twin: ['twin', 'another question with different numbers'],
	'leak-copy': ['leak', 'nearly the same words as an evaluation question'],
	'leak-twin': ['leak?', 'an evaluation question with different numbers'],
	'leak-passage': ['leak', 'shares a long passage with an evaluation question'],
	'figure-needed': ['figure', 'refers to a figure that is not there'],
	unsolvable: ['unsolvable', 'solutions say that it cannot be solved'],
	'skill-not-used': ['skill unused', 'the teacher’s check found that it does not need the skill'],
	'answer-unsure': ['unsure', 'the grader could not tell whether the answers are the same'],
};

export function plural(count: number, one: string, many: string): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}
