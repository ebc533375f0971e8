import * as vscode from 'vscode';
import { formatCount, formatWholePercent } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { ClassifyOptions } from '../../workflow/difficulty/classifyOptions.ts';
import type { ClassifyResult } from '../../workflow/difficulty/classify.ts';
import type { DifficultyMethod } from '../../core/difficulty/difficulty.ts';
import {
	difficultyDefaults,
	difficultyMethods,
	isLargelyUnclassified,
	rightBelowOf,
	whyUnclassified,
} from '../../core/difficulty/difficulty.ts';
import type { GridCell } from '../../core/difficulty/detector.ts';
import type { Scope } from '../../core/scope.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { mementoKeys, viewIds } from '../ids.ts';
import { runBudget } from '../kit/settings.ts';
import type { PickItem, WizardStep } from '../kit/wizard.ts';
import { askNumber, pick, runWizard } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { isRecord } from './arguments.ts';
import { formatSpent } from './paidRun.ts';

interface Choices {
	method?: DifficultyMethod | undefined;
	samples?: number | undefined;
	/**
	 * For the final answer: how many answers are read, and how many of them must be right for the question not to be
	 * difficult.
	 */
	votes?: number | undefined;
	rightBelow?: number | undefined;
	tau1?: number | undefined;
	tau2?: number | undefined;
	words?: number | undefined;
	/** Whether the user wants thresholds that are not on the grid. */
	otherThresholds?: boolean | undefined;
}

/**
 * Classifies the questions of the student in view as difficult or not (sec. 2.1), by a rule that the user selects;
 * thresholds are tuned against gold answers if there are any.
 */
export const classify: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const scope = await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const parts = await session.parts();
	const title = vscode.l10n.t('Classify Questions');
	const last = studio.context.workspaceState.get<Choices>(mementoKeys.classifyChoices, {});
	const requested = isRecord(argument)
		? difficultyMethods.find((method) => method === argument['method'])
		: undefined;
	const state: Choices = requested
		? { ...(argument as Choices), votes: (argument as Choices).samples, method: requested }
		: { ...last, otherThresholds: undefined };
	const answers = await samplesOf(parts, scope);
	if (
		!requested &&
		!(await runWizard(title, state, [
			methodStep(last, answers),
			votesStep(answers),
			rightBelowStep(),
			thresholdsStep(parts, scope, last),
			tauStep('tau1'),
			tauStep('tau2'),
			samplesStep(),
			lengthStep(),
		]))
	) {
		return;
	}
	await studio.context.workspaceState.update(mementoKeys.classifyChoices, {
		...last,
		...state,
		otherThresholds: undefined,
	});
	const { method, samples, votes, rightBelow, tau1, tau2, words } = state;
	const options: ClassifyOptions = {
		...scope,
		method,
		...(method === 'answer' ? { samples: votes, rightBelow: (votes ?? 1) > 1 ? rightBelow : undefined } : {}),
		...(method === 'reward' ? { tau1, tau2 } : {}),
		...(method === 'consistency' || method === 'teacher' ? { samples } : {}),
		...(method === 'length' ? { words } : {}),
		budget: runBudget(),
	};
	const { classify: run } = await import('../../workflow/difficulty/classify.ts');
	const start = (opened: Parts) =>
		studio.runs.start('classify', title, viewIds.questions, (job) => run(opened, options, job));
	const result = method === 'teacher' ? await withTeacher(studio, session, start) : await start(parts);
	studio.runs.show({
		text: formatResult(result),
		open: { command: `${viewIds.questions}.focus`, title: vscode.l10n.t('Show Questions') },
	});
	await studio.questions.setView({ show: 'difficult' });
};

