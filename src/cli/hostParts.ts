import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Hosts, JobFiles } from '../core/ports/hosts.ts';
import type { Parts } from '../core/ports/parts.ts';
import { StatError } from '../core/errors/statError.ts';
import { createHosts } from '../remote/hostsFile.ts';
import { openJobFiles } from '../store/jobFiles.ts';
import type { DispatchOptions } from '../workflow/training/dispatch.ts';
import type { CommandContext } from './command.ts';
import { confirmNamed } from './confirmNamed.ts';
import type { OptionSpecs } from './optionSpec.ts';

/** Options shared by all commands that dispatch a job. */
export const dispatchOptions = {
	host: { type: 'string', value: 'HOST', help: 'local, or a name that OpenSSH knows' },
	model: {
		type: 'string',
		value: 'M',
		help: "a directory on the host, a model hub's OWNER/NAME (set HF_TOKEN if it is gated), or tiny",
	},
	revision: { type: 'string', value: 'COMMIT', help: "pin a revision of a hub's model" },
	'trust-remote-code': { type: 'boolean', help: "run the model repository's own code; needs --revision" },
	adapter: {
		type: 'string',
		value: 'JOB|PATH',
		help: 'start from the result of a job of this project, or from a directory on the host',
	},
	gpus: {
		type: 'string',
		value: 'N',
		help: 'number of GPUs to train on, with accelerate (default: the host’s setting, else 1)',
	},
	set: { type: 'string', value: 'KEY=VALUE', multiple: true, help: 'a setting of the trainer; may be repeated' },
	follow: { type: 'boolean', help: 'wait until it ends; interrupting the wait does not end the job' },
} satisfies OptionSpecs;

/** Marks some of these options as required. */
export function required<Options extends OptionSpecs>(
	options: Options,
	...names: readonly (keyof Options & string)[]
): Options {
	return Object.fromEntries(
		Object.entries(options).map(([name, spec]) => [
			name,
			names.includes(name) ? { ...spec, required: true } : spec,
		]),
	) as OptionSpecs as Options;
}

/** Returns these options except those that a command does not take. */
export function without<Options extends OptionSpecs, Name extends keyof Options & string>(
	options: Options,
	...names: readonly Name[]
): Omit<Options, Name> {
	return Object.fromEntries(
		Object.entries(options).filter(([name]) => !(names as readonly string[]).includes(name)),
	) as OptionSpecs as Omit<Options, Name>;
}

export interface HostParts {
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

/** Returns this machine's hosts. */
export function openHosts({ dist }: CommandContext): Hosts {
	return createHosts({ trainerFolder: path.join(dist, 'trainer') });
}

/** Opens the project with its jobs and this machine's hosts. */
export async function openHostParts(context: CommandContext): Promise<Parts & HostParts> {
	const parts = await context.parts();
	return { ...parts, hosts: openHosts(context), jobs: openJobFiles(parts.store.folder) };
}

/**
 * Reads the options that every dispatch takes. A new host is confirmed for this machine by a yes on a terminal or by
 * `--yes`; a misspelt one must not be stored.
 */
export async function readDispatch(
	context: CommandContext<Omit<typeof dispatchOptions, 'gpus' | 'follow'>>,
	hosts: Hosts,
): Promise<DispatchOptions> {
	const { values } = context;
	const host = values.required('host', 'local, or a name OpenSSH knows');
	if (host !== 'local' && !(await hosts.confirmed()).some(({ name }) => name === host)) {
		await confirmNamed(
			context,
			`${host} is new here: its files go below ~/.stat-studio there, and packages are installed once ` +
				'(change that with "hosts add"). Use it?',
			new StatError('remote.unconfirmed', { host }),
		);
		await hosts.confirm({ name: host });
		context.run.log('info', `${host} is now one of this machine's hosts`);
	}
	return {
		host,
		model: values.text('model'),
		revision: values.text('revision'),
		trustRemoteCode: values.flag('trust-remote-code'),
		adapter: values.text('adapter'),
		hubToken: process.env['HF_TOKEN'],
		set: values.pairs('set'),
		...newJob(),
	};
}

/** Returns a job's id and token; they are chosen before anything is sent. */
export function newJob(): { readonly id: string; readonly token: string } {
	return { id: randomBytes(6).toString('hex'), token: randomBytes(16).toString('hex') };
}
