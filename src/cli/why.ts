import { usageError } from './usageError.ts';
import type { WhyResult } from '../workflow/datasets/why.ts';
import { why } from '../workflow/datasets/why.ts';
import { command } from './command.ts';
import { oneLine } from './wording.ts';

export const whyCommand = command({
	args: ['NAME', 'ROW'],
	about:
		'Explains why a row is in the dataset: the skill it is for, the difficult question that misses it, the ' +
		"student's answer, its diagnosis, the teacher's reply. Rows count from 0, in file order.",
	options: {},
	async run({ parts, args: [name = '', row = ''] }) {
		if (!/^\d+$/.test(row)) {
			throw usageError(`rows count from 0, "${row}" is none`);
		}
		const result = await why(await parts(), { name, row: Number(row) });
		return { json: result, text: formatWhy(name, result) };
	},
});

function formatWhy(
	name: string,
	{
		row,
		skill,
		skill_now: now,
		question,
		student_answer: answer,
		diagnosis,
		annotations,
		references,
		agreement,
		teacher,
	}: WhyResult,
): string {
	const flags = row.flags.length > 0 ? ` (${row.flags.join(', ')})` : '';
	const lines = [`row ${row.index} of ${name}, ${row.kind}${flags}`, `  ${oneLine(row.question)}`];
	if (skill) {
		const subject = skill.subject === '' ? '' : `${skill.subject}: `;
		lines.push(
			`for the skill ${subject}${skill.name}${now ? ` (now ${now.name})` : ''}, missed in`,
			`  ${question ? oneLine(question.text) : 'a question that is gone'}`,
		);
	}
	if (!skill && question) {
		lines.push('near to a difficult question', `  ${oneLine(question.text)}`);
	}
	if (answer) {
		lines.push(
			`${answer.student}, round ${answer.round}, sample ${answer.sample} answered ` +
				`${answer.extracted ?? 'nothing'}${question?.gold ? ` instead of ${question.gold}` : ''}`,
			`  ${oneLine(answer.text)}`,
		);
	}
	if (diagnosis) {
		lines.push(
			`${diagnosis.from === 'person' ? 'a person' : (diagnosis.model ?? 'the teacher')} found it ` +
				`${diagnosis.judge}, missing ` +
				`${diagnosis.skills.map((missing) => missing.name).join(', ') || 'nothing'}`,
			`  ${oneLine(diagnosis.reason, 300)}`,
		);
	}
	for (const { author, quote, skills } of annotations) {
		lines.push(`${author} annotated ${skills.map((missing) => missing.name).join(', ')} at`, `  ${oneLine(quote)}`);
	}
	if (references.length > 0) {
		lines.push('written after', ...references.map(({ text }) => `  ${oneLine(text)}`));
	}
	if (agreement) {
		lines.push(`${agreement.agree} of ${agreement.of} solutions agree`);
	}
	if (teacher) {
		lines.push(`the solution is ${teacher.model}'s, by the prompt ${teacher.promptVersion}, ${teacher.at}`);
	}
	if (!skill) {
		lines.push(`a baseline: ${row.kind === 'synthesized' ? 'written' : 'drawn'} for no skill`);
	}
	return lines.join('\n');
}
