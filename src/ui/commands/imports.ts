import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { Split } from '../../core/questions/question.ts';
import { splits } from '../../core/questions/question.ts';
import type { ImportAnswersResult } from '../../workflow/questions/importAnswers.ts';
import type { ImportQuestionsResult } from '../../workflow/questions/importQuestions.ts';
import type { ImportSkillsResult } from '../../workflow/skills/importSkills.ts';
import { commandIds, mementoKeys, viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import type { WizardStep } from '../kit/wizard.ts';
import { ask, askNumber, leave, pick, pickOrAsk, runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';
import { isRecord } from './arguments.ts';
import { tellSetAside } from './setAside.ts';

/** What the three import commands ask for. Everything except the files is remembered. */
interface Choices {
	files: readonly string[];
	split?: Split | undefined;
	benchmark?: string | undefined;
	student?: string | undefined;
	round?: number | undefined;
}

export const importSkills: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Import Skills');
	const state = choicesFrom(studio, args);
	if (!(await runWizard(title, state, [filesStep(vscode.l10n.t('Import Skills')), splitStep(args)]))) {
		return;
	}
	await remember(studio, state);
	const { importSkills: run } = await import('../../workflow/skills/importSkills.ts');
	const parts = await session.parts();
	const result = await studio.runs.start('import', title, viewIds.skills, (job) =>
		run(parts, { files: state.files, split: state.split }, job),
	);
	studio.runs.show({
		text: formatSkills(result),
		open: { command: `${viewIds.skills}.focus`, title: vscode.l10n.t('Show Skills') },
	});
	tellSkipped(result.skipped);
};

export const importQuestions: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Import Questions');
	const state = choicesFrom(studio, args);
	if (
		!(await runWizard(title, state, [
			filesStep(vscode.l10n.t('Import Questions')),
			splitStep(args),
			benchmarkStep(session, args),
		]))
	) {
		return;
	}
	await remember(studio, state);
	const { importQuestions: run } = await import('../../workflow/questions/importQuestions.ts');
	const parts = await session.parts();
	const result = await studio.runs.start('import', title, viewIds.questions, (job) =>
		run(
			parts,
			{ files: state.files, split: state.split ?? 'validation', benchmark: state.benchmark || undefined },
			job,
		),
	);
	studio.runs.show({
		text: formatQuestions(result),
		open: { command: `${viewIds.questions}.focus`, title: vscode.l10n.t('Show Questions') },
	});
	tellSkipped(result.skipped);
};

export const importAnswers: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Import Answers');
	const state = choicesFrom(studio, args);
	if (
		!(await runWizard(title, state, [
			filesStep(vscode.l10n.t('Import Answers')),
			studentStep(session, args),
			roundStep(args),
		]))
	) {
		return;
	}
	const scope = { student: state.student ?? '', round: state.round ?? 1 };
	await remember(studio, state);
	const { importAnswers: run } = await import('../../workflow/questions/importAnswers.ts');
	const parts = await session.parts();
	const result = await studio.runs.start('import', title, viewIds.questions, (job) =>
		run(parts, { ...scope, files: state.files }, job),
	);
	await session.setScope(scope);
	studio.runs.show({
		text: formatAnswers(result),
		open: { command: commandIds.classify, title: vscode.l10n.t('Classify…') },
	});
	tellSkipped(result.skipped);
};

function formatSkills(result: ImportSkillsResult): string {
	return vscode.l10n.t(
		'{0} skills, {1} questions, {2} links imported',
		formatCount(result.skills),
		formatCount(result.questions),
		formatCount(result.links),
	);
}

export function formatQuestions(result: ImportQuestionsResult): string {
	return vscode.l10n.t(
		'{0} questions imported, {1} completed, {2} known',
		formatCount(result.questions),
		formatCount(result.updated),
		formatCount(result.duplicates),
	);
}

function formatAnswers(result: ImportAnswersResult): string {
	const text = vscode.l10n.t(
		'{0} answers imported: {1} of {2} right',
		formatCount(result.answers),
		formatCount(result.correct),
		formatCount(result.graded),
	);
	const { questions, test = 0 } = result;
	if (questions === 0) {
		return text;
	}
	if (test === 0) {
		return vscode.l10n.t(
			'{0}; {1} new questions joined validation, so none of them is reported on',
			text,
			formatCount(questions),
		);
	}
	return vscode.l10n.t(
		'{0}; new questions: {1} joined test, on which their benchmark is reported, and {2} validation',
		text,
		formatCount(test),
		formatCount(questions - test),
	);
}

/** Rows that were set aside are part of the result, so they are reported, with the list one click away. */
export function tellSkipped(skipped: number): void {
	if (skipped > 0) {
		tellSetAside(
			vscode.l10n.t(
				'{0} rows could not be imported and were set aside; the others were imported.',
				formatCount(skipped),
			),
			undefined,
		);
	}
}

