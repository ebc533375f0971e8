import type { ItemFlag } from '../../core/curation/curation.ts';
import { contentInForce } from '../../core/curation/curation.ts';
import type { DatasetCard } from '../../core/datasets/dataset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import type { SynthesisFilters } from '../../core/datasets/synthesis.ts';
import { defaultFilters, emptyYield, filterActions } from '../../core/datasets/synthesis.ts';
import { inChunks, questionChunks } from '../reading/chunks.ts';
import { QuestionFilter } from '../datasets/synthesisFilters.ts';

type Comparing = Pick<Run, 'signal' | 'progress'>;
/** Number of questions compared without a pause: at most a fraction of a second of work. */
const atOnce = 100;

/** Lets other work run, and throws if the run was cancelled. */
async function pause(run: Comparing): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
	throwIfCancelled(run);
}

/** Why a filter dropped a new question. */
export const dropReasons = {
	figures: 'the new question needs a figure',
	leaks: 'the new question is a copy of an evaluation question, or shares a long passage with one',
	copies: 'the new question is a copy of one there is already',
	leakTwins: 'the new question is an evaluation question with different numbers',
	twins: 'the new question is another question with different numbers',
} as const;

/** Returns a dataset's filters, with defaults for those missing from its card. */
export function filtersOf({ settings }: Pick<DatasetCard, 'settings'>): SynthesisFilters {
	const action = (name: keyof SynthesisFilters) =>
		filterActions.find((known) => known === settings[`filter.${name}`]) ?? defaultFilters[name];
	return {
		copies: action('copies'),
		twins: action('twins'),
		leaks: action('leaks'),
		leakTwins: action('leakTwins'),
		figures: action('figures'),
		unsolvable: action('unsolvable'),
		skill: action('skill'),
	};
}

/**
 * Indexes the project's questions for which `isLike` holds. Takes one pass, and little memory if there are few of them.
 */
export async function knownLike(
	{ store }: Pick<Parts, 'store'>,
	isLike: (text: string) => boolean,
	run: Comparing,
): Promise<{ readonly training: SimilarityIndex; readonly evaluation: SimilarityIndex }> {
	const known = { training: new SimilarityIndex(), evaluation: new SimilarityIndex() };
	let done = 0;
	for (const split of ['train', 'validation', 'test'] as const) {
		for await (const chunk of questionChunks(store, split)) {
			for (const some of inChunks(chunk, atOnce)) {
				await pause(run);
				for (const { id, text } of some.filter(({ text: other }) => isLike(other))) {
					known[split === 'train' ? 'training' : 'evaluation'].add(id, text);
				}
				run.progress({ label: 'Comparing', done: (done += some.length) });
			}
		}
	}
	return known;
}

/** Indexes the questions of a dataset's queue for which `isLike` holds, both as synthesized and as they are now. */
export async function madeLike(
	{ store }: Pick<Parts, 'store'>,
	dataset: string,
	isLike: (text: string) => boolean,
	run: Comparing,
): Promise<SimilarityIndex> {
	const made = new SimilarityIndex();
	for (const ids of inChunks(await store.read('itemIds', { dataset, filter: {} }), atOnce)) {
		await pause(run);
		for (const { item, history } of await store.read('itemsById', { dataset, ids })) {
			for (const text of new Set([item.question, contentInForce(item, history).question])) {
				if (isLike(text)) {
					made.add(item.questionId, text);
				}
			}
		}
	}
	return made;
}

/** A user's new text for an item's question. */
export interface Wording {
	readonly questionId: QuestionId;
	readonly question: string;
	/** The item's flags so far. */
	readonly flags: readonly ItemFlag[];
}

/**
 * A bulk repair of thousands of similar problems would compare every question with every other. Each question is
 * therefore compared with at most this many questions of the queue, the most similar ones.
 */
const mostCompared = 200;
/** Flags that only the teacher or a solution can determine; they are left unchanged. */
const notOfText: readonly ItemFlag['kind'][] = ['unsolvable', 'skill-not-used', 'answer-unsure'];

/**
 * Applies the dataset's filters to texts written by users. Returns each text's flags, or why it is refused. A leak is
 * refused if the dataset drops leaks, and so is a question that is already in the queue; everything else is flagged for
 * the user to decide.
 */
export async function lookAtWordings(
	parts: Pick<Parts, 'store' | 'datasets'>,
	dataset: string,
	wordings: readonly Wording[],
	run: Comparing,
): Promise<ReadonlyMap<QuestionId, readonly ItemFlag[] | string>> {
	if (wordings.length === 0) {
		return new Map();
	}
	const theirs = new SimilarityIndex();
	for (const some of inChunks(wordings, atOnce)) {
		await pause(run);
		some.forEach(({ question }) => theirs.add('', question));
	}
	const isLike = (text: string): boolean => theirs.resembles(text);
	const made = await madeLike(parts, dataset, isLike, run);
	const built = filtersOf(await cardOf(parts, dataset));
	const flagged = (action: SynthesisFilters['copies']) => (action === 'drop' ? 'flag' : action);
	const counts = emptyYield();
	const filter = new QuestionFilter(
		{
			...built,
			copies: flagged(built.copies),
			twins: flagged(built.twins),
			leakTwins: flagged(built.leakTwins),
			figures: flagged(built.figures),
		},
		await knownLike(parts, isLike, run),
		made,
		counts,
		mostCompared,
	);
	const found = new Map<QuestionId, readonly ItemFlag[] | string>();
	for (const some of inChunks(wordings, atOnce)) {
		await pause(run);
		for (const { questionId: id, question, flags } of some) {
			const leaks = counts.leaks;
			const noticed = filter.flagsOf(question, id);
			if (noticed) {
				found.set(id, [...noticed, ...flags.filter(({ kind }) => notOfText.includes(kind))]);
				made.add(id, question);
			} else {
				found.set(id, counts.leaks > leaks ? dropReasons.leaks : dropReasons.copies);
			}
		}
		run.progress({ label: 'Comparing', done: found.size, total: wordings.length });
	}
	return found;
}

/**
 * Returns the dataset's card. A queue whose dataset does not exist, because its build was interrupted, gets the
 * defaults.
 */
async function cardOf({ datasets }: Pick<Parts, 'datasets'>, dataset: string): Promise<Pick<DatasetCard, 'settings'>> {
	return datasets.card(dataset).catch((error: unknown) => {
		if (error instanceof StatError) {
			return { settings: {} };
		}
		throw error;
	});
}
