import { usageError } from './usageError.ts';
import type { Correction } from '../core/diagnosis/diagnosis.ts';
import type { Parts } from '../core/ports/parts.ts';
import type { Question } from '../core/questions/question.ts';
import { questionId } from '../core/questions/question.ts';
import { StatError } from '../core/errors/statError.ts';
import type { SkillRef } from '../core/skills/skill.ts';
import { normaliseSkillName } from '../core/skills/skill.ts';
import { correct as correctDiagnosis } from '../workflow/diagnosis/correct.ts';
import { authorOf, authorOption } from './author.ts';
import { command } from './command.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';

export const correct = command({
	args: ['QUESTION'],
	about:
		"Corrects a diagnosis. Your correction overrides the teacher's diagnosis, is stored with your name, the time " +
		"and what it replaced, and survives a new diagnosis. QUESTION is a question's id or its text.",
	options: {
		agree: { type: 'boolean', help: "agree with the teacher's skills" },
		dispute: { type: 'boolean', help: 'the answer misses nothing' },
		skills: {
			type: 'string',
			value: 'NAME,…',
			help: "the skills that it misses, instead of the teacher's; subject/name if the name alone is ambiguous",
		},
		withdraw: { type: 'boolean', help: "return to the teacher's diagnosis" },
		note: { type: 'string', value: 'TEXT', help: 'a note: why' },
		...authorOption,
		...scopeOptions,
	},
	choices: [{ options: ['agree', 'dispute', 'skills', 'withdraw'], required: true }],
	async run({ parts, args: [named = ''], values, run }) {
		const names = values.text('skills');
		const verdicts = [
			values.flag('agree') && 'agreed',
			values.flag('dispute') && 'disputed',
			values.flag('withdraw') && 'withdrawn',
			names !== undefined && 'changed',
		].filter((verdict) => verdict !== false);
		const [verdict] = verdicts as readonly Correction['verdict'][];
		if (verdict === undefined || verdicts.length > 1) {
			throw usageError('say one of --agree, --dispute, --skills NAME,… or --withdraw');
		}
		const opened = await parts();
		const scope = await scopeOf(opened.store, values);
		const question = await findQuestion(opened, named);
		const skills = names === undefined ? null : await findSkills(opened, question, names.split(','));
		const note = values.text('note') ?? null;
		const { correction } = await correctDiagnosis(
			opened,
			{ ...scope, questionId: question.id, verdict, skills, note, author: authorOf(values) },
			run,
		);
		return {
			json: correction,
			text: `${verdict}${skills ? `: ${skills.map(({ name }) => name).join(', ')}` : ''} (${question.id})`,
		};
	},
});

async function findQuestion({ store }: Parts, idOrText: string): Promise<Question> {
	const question = await store.read('question', {
		id: /^[0-9a-f]{32}$/.test(idOrText) ? idOrText : questionId(idOrText),
	});
	if (!question) {
		throw new StatError('cli.noQuestion', {});
	}
	return question;
}

async function findSkills({ store }: Parts, question: Question, names: readonly string[]): Promise<SkillRef[]> {
	const all = await store.read('skillList', { subject: null });
	return names.map((written) => {
		const slash = written.lastIndexOf('/');
		const [subject, name] =
			slash < 0 ? [undefined, written] : [written.slice(0, slash).trim(), written.slice(slash + 1)];
		const called = all.filter(
			(skill) =>
				normaliseSkillName(skill.name) === normaliseSkillName(name) &&
				(subject === undefined || skill.subject === subject),
		);
		const own = called.filter((skill) => skill.subject === question.subject);
		const found = own.length === 1 ? own : called;
		const [skill] = found;
		if (!skill) {
			throw new StatError('cli.noSkill', {
				skill: written.trim(),
				alternatives: `skills of ${question.subject ?? 'the project'}: ${all
					.filter((other) => question.subject === null || other.subject === question.subject)
					.map((other) => other.name)
					.join(', ')}`,
			});
		}
		if (found.length > 1) {
			throw new StatError('cli.ambiguousSkill', {
				skill: written.trim(),
				subjects: found.map((other) => other.subject).join(', '),
			});
		}
		return skill;
	});
}
