import { afterHashes, lastBoxed, withoutAnnotations } from './finalAnswer.ts';
import type { Row, RowReader } from './rowReader.ts';
import { firstOf } from './rowFormat.ts';

/** Fields that contain the question. */
export const questionFields: readonly string[] = [
	'question',
	'problem',
	'Question',
	'Problem',
	'prompt',
	'input',
	'query',
];
export const answerFields: readonly string[] = [
	'answer',
	'Answer',
	'gold',
	'final_answer',
	'expected_answer',
	'expected',
	'target',
	'gt',
];
const solutionFields: readonly string[] = ['solution', 'Solution', 'rationale', 'explanation'];
export const subjectFields: readonly string[] = ['subject', 'type', 'Subject', 'category', 'topic'];
export const levelFields: readonly string[] = ['level', 'Level'];
export const skillFields: readonly string[] = ['skills', 'skill', 'Skills', 'Skill'];

/**
 * Returns a row's gold answer and worked solution. The sources, in order, are the `answer` field, which may itself be a
 * worked solution (`#### 72`, or with a box); the solution's last box; and finally a log's `gt`, because the
 * Qwen2.5-Math evaluator strips it to strings like `4:30p..`.
 */
export function reference(
	row: Row,
	reader: RowReader,
	answers: readonly string[] = answerFields,
): { gold: string | undefined; solution: string | undefined } {
	const solutionField = firstOf(row, solutionFields);
	let solution = reader.text(solutionField.value, solutionField.name);
	if (solution === undefined) {
		const cot = row['gt_cot'];
		solution = typeof cot === 'string' && cot.trim() !== '' ? reader.text(cot, 'gt_cot') : undefined;
	}
	const { name, value } = firstOf(row, answers);
	let gold: string | undefined;
	if (name !== 'gt' && typeof value === 'string') {
		const stated = afterHashes(value) ?? (value.includes('\\boxed') ? lastBoxed(value) : undefined);
		if (stated !== undefined) {
			gold = stated;
			// `$\\boxed{5}$` alone is not a solution.
			if (value.length > stated.length + 20) {
				solution ??= reader.text(withoutAnnotations(value), name);
			}
		}
	}
	gold ??= name === 'gt' ? undefined : reader.finalAnswer(value, name);
	if (gold === undefined && solution !== undefined) {
		gold = lastBoxed(solution) ?? afterHashes(solution);
	}
	gold ??= reader.finalAnswer(row['gt'], 'gt');
	if (solution !== undefined && solution.includes('####')) {
		solution = withoutAnnotations(solution);
	}
	return { gold, solution };
}
