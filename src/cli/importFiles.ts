import { importKinds } from '../core/ports/files.ts';
import { splits } from '../core/questions/question.ts';
import type { FilePreview, ImportPreview } from '../workflow/questions/previewImport.ts';
import { previewImport, previewRows } from '../workflow/questions/previewImport.ts';
import type { ImportedFiles } from '../workflow/skills/importFiles.ts';
import { importFiles } from '../workflow/skills/importFiles.ts';
import type { CommandResult } from './command.ts';
import { command } from './command.ts';
import { allowChecker, gradedLater, gradingOption, readGrading } from './grading.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { fieldsLine, leftOut, oneLine } from './wording.ts';

export const importFilesCommand = command({
	args: ['FILE…'],
	about:
		'Finds out what files and folders are (skill banks, questions, or answers; logs of evaluators, training data, ' +
		'datasets; JSON, JSON Lines, CSV, Parquet, Arrow, .gz and .zst) and imports them. --dry-run shows what would ' +
		'come in and writes nothing. "import skills", "import questions" and "import answers" import one kind.',
	options: {
		'dry-run': { type: 'boolean', help: 'show format, fields, first rows, counts and warnings; write nothing' },
		kind: { type: 'string', value: 'KIND', help: 'skills, questions or answers; default: found out' },
		split: {
			type: 'string',
			value: 'SPLIT',
			help:
				'train, validation or test; default: by the names of files and folders, else train for questions with ' +
				'solutions and validation for others and for new questions of answers',
		},
		student: {
			type: 'string',
			value: 'NAME',
			help: 'whose answers these are; default: the model that the file names',
		},
		round: { type: 'string', value: 'N', help: 'number of the round, from 1 (the default)' },
		benchmark: {
			type: 'string',
			value: 'NAME',
			help: 'benchmark of new questions; default: the one that a log names',
		},
		subject: { type: 'string', value: 'S', help: "overrides the subject of skill banks' folders" },
		...gradingOption,
		...fileOptions,
	},
	async run(context): Promise<CommandResult> {
		const { parts, args: files, values, run } = context;
		const options = {
			files,
			kind: values.oneOf('kind', importKinds),
			split: values.oneOf('split', splits),
			student: values.text('student'),
			round: values.whole('round', 1) ?? 1,
			benchmark: values.text('benchmark'),
			subject: values.text('subject'),
			grading: readGrading(values),
			...readFileOptions(values),
		};
		if (values.flag('dry-run')) {
			const preview = await previewImport(await parts(), options, run);
			return { json: { ...summary(preview.files), ...preview }, text: previewText(preview) };
		}
		await allowChecker(context, await parts(), options.grading);
		const imported = await importFiles(await parts(), options, run);
		return {
			json: { ...resultSummary(imported), imports: imported },
			text: imported.map(importedText).join('\n\n'),
		};
	},
});

/** The facts of all files together. */
function summary(files: readonly FilePreview[]) {
	const sum = (of: (file: FilePreview) => number) => files.reduce((total, file) => total + of(file), 0);
	return {
		kind: common(files.map(({ kind }) => kind)),
		format: common(files.map(({ format }) => format)),
		mapping: Object.assign({}, ...files.toReversed().map(({ mapping }) => mapping)) as Record<string, string>,
		unused: [...new Set(files.flatMap(({ unused }) => unused))],
		rows: sum(({ rows }) => rows),
		references: sum(({ references }) => references),
		preview: files.flatMap(({ preview }) => preview).slice(0, 10),
	};
}

function common<T>(values: readonly T[]): T | 'mixed' | null {
	return new Set(values).size > 1 ? 'mixed' : (values[0] ?? null);
}

