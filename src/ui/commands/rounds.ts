import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { RoundEntry } from '../../core/rounds/round.ts';
import { isAncestor, isSameRound, roundName } from '../../core/rounds/round.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Store } from '../../core/ports/store/store.ts';
import type { Scope } from '../../core/scope.ts';
import { commandIds, viewIds } from '../ids.ts';
import type { PickItem, WizardStep } from '../kit/wizard.ts';
import { pick, runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { forLabel } from '../kit/untrustedText.ts';
import { isRecord } from './arguments.ts';
import { newJob } from './dispatchTraining.ts';

/** Shows the tree of rounds and the comparison of two of them. */
export const showRounds: Command = async (studio) => {
	const { showRounds: showPanel } = await import('../panels/rounds/roundsPanel.ts');
	showPanel(studio, await needSession(studio));
};

type Sampling = 'validation' | 'test' | 'none';

interface Next {
	job?: string | undefined;
	sample?: Sampling | undefined;
}

/**
 * Creates a round from a finished training job: the clicked one, or one that the user selects. Its parent is the round
 * from which its student was trained; if the user wishes, its student answers at once on that job's host.
 */
export const nextRound: Command = async (studio, argument) => {
	needTrust();
	const parts = await (await needSession(studio)).hostParts();
	const input = isRecord(argument) ? argument : {};
	const state: Next = {
		job: typeof input['id'] === 'string' ? input['id'] : undefined,
		sample: samplings.find((one) => one === input['sample']),
	};
	if (!(await runWizard(vscode.l10n.t('Take Next Round'), state, [jobStep(studio), samplingStep()]))) {
		return;
	}
	const [{ nextRound: next }, { sampleRound }] = await Promise.all([
		import('../../workflow/rounds/rounds.ts'),
		import('../../workflow/rounds/askStudent.ts'),
	]);
	const { job = '', sample = 'none' } = state;
	const { round, sent } = await studio.runs.start('fetch', vscode.l10n.t('Next round'), viewIds.jobs, async (run) => {
		const made = await next(parts, { job }, run);
		return {
			round: made,
			sent:
				sample === 'none'
					? null
					: await sampleRound(
							parts,
							made,
							{ ...newJob(), split: sample, hubToken: process.env['HF_TOKEN'] },
							run,
						),
		};
	});
	const from = vscode.l10n.t(
		'Round {0} of {1}, from round {2}',
		round.round,
		forLabel(round.student),
		round.parent?.round ?? 1,
	);
	studio.runs.show(
		sent
			? {
					text: vscode.l10n.t(
						'{0}: its student answers on {1}; fetch the job when it is done',
						from,
						forLabel(sent.host),
					),
					open: {
						command: commandIds.openJob,
						title: vscode.l10n.t('Show Job'),
						arguments: [{ id: sent.id }],
					},
				}
			: {
					text: vscode.l10n.t('{0}: evaluate it, or import its answers', from),
					open: { command: commandIds.showRounds, title: vscode.l10n.t('Show Rounds') },
				},
	);
	await studio.jobs.watch.look();
};

const samplings: readonly Sampling[] = ['validation', 'test', 'none'];

function jobStep(studio: Studio): WizardStep<Next> {
	return {
		applies: ({ job }) => job === undefined,
		ask: async (state, place) => {
			await studio.jobs.watch.look();
			const rows = studio.jobs.watch.rows.filter(
				({ state: stands, recipe }) => stands === 'done' && (recipe === 'sft' || recipe === 'grpo'),
			);
			if (rows.length === 0) {
				throw new StatError('editor.nothingToDo', {
					problem: vscode.l10n.t(
						'No training job is done yet: dispatch one first (STAT: Dispatch Training…)',
					),
				});
			}
			const answer = await pick<string>(place, {
				placeholder: vscode.l10n.t('From which job?'),
				items: rows.map(({ id, dataset, model, recipe, host }) => ({
					label: forLabel(dataset ?? model),
					description: forLabel(`${recipe} · ${host}`),
					detail: id,
					value: id,
				})),
			});
			return typeof answer === 'string' ? void (state.job = answer) : answer;
		},
	};
}

function samplingStep(): WizardStep<Next> {
	return {
		applies: ({ sample }) => sample === undefined,
		ask: async (state, place) => {
			const answer = await pick<Sampling>(place, {
				placeholder: vscode.l10n.t('Should its student answer now, on the host of that job?'),
				items: [
					{
						label: vscode.l10n.t('Validation questions'),
						description: vscode.l10n.t('for the next profile'),
						value: 'validation',
					},
					{
						label: vscode.l10n.t('Test questions'),
						description: vscode.l10n.t('for the gain to report'),
						value: 'test',
					},
					{ label: vscode.l10n.t('Not now'), value: 'none' },
				],
			});
			return typeof answer === 'string' ? void (state.sample = answer) : answer;
		},
	};
}

interface Correction {
	round?: Scope | undefined;
	/** `null`: no parent; undefined: the user has not been asked yet. */
	parent?: Scope | null | undefined;
	benchmark?: string | null | undefined;
	control?: boolean | undefined;
}

/** Corrects a round's record: its parent, its benchmark, and whether it is a control arm. */
export const correctRound: Command = async (studio, argument) => {
	needTrust();
	const { store } = await (await needSession(studio)).parts();
	const { correctRound: correct, listRounds, nodesOf } = await import('../../workflow/rounds/rounds.ts');
	const input = isRecord(argument) ? argument : {};
	const rounds = nodesOf(await listRounds({ store })).map(({ round }) => round);
	if (rounds.length === 0) {
		throw new StatError('editor.noAnswers', {});
	}
	const state: Correction = {
		round: isScope(argument) ? { student: argument.student, round: argument.round } : undefined,
		parent: input['parent'] === null || isScope(input['parent']) ? input['parent'] : undefined,
		benchmark:
			input['benchmark'] === null || typeof input['benchmark'] === 'string' ? input['benchmark'] : undefined,
		control: typeof input['control'] === 'boolean' ? input['control'] : undefined,
	};
	// If the caller passes any corrections, the user is not asked for the rest.
	const says = ['parent', 'benchmark', 'control'].some((field) => field in input);
	const recorded = () => rounds.find((round) => isSameRound(round, state.round ?? null));
	if (
		!(await runWizard(vscode.l10n.t('Edit Round Details'), state, [
			roundStep(rounds),
			...(says ? [] : [parentStep(rounds, recorded), meantForStep(store, recorded), controlStep(recorded)]),
		]))
	) {
		return;
	}
	const { round = { student: '', round: 0 }, ...correction } = state;
	const entry = await correct({ store }, round, correction, { now: () => new Date().toISOString() });
	studio.runs.show({
		text:
			entry.parent === null
				? vscode.l10n.t('Round {0} of {1} has no parent', entry.round, forLabel(entry.student))
				: vscode.l10n.t(
						'Round {0} of {1} has the parent {2}',
						entry.round,
						forLabel(entry.student),
						forLabel(roundName(entry.parent)),
					),
		open: { command: commandIds.showRounds, title: vscode.l10n.t('Show Rounds') },
	});
};

function roundStep(rounds: readonly RoundEntry[]): WizardStep<Correction> {
	return {
		applies: ({ round }) => round === undefined,
		ask: async (state, place) => {
			const answer = await pick<Scope>(place, {
				placeholder: vscode.l10n.t('Which round?'),
				items: rounds.map((round) => roundItem(round)),
				active: (round) => isSameRound(round, state.round ?? null),
			});
			return typeof answer === 'symbol' ? answer : void (state.round = answer);
		},
	};
}

function parentStep(rounds: readonly RoundEntry[], recorded: () => RoundEntry | undefined): WizardStep<Correction> {
	return {
		ask: async (state, place) => {
			const known = new Map(rounds.map((round) => [roundName(round), round]));
			const { round: own } = state;
			const above = own ? rounds.filter((round) => !isAncestor(own, round, known)) : [];
			const answer = await pick<Scope | 'none'>(place, {
				placeholder: vscode.l10n.t('Which round’s student was trained for it?'),
				items: [
					{ label: vscode.l10n.t('None: a base model'), value: 'none' as const },
					...above.map((round) => roundItem(round)),
				],
				active: (value) =>
					value === 'none' ? recorded()?.parent === null : isSameRound(value, recorded()?.parent ?? null),
			});
			return typeof answer === 'symbol' ? answer : void (state.parent = answer === 'none' ? null : answer);
		},
	};
}

function meantForStep(store: Pick<Store, 'read'>, recorded: () => RoundEntry | undefined): WizardStep<Correction> {
	return {
		ask: async (state, place) => {
			const { listBenchmarks } = await import('../../workflow/questions/benchmarks.ts');
			const here = (await listBenchmarks({ store: store as Store })).filter(
				({ validation_questions: count }) => count > 0,
			);
			const answer = await pick<string>(place, {
				placeholder: vscode.l10n.t('Should it be profiled on only one benchmark?'),
				items: [
					{ label: vscode.l10n.t('No: on all validation questions it answered'), value: '' },
					...here.map(({ name, validation_questions: count }) => ({
						label: forLabel(name),
						description: vscode.l10n.t('{0} validation questions', formatCount(count)),
						value: name,
					})),
				],
				active: (name) => name === (recorded()?.benchmark ?? ''),
			});
			return typeof answer === 'string' ? void (state.benchmark = answer === '' ? null : answer) : answer;
		},
	};
}

function controlStep(recorded: () => RoundEntry | undefined): WizardStep<Correction> {
	return {
		ask: async (state, place) => {
			const answer = await pick<boolean>(place, {
				placeholder: vscode.l10n.t('Is it a control arm, trained without the skills?'),
				items: [
					{ label: vscode.l10n.t('No'), value: false },
					{ label: vscode.l10n.t('Yes: other rounds of its parent are compared with it'), value: true },
				],
				active: (control) => control === recorded()?.control,
			});
			return typeof answer === 'boolean' ? void (state.control = answer) : answer;
		},
	};
}

function roundItem({ student, round, dataset, recipe }: RoundEntry): PickItem<Scope> {
	return {
		label: forLabel(roundName({ student, round })),
		description: forLabel([recipe?.toUpperCase() ?? '', dataset ?? ''].filter(Boolean).join(' · ')),
		value: { student, round },
	};
}

/** Opens a report on the round in view (or in the panel) as a new Markdown document. */
export const report: Command = async (studio, argument) => {
	const session = await needSession(studio);
	const scope = isScope(argument) ? argument : await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const parts = await session.hostParts();
	const { report: write } = await import('../../workflow/rounds/report.ts');
	const { text } = await studio.runs.start('report', vscode.l10n.t('Report'), viewIds.jobs, (run) =>
		write(parts, { round: { student: scope.student, round: scope.round } }, run),
	);
	await vscode.window.showTextDocument(
		await vscode.workspace.openTextDocument({ language: 'markdown', content: text }),
		{ preview: false },
	);
};

function isScope(value: unknown): value is Scope {
	return isRecord(value) && typeof value['student'] === 'string' && Number.isInteger(value['round']);
}
