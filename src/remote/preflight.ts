import type { Finding, HostSettings } from '../core/training/job.ts';
import { preamble, script } from './place.ts';
import preflightText from './scripts/preflight.sh';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';

const gigabytes = (kilobytes: string): string => `${(Number(kilobytes) / 1048576).toFixed(1)} GB`;

/** Reports what a host has and what it lacks, with a fix for each gap. */
export async function preflight(shell: Shell, settings: HostSettings, signal: AbortSignal): Promise<Finding[]> {
	const values = {
		PRELUDE: settings.prelude ?? '',
		STAT_INTERPRETER: settings.python ?? '',
		SLURM: settings.launcher === 'slurm' ? 'yes' : 'no',
	};
	const look = script([preamble(settings), preflightText], values, settings.slurmArguments ?? []);
	const { stdout, code, stderr } = await shell.run(look, { signal, timeoutMs: 90_000 });
	const facts = new Map<string, string>();
	for (const line of stdout.toString('utf8').split('\n')) {
		const at = line.indexOf('\t');
		if (at > 0) {
			facts.set(line.slice(0, at), plainLine(line.slice(at + 1)));
		}
	}
	const findings: Finding[] = [];
	const add = (what: string, level: Finding['level'], value: string, mend = '') =>
		findings.push({ what, level, value, mend });
	const system = facts.get('system') ?? '';
	add(
		'system',
		/^Linux /.test(system) ? 'ok' : 'missing',
		system || plainLine(stderr) || `exit ${code}`,
		/^Linux /.test(system) ? '' : 'jobs run on Linux hosts',
	);
	if (facts.has('writable')) {
		add('folder', 'ok', facts.get('writable') ?? '');
		const disk = facts.get('disk') ?? '0';
		const little = Number(disk) < 2 * 1048576;
		add(
			'free disk',
			little ? 'warn' : 'ok',
			gigabytes(disk),
			little
				? 'an environment takes 6 to 10 GB, a model twice its size: set another root (scratch) for this host'
				: '',
		);
	} else {
		add(
			'folder',
			'missing',
			facts.get('unwritable') ?? '',
			'cannot be written: set another root (scratch) for this host',
		);
	}
	for (const tool of ['setsid', 'base64', 'sha256sum']) {
		if (!facts.has(`tool ${tool}`)) {
			add(tool, 'missing', 'not found', 'install coreutils and util-linux on the host');
		}
	}
	if (settings.launcher === 'slurm') {
		const sbatch = facts.get('tool sbatch');
		add(
			'Slurm',
			sbatch ? 'ok' : 'missing',
			sbatch ?? 'sbatch not found',
			sbatch ? '' : 'load the Slurm module in the prelude, or choose the plain launcher',
		);
	}
	const python = facts.get('python');
	add(
		'Python',
		python ? 'ok' : 'missing',
		python ?? facts.get('oldpython') ?? 'not found',
		python
			? ''
			: 'Python 3.10 or newer is needed: load a module or conda environment in the prelude, or name an ' +
					'interpreter',
	);
	if (python && !settings.python && !facts.has('tool uv') && !facts.has('venv')) {
		add(
			'environments',
			'missing',
			'neither uv nor venv',
			'install python3-venv or uv, or name an interpreter that has the packages',
		);
	}
	const gpu = (facts.get('gpu') ?? '').split(';').filter(Boolean);
	add(
		'GPU',
		gpu.length > 0 ? 'ok' : 'warn',
		gpu.length > 0 ? gpu.join(', ') : 'none seen',
		gpu.length > 0 ? '' : 'training runs on the CPU: right for the tiny model only',
	);
	add(
		'memory',
		'ok',
		`${facts.get('memory') ? gigabytes(facts.get('memory') ?? '0') : '?'} available, ` +
			`${facts.get('cores') ?? '?'} cores`,
	);
	return findings;
}
