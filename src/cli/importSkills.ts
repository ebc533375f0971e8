import { splits } from '../core/questions/question.ts';
import { importSkills } from '../workflow/skills/importSkills.ts';
import { command } from './command.ts';
import { fileOptions } from './fileOptions.ts';
import { fieldsLine, leftOut } from './wording.ts';

export const importSkillsCommand = command({
	args: ['FILE…'],
	about:
		'Imports skill banks (*_post_cluster.json) or {skill: [question]}. The subject comes from the folder. The ' +
		'links of training questions are the Skill-Map, those of other questions are labels.',
	options: {
		split: {
			type: 'string',
			value: 'SPLIT',
			help:
				'train, validation or test; default: train, but validation for files in a folder named test, ' +
				'validation or dev',
		},
		subject: { type: 'string', value: 'S', help: "overrides the folder's subject" },
		format: fileOptions.format,
	},
	async run({ parts, args: files, values, run }) {
		const options = {
			files,
			split: values.oneOf('split', splits),
			subject: values.text('subject'),
			format: values.text('format'),
		};
		const result = await importSkills(await parts(), options, run);
		const { questions, skills, links, duplicates, updated } = result;
		return {
			json: result,
			text:
				`${questions} questions, ${skills} skills, ${links} links (${duplicates} duplicates, ` +
				`${updated} questions completed)${leftOut(result)}${fieldsLine(result)}`,
		};
	},
});
