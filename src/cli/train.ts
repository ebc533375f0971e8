import { usageError } from './usageError.ts';
import type { TrainOptions } from '../workflow/training/train.ts';
import { estimateTraining, train, trainSweep } from '../workflow/training/train.ts';
import { gradeSweeps, sweepsOf } from '../workflow/training/sweeps.ts';
import { listJobs } from '../workflow/training/jobs.ts';
import { defaultValidation, paperRates } from '../core/training/sweep.ts';
import type { Estimate } from '../core/training/estimate.ts';
import { StatError } from '../core/errors/statError.ts';
import type { CommandContext, CommandOutput } from './command.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { JobRecord } from '../core/training/job.ts';
import type { XrayEvent } from '../core/training/jobEvent.ts';
import { watchJob } from './followJob.ts';
import type { HostParts } from './hostParts.ts';
import { dispatchOptions, newJob, openHostParts, readDispatch, required } from './hostParts.ts';
import { settingHelp } from './settingHelp.ts';
import { sweepText } from './sweepText.ts';
import { formatDuration } from './wording.ts';

/** Returns the output of a command that dispatches a job: at once or, with --follow, when the job ends. */
export async function sent(
	parts: HostParts,
	record: JobRecord,
	{ values, run }: CommandContext<Pick<typeof dispatchOptions, 'follow'>>,
): Promise<CommandOutput> {
	if (!values.flag('follow')) {
		const { id, host, recipe, model } = record;
		return {
			json: { job: id, host, recipe, model, state: 'queued' },
			text:
				`job ${id} is on ${host}; it continues without this terminal\n  stat-studio jobs log ${id} ` +
				`--follow\n  stat-studio jobs fetch ${id}`,
		};
	}
	const { job } = await watchJob(parts, record, run);
	return {
		json: { job: job.id, ...job },
		text:
			`job ${job.id}: ${job.state} after ${job.step ?? 0} ` +
			`steps${job.loss === null ? '' : `, loss ${job.loss}`}\n  stat-studio jobs fetch ${job.id}`,
	};
}

const trainOptions = {
	...required(dispatchOptions, 'host'),
	recipe: { type: 'string', value: 'sft|grpo', help: 'default sft' },
	xray: { type: 'boolean', help: "show which tokens have loss under the student's template; nothing is trained" },
	estimate: { type: 'boolean', help: 'show how long it would take, according to earlier jobs; nothing is sent' },
	sweep: {
		type: 'string',
		value: 'paper|LR,…',
		help: 'train with each of these learning rates and compare validation accuracy',
	},
	validation: {
		type: 'string',
		value: 'N',
		help: `in a sweep: validation questions that each student answers (default ${defaultValidation})`,
	},
} satisfies OptionSpecs;

export const trainCommand = command({
	args: ['NAME'],
	about:
		"Sends a dataset to a host and trains the student there (SFT by the paper's recipe; GRPO from an SFT job's " +
		'adapter). The job continues without this terminal and this machine. --xray only shows which tokens would ' +
		'have loss, --estimate how long it would take according to similar earlier jobs of this project. --sweep ' +
		`trains once for each learning rate ("paper": ${paperRates.map((rate) => rate.toExponential()).join(', ')}); ` +
		'each trained student answers the same validation questions, our grader grades them, and "jobs list" names ' +
		`the winner. Keys of --set with their defaults: ${settingHelp('sft')}; for GRPO ${settingHelp('grpo')}. ` +
		'steps -1: as many as the epochs take; maxAnswer: tokens of a validation answer.',
	options: trainOptions,
	choices: [{ options: ['xray', 'estimate'] }],
	async run(context) {
		const { values, args, run } = context;
		const recipe = values.oneOf('recipe', ['sft', 'grpo'] as const);
		const parts = await openHostParts(context);
		// Checked before the user is asked about a host.
		await parts.datasets.card(args[0] ?? '');
		const rates = ratesOf(values.text('sweep'));
		const options = {
			...(await readDispatch(context, parts.hosts)),
			gpus: values.whole('gpus', 1),
			name: args[0] ?? '',
			recipe,
			xrayOnly: values.flag('xray'),
		};
		if (!options.xrayOnly || values.flag('estimate')) {
			const expected = await estimateTraining(parts, { ...options, trainings: rates?.length }, run);
			if (values.flag('estimate')) {
				return { json: { estimate: expected }, text: estimateText(expected) };
			}
			run.log('info', estimateText(expected));
		}
		if (rates) {
			return sweep(parts, context, { ...options, rates });
		}
		const record = await train(parts, options, run);
		if (!options.xrayOnly) {
			return sent(parts, record, context);
		}
		const { job, events } = await watchJob(parts, record, run);
		const xray = events.find((event) => event.kind === 'xray');
		const { rows, too_long, tokens, supervised, share, longest, examples } = xray?.fields ?? {};
		return {
			json: { job: job.id, xray: { rows, too_long, tokens, supervised, share, longest, examples } },
			text: examplesText(xray?.examples ?? []),
		};
	},
});

