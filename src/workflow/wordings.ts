import type { ItemFlag } from '../core/curation.ts';
import { contentInForce } from '../core/curation.ts';
import type { DatasetCard } from '../core/dataset.ts';
import type { Parts } from '../core/ports.ts';
import type { QuestionId } from '../core/question.ts';
import { questionId } from '../core/question.ts';
import type { Run } from '../core/run.ts';
import { StatError, throwIfCancelled } from '../core/run.ts';
import { SimilarityIndex } from '../core/similarityIndex.ts';
import type { SynthesisFilters } from '../core/synthesis.ts';
import { defaultFilters, emptyYield, filterActions } from '../core/synthesis.ts';
import { inPages, questionPages } from './pages.ts';
import { QuestionFilter } from './synthesisFilters.ts';

type Comparing = Pick<Run, 'signal' | 'progress'>;

/** Why a filter dropped a new question. */
export const droppedWords = {
	figures: 'the new question needs a figure',
	leaks: 'the new question is a copy of an evaluation question, or shares a long passage with one',
	copies: 'the new question is a copy of one there is already',
	leakTwins: 'the new question is an evaluation question with other numbers',
	twins: 'the new question is another question with other numbers',
} as const;

/** Filters as a dataset was built with; what its card does not say is the default. */
export function filtersOf({ settings }: Pick<DatasetCard, 'settings'>): SynthesisFilters {
	const action = (name: keyof SynthesisFilters) => filterActions.find((known) => known === settings[`filter.${name}`]) ?? defaultFilters[name];
	return { copies: action('copies'), twins: action('twins'), leaks: action('leaks'), leakTwins: action('leakTwins'), figures: action('figures'), unsolvable: action('unsolvable'), skill: action('skill') };
}

/** The project's questions, those that `isLike` holds of: one pass, and little memory where that is few. */
export async function knownLike({ store }: Pick<Parts, 'store'>, isLike: (text: string) => boolean, run: Comparing): Promise<{ readonly training: SimilarityIndex; readonly evaluation: SimilarityIndex }> {
	const known = { training: new SimilarityIndex(), evaluation: new SimilarityIndex() };
	let done = 0;
	for (const split of ['train', 'validation', 'test'] as const) {
		for await (const page of questionPages(store, split)) {
			throwIfCancelled(run);
			for (const { id, text } of page.filter(({ text: other }) => isLike(other))) {
				known[split === 'train' ? 'training' : 'evaluation'].add(id, text);
			}
			run.progress({ label: 'Comparing', done: (done += page.length) });
		}
	}
	return known;
}

/** The questions of a dataset's queue, as made and as they stand, those that `isLike` holds of. */
export async function madeLike({ store }: Pick<Parts, 'store'>, dataset: string, isLike: (text: string) => boolean, run: Comparing): Promise<SimilarityIndex> {
	const made = new SimilarityIndex();
	for (const ids of inPages(await store.read('itemIds', { dataset, filter: {} }), 500)) {
		throwIfCancelled(run);
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

/** An item's question as a person words it anew. */
export interface Wording {
	/** The item. */
	readonly questionId: QuestionId;
	readonly question: string;
	/** What was noticed of it so far. */
	readonly flags: readonly ItemFlag[];
}

/** With more at once, new wordings are compared with the queue by sameness alone: one repair of thousands of like problems would compare each with each. */
const mostCompared = 100;
/** What only the teacher or a solution can tell stays as it was said. */
const notOfText: readonly ItemFlag['kind'][] = ['unsolvable', 'skill-not-used', 'answer-unsure'];

/**
 * What the dataset's filters say of wordings by people: flags, or in words why one is refused. A leak is refused where the dataset
 * drops leaks, and so is a question that is in the queue already; all else is the person's to decide, and flagged.
 */
export async function lookAtWordings(parts: Pick<Parts, 'store' | 'datasets'>, dataset: string, wordings: readonly Wording[], run: Comparing): Promise<ReadonlyMap<QuestionId, readonly ItemFlag[] | string>> {
	if (wordings.length === 0) {
		return new Map();
	}
	const few = wordings.length <= mostCompared;
	const theirs = new SimilarityIndex();
	if (few) {
		wordings.forEach(({ question }) => theirs.add('', question));
	}
	const isLike = (text: string): boolean => !few || theirs.find(text).length > 0;
	const made = few ? await madeLike(parts, dataset, isLike, run) : new SimilarityIndex();
	const taken = few ? new Map<QuestionId, QuestionId>() : await takenBy(parts, dataset, run);
	const built = filtersOf(await cardOf(parts, dataset));
	const flagged = (action: SynthesisFilters['copies']) => (action === 'drop' ? 'flag' : action);
	const counts = emptyYield();
	const filter = new QuestionFilter({ ...built, copies: flagged(built.copies), twins: flagged(built.twins), leakTwins: flagged(built.leakTwins), figures: flagged(built.figures) }, await knownLike(parts, isLike, run), made, counts);
	const found = new Map<QuestionId, readonly ItemFlag[] | string>();
	for (const { questionId: id, question, flags } of wordings) {
		const leaks = counts.leaks;
		const text = questionId(question);
		const noticed = (taken.get(text) ?? id) === id ? filter.flagsOf(question, id) : null;
		if (noticed) {
			found.set(id, [...noticed, ...flags.filter(({ kind }) => notOfText.includes(kind))]);
			if (few) {
				made.add(id, question);
			} else {
				taken.set(text, id);
			}
		} else {
			found.set(id, counts.leaks > leaks ? droppedWords.leaks : droppedWords.copies);
		}
	}
	return found;
}

/** Whose each question of a queue is, as made and as it stands. */
async function takenBy({ store }: Pick<Parts, 'store'>, dataset: string, run: Comparing): Promise<Map<QuestionId, QuestionId>> {
	const taken = new Map<QuestionId, QuestionId>();
	for (let after: QuestionId | null = null; ; ) {
		throwIfCancelled(run);
		const page: readonly { readonly questionId: QuestionId; readonly edit: { readonly question: string } | null }[] = await store.read('itemVerdicts', { dataset, after, limit: 2000 });
		for (const { questionId: id, edit } of page) {
			taken.set(id, id);
			if (edit) {
				taken.set(questionId(edit.question), id);
			}
		}
		after = page.at(-1)?.questionId ?? null;
		if (page.length < 2000 || after === null) {
			return taken;
		}
	}
}

/** A queue whose dataset is not there (a build that was cut off) is held to the defaults. */
async function cardOf({ datasets }: Pick<Parts, 'datasets'>, dataset: string): Promise<Pick<DatasetCard, 'settings'>> {
	return datasets.card(dataset).catch((error: unknown) => {
		if (error instanceof StatError) {
			return { settings: {} };
		}
		throw error;
	});
}
