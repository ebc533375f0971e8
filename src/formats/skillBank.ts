import path from 'node:path';
import type { ImportBatch } from '../core/ports/files.ts';
import type { ImportedQuestion } from '../core/questions/imported.ts';
import type { JsonElement, JsonPath } from './jsonElements.ts';
import { jsonElements } from './jsonElements.ts';
import { lastBoxed } from './finalAnswer.ts';
import { parsed } from './jsonRows.ts';
import { readQuestion } from './math.ts';
import { pythonList } from './pythonList.ts';
import type { Row, RowReader } from './rowReader.ts';
import { kindOf, maxName } from './rowReader.ts';

/**
 * Reads a skill bank: `{skills, example_nums, skill_dict: {skill: [{question, answer}]}}` (AdaptMI's
 * `*_post_cluster.json`), `{skill: [question or {question, …}]}`, or `{question2skill: {question: [skill]}}` (AdaptMI's
 * retrieval files). Yields one row per (question, skill) and holds nothing beyond the current block. `line` is the
 * row's 1-based position in the file.
 */
export async function* readSkillBank(
	file: string,
	reader: RowReader,
	signal: AbortSignal,
): AsyncGenerator<ImportBatch<ImportedQuestion>> {
	let place = 0;
	const subject = reader.subject(undefined, 'subject') ?? '';
	for await (const { elements, bytes, bytesTotal, broken } of jsonElements(file, choose, { signal })) {
		const rows: ImportedQuestion[] = [];
		const skills: { subject: string; name: string }[] = [];
		for (const element of elements) {
			reader.source = element.text;
			reader.line = 0;
			const [first, second] = element.path;
			if (element.path.length === 1) {
				declared(element, reader).forEach((name) => skills.push({ subject, name }));
				continue;
			}
			reader.line = ++place;
			const row =
				first === 'question2skill'
					? questionWithSkills(element, reader)
					: questionOfSkill(element, String(first === 'skill_dict' ? second : first), reader);
			if (row !== null) {
				rows.push(row);
			}
		}
		if (broken !== null) {
			reader.source = '';
			reader.line = 0;
			reader.aside('', `${broken}; the questions before it came in`);
		}
		yield { rows, problems: reader.drain(), bytes, bytesTotal, skills };
	}
}

/** Decides by path where the parts of a bank are. */
function choose(at: JsonPath): 'enter' | 'take' | 'skip' {
	const [first] = at;
	switch (at.length) {
		case 0:
			return 'enter';
		case 1:
			if (first === 'skills') {
				return 'take';
			}
			return first === 'example_nums' ? 'skip' : 'enter';
		case 2:
			return first === 'skill_dict' ? 'enter' : 'take';
		default:
			return 'take';
	}
}

/** Reads `skills: […]`, the declared names, including those without a question. */
function declared(element: JsonElement, reader: RowReader): readonly string[] {
	const [field] = element.path;
	const { value, problem } = parsed(0, element.text, element.problem);
	if (problem !== null) {
		reader.aside(String(field), problem);
		return [];
	}
	if (field !== 'skills' || !Array.isArray(value)) {
		reader.aside(
			String(field).slice(0, 100),
			`a list of questions is expected under each skill, not ${kindOf(value)}`,
		);
		return [];
	}
	return reader.skills(value, 'skills') ?? [];
}

function questionOfSkill(element: JsonElement, skill: string, reader: RowReader): ImportedQuestion | null {
	const { value, problem } = parsed(0, element.text, element.problem);
	if (problem !== null) {
		return reader.aside(skill.slice(0, 100), problem);
	}
	if (typeof element.path.at(-1) !== 'number') {
		return reader.aside(skill.slice(0, 100), 'a list of questions is expected under each skill, not an object');
	}
	if (skill.trim() === '' || skill.length > maxName) {
		return reader.aside(
			'skill',
			skill.trim() === ''
				? 'a skill without a name'
				: `a skill name of ${skill.length} characters; at most ${maxName} are read`,
		);
	}
	const skills = [skill.trim()];
	if (typeof value === 'string') {
		const text = reader.question(value, 'question');
		return text === null
			? null
			: { text, skills, line: reader.line, subject: reader.subject(undefined, 'subject') };
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) {
		return reader.aside('question', `a question must be text or an object with a question, not ${kindOf(value)}`);
	}
	const row = value as Row;
	const printed =
		typeof row['answer'] === 'string' && row['solution'] === undefined ? printedAnswer(row['answer']) : undefined;
	const question = readQuestion(printed ? { ...row, ...printed } : row, reader);
	return question === null ? null : { ...question, skills: [...new Set([...skills, ...(question.skills ?? [])])] };
}

/**
 * Reads a bank's `answer`, which is a worked solution (training questions) or a printed Python list `['latex', number]`
 * (test questions). A short text without words is a final answer; anything else without a box is a solution without a
 * gold answer.
 */
function printedAnswer(answer: string): { answer: string | null; solution?: string } {
	const list = answer.startsWith('[') ? pythonList(answer) : null;
	if (list !== null && list.length === 2 && typeof list[0] === 'string' && typeof list[1] !== 'string') {
		return { answer: list[0] };
	}
	if (answer.length <= 40 && !/[a-z]{2}\s+\S/i.test(answer)) {
		return { answer };
	}
	return { answer: lastBoxed(answer) ?? null, solution: answer };
}

function questionWithSkills(element: JsonElement, reader: RowReader): ImportedQuestion | null {
	const text = reader.question(element.path[1], 'question2skill');
	const { value, problem } = parsed(0, element.text, element.problem);
	if (text === null) {
		return null;
	}
	if (problem !== null) {
		return reader.aside('question2skill', problem);
	}
	const skills = reader.skills(value, 'question2skill');
	return skills === undefined
		? reader.aside('question2skill', 'this question has no skills')
		: { text, skills, line: reader.line, subject: reader.subject(undefined, 'subject') };
}

const splitFolders = new Set(['train', 'test', 'validation', 'val', 'dev']);
const mathSubjects = new Set([
	'algebra',
	'counting_and_probability',
	'geometry',
	'intermediate_algebra',
	'number_theory',
	'prealgebra',
	'precalculus',
]);

/**
 * Returns the subject named by a file's folders: one of MATH's subjects anywhere near the file, or the folder above
 * `train/` or `test/` for a `*_post_cluster.json`.
 */
export function subjectOfFolder(file: string): string | undefined {
	const folders = path.resolve(file).split(path.sep).slice(0, -1).reverse().slice(0, 4);
	const known = folders.find((folder) => mathSubjects.has(folder.toLowerCase()));
	if (known !== undefined) {
		return known.toLowerCase();
	}
	const above = folders.findIndex((folder) => splitFolders.has(folder.toLowerCase()));
	return above >= 0 && file.endsWith('_post_cluster.json') ? folders[above + 1] : undefined;
}
