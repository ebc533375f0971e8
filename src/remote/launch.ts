import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import type { Trainer } from './environment.ts';
import { interpreterOf, trainerFolder } from './environment.ts';
import { checkJobId } from './hostName.ts';
import { checkHash, checkToken, enterJob, preamble } from './place.ts';
import { runScript } from './runScript.ts';
import type { Finished, Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';
import { shellLine, shellQuote } from './shellQuote.ts';

/** SHA-256 of a file, hex. */
export async function fileHash(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file)) {
		hash.update(chunk as Buffer);
	}
	return hash.digest('hex');
}

/**
 * Sends a file to `blobs/SHA256`, once per content. A cut upload is taken up where it ended; the name appears only when
 * the hash is right, so nothing is ever half-visible. Every attempt writes to a file of its own, begun as a copy of
 * what an earlier one left: a writer that lives on after its connection, or another machine's upload of the same
 * content, can spoil nobody's.
 */
export async function upload(
	shell: Shell,
	settings: HostSettings,
	file: string,
	sha256: string,
	run: HostRun,
): Promise<void> {
	const blob = checkHash(sha256);
	const total = statSync(file).size;
	const parts: string[] = [];
	for (let attempt = 0; ; attempt++) {
		const sent = await persistently(run.signal, () => sendRest(shell, settings, { file, blob, total, parts }, run));
		if (sent.code === 0) {
			run.progress({ label: `${shell.host}: uploading`, done: total, total });
			return;
		}
		if (sent.code === 1) {
			throw new StatError('remote.uploadFolder', {
				host: shell.host,
				reason: plainLine(sent.stderr) || 'the folder cannot be written',
			});
		}
		if (sent.code === 2) {
			throw new StatError('remote.uploadCut', {
				host: shell.host,
				reason: plainLine(sent.stderr) || 'cannot write',
			});
		}
		if (attempt >= 5) {
			throw new StatError('remote.uploadChanged', { host: shell.host, exit: sent.code });
		}
	}
}

/**
 * One attempt: asks how much is there and sends the rest. Exit codes: 0 whole, 1 no folder, 2 not all could be written
 * (a cut connection gives no code at all), 4 another hash.
 */
async function sendRest(
	shell: Shell,
	settings: HostSettings,
	{ file, blob, total, parts }: { file: string; blob: string; total: number; parts: string[] },
	run: HostRun,
): Promise<Finished> {
	const part = `${blob}.${randomBytes(4).toString('hex')}.part`;
	// What our own attempts left, and what others left and touched no more for a minute.
	const earlier = `${[...parts].reverse().join(' ')} $(find . -maxdepth 1 -name '${blob}.*.part' -mmin +1)`;
	parts.push(part);
	const look = await shell.run(
		`${preamble(settings)}mkdir -p "$ROOT/blobs" && cd "$ROOT/blobs" || exit 1
[ -e ${blob} ] && { echo whole; exit 0; }
for old in ${earlier}; do [ -s "$old" ] && { cp "$old" ${part} || rm -f ${part}; rm -f "$old"; break; }; done
wc -c < ${part} 2>/dev/null || echo 0`,
		{ signal: run.signal },
	);
	const said = look.stdout.toString().trim();
	if (look.code !== 0 || said === 'whole') {
		return { ...look, code: look.code === 0 ? 0 : 1 };
	}
	const there = Number(said);
	const offset = Number.isSafeInteger(there) && there >= 0 && there <= total ? there : 0;
	run.progress({ label: `${shell.host}: uploading`, done: offset, total });
	const append = `${preamble(settings)}cd "$ROOT/blobs" || exit 1
${offset === 0 ? `sum=$(tee ${part} | sha256sum | cut -c1-64)` : `cat >> ${part} || exit 2\nsum=$(sha256sum ${part} | cut -c1-64)`}
[ "$(wc -c < ${part})" -eq ${total} ] || exit 2
[ "$sum" = ${blob} ] || { rm -f ${part}; exit 4; }
mv -f ${part} ${blob}
`;
	return shell.run(append, { signal: run.signal, input: { file, offset }, timeoutMs: 60_000 + total / 50 });
}

