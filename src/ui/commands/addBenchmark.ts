import * as vscode from 'vscode';
import { metricName } from '../../core/questions/benchmark.ts';
import type { CachedBenchmark } from '../../core/questions/hubFile.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { AddBenchmarkResult, ListedBenchmark } from '../../workflow/questions/benchmarks.ts';
import { viewIds } from '../ids.ts';
import type { HostParts, ProjectSession } from '../session/projectSession.ts';
import type { WizardStep } from '../kit/wizard.ts';
import { leave, pick, pickOrAsk, runWizard } from '../kit/wizard.ts';
import type { Studio } from '../session/studio.ts';
import { forLabel } from '../kit/untrustedText.ts';
import type { HostChoice } from './dispatchTraining.ts';
import { confirmHost, hostStep, otherHostStep } from './dispatchTraining.ts';

interface Choices extends HostChoice {
	from?: 'file' | 'cache' | undefined;
	files?: readonly string[] | undefined;
	name?: string | undefined;
	cached?: CachedBenchmark | undefined;
}

/**
 * Adds a benchmark from the user's file, or from the Hugging Face cache on this machine or a host. Returns undefined if
 * the user cancelled.
 */
export async function addBenchmark(
	studio: Studio,
	session: ProjectSession,
	all: readonly ListedBenchmark[],
): Promise<AddBenchmarkResult | undefined> {
	const title = vscode.l10n.t('Add Benchmark');
	const parts = await session.hostParts();
	const state: Choices = {};
	const isCache = ({ from }: Choices) => from === 'cache';
	const typed = otherHostStep();
	const whereSteps: WizardStep<Choices>[] = [
		{ applies: isCache, ask: hostStep(parts).ask },
		{ applies: (choices) => isCache(choices) && typed.applies?.(choices) === true, ask: typed.ask },
	];
	if (!(await runWizard(title, state, [fromStep(), fileStep(), nameStep(all), ...whereSteps, cachedStep(parts)]))) {
		return undefined;
	}
	const { files = [], name = '', host = 'local' } = state;
	const cached = isCache(state) ? state.cached : undefined;
	const [{ addBenchmark: add }, { addCached }] = await Promise.all([
		import('../../workflow/questions/benchmarks.ts'),
		import('../../workflow/questions/cachedBenchmarks.ts'),
	]);
	return studio.runs.start('import', title, viewIds.questions, (job) =>
		cached
			? addCached(parts, { name: cached.benchmark, host, repository: cached.repository }, job)
			: add(parts, { name, files }, job),
	);
}

function fromStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await pick<'file' | 'cache'>(place, {
				placeholder: vscode.l10n.t('Where are its questions?'),
				items: [
					{
						label: vscode.l10n.t('In a file…'),
						description: vscode.l10n.t('JSON, JSONL, CSV, Parquet'),
						value: 'file',
					},
					{
						label: vscode.l10n.t('In a Hugging Face cache…'),
						description: vscode.l10n.t('of this machine or a host; nothing is downloaded'),
						value: 'cache',
					},
				],
				active: (from) => from === state.from,
			});
			return typeof answer === 'string' ? void (state.from = answer) : answer;
		},
	};
}

function fileStep(): WizardStep<Choices> {
	return {
		applies: ({ from }) => from === 'file',
		ask: async (state) => {
			const files = await vscode.window.showOpenDialog({
				canSelectMany: true,
				canSelectFolders: false,
				openLabel: vscode.l10n.t('Add Benchmark'),
			});
			state.files = files?.map(({ fsPath }) => fsPath);
			return state.files && state.files.length > 0 ? undefined : leave;
		},
	};
}

function nameStep(all: readonly ListedBenchmark[]): WizardStep<Choices> {
	return {
		applies: ({ from }) => from === 'file',
		ask: async (state, place) => {
			const items = all
				.filter(({ name }) => name !== 'MATH^D')
				.map((one) => ({
					label: forLabel(one.name),
					description:
						`${metricName(one)} · ` +
						`${one.size === null ? '' : vscode.l10n.t('{0} questions', formatCount(one.size))}`,
					value: one.name,
				}));
			const check = (name: string) =>
				name === '' || name.length > 200 ? vscode.l10n.t('A name of at most 200 characters') : undefined;
			const answer = await pickOrAsk(
				place,
				{
					placeholder: vscode.l10n.t('Which benchmark is it?'),
					items,
					another: vscode.l10n.t('One of my own…'),
				},
				{ prompt: vscode.l10n.t('Name of the benchmark'), check },
			);
			return typeof answer === 'string' ? void (state.name = answer) : answer;
		},
	};
}

/** Lists the benchmarks in a cache; a new host must be confirmed before the first connection. */
function cachedStep(parts: HostParts): WizardStep<Choices> {
	return {
		applies: ({ from }) => from === 'cache',
		ask: async (state, place) => {
			const { host = 'local' } = state;
			await confirmHost(parts, host);
			const { findCached } = await import('../../workflow/questions/cachedBenchmarks.ts');
			const found = await vscode.window.withProgress(
				{ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking at the cache of {0}', host) },
				() => findCached(parts.hosts, host, { signal: AbortSignal.timeout(60_000) }),
			);
			if (found.length === 0) {
				throw new StatError('editor.usage', {
					problem: vscode.l10n.t('The Hugging Face cache of {0} contains no known benchmark', host),
				});
			}
			const answer = await pick<CachedBenchmark>(place, {
				placeholder: vscode.l10n.t('Which benchmark?'),
				items: found.map((one) => ({
					label: forLabel(one.benchmark),
					description: forLabel(one.repository),
					detail: forLabel(one.files.map(({ name }) => name).join(', ')),
					value: one,
				})),
			});
			return typeof answer === 'symbol' ? answer : void (state.cached = answer);
		},
	};
}
