import type { CausedRows } from '../../../../webview/diagnosis/protocol.ts';
import type { DatasetCard } from '../../../core/datasets/dataset.ts';
import type { Datasets } from '../../../core/ports/datasets.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { Scope } from '../../../core/scope.ts';

const shown = 200;

/**
 * Finds which rows of which datasets were drawn because of a difficult question. A dataset is read once, and again when
 * its bytes change.
 */
export class CausedRowsIndex {
	private readonly indexes = new Map<
		string,
		{ readonly sha256: string; readonly rows: Map<QuestionId, { count: number; first: number[] }> }
	>();

	constructor(private readonly datasets: Datasets) {}

	/** Returns the datasets built for the scope that have rows for the question, in the order of the list. */
	async of(questionId: QuestionId, scope: Scope, signal: AbortSignal): Promise<CausedRows[]> {
		const cards = (await this.datasets.list()).filter(
			({ student, round }) => student === scope.student && round === scope.round,
		);
		const caused: CausedRows[] = [];
		for (const card of cards) {
			const found = (await this.index(card, signal)).get(questionId);
			if (found) {
				caused.push({ dataset: card.name, count: found.count, first: found.first });
			}
		}
		return caused;
	}

	private async index(
		card: DatasetCard,
		signal: AbortSignal,
	): Promise<Map<QuestionId, { count: number; first: number[] }>> {
		const known = this.indexes.get(card.name);
		if (known?.sha256 === card.sha256) {
			return known.rows;
		}
		const rows = new Map<QuestionId, { count: number; first: number[] }>();
		let index = 0;
		for await (const { forQuestion } of this.datasets.rows(card.name, signal)) {
			if (forQuestion !== null) {
				const entry = rows.get(forQuestion) ?? { count: 0, first: [] };
				entry.count += 1;
				if (entry.first.length < shown) {
					entry.first.push(index);
				}
				rows.set(forQuestion, entry);
			}
			index += 1;
		}
		if (!signal.aborted) {
			this.indexes.set(card.name, { sha256: card.sha256, rows });
		}
		return rows;
	}
}