function formatResult(result: ClassifyResult): string {
	return [
		isLargelyUnclassified(result)
			? vscode.l10n.t(
					'{0} of {1} questions could not be judged: {2}',
					formatCount(result.unclassified),
					formatCount(result.questions),
					whyUnclassified(result.method, result.settings),
				)
			: '',
		vscode.l10n.t(
			'{0} of {1} questions are difficult',
			formatCount(result.difficult),
			formatCount(result.questions),
		),
		result.unclassified > 0 && !isLargelyUnclassified(result)
			? vscode.l10n.t('{0} unclassified', formatCount(result.unclassified))
			: '',
		// If there are gold answers, the questions that the rule finds difficult are compared with those answered
		// wrongly (F1). For the rule "answer" the two are identical, so no F1 is shown.
		result.method !== 'answer' && result.f1 !== null ? vscode.l10n.t('F1 {0}', formatWholePercent(result.f1)) : '',
	]
		.filter(Boolean)
		.join(' · ')
		.concat(formatSpent(result.calls, result.cost));
}

/** Returns the largest number of answers that any question of the round has. */
async function samplesOf({ store }: Parts, { student, round }: Scope): Promise<number> {
	const { students } = await store.read('students', {});
	const rounds = students.find((one) => one.student === student)?.rounds;
	return rounds?.find((one) => one.round === round)?.samples ?? 1;
}

/**
 * Asks for the rule. `votes` is the rule by the final answers of several samples; if there are several, it comes first.
 */
function methodStep(last: Choices, answers: number): WizardStep<Choices> {
	const ofSeveral: PickItem<DifficultyMethod | 'votes'> = {
		label: vscode.l10n.t('Too few right answers'),
		description: 'answer',
		detail: vscode.l10n.t(
			'Fewer than half of the {0} answers are right, or another number; needs reference answers',
			answers,
		),
		value: 'votes',
	};
	return {
		ask: async (state, place) => {
			const answer = await pick<DifficultyMethod | 'votes'>(place, {
				placeholder: vscode.l10n.t('Which rule determines difficult questions?'),
				items: [
					...(answers > 1 ? [ofSeveral] : []),
					{
						label: vscode.l10n.t('Wrong first answer'),
						description: 'answer',
						detail: vscode.l10n.t('The simplest rule: the first answer is wrong; needs reference answers'),
						value: 'answer',
					},
					{
						label: vscode.l10n.t('Process reward'),
						description: 'reward',
						detail: vscode.l10n.t(
							'The paper’s rule, equation (1): a low score at any step; needs step scores, no reference answers',
						),
						value: 'reward',
					},
					{
						label: vscode.l10n.t('Inconsistent samples'),
						description: 'consistency',
						detail: vscode.l10n.t(
							'No two of {0} samples agree; needs several samples, no reference answers',
							difficultyDefaults.consistencySamples,
						),
						value: 'consistency',
					},
					{
						label: vscode.l10n.t('Long answers'),
						description: 'length',
						detail: vscode.l10n.t(
							'Answers have {0} words or more on average; needs no reference answers',
							difficultyDefaults.words,
						),
						value: 'length',
					},
					{
						label: vscode.l10n.t('The teacher judges'),
						description: 'teacher',
						detail: vscode.l10n.t('One call per question; needs a teacher'),
						value: 'teacher',
					},
				],
				active: (method) => method === (isOfSeveral(last) && answers > 1 ? 'votes' : last.method),
			});
			if (typeof answer !== 'string') {
				return answer;
			}
			state.method = answer === 'votes' ? 'answer' : answer;
			state.votes = answer === 'votes' ? (state.votes ?? answers) : undefined;
			return undefined;
		},
	};
}

function isOfSeveral({ method, votes }: Choices): boolean {
	return method === 'answer' && (votes ?? 1) > 1;
}

function votesStep(answers: number): WizardStep<Choices> {
	return {
		applies: ({ method, votes }) => method === 'answer' && votes !== undefined,
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				vscode.l10n.t('Answers read of each question; a question with fewer stays unclassified'),
				Math.min(state.votes ?? answers, answers),
				{ min: 2, max: Math.max(2, answers), whole: true },
			);
			return typeof answer === 'number' ? void (state.votes = answer) : answer;
		},
	};
}

