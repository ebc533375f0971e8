import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import { checkHash, preamble } from './place.ts';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';
import { shellLine, shellQuote } from './shellQuote.ts';

/** The Python package sent to the host, and the name its content gives it. */
export interface Trainer {
	readonly hash: string;
	readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
	readonly requirements: { readonly cpu: string; readonly cuda: string };
}

/** Reads `folder` (dist/trainer). */
export function readTrainer(folder: string): Trainer {
	const names = readdirSync(path.join(folder, 'stat_trainer'))
		.filter((name) => name.endsWith('.py'))
		.sort();
	const files = names.map((name) => ({ name, bytes: readFileSync(path.join(folder, 'stat_trainer', name)) }));
	const hash = createHash('sha256');
	for (const { name, bytes } of files) {
		hash.update(`${name}\0${bytes.length}\0`).update(bytes);
	}
	const requirements = (set: string) => readFileSync(path.join(folder, `requirements-${set}.txt`), 'utf8');
	return {
		hash: hash.digest('hex').slice(0, 32),
		files,
		requirements: { cpu: requirements('cpu'), cuda: requirements('cuda') },
	};
}

/** Path of a trainer's folder, as a shell expression. */
export const trainerFolder = (trainer: Trainer): string => `"$ROOT"/trainers/${checkHash(trainer.hash)}`;

/** Sends the trainer, once per version: into a temporary folder, then renamed, so it is never half there. */
export async function sendTrainer(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	signal: AbortSignal,
): Promise<void> {
	const script = `${preamble(settings)}
T=${trainerFolder(trainer)}
[ -d "$T/stat_trainer" ] && exit 0
mkdir -p "$ROOT/trainers" || exit 1
N=$(mktemp -d "$ROOT/trainers/.new.XXXXXX") || exit 1
mkdir "$N/stat_trainer"
while read -r name data; do
	printf %s "$data" | base64 -d > "$N/stat_trainer/$name" || { rm -rf "$N"; exit 1; }
done
[ "$(ls "$N/stat_trainer" | wc -l)" -eq ${trainer.files.length} ] || { rm -rf "$N"; echo "the upload was cut" >&2; exit 1; }
mv "$N" "$T" 2>/dev/null || { rm -rf "$N"; [ -d "$T/stat_trainer" ]; }
`;
	const input = trainer.files
		.map(({ name, bytes }) => `${name} ${bytes.length === 0 ? 'Cg==' : bytes.toString('base64')}\n`)
		.join('');
	const { code, stderr } = await shell.run(script, { signal, input });
	if (code !== 0) {
		throw new StatError('remote.sendTrainer', { host: shell.host, reason: plainLine(stderr) || `exit ${code}` });
	}
}

/** Shell function `building`: is somebody at it? One who just began has not written its pid yet. */
const buildingFunction =
	'building() { [ -d building ] && { kill -0 "$(cat building/pid 2>/dev/null)" 2>/dev/null || { [ ! -e ' +
	'building/pid ] && [ -n "$(find building -maxdepth 0 -mmin -1)" ]; }; }; }';

const imports = 'torch transformers trl peft accelerate datasets math_verify';

/** What the host needs for its environment to be the same one: requirements, index, prelude. */
function environmentKey(settings: HostSettings, trainer: Trainer): string {
	return createHash('sha256')
		.update(JSON.stringify([trainer.requirements, settings.pipArguments ?? [], settings.prelude ?? '']))
		.digest('hex')
		.slice(0, 16);
}

/** The interpreter jobs run with, as a shell expression. */
export function interpreterOf(settings: HostSettings, trainer: Trainer): string {
	return settings.python
		? shellQuote(settings.python)
		: `"$ROOT"/envs/${environmentKey(settings, trainer)}/bin/python`;
}

/**
 * Makes the environment once per set of requirements. The work goes on on the host when the connection does not, so
 * that a second call watches or resumes it; each step is told as it begins.
 */
