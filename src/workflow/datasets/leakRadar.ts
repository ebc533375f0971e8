import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import type { Match } from '../../core/text/similarity.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { questionChunks, questionsWithIds } from '../reading/chunks.ts';

/** Indexes the project's questions of some splits, so that texts can be compared with them. */
export async function indexOfSplits(
	store: Parts['store'],
	splits: readonly Split[],
	run: Run,
): Promise<SimilarityIndex> {
	const index = new SimilarityIndex();
	for (const split of splits) {
		for await (const chunk of questionChunks(store, split)) {
			throwIfCancelled(run);
			for (const { id, text } of chunk) {
				index.add(id, text);
			}
			run.progress({ label: 'Reading questions', done: index.size });
		}
	}
	return index;
}

export interface Leak {
	/** The first row of this question in the dataset (from 0), or `null` for a training question. */
	readonly row: number | null;
	readonly question: string;
	readonly kind: Match['kind'];
	readonly score: number;
	readonly with: {
		readonly id: QuestionId;
		readonly text: string;
		readonly split: Split;
		readonly benchmark: string | null;
	};
}

export interface LeaksResult {
	/** The dataset examined, or `null` for the training questions. */
	readonly dataset: string | null;
	/** Number of distinct questions examined; `against`: number of evaluation questions they were compared with. */
	readonly questions: number;
	readonly against: number;
	/** Number of questions with each kind of similarity; each question is counted once, under its closest match. */
	readonly counts: Readonly<Record<Match['kind'], number>>;
	/** The same counts by benchmark (`''` for questions without one). */
	readonly benchmarks: readonly ({ readonly benchmark: string } & Readonly<Record<Match['kind'], number>>)[];
	/** The leaks found, most similar first. */
	readonly leaks: readonly Leak[];
}

/**
 * The leak radar: compares the text of every question in a dataset, or of every training question, with that of every
 * evaluation question in the project. Finds identical questions, near-verbatim copies, questions that differ only in
 * their numbers, and long shared passages.
 */
export async function leaks(
	parts: Pick<Parts, 'store' | 'datasets'>,
	options: { readonly dataset?: string | undefined },
	run: Run,
): Promise<LeaksResult> {
	const { store, datasets } = parts;
	const index = await indexOfSplits(store, ['validation', 'test'], run);
	const found: { row: number | null; question: string; match: Match }[] = [];
	const seen = new Set<QuestionId>();
	const look = (id: QuestionId, text: string, row: number | null): void => {
		const [match] = seen.has(id) ? [] : index.find(text);
		seen.add(id);
		if (match) {
			found.push({ row, question: text, match });
		}
	};
	if (options.dataset === undefined) {
		for await (const chunk of questionChunks(store, 'train')) {
			throwIfCancelled(run);
			chunk.forEach(({ id, text }) => look(id, text, null));
			run.progress({ label: 'Comparing', done: seen.size });
		}
	} else {
		let row = 0;
		for await (const { questionId, question } of datasets.rows(options.dataset, run.signal)) {
			look(questionId, question, row++);
			run.progress({ label: 'Comparing', done: row });
		}
	}
	const resembled = await questionsWithIds(store, [...new Set(found.map(({ match }) => match.id))]);
	const kinds: readonly Match['kind'][] = ['same', 'copy', 'twin', 'passage'];
	const leaksFound = found
		.flatMap(({ row, question, match }): Leak[] => {
			const other: Question | undefined = resembled.get(match.id);
			return other
				? [
						{
							row,
							question,
							kind: match.kind,
							score: match.score,
							with: { id: other.id, text: other.text, split: other.split, benchmark: other.benchmark },
						},
					]
				: [];
		})
		.sort((left, right) => kinds.indexOf(left.kind) - kinds.indexOf(right.kind) || right.score - left.score);
	const count = (of: readonly Leak[]): Record<Match['kind'], number> => ({
		same: 0,
		copy: 0,
		twin: 0,
		passage: 0,
		...Object.fromEntries(kinds.map((kind) => [kind, of.filter((leak) => leak.kind === kind).length])),
	});
	const names = [...new Set(leaksFound.map((leak) => leak.with.benchmark ?? ''))].sort();
	return {
		dataset: options.dataset ?? null,
		questions: seen.size,
		against: index.size,
		counts: count(leaksFound),
		benchmarks: names.map((benchmark) => ({
			benchmark,
			...count(leaksFound.filter((leak) => (leak.with.benchmark ?? '') === benchmark)),
		})),
		leaks: leaksFound,
	};
}
