import type { ItemFlag } from '../../core/curation/curation.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { SimilarityIndex } from '../../core/text/similarityIndex.ts';
import type { SynthesisFilters, SynthesisYield } from '../../core/datasets/synthesis.ts';
import { needsFigure } from '../../core/datasets/synthesis.ts';

/**
 * The filters that need no teacher: figures, leaks, copies and twins. Counts each dropped question once, under the
 * first filter that applies.
 */
export class QuestionFilter {
	constructor(
		private readonly filters: SynthesisFilters,
		private readonly known: { readonly training: SimilarityIndex; readonly evaluation: SimilarityIndex },
		private readonly made: SimilarityIndex,
		private readonly counts: SynthesisYield,
		/** Maximum number of questions in `made` that each question is compared with (similarityIndex.ts). */
		private readonly most = Infinity,
	) {}

	/**
	 * Returns a new question's flags, or `null` if it is dropped. `not`: an existing item that the question replaces,
	 * which is not compared.
	 */
	flagsOf(question: string, not?: QuestionId): ItemFlag[] | null {
		const { filters } = this;
		const evaluation = this.known.evaluation.find(question);
		const made = this.made.find(question, not, this.most);
		const others = [...this.known.training.find(question), ...made];
		const [leak] = evaluation.filter(({ kind }) => kind !== 'twin');
		const [leakTwin] = evaluation.filter(({ kind }) => kind === 'twin');
		const [copy] = others.filter(({ kind }) => kind === 'same' || kind === 'copy');
		const [twin] = others.filter(({ kind }) => kind === 'twin');
		// A question that already exists is dropped whatever the filter settings.
		if (made[0]?.kind === 'same') {
			this.counts.copies += 1;
			return null;
		}
		const flags: ItemFlag[] = [];
		const findings: readonly (readonly [
			'figures' | 'leaks' | 'copies' | 'leakTwins' | 'twins',
			ItemFlag | false | undefined,
		])[] = [
			['figures', needsFigure(question) && { kind: 'figure-needed', with: null, score: null }],
			[
				'leaks',
				leak && {
					kind: leak.kind === 'passage' ? 'leak-passage' : 'leak-copy',
					with: leak.id,
					score: leak.score,
				},
			],
			['copies', copy && { kind: 'copy', with: copy.id, score: copy.score }],
			['leakTwins', leakTwin && { kind: 'leak-twin', with: leakTwin.id, score: leakTwin.score }],
			['twins', twin && { kind: 'twin', with: twin.id, score: twin.score }],
		];
		for (const [name, flag] of findings) {
			if (flag && filters[name] === 'drop') {
				this.counts[name] += 1;
				return null;
			}
			if (flag && filters[name] === 'flag') {
				flags.push(flag);
			}
		}
		return flags;
	}
}
