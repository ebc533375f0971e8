import type { ItemContent } from '../../core/curation/curation.ts';
import { largestGroup } from '../../core/datasets/synthesis.ts';
import type { Parts } from '../../core/ports/parts.ts';

/**
 * Returns an edit's solutions as the grader reads them: their final answers, and how many of them agree. What the user
 * claims about them is ignored.
 */
export async function gradeContent(
	{ grader }: Pick<Parts, 'grader'>,
	{ question, solutions }: Pick<ItemContent, 'question' | 'solutions'>,
): Promise<ItemContent & { readonly answers: readonly (string | null)[]; readonly agree: number }> {
	const answers = solutions.map((solution) => grader.extract(solution).answer);
	return { question, solutions, answers, agree: largestGroup(answers, await grader.groups(answers)).agree };
}