export async function prepareEnvironment(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	run: HostRun,
): Promise<void> {
	if (settings.python) {
		return checkImports(shell, settings, shellQuote(settings.python), run.signal);
	}
	const key = environmentKey(settings, trainer);
	const build = `#!/bin/sh
step() { printf 'step %s\\n' "$1"; }
fail() { printf 'failed %s\\n' "$1"; echo "$1" > failed; rm -rf building; exit 1; }
cd "$(dirname "$0")" || exit 1
${settings.prelude ?? ''}
if nvidia-smi >/dev/null 2>&1 || [ -n "\${SLURM_CONF:-}" ] && command -v sbatch >/dev/null 2>&1; then set=cuda; else set=cpu; fi
for p in python3.13 python3.12 python3.11 python3.10 python3 python; do
	case "$("$p" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" in 3.1[0-9]|3.[2-9][0-9]) python=$p; break;; esac
done
[ -n "\${python:-}" ] || fail 'no Python 3.10 or newer'
if command -v uv >/dev/null 2>&1; then
	step 'Making an environment (uv)'
	[ -x bin/python ] || uv venv --quiet --allow-existing --python "$python" . || fail 'uv venv'
	install() { uv pip install --quiet --python bin/python ${shellLine(settings.pipArguments ?? [])} "$@"; }
else
	step 'Making an environment (venv)'
	[ -x bin/pip ] || "$python" -m venv . || fail 'python -m venv (is python3-venv installed?)'
	install() { bin/python -m pip install --quiet --disable-pip-version-check --no-input ${shellLine(settings.pipArguments ?? [])} "$@"; }
fi
step 'Installing PyTorch'
install "$(grep '^torch==' "requirements-$set.txt")" || fail 'installing PyTorch: can this host reach a package index? else set pip arguments or an interpreter'
step "Installing the trainer's packages"
install -r "requirements-$set.txt" || fail "installing the trainer's packages"
step 'Checking'
for package in ${imports}; do bin/python -c "import $package" || fail "importing $package"; done
: > .done
rm -rf building
step Done
`;
	const start = `${preamble(settings)}
E="$ROOT"/envs/${key}
mkdir -p "$E" && cd "$E" || exit 1
[ -e .done ] && { echo done; exit 0; }
${buildingFunction}
building && { echo building; exit 0; }
rm -rf building failed log
mkdir building || { echo building; exit 0; }
printf %s ${shellQuote(Buffer.from(trainer.requirements.cpu).toString('base64'))} | base64 -d > requirements-cpu.txt
printf %s ${shellQuote(Buffer.from(trainer.requirements.cuda).toString('base64'))} | base64 -d > requirements-cuda.txt
printf %s ${shellQuote(Buffer.from(build).toString('base64'))} | base64 -d > build.sh || exit 1
setsid nohup sh build.sh </dev/null >log 2>&1 &
echo $! > building/pid
echo building
`;
	const begun = await shell.run(start, { signal: run.signal });
	if (begun.code !== 0) {
		throw new StatError('remote.environment', {
			host: shell.host,
			reason: plainLine(begun.stderr) || `exit ${begun.code}`,
		});
	}
	let state = begun.stdout.toString().trim();
	let seen = 0;
	let misses = 0;
	while (state !== 'done') {
		await new Promise((resolve) => setTimeout(resolve, 1000));
		let looked;
		try {
			looked = await shell.run(
				`${preamble(settings)}cd "$ROOT"/envs/${key} || exit 1\n${buildingFunction}\n[ -e .done ] ` +
					'&& echo done || { [ -e failed ] && echo failed; building && echo building || echo gone; ' +
					`}\ngrep -a '^step \\|^failed ' log\n[ -e failed ] && tail -n 3 log`,
				{ signal: run.signal, timeoutMs: 30_000 },
			);
		} catch (error) {
			// The host builds on without us; only a long silence is worth giving up for.
			if (run.signal.aborted || ++misses > 20) {
				throw error;
			}
			continue;
		}
		misses = 0;
		const [first, ...lines] = looked.stdout.toString('utf8').split('\n');
		const steps = lines.filter((line) => line.startsWith('step ')).map((line) => plainLine(line.slice(5)));
		for (; seen < steps.length; seen++) {
			run.progress({ label: `${shell.host}: ${steps[seen]}`, done: seen, total: 5 });
		}
		state = first ?? '';
		if (state === 'failed' || state === 'gone') {
			throw new StatError('remote.environment', {
				host: shell.host,
				reason:
					plainLine(lines.filter((line) => line.trim() !== '').join('\n')) ||
					'it ended without giving a reason',
			});
		}
	}
}

async function checkImports(
	shell: Shell,
	settings: HostSettings,
	interpreter: string,
	signal: AbortSignal,
): Promise<void> {
	const { stdout, code } = await shell.run(
		`${preamble(settings)}${settings.prelude ?? ''}\n${interpreter} - <<'PY'\nimport importlib.util, ` +
			`sys\nprint(' '.join(name for name in ${JSON.stringify(imports.split(' '))} if ` +
			`importlib.util.find_spec(name) is None))\nPY\n`,
		{ signal },
	);
	const missing = plainLine(stdout.toString('utf8'));
	if (code !== 0) {
		throw new StatError('remote.interpreter', { host: shell.host, python: settings.python ?? '' });
	}
	if (missing) {
		throw new StatError('remote.packages', {
			host: shell.host,
			python: settings.python ?? '',
			packages: missing.replace(/ /g, ', '),
		});
	}
}