/**
 * Formats the pairs, with the text that carries loss between » and «. This is remote text; the terminal prints it
 * without control characters.
 */
function examplesText(examples: XrayEvent['examples']): string {
	const pairs = examples.map((runs) => runs.map(({ loss, text }) => (loss ? `»${text}«` : text)).join(''));
	return `Loss falls on what is between » and «:\n\n${pairs.join('\n---\n')}`;
}

function ratesOf(text: string | undefined): readonly number[] | undefined {
	if (text === undefined || text === 'paper') {
		return text && paperRates;
	}
	const rates = text.split(',').map(Number);
	if (rates.some((rate) => !(rate > 0 && rate < 1))) {
		throw usageError(`--sweep ${text}: expected paper, or learning rates between 0 and 1 with commas between them`);
	}
	return rates;
}

/** Formats how long a training takes according to earlier jobs; if there are none, no number is claimed. */
function estimateText(expected: Estimate | null): string {
	if (!expected) {
		return (
			'no earlier job of this project is like it, so nothing is known of its time; the job tells after ' +
			'its first steps'
		);
	}
	const { seconds, jobs, tokensPerSecond, otherModel } = expected;
	const earlier = jobs === 1 ? 'an earlier job' : `${jobs} earlier jobs`;
	const model = otherModel ? ' of another model of its size' : '';
	const speed = tokensPerSecond === null ? '' : ` (${Math.round(tokensPerSecond)} tokens a second)`;
	return `about ${formatDuration(seconds)} of training, by ${earlier}${model} there${speed}`;
}

async function sweep(
	parts: HostParts & Awaited<ReturnType<typeof openHostParts>>,
	{ values, run }: CommandContext<typeof trainOptions>,
	options: TrainOptions & { readonly rates: readonly number[] },
): Promise<CommandOutput> {
	const records = await trainSweep(
		parts,
		{ ...options, validation: values.whole('validation', 1), jobs: options.rates.map(newJob) },
		run,
	);
	const [first] = records as [JobRecord];
	if (!values.flag('follow')) {
		const jobs = records.map(({ id, sweep: member }) => ({ id, lr: member?.lr }));
		return {
			json: { sweep: first.id, host: first.host, model: first.model, jobs, state: 'queued' },
			text:
				`sweep ${first.id}: ${records.length} trainings are on ${first.host}; they continue without this ` +
				`terminal\n  stat-studio jobs list`,
		};
	}
	for (const record of records) {
		// If one job of the sweep fails, that is logged, and the results of the other jobs are still used.
		await watchJob(parts, record, run).catch((error: unknown) => {
			if (!(error instanceof StatError) || error.kind === 'cancelled') {
				throw error;
			}
			run.log('warn', error.message);
		});
	}
	await gradeSweeps(parts, (await listJobs(parts, run)).jobs, run);
	const outcome = sweepsOf((await listJobs(parts, run)).jobs).find(({ id }) => id === first.id);
	if (!outcome?.winner) {
		throw new StatError('cli.sweep', { sweep: first.id, reason: outcome?.summary ?? 'its jobs are gone' });
	}
	return { json: { sweep: first.id, ...outcome }, text: sweepText(outcome) };
}
