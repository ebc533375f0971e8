import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import { trainingSettings } from '../../core/training/settings.ts';
import { commandIds, mementoKeys, viewIds } from '../ids.ts';
import type { HostParts, ProjectSession } from '../session/projectSession.ts';
import type { WizardStep } from '../kit/wizard.ts';
import { ask, pick, runWizard } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { forLabel, forMessage } from '../kit/untrustedText.ts';
import { isRecord, needDataset } from './arguments.ts';

interface Choices extends HostChoice {
	model?: string | undefined;
	/** `sweep`: SFT with each of the paper's five learning rates. */
	recipe?: 'sft' | 'sweep' | 'grpo' | undefined;
	/** The finished SFT job that GRPO starts from. */
	adapter?: string | undefined;
	/** For example `epochs=3 lr=0.0002`, as on the command line. */
	settings?: string | undefined;
}

/**
 * Dispatches a training set to a GPU host: asks for the host, recipe, model and settings. A new host must be confirmed
 * first.
 */
export const dispatchTraining: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Dispatch Training');
	const name = await needDataset(session, title, argument);
	if (name === undefined) {
		return;
	}
	const parts = await session.hostParts();
	const requested = isRecord(argument) && typeof argument['host'] === 'string' ? (argument as Choices) : undefined;
	const state: Choices = requested ?? {
		...studio.context.workspaceState.get<Choices>(mementoKeys.trainChoices, {}),
		adapter: undefined,
	};
	if (
		!requested &&
		!(await runWizard(title, state, [
			hostStep(parts),
			otherHostStep(),
			recipeStep(),
			adapterStep(parts),
			modelStep(),
			settingsStep(parts, name),
		]))
	) {
		return;
	}
	const { host = '', model, recipe = 'sft', adapter, settings = '' } = state;
	await studio.context.workspaceState.update(mementoKeys.trainChoices, { host, model, recipe, settings });
	await confirmHost(parts, host);
	const [{ train, trainSweep }, { paperRates }] = await Promise.all([
		import('../../workflow/training/train.ts'),
		import('../../core/training/sweep.ts'),
	]);
	const { set, gpus, validation } = readSettings(settings);
	const options = {
		...newJob(),
		name,
		host,
		recipe: recipe === 'grpo' ? recipe : ('sft' as const),
		set,
		gpus,
		...(recipe === 'grpo' && adapter ? { adapter } : { model }),
		hubToken: process.env['HF_TOKEN'],
	};
	const record = await studio.runs.start('train', title, viewIds.jobs, async (run) => {
		if (recipe !== 'sweep') {
			return train(parts, options, run);
		}
		const [first] = await trainSweep(
			parts,
			{ ...options, rates: paperRates, validation, jobs: paperRates.map(newJob) },
			run,
		);
		return first;
	});
	if (record) {
		studio.runs.show({
			text: vscode.l10n.t('{0} is on {1}; it continues without this window', name, host),
			open: { command: commandIds.openJob, title: vscode.l10n.t('Show Job'), arguments: [{ id: record.id }] },
		});
	}
	await studio.jobs.watch.look();
};

export function newJob(): { id: string; token: string } {
	return { id: randomBytes(6).toString('hex'), token: randomBytes(16).toString('hex') };
}

/** Parses `key=value` pairs into the trainer's settings and those of the dispatch itself. */
function readSettings(text: string): {
	set: Record<string, string>;
	gpus: number | undefined;
	validation: number | undefined;
} {
	const { gpus, validation, ...set } = Object.fromEntries(
		tokens(text).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
	);
	const whole = (name: string, value: string | undefined): number | undefined => {
		const number = value === undefined ? undefined : Number(value);
		if (number !== undefined && (!Number.isSafeInteger(number) || number < 1)) {
			throw new StatError('editor.usage', {
				problem: vscode.l10n.t('{0}={1}: expected a whole number of at least 1', name, value ?? ''),
			});
		}
		return number;
	};
	return { set, gpus: whole('gpus', gpus), validation: whole('validation', validation) };
}

/**
 * Without this, a project's files could send data anywhere. The user consents once per host, and this machine remembers
 * it.
 */
export async function confirmHost({ hosts }: HostParts, host: string): Promise<void> {
	if (host === 'local' || (await hosts.confirmed()).some(({ name }) => name === host)) {
		return;
	}
	const yes = vscode.l10n.t('Use Host');
	const detail = vscode.l10n.t(
		'Files are stored in ~/.stat-studio there, and Python packages are installed once. To set ' +
			'another folder, an interpreter or Slurm, use a terminal: see docs/training.md.',
	);
	if (
		(await vscode.window.showInformationMessage(
			forMessage(vscode.l10n.t('Use {0} as a training host?', host)),
			{ modal: true, detail },
			yes,
		)) !== yes
	) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was sent') });
	}
	await hosts.confirm({ name: host });
}

const other = '\0';

/** Asks for the host of a command that dispatches a job. */
export interface HostChoice {
	host?: string | undefined;
}

export function hostStep({ hosts }: HostParts): WizardStep<HostChoice> {
	return {
		ask: async (state, place) => {
			const known = (await hosts.confirmed()).filter(({ name }) => name !== 'local');
			const answer = await pick<string>(place, {
				placeholder: vscode.l10n.t('On which host?'),
				items: [
					...known.map(({ name, launcher, root }) => ({
						label: forLabel(name),
						description: forLabel([launcher ?? '', root ?? ''].filter(Boolean).join(' · ')),
						value: name,
					})),
					{
						label: vscode.l10n.t('Another Host…'),
						description: vscode.l10n.t('a name that OpenSSH knows'),
						value: other,
					},
					{ label: vscode.l10n.t('This machine'), description: 'local', value: 'local' },
				],
				active: (host) => host === state.host,
			});
			return typeof answer === 'string' ? void (state.host = answer) : answer;
		},
	};
}

