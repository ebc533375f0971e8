import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import path from 'node:path';
import { importResults } from '../workflow/rounds/askStudent.ts';
import type { ConfirmJob, JobRow } from '../workflow/training/jobs.ts';
import {
	cancelJob,
	cleanJobs,
	fetchJob,
	followJob,
	foreignJobError,
	jobRow,
	listJobs,
	resumeJob,
} from '../workflow/training/jobs.ts';
import { gradeSweeps, resumeSweep, sweepsOf } from '../workflow/training/sweeps.ts';
import { command } from './command.ts';
import { confirmNamed } from './confirmNamed.ts';
import { openHostParts } from './hostParts.ts';
import { sweepText } from './sweepText.ts';
import { oneLine, table } from './wording.ts';

function line({
	id,
	state,
	fresh,
	host,
	recipe,
	dataset,
	model,
	step,
	steps,
	loss,
	detail,
}: JobRow): (string | number)[] {
	return [
		id,
		fresh ? state : `${state}?`,
		host,
		recipe,
		dataset ?? model,
		step === null ? '' : `${step}${steps === null ? '' : `/${steps}`}`,
		loss === null ? '' : loss.toFixed(4),
		detail === state ? '' : detail.slice(0, 120),
	];
}

export const listCommand = command({
	about:
		'Lists every job that this project started, newest first, with its state from its own files on the host: ' +
		'queued, running, done, failed, cancelled, lost. A host that does not respond does not end its jobs: they ' +
		'show the last known state with a question mark ("fresh": false). Sweeps follow, each with the validation ' +
		'accuracy of its learning rates and the winner; new validation answers are fetched and graded first.',
	options: {},
	async run(context) {
		const parts = await openHostParts(context);
		const listed = await listJobs(parts, context.run);
		listed.problems.forEach((problem) => context.run.log('warn', problem));
		const { jobs, problems } = (await gradeSweeps(parts, listed.jobs, context.run))
			? { ...(await listJobs(parts, context.run)), problems: listed.problems }
			: listed;
		const sweeps = sweepsOf(jobs);
		return {
			json: { jobs, sweeps, problems },
			text:
				jobs.length === 0
					? 'no jobs yet ("train NAME --host HOST" starts one)'
					: [table(jobs.map(line)), ...sweeps.map(sweepText)].join('\n\n'),
		};
	},
});

export const logCommand = command({
	args: ['ID'],
	about:
		"Prints the job's event log from its host, byte for byte (JSON lines); with --follow until the job ends, " +
		'without a gap over lost connections. The log of a fetched job is read locally.',
	options: {
		follow: { type: 'boolean', help: 'continue until the job ends' },
		output: { type: 'boolean', help: "print the trainer's raw output instead" },
		from: { type: 'string', value: 'BYTE', help: 'start at this byte' },
	},
	async run(context) {
		const { args, values, run, io } = context;
		const parts = await openHostParts(context);
		const record = await parts.jobs.get(args[0] ?? '');
		const file = values.flag('output') ? 'output' : 'events';
		const offset = values.whole('from') ?? 0;
		const fetched = path.join(parts.jobs.folder(record.id), 'fetched', file === 'events' ? 'events.jsonl' : file);
		const isHere = (await parts.jobs.note(record.id))?.fetched === true && existsSync(fetched);
		for await (const bytes of isHere
			? (createReadStream(fetched, { start: offset }) as AsyncIterable<Uint8Array>)
			: followJob(parts, record, { file, offset, follow: values.flag('follow') }, run)) {
			if (!io.stdout.write(bytes)) {
				await once(io.stdout, 'drain');
			}
		}
		if (values.flag('follow')) {
			const { state, detail } = await jobRow(parts, record, run);
			run.log('info', `${record.id}: ${state}${detail && detail !== state ? `: ${detail}` : ''}`);
		}
		return { exitStatus: 0 };
	},
});

export const cancelCommand = command({
	args: ['ID'],
	about: 'Ends the job: its whole process group, or its Slurm job. Returns when it is gone.',
	options: {},
	async run(context) {
		const parts = await openHostParts(context);
		const job = await cancelJob(parts, await parts.jobs.get(context.args[0] ?? ''), context.run);
		return { json: { jobs: [job] }, text: `${job.id}: ${job.state}` };
	},
});

