import type { DatasetRow } from '../../core/datasets/dataset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { curationOf } from './curationOf.ts';

/**
 * Yields a dataset's rows after curation: edits are applied, and rejected problems and demanded problems that have not
 * been reviewed are left out. Rows that were not synthesized are unchanged.
 */
async function* curatedRows(
	rows: AsyncIterable<DatasetRow>,
	outcomes: Awaited<ReturnType<typeof curationOf>>['outcomes'],
): AsyncGenerator<DatasetRow> {
	const edited = new Set<QuestionId>();
	for await (const row of rows) {
		const outcome = row.kind === 'synthesized' ? outcomes.get(row.questionId) : undefined;
		if (!outcome) {
			yield row;
		} else if (outcome.isExported && outcome.edit === null) {
			yield row;
		} else if (outcome.isExported && outcome.edit && !edited.has(row.questionId)) {
			// An edit lists all of its solutions, which replace the first row of the question.
			edited.add(row.questionId);
			const { question, solutions, answers, agree, flags } = outcome.edit;
			// If an edit's solutions have different answers, the question has no gold answer.
			const disagree = agree !== undefined && agree < solutions.length;
			const gold = disagree ? null : (answers?.[0] ?? null);
			for (const [sample, solution] of solutions.entries()) {
				yield {
					...row,
					questionId: questionId(question),
					question,
					solution,
					sample,
					gold: answers ? gold : row.gold,
					flags: [
						...new Set(flags?.map(({ kind }) => kind) ?? row.flags),
						'edited',
						...(disagree ? ['solutions-disagree'] : []),
					],
				};
			}
		}
	}
}

/**
 * Yields a dataset's rows after curation. Exports and training all read rows through this function. Logs what is left
 * out.
 */
export async function rowsAsCurated(
	parts: Pick<Parts, 'store' | 'datasets'>,
	name: string,
	run: Pick<Run, 'signal' | 'log'>,
): Promise<{ rows: AsyncGenerator<DatasetRow>; left: number }> {
	const { left, waiting, demand, outcomes } = await curationOf(parts, name);
	if (waiting > 0) {
		run.log(
			'warn',
			`${waiting} synthesized problems wait for curation, which this dataset demands (${demand}): ` +
				'they are left out',
		);
	}
	return { rows: curatedRows(parts.datasets.rows(name, run.signal), outcomes), left };
}