/** Files and choices passed by a menu, a sample or a test take precedence over those remembered from last time. */
function choicesFrom(studio: Studio, [first, selected]: readonly unknown[]): Choices {
	const last = studio.context.workspaceState.get<Partial<Choices>>(mementoKeys.importChoices, {});
	if (first instanceof vscode.Uri) {
		const uris = Array.isArray(selected) ? selected.filter((uri) => uri instanceof vscode.Uri) : [];
		return { ...last, files: (uris.length > 0 ? uris : [first]).map(({ fsPath }) => fsPath) };
	}
	if (!isRecord(first)) {
		return { ...last, files: [] };
	}
	return {
		files: Array.isArray(first['files']) ? first['files'].filter((file) => typeof file === 'string') : [],
		split: splits.find((split) => split === first['split']) ?? last.split,
		benchmark: typeof first['benchmark'] === 'string' ? first['benchmark'] : undefined,
		student: typeof first['student'] === 'string' ? first['student'] : last.student,
		round: typeof first['round'] === 'number' ? first['round'] : last.round,
	};
}

/** Whether the caller passed a field, so that the user is not asked for it. */
function says([first]: readonly unknown[], field: keyof Choices): boolean {
	return isRecord(first) && field in first;
}

async function remember(studio: Studio, { split, student, round }: Choices): Promise<void> {
	const last = studio.context.workspaceState.get<Partial<Choices>>(mementoKeys.importChoices, {});
	await studio.context.workspaceState.update(mementoKeys.importChoices, {
		...last,
		...(split ? { split } : {}),
		...(student ? { student } : {}),
		...(round ? { round } : {}),
	});
}

function filesStep(openLabel: string): WizardStep<Choices> {
	return {
		applies: ({ files }) => files.length === 0,
		ask: async (state) => {
			const uris = await vscode.window.showOpenDialog({
				canSelectMany: true,
				openLabel,
				filters: {
					[vscode.l10n.t('JSON, CSV, Parquet, Inspect logs')]: [
						'json',
						'jsonl',
						'csv',
						'tsv',
						'parquet',
						'eval',
					],
					[vscode.l10n.t('All files')]: ['*'],
				},
			});
			if (!uris || uris.length === 0) {
				return leave;
			}
			state.files = uris.map(({ fsPath }) => fsPath);
			return undefined;
		},
	};
}

function splitStep(args: readonly unknown[]): WizardStep<Choices> {
	return {
		applies: () => !says(args, 'split'),
		ask: async (state, place) => {
			const answer = await pick<Split>(place, {
				placeholder: vscode.l10n.t(
					'What are these questions for? Training and evaluation never share a question.',
				),
				items: [
					{
						label: vscode.l10n.t('Training'),
						description: 'train',
						detail: vscode.l10n.t('Training sets are built from these'),
						value: 'train',
					},
					{
						label: vscode.l10n.t('Validation'),
						description: 'validation',
						detail: vscode.l10n.t('The student is profiled on these'),
						value: 'validation',
					},
					{
						label: vscode.l10n.t('Test'),
						description: 'test',
						detail: vscode.l10n.t('Results are reported on these, and no training set is built for them'),
						value: 'test',
					},
				],
				active: (split) => split === state.split,
			});
			return typeof answer === 'string' ? void (state.split = answer) : answer;
		},
	};
}

function benchmarkStep(session: ProjectSession, args: readonly unknown[]): WizardStep<Choices> {
	return {
		applies: ({ split }) => !says(args, 'benchmark') && split !== 'train',
		ask: async (state, place) => {
			const known = (await (await session.parts()).store.read('benchmarks', {})).map(
				({ benchmark }) => benchmark,
			);
			const answer = await ask(place, {
				prompt: vscode.l10n.t('Name of the benchmark (may stay empty)'),
				value: state.benchmark,
				placeholder: known.join(', ') || 'MATH',
			});
			return typeof answer === 'string' ? void (state.benchmark = answer) : answer;
		},
	};
}

function studentStep(session: ProjectSession, args: readonly unknown[]): WizardStep<Choices> {
	return {
		applies: () => !says(args, 'student'),
		ask: async (state, place) => {
			const { store, files } = await session.parts();
			const { students } = await store.read('students', {});
			// A log may name the model that answered; that model is offered first.
			const [file = ''] = state.files;
			const named = (await files.describeAnswers(file, { signal: AbortSignal.timeout(5000) }).catch(() => null))
				?.student;
			const names = [
				...new Set([...(named === undefined ? [] : [named]), ...students.map(({ student }) => student)]),
			];
			const items = names.map((student) => ({
				label: forLabel(student),
				description: student === named ? vscode.l10n.t('as in the log') : '',
				value: student,
			}));
			const name = await pickOrAsk(
				place,
				{
					placeholder: vscode.l10n.t('Which student gave these answers?'),
					items,
					another: vscode.l10n.t('Another student…'),
					active: (student) => student === (named ?? state.student),
				},
				{
					prompt: vscode.l10n.t('Name of the student model'),
					value: names.length > 0 ? '' : state.student,
					placeholder: 'qwen2.5-3b-instruct',
					check: (text) => {
						if (text === '') {
							return vscode.l10n.t('A name, such as the model’s');
						}
						return text.length > 200 ? vscode.l10n.t('At most 200 characters') : undefined;
					},
				},
			);
			return typeof name === 'string' ? void (state.student = name) : name;
		},
	};
}

function roundStep(args: readonly unknown[]): WizardStep<Choices> {
	return {
		applies: () => !says(args, 'round') && !says(args, 'student'),
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				forMessage(vscode.l10n.t('Round: 1 before any training, then 2, 3…')),
				state.round ?? 1,
				{ min: 1, max: 10_000, whole: true },
			);
			return typeof answer === 'number' ? void (state.round = answer) : answer;
		},
	};
}