export const resumeCommand = command({
	args: ['ID'],
	about:
		'Resumes a failed, cancelled or lost job from its last checkpoint, as the same job; sends a job that was ' +
		'never sent. Running it twice starts one trainer. --sweep: every training of its sweep that has not succeeded. ' +
		'A job whose record came with the project from elsewhere runs only after a yes, or with --yes.',
	options: { sweep: { type: 'boolean', help: 'resume its whole sweep' } },
	async run(context) {
		const parts = await openHostParts(context);
		const record = await parts.jobs.get(context.args[0] ?? '');
		const confirm: ConfirmJob = (foreign) => {
			const refusal = foreignJobError(foreign);
			const { job, host, model, revision, code } = refusal.data;
			const what = `model ${model} (revision ${revision}, trust_remote_code: ${code}) on ${host}`;
			return confirmNamed(
				context,
				`Job ${job} was not started on this machine. Run ${oneLine(what, 1000)}?`,
				refusal,
			);
		};
		const jobs = context.values.flag('sweep')
			? await resumeSweep(parts, record.sweep?.id ?? record.id, confirm, context.run)
			: [await resumeJob(parts, record, confirm, context.run)];
		return {
			json: { jobs },
			text:
				jobs.length === 0
					? 'every training of it has ended well'
					: jobs
							.map(
								({ id, state, detail }) =>
									`${id}: ${state}${detail && detail !== state ? `: ${detail}` : ''}`,
							)
							.join('\n'),
		};
	},
});

export const fetchCommand = command({
	args: ['ID'],
	about:
		"Copies the job's results to .stat/jobs/ID/fetched. Each file is checked by its hash, and an interrupted " +
		'transfer continues where it ended. Answers of "sample" and scores of "score" are imported.',
	options: {},
	async run(context) {
		const parts = await openHostParts(context);
		const record = await parts.jobs.get(context.args[0] ?? '');
		const { job, folder, files } = await fetchJob(parts, record, context.run);
		const imported = job.state === 'done' ? await importResults(parts, record, context.run) : null;
		const came = imported === null ? '' : `\n${formatImported(imported)}`;
		return {
			json: { jobs: [job], folder, files, imported },
			text:
				`${files.length} files, ${megabytes(files.reduce((sum, { bytes }) => sum + bytes, 0))} in ` +
				`${folder}${came}`,
		};
	},
});

function formatImported(imported: NonNullable<Awaited<ReturnType<typeof importResults>>>): string {
	return 'scored' in imported
		? `${imported.scored} answers gained step scores`
		: `${imported.answers} answers imported: ${imported.graded} graded, ${imported.correct} right`;
}

export const cleanCommand = command({
	about:
		'Shows the space that ended jobs and unused uploads take on their hosts; after --yes or a confirmation, ' +
		"removes them there. Done jobs that were not fetched are skipped without --all. The project's own records of " +
		'its jobs remain.',
	options: { all: { type: 'boolean', help: 'include done jobs that were not fetched' } },
	async run(context) {
		const { values, run, io } = context;
		const parts = await openHostParts(context);
		const all = values.flag('all');
		const found = await cleanJobs(parts, { remove: false, all }, run);
		const total = megabytes(found.cleaned.reduce((sum, { bytes }) => sum + bytes, 0));
		[
			...found.problems,
			...(found.unfetched.length > 0 ? [`not fetched yet, left alone: ${found.unfetched.join(', ')}`] : []),
		].forEach((problem) => run.log('warn', problem));
		const mayRemove = values.flag('yes') || (io.stdin.isTTY && io.stderr.isTTY);
		if (mayRemove && found.cleaned.length > 0) {
			await context.confirm(
				`Remove ${found.cleaned.map(({ host, name, bytes }) => `${host}:${name} (${megabytes(bytes)})`).join(', ')}?`,
			);
			await cleanJobs(parts, { remove: true, all }, run);
		}
		const { jobs } = await listJobs(parts, run);
		const rows = found.cleaned.map(({ host, name, bytes }) => [host, name, megabytes(bytes)]);
		return {
			json: { jobs, cleaned: found.cleaned, kept: found.unfetched, removed: Boolean(mayRemove) },
			text:
				found.cleaned.length === 0
					? 'nothing to clean'
					: `${table(rows)}\n${mayRemove ? `removed, ${total}` : `${total} in all; --yes removes it`}`,
		};
	},
});

function megabytes(bytes: number): string {
	return `${(bytes / 1e6).toFixed(1)} MB`;
}