/** Starts a job, once per id however often it is called: see runScript.ts for what makes a second start harmless. */
export async function launch(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	record: JobRecord,
	dataFile: string,
	run: HostRun,
): Promise<void> {
	const id = checkJobId(record.id);
	const interpreter = interpreterOf(settings, trainer);
	await upload(shell, settings, dataFile, record.dataSha256, run);
	const spec = JSON.stringify(record.spec, null, '\t');
	const write = (name: string, text: string) =>
		`printf %s ${shellQuote(Buffer.from(text).toString('base64'))} | base64 -d > ${name}.$$ && mv -f ` +
		`${name}.$$ ${name} || exit 1`;
	const place = `${preamble(settings)}mkdir -p "$ROOT"/jobs/${id} && cd "$ROOT"/jobs/${id} || exit 1
if [ -e token ]; then [ "$(cat token)" = ${shellQuote(checkToken(record.token))} ] || { echo "the folder ${id} is another job's" >&2; exit 45; }
else printf '%s\\n' ${shellQuote(record.token)} > token.$$ && mv -f token.$$ token || exit 1; fi
[ -e claimed ] && exit 0
mkdir -p out
${write('spec.json', spec)}
${write('run.sh', runScript(settings, { interpreter, trainer: trainerFolder(trainer), gpus: record.gpus ?? 1, after: record.after }))}
B="$ROOT"/blobs/${checkHash(record.dataSha256)}
[ -e data.jsonl ] || ln "$B" data.jsonl 2>/dev/null || [ -e data.jsonl ] || { cp "$B" data.$$ && mv -f data.$$ data.jsonl; }
[ -e data.jsonl ] || exit 1
`;
	const placed = await persistently(run.signal, () => shell.run(place, { signal: run.signal }));
	if (placed.code !== 0) {
		throw new StatError('remote.place', {
			host: shell.host,
			job: id,
			reason: plainLine(placed.stderr) || `exit ${placed.code}`,
		});
	}
	const start =
		record.launcher === 'slurm'
			? `[ -e claimed ] && exit 0\n${submit(settings, record, '1')}`
			: `[ -e claimed ] || [ -n "$(find waiting -mmin -1 2>/dev/null)" ] || { setsid nohup sh run.sh </dev/null >>wrapper.log 2>&1 & }
i=0; while [ ! -e identity ] && [ ! -e waiting ] && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done; [ -e claimed ] || [ -e waiting ] || { echo "the job did not start" >&2; exit 1; }`;
	// Where the reply is lost, the job may or may not have started: asking again starts nothing twice.
	const started = await persistently(run.signal, () =>
		shell.run(`${enterJob(settings, record)}${start}`, { signal: run.signal }),
	);
	if (started.code !== 0) {
		throw new StatError('remote.start', {
			host: shell.host,
			job: id,
			reason: plainLine(started.stderr) || `exit ${started.code}`,
		});
	}
}

/** Shell lines that hand a job to Slurm, unless one of its name is in the queue already. */
export function submit(settings: HostSettings, record: JobRecord, turn: string): string {
	const name = `stat-${checkJobId(record.id)}`;
	return `ours=$(squeue -h -u "$(id -un)" -n ${name} -o %i 2>squeue.err | head -n 1)
[ -s squeue.err ] && { cat squeue.err >&2; exit 1; }
[ -n "$ours" ] || { ours=$(sbatch --parsable --job-name=${name} --output=slurm.out --error=slurm.out --open-mode=append --chdir="$JOB" ${shellLine(slurmArguments(settings, record.gpus ?? 1))} run.sh ${turn} 2>sbatch.err </dev/null) || { cat sbatch.err >&2; exit 1; }; }
printf '%s\\n' "\${ours%%;*}" > slurm.tmp && mv -f slurm.tmp slurm`;
}

/** The host's sbatch arguments; for several GPUs the number in `--gres=gpu[:TYPE]:N` is this job's. */
export function slurmArguments({ slurmArguments: given = [] }: HostSettings, gpus: number): string[] {
	if (gpus === 1) {
		return [...given];
	}
	const pattern = /^(--gres=gpu(?::[A-Za-z]\w*)?)(?::\d+)?$/;
	return given.some((argument) => pattern.test(argument))
		? given.map((argument) => argument.replace(pattern, `$1:${gpus}`))
		: [...given, `--gres=gpu:${gpus}`];
}
