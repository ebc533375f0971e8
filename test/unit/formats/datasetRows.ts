import type { DatasetRow } from '../../../src/core/datasets/dataset.ts';
import type { StudentTemplate } from '../../../src/core/questions/studentTemplate.ts';

export const chat: StudentTemplate = {
	kind: 'chat',
	system: 'You solve problems step by step.',
	instruction: 'Put your final answer within \\boxed{}.',
};
export const plain: StudentTemplate = {
	kind: 'plain',
	system: null,
	instruction: 'Put your final answer within \\boxed{}.',
};

export function datasetRow(over: Partial<DatasetRow> = {}): DatasetRow {
	return {
		questionId: 'ab'.repeat(16),
		question: 'What is $1+1$?',
		solution: 'One and one make $\\boxed{2}$.',
		gold: '2',
		subject: 'algebra',
		skill: { subject: 'algebra', name: 'basic_sums' },
		forQuestion: 'cd'.repeat(16),
		kind: 'rewritten',
		sample: 0,
		flags: [],
		...over,
	};
}

/** Rows with text that breaks careless writers and readers of JSON Lines. */
export const awkward: readonly DatasetRow[] = [
	datasetRow(),
	datasetRow({
		question: 'Line\u2028and paragraph\u2029and next\u0085line: what is $2$?',
		solution: 'It is “two”, 中文, 🙂:\r\n\\boxed{2}',
	}),
	datasetRow({
		question: 'A lone \ud800 half and a literal \\ud800?',
		solution: 'tab\tquote " backslash \\ nul \u0000 \\boxed{3}',
		skill: null,
		forQuestion: null,
		kind: 'original',
		flags: ['answer-unsure'],
	}),
];

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
	for (const item of items) {
		yield await Promise.resolve(item);
	}
}