function resultSummary(imported: readonly ImportedFiles[]) {
	const unused = imported.flatMap(({ result }) => ('fields' in result ? (result.fields?.unused ?? []) : []));
	return {
		kind: common(imported.map(({ kind }) => kind)),
		format: common(imported.map(({ format }) => format)),
		mapping: Object.assign({}, ...imported.toReversed().map(({ mapping }) => mapping)) as Record<string, string>,
		unused: [...new Set(unused)],
		rows: imported.reduce((sum, { result }) => sum + (result.rows ?? 0), 0),
		references: imported.reduce((sum, { result }) => sum + (result.references ?? 0), 0),
	};
}

function previewText({ files, problems }: ImportPreview): string {
	return [
		...files.map(fileText),
		...problems.slice(0, 10).map(({ file, message }) => `${file}: ${oneLine(message, 300)}`),
		'Nothing was written (--dry-run).',
	].join('\n\n');
}

function fileText(file: FilePreview): string {
	const { kind, format, container, mapping, rows, answers, isWhole, verdicts } = file;
	const read = Object.entries(mapping).map(([ours, theirs]) => `  ${ours} = ${oneLine(theirs, 80)}`);
	const more = isWhole ? '' : ` (the first ${previewRows} or so; the file has more)`;
	const { right, wrong, unsure } = verdicts;
	const graded = right + wrong + unsure;
	return [
		`${file.file}: ${kind}, format ${format} (${container})${kind === 'answers' ? '' : `, read as ${file.split} questions`}`,
		...(file.student === undefined ? [] : [`  student ${oneLine(file.student)}`]),
		...(file.benchmark === undefined ? [] : [`  benchmark ${oneLine(file.benchmark)}`]),
		...read,
		`${rows} rows${kind === 'answers' ? `, ${answers} answers` : ''}${more}` +
			fieldsLine({ fields: file, rows, references: file.references }),
		...(graded === 0 ? [] : [`the first ${graded} answers: ${right} right, ${wrong} wrong, ${unsure} unsure`]),
		...file.warnings.map((warning) => `warning: ${warning}`),
		...file.problems
			.slice(0, 5)
			.map(
				({ line, field, message, kept }) =>
					`  ${line}${field === '' ? '' : ` ${oneLine(field, 60)}`}: ${oneLine(message, 200)}${kept === true ? '' : ' (set aside)'}`,
			),
		...file.preview.slice(0, 3).map((row) => rowText(row)),
	].join('\n');
}

function rowText({ line, question, gold, solution, skills, answers }: FilePreview['preview'][number]): string {
	return [
		`row ${line}: ${oneLine(question, 200)}`,
		`  gold: ${gold === null ? 'none' : oneLine(gold, 80)}`,
		...(solution === null ? [] : [`  solution: ${oneLine(solution, 120)}`]),
		...(skills.length === 0 ? [] : [`  skills: ${oneLine(skills.join(', '))}`]),
		...answers.slice(0, 2).map(({ sample, text, extracted, verdict }) => {
			const found = extracted === null ? '' : ` → ${oneLine(extracted, 60)}`;
			const names = new Map([
				[true, 'right'],
				[false, 'wrong'],
			]);
			return `  answer ${sample}: ${oneLine(text, 120)}${found}: ${verdict === null ? 'unsure' : names.get(verdict)}`;
		}),
	].join('\n');
}

function importedText({ kind, format, files, split, student, result }: ImportedFiles): string {
	const from = `${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''}: `;
	const end = `${leftOut(result)}${fieldsLine(result)}`;
	if ('answers' in result) {
		const { answers, questions, duplicates, graded, correct, unsure, disagreeing } = result;
		return (
			`${from}${answers} answers of ${student ?? ''} (format ${format}; ${questions} new questions, ${duplicates} ` +
			`duplicates): ${graded} graded, ${correct} right, ${unsure} unsure; ${disagreeing} verdicts differ from ` +
			`the log's${gradedLater(result)}${end}`
		);
	}
	const skills = 'skills' in result ? `, ${result.skills} skills, ${result.links} links` : '';
	return (
		`${from}${result.questions} ${split} questions${skills} (${kind}, format ${format}; ${result.duplicates} ` +
		`duplicates, ${result.updated} completed)${end}`
	);
}
