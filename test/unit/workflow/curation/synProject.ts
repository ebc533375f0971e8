import * as fs from 'node:fs';
import path from 'node:path';
import type { CurationItem } from '../../../../src/core/curation/curation.ts';
import type { DatasetRow } from '../../../../src/core/datasets/dataset.ts';
import type { Parts } from '../../../../src/core/ports/parts.ts';
import { questionId } from '../../../../src/core/questions/question.ts';
import type { Run } from '../../../../src/core/run.ts';
import { files } from '../../../../src/formats/files.ts';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { createScriptedTeacher } from '../../../../src/teacher/scripted/scriptedTeacher.ts';
import { rowsAsCurated } from '../../../../src/workflow/curation/rowsAsCurated.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';
import { newProject, open } from '../../store/buildWorker.ts';

export const at = '2026-01-02T03:04:05.000Z';
export const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => at,
};
export const references = [
	'A farmer counts 12 hens and 5 goats. How many legs are there in all?',
	'A box holds 24 pencils in 4 equal rows. How many pencils are in a row?',
	'Nine children share 63 marbles evenly. How many does each get?',
];
export const evaluation =
	'Eleven sailors tie thirty-three knots on the long rope of the old harbour ferry. How many knots does ' +
	'each sailor tie?';
export const old = 'A shop sells 8 apples for 4 euros. What do 6 apples cost?';
export const fresh = 'A tram covers 9 stops in 27 minutes. How long does it take for 5 stops?';
export const again = 'A printer makes 40 pages in 10 minutes. How many pages does it make each minute?';
export const skill = { subject: 'algebra', name: 'ratios' };
export const idOf = (text: string) => questionId(text);
export const name = { dataset: 'syn', questionId: idOf(old) };
export const author = 'Ada';

function item(question: string, answer: string, over: Partial<CurationItem> = {}): CurationItem {
	const solutions = [`So it is $\\boxed{${answer}}$.`, `We get $\\boxed{${answer}}$.`, 'It is $\\boxed{999}$.'].map(
		(text, sample) => ({ sample, text, answer: sample === 2 ? '999' : answer, agrees: sample < 2, replyKey: null }),
	);
	return {
		dataset: 'syn',
		questionId: idOf(question),
		question,
		subject: 'algebra',
		skill,
		forQuestion: idOf(references[0] ?? ''),
		references: references.map(idOf),
		solutions,
		agreement: { agree: 2, of: 3 },
		flags: [],
		replyKey: null,
		model: 'm',
		promptVersion: 'propose@1',
		at,
		...over,
	};
}

export interface SynProject {
	readonly parts: Parts;
	/** Returns the rows of the dataset after curation. */
	rows(): Promise<DatasetRow[]>;
	close(): Promise<void>;
}

/**
 * Opens a dataset and its queue in a real store, with the real grader; the scripted teacher has a reply for each hint.
 */
export async function openSynProject(): Promise<SynProject> {
	const project = newProject();
	const store = await open(project);
	const grader = createGrader({ dist: builtDist() });
	const propose = (contains: string, question: string) => ({
		task: 'propose',
		about: '*',
		contains,
		text: `<reason>r</reason> <draft>d</draft> <question>${question}</question>`,
	});
	const solve = (question: string, answers: readonly string[]) =>
		answers.map((answer, sample) => ({ task: 'solve', question, sample, text: `It is $\\boxed{${answer}}$.` }));
	const lines = [
		propose('about trams', fresh),
		...solve(fresh, ['15', '15', '27']),
		propose('the same again', old),
		{ ...propose('a second chance', old), sample: 0 },
		{ ...propose('a second chance', again), sample: 1 },
		...solve(again, ['4', '4', '4']),
		propose('a leak', evaluation),
		propose('a quarrel', 'Three masons build a wall. How many days?'),
		...solve('Three masons build a wall. How many days?', ['1', '2', '3']),
		{ task: 'propose', about: '*', contains: 'gibberish', text: 'no tags at all' },
	];
	fs.writeFileSync(path.join(project, 'teacher.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
	const teacher = await createScriptedTeacher({
		file: path.join(project, 'teacher.jsonl'),
		replies: store,
		log: () => undefined,
	});
	const parts: Parts = {
		store,
		grader,
		files,
		datasets: store.datasets,
		prompts: createPrompts({ folder: 'src/teacher/prompts', userFolder: path.join(project, 'prompts') }),
		replies: replyParsers,
		teacher,
	};
	await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 't',
		rows: references.map((text) => ({ text })),
	});
	await store.write('addQuestions', {
		split: 'test',
		benchmark: 'harbour',
		source: 't',
		rows: [{ text: evaluation }],
	});
	const others = Array.from({ length: 12 }, (_, index) =>
		item(`Basket number ${index} of ${index + 3} holds pears and plums per row. How many pears?`, String(index), {
			flags: index < 4 ? [{ kind: 'twin', with: idOf(references[0] ?? ''), score: 0.7 }] : [],
		}),
	);
	const items = [item(old, '3'), ...others];
	await store.write('addItems', { rows: items });
	const rows = items.flatMap(({ questionId: id, question, solutions }) =>
		solutions
			.filter(({ agrees }) => agrees)
			.map(({ text, answer, sample }): readonly [DatasetRow, never] => [
				{
					questionId: id,
					question,
					solution: text,
					gold: answer,
					subject: 'algebra',
					skill,
					forQuestion: null,
					kind: 'synthesized',
					sample,
					flags: [],
				},
				{ replyKey: null, references: [], agreement: null, student: null, round: null, sample: null } as never,
			]),
	);
	await store.datasets.write(
		'syn',
		rows,
		({ sha256 }) => ({
			name: 'syn',
			method: 'syn',
			settings: { solutions: 3, agree: 2, 'filter.twins': 'flag' },
			seed: 0,
			student: null,
			round: null,
			pairs: rows.length,
			distinct: rows.length,
			questions: items.length,
			sha256,
			deviations: [],
			yield: {},
			setAside: 0,
			teacher: null,
			promptVersions: [],
			calls: 0,
			cost: 0,
			createdAt: at,
			skills: [],
		}),
		false,
	);
	return {
		parts,
		rows: async () => {
			const rows: DatasetRow[] = [];
			for await (const row of (await rowsAsCurated(parts, 'syn', run)).rows) {
				rows.push(row);
			}
			return rows;
		},
		close: async () => {
			await teacher.dispose();
			await grader.dispose();
			await store.close();
		},
	};
}
