import type { HostSettings } from '../core/training/job.ts';
import { StatError } from '../core/errors/statError.ts';
import type { CommandContext } from './command.ts';
import { command } from './command.ts';
import { openHosts } from './hostParts.ts';
import { table } from './wording.ts';

export const listHosts = command({
	about: 'Lists the hosts confirmed on this machine with their settings. They are stored per user, never in a project.',
	options: {},
	async run(context) {
		const hosts = await openHosts(context).confirmed();
		return {
			json: { hosts },
			text:
				hosts.length === 0
					? 'none yet; "hosts add NAME" or "train … --host NAME" confirms one'
					: table(
							hosts.map(({ name, launcher = 'process', root = '~/.stat-studio', python = '' }) => [
								name,
								launcher,
								root,
								python,
							]),
						),
		};
	},
});

export const addHost = command({
	args: ['NAME'],
	about:
		'Confirms a host for this machine and stores its settings, replacing earlier ones. NAME is local or a name ' +
		'that OpenSSH knows.',
	options: {
		root: {
			type: 'string',
			value: 'PATH',
			help: 'the folder for all of our files there (default ~/.stat-studio); scratch on a cluster',
		},
		python: { type: 'string', value: 'PATH', help: 'an interpreter that has the packages: nothing is installed' },
		prelude: {
			type: 'string',
			value: 'LINES',
			help: 'shell lines to run before Python: module load, conda activate',
		},
		launcher: { type: 'string', value: 'process|slurm', help: 'how jobs start (default process)' },
		slurm: {
			type: 'string',
			value: 'ARGUMENT',
			multiple: true,
			help: 'an argument of sbatch: --slurm=--gres=gpu:1; may be repeated',
		},
		gpus: { type: 'string', value: 'N', help: 'default number of GPUs of a training (default 1)' },
		accelerate: {
			type: 'string',
			value: 'ARGUMENT',
			multiple: true,
			help: 'an argument of accelerate launch: --accelerate=--config_file=PATH; may be repeated',
		},
		pip: {
			type: 'string',
			value: 'ARGUMENT',
			multiple: true,
			help: 'an argument of pip: --pip=--index-url --pip=URL; may be repeated',
		},
	},
	async run(context) {
		const { values, args } = context;
		const text = (name: 'root' | 'python' | 'prelude') => {
			const value = values.text(name);
			return value === undefined ? {} : { [name]: value };
		};
		const launcher = values.oneOf('launcher', ['process', 'slurm'] as const);
		const gpus = values.whole('gpus', 1);
		const list = (name: 'pipArguments' | 'slurmArguments' | 'accelerateArguments', items: readonly string[]) =>
			items.length === 0 ? {} : { [name]: items };
		const settings: HostSettings = {
			name: args[0] ?? '',
			...text('root'),
			...text('python'),
			...text('prelude'),
			...(launcher ? { launcher } : {}),
			...(gpus === undefined ? {} : { gpus }),
			...list('accelerateArguments', values.list('accelerate')),
			...list('pipArguments', values.list('pip')),
			...list('slurmArguments', values.list('slurm')),
		};
		await openHosts(context).confirm(settings);
		return {
			json: { host: settings },
			text: `${settings.name} is one of this machine's hosts; "hosts check ${settings.name}" looks at it`,
		};
	},
});

export const checkHost = command({
	args: ['NAME'],
	about:
		'Checks a host: system, folder, disk, Python, GPU, Slurm. Reports what is missing and how to fix it; fails ' +
		'if a job could not run.',
	options: {},
	async run(context: CommandContext) {
		const name = context.args[0] ?? '';
		const host = await openHosts(context).open(name);
		const findings = await host.preflight(context.run);
		const rows = table(
			findings.map(({ what, level, value, mend }) => [level === 'ok' ? 'ok' : level, what, value, mend]),
		);
		if (findings.some(({ level }) => level === 'missing')) {
			context.run.log('warn', rows);
			throw new StatError('cli.hostUnfit', {
				host: name,
				findings: findings
					.filter(({ level }) => level === 'missing')
					.map(({ what, mend }) => `${what} (${mend})`)
					.join(', '),
			});
		}
		return { json: { host: name, findings }, text: rows };
	},
});
