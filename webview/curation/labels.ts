import type { CurationStatus, ItemFlag, RejectReason } from '../../src/core/curation/curation.ts';
import { formatCount } from '../../src/core/text/formatNumber.ts';

export const statusLabels: Record<CurationStatus, string> = {
	waiting: 'waiting',
	accepted: 'accepted',
	edited: 'edited',
	rejected: 'rejected',
};
export const statusGlyphs: Record<CurationStatus, string> = { waiting: '○', accepted: '✓', edited: '✎', rejected: '✗' };

export const reasonLabels: Record<RejectReason, string> = {
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

/** Each flag in a word or two, with its meaning. */
export const flagLabels: Record<ItemFlag['kind'], readonly [short: string, meaning: string]> = {
	copy: ['copy', 'nearly the same words as another question'],
	twin: ['twin', 'another question with other numbers'],
	'leak-copy': ['leak', 'nearly the same words as an evaluation question'],
	'leak-twin': ['leak?', 'an evaluation question with other numbers'],
	'leak-passage': ['leak', 'shares a long passage with an evaluation question'],
	'figure-needed': ['figure', 'refers to a figure that is not there'],
	unsolvable: ['unsolvable', 'solutions say that it cannot be solved'],
	'skill-not-used': ['skill unused', 'the teacher’s check found that it does not need the skill'],
	'answer-unsure': ['unsure', 'the grader could not tell whether the answers are the same'],
};

export function plural(count: number, one: string, many: string): string {
	return `${formatCount(count)} ${count === 1 ? one : many}`;
}
