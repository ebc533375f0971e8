import type { CurationItem } from '../../../../src/core/curation/curation.ts';
import type { Reads } from '../../../../src/core/ports/store/store.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

export const at = '2026-01-02T03:04:05.000Z';
export const author = 'Ada';
export const evaluation =
	'Eleven sailors tie thirty-three knots on the long rope of the old harbour ferry. How many knots does ' +
	'each sailor tie?';
export const training =
	'A farmer counts 12 hens and 5 goats on the meadow behind the mill. How many legs are there in all?';
/** 1,100 stands for thousands here; it takes three writes. */
export const size = 1100;

export interface QueueProject {
	readonly parts: Pick<Parts, 'store' | 'grader' | 'datasets'>;
	idsOf(dataset: string): Promise<readonly string[]>;
	countsOf(dataset: string): Promise<Reads['itemCounts']['result'][number] | undefined>;
	close(): Promise<void>;
}

/** Opens a project with a real store and grader, an evaluation question, a training question, and the queue `many`. */
export async function openQueueProject(): Promise<QueueProject> {
	const store = await open(newProject());
	const grader = createGrader({ dist: builtDist() });
	await store.write('addQuestions', { split: 'train', benchmark: null, source: 't', rows: [{ text: training }] });
	await store.write('addQuestions', {
		split: 'test',
		benchmark: 'harbour',
		source: 't',
		rows: [{ text: evaluation }],
	});
	await store.write('addItems', { rows: Array.from({ length: size }, (_, index) => item('many', basket(index))) });
	return {
		parts: { store, grader, datasets: store.datasets },
		idsOf: (dataset) => store.read('itemIds', { dataset, filter: {} }),
		countsOf: async (dataset) => (await store.read('itemCounts', {})).find((row) => row.dataset === dataset),
		close: async () => {
			await grader.dispose();
			await store.close();
		},
	};
}

export function item(dataset: string, question: string): CurationItem {
	const solutions = ['So it is $\\boxed{3}$.', 'We get $\\boxed{3}$.'].map((text, sample) => ({
		sample,
		text,
		answer: '3',
		agrees: true,
		replyKey: null,
	}));
	return {
		dataset,
		questionId: questionId(question),
		question,
		subject: 'algebra',
		skill: { subject: 'algebra', name: 'ratios' },
		forQuestion: null,
		references: [],
		solutions,
		agreement: { agree: 2, of: 2 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at,
	};
}

export const basket = (index: number) =>
	`Basket ${index} of the tall shelf holds pears and plums per row. How many pears?`;

export const quiet = () => ({ now: () => at, signal: new AbortController().signal, progress: () => undefined });

/** Returns a run that is cancelled once this many items are done. */
export function cancelledAt(done: number) {
	const abort = new AbortController();
	return {
		now: () => at,
		signal: abort.signal,
		progress: (progress: { readonly label: string; readonly done: number }) =>
			void (progress.label === 'Deciding' && progress.done >= done && abort.abort()),
	};
}
