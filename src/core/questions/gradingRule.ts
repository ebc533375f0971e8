/**
 * How a project's or a benchmark's answers are graded.
 *
 * - `math`: final answers must be equal in value (src/grading).
 * - `text`: the words must be the same, for labels and names.
 * - `choice`: the letters of multiple-choice options must be the same.
 * - `log`: the verdict that came with the answer counts.
 * - `judge`: the teacher compares the answer with the gold answer.
 * - `exec:COMMAND`: a person's own checker decides (docs/grading.md).
 */
export type GradingRule = 'math' | 'text' | 'choice' | 'log' | 'judge' | `exec:${string}`;

/** The forms of a rule, as help shows them. */
export const gradingForms = 'math|text|choice|log|judge|exec:COMMAND';

/** Maximum length of a checker's command. */
const maxCommand = 2000;

/**
 * Reads a rule as people and files write it; `answer` is another name for `math`. `undefined`: this is no rule.
 */
export function readGradingRule(text: string): GradingRule | undefined {
	switch (text) {
		case 'answer':
			return 'math';
		case 'math':
		case 'text':
		case 'choice':
		case 'log':
		case 'judge':
			return text;
		default: {
			const command = /^exec:([^\p{Cc}]+)$/u.exec(text)?.[1]?.trim() ?? '';
			return command === '' || command.length > maxCommand ? undefined : `exec:${command}`;
		}
	}
}

/** Returns the command of a person's own checker, or `null` for the other rules. */
export function commandOf(rule: GradingRule): string | null {
	return rule.startsWith('exec:') ? rule.slice('exec:'.length) : null;
}

/** Whether a verdict by this rule needs a gold answer. */
export function needsGold(rule: GradingRule): boolean {
	return rule === 'math' || rule === 'text' || rule === 'choice';
}

/** Whether two answers have the same words, in any case; white space and a final full stop do not count. */
export function isSameText(left: string, right: string): boolean {
	return plainText(left) === plainText(right);
}

/**
 * Whether two answers choose the same option: `B`, `(b)`, `B. Paris` and `\text{(B)}` do. `null` if only one of them
 * begins with an option's letter, because the options themselves are not known here. Answers without letters are
 * compared as text.
 */
export function isSameChoice(gold: string, answer: string): boolean | null {
	const [left, right] = [letterOf(gold), letterOf(answer)];
	if (left === null && right === null) {
		return isSameText(gold, answer);
	}
	return left === null || right === null ? null : left === right;
}

function plainText(text: string): string {
	return text.normalize('NFC').trim().toLowerCase().replace(/\s+/gu, ' ').replace(/[.!]$/, '');
}

/** The letter of an option: alone, in brackets, or before a full stop, colon or bracket. */
function letterOf(answer: string): string | null {
	const bare = answer
		.normalize('NFKC')
		.slice(0, 200)
		.replace(/\\(?:text|textbf|mathrm|mathbf|boxed)\s*\{|[{}$*\s]/g, ' ')
		.trim();
	const found = /^(?:option |choice )?(?:[([]\s?([a-z])\s?[)\]]|([a-z])(?:$|\s?[.):](?:\s|$)))/i.exec(bare);
	return (found?.[1] ?? found?.[2])?.toUpperCase() ?? null;
}