function rightBelowStep(): WizardStep<Choices> {
	return {
		applies: isOfSeveral,
		ask: async (state, place) => {
			const votes = state.votes ?? 1;
			const answer = await askNumber(
				place,
				vscode.l10n.t('Difficult if fewer than this many of {0} answers are right', votes),
				Math.min(state.rightBelow ?? rightBelowOf(votes), votes),
				{ min: 1, max: votes, whole: true },
			);
			return typeof answer === 'number' ? void (state.rightBelow = answer) : answer;
		},
	};
}

/** Shows the grid of thresholds with the result of each cell on these very answers (the paper's Table 8). */
function thresholdsStep(parts: Parts, scope: Scope, last: Choices): WizardStep<Choices> {
	return {
		applies: ({ method }) => method === 'reward',
		ask: async (state, place) => {
			const { thresholdGrid } = await import('../../workflow/difficulty/thresholdGrid.ts');
			const grid = await thresholdGrid(parts, scope);
			const other = 'other';
			const items: PickItem<GridCell | typeof other>[] = grid.map((cell) => ({
				label: `τ1 ${cell.tau1}  τ2 ${cell.tau2}`,
				description: vscode.l10n.t('{0} difficult', formatCount(cell.difficult)),
				detail:
					cell.compared > 0
						? vscode.l10n.t(
								'compared with the reference answers: accuracy {0}, precision {1}, recall {2}, F1 {3}',
								formatWholePercent(cell.accuracy),
								formatWholePercent(cell.precision),
								formatWholePercent(cell.recall),
								formatWholePercent(cell.f1),
							)
						: vscode.l10n.t('no reference answers to compare with'),
				value: cell,
			}));
			const answer = await pick<GridCell | typeof other>(place, {
				placeholder: vscode.l10n.t(
					'Which thresholds? The paper uses τ1 {0}, τ2 {1}.',
					difficultyDefaults.tau1,
					difficultyDefaults.tau2,
				),
				items: [...items, { label: vscode.l10n.t('Other thresholds…'), value: other }],
				active: (cell) =>
					typeof cell === 'object' &&
					cell.tau1 === (last.tau1 ?? difficultyDefaults.tau1) &&
					cell.tau2 === (last.tau2 ?? difficultyDefaults.tau2),
			});
			if (typeof answer === 'symbol') {
				return answer;
			}
			state.otherThresholds = answer === other;
			if (answer !== other) {
				state.tau1 = answer.tau1;
				state.tau2 = answer.tau2;
			}
			return undefined;
		},
	};
}

function tauStep(name: 'tau1' | 'tau2'): WizardStep<Choices> {
	return {
		applies: ({ method, otherThresholds }) => method === 'reward' && otherThresholds === true,
		ask: async (state, place) => {
			const prompt =
				name === 'tau1'
					? vscode.l10n.t('τ1: difficult if the last step’s reward or the mean is at most this')
					: vscode.l10n.t('τ2: difficult if any earlier step’s reward is at most this');
			const answer = await askNumber(place, prompt, state[name] ?? difficultyDefaults[name], {
				min: 0,
				max: 1,
				whole: false,
			});
			return typeof answer === 'number' ? void (state[name] = answer) : answer;
		},
	};
}

function samplesStep(): WizardStep<Choices> {
	return {
		applies: ({ method }) => method === 'consistency',
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				vscode.l10n.t('Samples per question; a question with fewer stays unclassified'),
				state.samples ?? difficultyDefaults.consistencySamples,
				{ min: 2, max: 1000, whole: true },
			);
			return typeof answer === 'number' ? void (state.samples = answer) : answer;
		},
	};
}

function lengthStep(): WizardStep<Choices> {
	return {
		applies: ({ method }) => method === 'length',
		ask: async (state, place) => {
			const answer = await askNumber(
				place,
				vscode.l10n.t('From how many words on average is an answer long?'),
				state.words ?? difficultyDefaults.words,
				{ min: 1, max: 1_000_000, whole: true },
			);
			return typeof answer === 'number' ? void (state.words = answer) : answer;
		},
	};
}