export function otherHostStep(): WizardStep<HostChoice> {
	return {
		applies: ({ host }) => host === other,
		ask: async (state, place) => {
			const answer = await ask(place, {
				prompt: vscode.l10n.t('Name of the host, as you would type it after ssh'),
				check: (host) =>
					/^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,252}$/.test(host)
						? undefined
						: vscode.l10n.t('A name that OpenSSH knows: letters, digits, “.”, “_”, “-”, “@”'),
			});
			return typeof answer === 'string' ? void (state.host = answer) : answer;
		},
	};
}

function recipeStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await pick<'sft' | 'sweep' | 'grpo'>(place, {
				placeholder: vscode.l10n.t('How should the student be trained?'),
				items: [
					{ label: 'SFT', description: vscode.l10n.t('supervised, QLoRA as in the paper'), value: 'sft' },
					{
						label: vscode.l10n.t('SFT, learning rate sweep'),
						description: vscode.l10n.t('the paper’s five rates; validation accuracy chooses'),
						value: 'sweep',
					},
					{
						label: 'GRPO',
						description: vscode.l10n.t('after SFT; needs questions with a reference answer'),
						value: 'grpo',
					},
				],
				active: (recipe) => recipe === state.recipe,
			});
			return typeof answer === 'string' ? void (state.recipe = answer) : answer;
		},
	};
}

function adapterStep({ jobs }: HostParts): WizardStep<Choices> {
	return {
		applies: ({ recipe }) => recipe === 'grpo',
		ask: async (state, place) => {
			const { records } = await jobs.list();
			const fitting = records.filter(({ recipe, host }) => recipe === 'sft' && host === state.host);
			const answer = await pick<string>(place, {
				placeholder: vscode.l10n.t('Which training should it continue?'),
				items: [
					...fitting.map(({ id, dataset, model, createdAt }) => ({
						label: forLabel(dataset ?? id),
						description: forLabel(`${model} · ${createdAt.slice(0, 16).replace('T', ' ')}`),
						detail: id,
						value: id,
					})),
					{ label: vscode.l10n.t('None: a new adapter'), value: '' },
				],
			});
			return typeof answer === 'string' ? void (state.adapter = answer) : answer;
		},
	};
}

function modelStep(): WizardStep<Choices> {
	return {
		applies: ({ recipe, adapter }) => !(recipe === 'grpo' && adapter),
		ask: async (state, place) => {
			const answer = await ask(place, {
				prompt: vscode.l10n.t(
					'The student: a model hub’s OWNER/NAME, a directory on the host, or tiny for a trial',
				),
				value: state.model ?? '',
				check: (model) => (model === '' ? vscode.l10n.t('Which model?') : undefined),
			});
			return typeof answer === 'string' ? void (state.model = answer) : answer;
		},
	};
}

/** Returns the last wizard step before anything is sent; it also shows how long similar trainings took. */
function settingsStep(parts: Awaited<ReturnType<ProjectSession['hostParts']>>, name: string): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await ask(place, {
				prompt:
					`${await timeText(parts, name, state)} ` +
					`${vscode.l10n.t('Settings that differ from the paper’s, as key=value (also gpus, validation); empty for none')}`,
				value: state.settings ?? '',
				placeholder: exampleSettings(state.recipe === 'grpo' ? 'grpo' : 'sft'),
				check: (text) =>
					tokens(text).every((pair) => /^[A-Za-z]+=\S+$/.test(pair))
						? undefined
						: vscode.l10n.t('Words of the form key=value'),
			});
			return typeof answer === 'string' ? void (state.settings = answer) : answer;
		},
	};
}

/** Returns some of a recipe's defaults, such as `epochs=3 lr=0.0002 rank=16`. */
function exampleSettings(recipe: 'sft' | 'grpo'): string {
	return ['epochs', 'lr', 'rank'].map((key) => `${key}=${trainingSettings[key]?.defaults[recipe]}`).join(' ');
}

/** Returns a time estimate from this project's earlier jobs; if there are none, no number is claimed. */
async function timeText(
	parts: Awaited<ReturnType<ProjectSession['hostParts']>>,
	name: string,
	{ host = '', recipe, model, adapter, settings = '' }: Choices,
): Promise<string> {
	const [{ estimateTraining }, { paperRates }] = await Promise.all([
		import('../../workflow/training/train.ts'),
		import('../../core/training/sweep.ts'),
	]);
	const run = {
		signal: AbortSignal.timeout(10_000),
		progress: () => undefined,
		log: () => undefined,
		now: () => new Date().toISOString(),
	};
	try {
		const { set, gpus } = readSettings(settings);
		const expected = await estimateTraining(
			parts,
			{
				name,
				host,
				recipe: recipe === 'grpo' ? 'grpo' : 'sft',
				set,
				gpus,
				...(adapter ? { adapter } : { model }),
				trainings: recipe === 'sweep' ? paperRates.length : 1,
			},
			run,
		);
		return expected
			? vscode.l10n.t(
					'About {0} min according to earlier jobs there ({1}).',
					formatCount(Math.max(1, Math.round(expected.seconds / 60))),
					formatCount(expected.jobs),
				)
			: vscode.l10n.t('No earlier job shows how long this takes.');
	} catch {
		// Settings remembered from another recipe may not fit this one; the dispatch reports that.
		return '';
	}
}

const tokens = (text: string): string[] => text.split(/\s+/).filter(Boolean);
