import type { Finding, HostSettings } from '../core/training/job.ts';
import { preamble } from './place.ts';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';
import { shellLine, shellQuote } from './shellQuote.ts';

const script = (settings: HostSettings): string => `${preamble(settings)}
say() { printf '%s\\t%s\\n' "$1" "$2"; }
say system "$(uname -sm)"
if mkdir -p "$ROOT/jobs" 2>/dev/null && ( : > "$ROOT/.probe" ) 2>/dev/null; then rm -f "$ROOT/.probe"; say writable "$ROOT"; say disk "$(df -Pk "$ROOT" | awk 'NR==2 {print $4}')"; else say unwritable "$ROOT"; fi
say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo '?')"
say memory "$(awk '/MemAvailable/ {print $2}' /proc/meminfo 2>/dev/null)"
for tool in setsid base64 sha256sum sbatch squeue uv; do command -v "$tool" >/dev/null 2>&1 && say "tool $tool" "$(command -v "$tool")"; done
${settings.prelude ?? ''}
for python in ${settings.python ? shellQuote(settings.python) : 'python3.13 python3.12 python3.11 python3.10 python3 python'}; do
	version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
	case "$version" in 3.1[0-9]|3.[2-9][0-9]) say python "$python $version"; "$python" -c 'import venv, ensurepip' 2>/dev/null && say venv yes; break;; *) say oldpython "$python $version";; esac
done
${settings.launcher === 'slurm' ? `say gpu "$(srun --quiet --immediate=20 --time=1 ${shellLine(settings.slurmArguments ?? [])} nvidia-smi ` + '--query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null </dev/null | head -n 8 | ' + `tr '\\n' ';')"` : 'say gpu "$(nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null ' + `</dev/null | head -n 8 | tr '\\n' ';')"`}
`;

const gigabytes = (kilobytes: string): string => `${(Number(kilobytes) / 1048576).toFixed(1)} GB`;

/** What a host has and lacks, each with how to mend it. */
export async function preflight(shell: Shell, settings: HostSettings, signal: AbortSignal): Promise<Finding[]> {
	const { stdout, code, stderr } = await shell.run(script(settings), { signal, timeoutMs: 90_000 });
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
