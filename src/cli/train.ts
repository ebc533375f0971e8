import { train } from '../workflow/train.ts';
import type { Command, CommandContext, CommandOutput } from './command.ts';
import type { JobRecord } from '../core/job.ts';
import { watchJob } from './followJob.ts';
import { dispatchOptions, openHostParts, readDispatch, type HostParts } from './hostParts.ts';

/** What a command that sends a job says: at once, or with --follow at its end. */
export async function sent(parts: HostParts, record: JobRecord, { values, run }: CommandContext): Promise<CommandOutput> {
	if (!values.flag('follow')) {
		const { id, host, recipe, model } = record;
		return { json: { job: id, host, recipe, model, state: 'queued' }, text: `job ${id} is on ${host}; it goes on without this terminal\n  stat-studio jobs log ${id} --follow\n  stat-studio jobs fetch ${id}` };
	}
	const { job } = await watchJob(parts, record, run);
	return { json: { job: job.id, ...job }, text: `job ${job.id}: ${job.state} after ${job.step ?? 0} steps${job.loss === null ? '' : `, loss ${job.loss}`}\n  stat-studio jobs fetch ${job.id}` };
}

export const trainCommand: Command = {
	usage: 'NAME --host HOST [--recipe sft|grpo] [--model M] [--adapter JOB|PATH] [--set KEY=VALUE …] [--follow] [--xray]',
	about: 'Sends a dataset to a host and trains the student there (SFT by the paper\'s recipe; GRPO from an SFT job\'s adapter). The job outlives this terminal and this machine. --xray only shows which tokens would carry loss. Keys of --set: epochs, lr, batch, accumulation, rank, alpha, dropout, maxLength, seed, quantize (nf4, none, full), steps, saveEvery; for GRPO questions, rollouts, miniBatch, microBatch, maxCompletion, temperature.',
	options: {
		...dispatchOptions,
		recipe: { type: 'string', value: 'sft|grpo', help: 'default sft' },
		xray: { type: 'boolean', help: 'which tokens carry loss under the student\'s template; nothing is trained' },
	},
	words: { least: 1, most: 1 },
	async run(context) {
		const { values, words, run } = context;
		const recipe = values.oneOf('recipe', ['sft', 'grpo'] as const);
		const parts = await openHostParts(context);
		const options = { ...(await readDispatch(context, parts.hosts)), name: words[0] ?? '', recipe, xrayOnly: values.flag('xray') };
		const record = await train(parts, options, run);
		if (!options.xrayOnly) {
			return sent(parts, record, context);
		}
		const { job, events } = await watchJob(parts, record, run);
		const { rows, too_long, tokens, supervised, share, longest, examples } = events.find(({ kind }) => kind === 'xray') ?? {};
		return { json: { job: job.id, xray: { rows, too_long, tokens, supervised, share, longest, examples } }, text: examplesText(examples) };
	},
};

/** Pairs with what carries loss between marks. Text of others: the terminal prints it without control characters. */
function examplesText(examples: unknown): string {
	const runs = (example: unknown): string => (Array.isArray(example) ? (example as { loss?: unknown; text?: unknown }[]).map(({ loss, text }) => (loss === true ? `»${String(text)}«` : String(text))).join('') : '');
	return `Loss falls on what stands between » and «:\n\n${(Array.isArray(examples) ? examples : []).map(runs).join('\n---\n')}`;
}
