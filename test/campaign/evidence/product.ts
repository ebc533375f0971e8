// The product as its user has it: the command line as a child process, its trainer on this machine as host `local`.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Ended {
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a program to its end at low priority; throws where it fails, with the end of what it said. */
export function ran(program: string, args: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string }): Promise<Ended> {
	const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env });
	let [stdout, stderr] = ['', ''];
	child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
	child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
	child.stdin.on('error', () => undefined).end(options.input ?? '');
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => (code === 0 ? resolve({ stdout, stderr }) : reject(new Error(`${path.basename(program)} ${args.slice(0, 6).join(' ')} … ended with ${code}: ${stderr.slice(-2000) || stdout.slice(-2000)}`))));
	});
}

/** One thread a process: two processes share the machine, and small matrices gain nothing from more. */
const oneThread = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1', TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1' };

export interface Product {
	/** A command in a project; its one JSON object. */
	cli(project: string, args: readonly string[], input?: string): Promise<Record<string, unknown>>;
	/** A command that streams lines. */
	lines(project: string, args: readonly string[], input: string): Promise<string[]>;
	/** Trains through `train --host local` and waits for the end; returns the job's id and its folder on the host. */
	train(project: string, args: readonly string[]): Promise<{ readonly id: string; readonly folder: string }>;
	/** A file of this folder in the host's Python, with the trainer's package to import. */
	python(file: string, args: readonly string[]): Promise<string>;
	close(): void;
}

/** `dist`: a build of the product. `home`: where this machine's host and settings are kept, away from the user's own. */
export async function openProduct({ dist, home, python, warm }: { readonly dist: string; readonly home: string; readonly python: string; readonly warm: boolean }): Promise<Product> {
	const here = path.resolve('test/campaign/evidence');
	mkdirSync(home, { recursive: true });
	const env: NodeJS.ProcessEnv = { ...process.env, ...oneThread, PYTHONDONTWRITEBYTECODE: '1', STAT_STUDIO_HOSTS: path.join(home, 'hosts.json'), OPENAI_API_KEY: 'none' };
	const root = path.join(home, 'host');
	// Short: a socket's path may have 107 characters.
	const socket = path.join(os.tmpdir(), `stat-warm-${process.pid}`);
	const interpreter = path.join(home, 'python');
	writeFileSync(interpreter, `#!/bin/sh\nif [ -S '${socket}' ]; then case "$1" in -m|*/answer.py|*/makeStudent.py) exec '${python}' -S '${here}/warm.py' '${socket}' "$@";; esac; fi\nexec '${python}' "$@"\n`);
	chmodSync(interpreter, 0o755);
	writeFileSync(path.join(home, 'hosts.json'), JSON.stringify({ hosts: [{ name: 'local', root, python: interpreter }] }));
	const server = warm ? spawn(python, [path.join(here, 'warm.py'), 'serve', socket], { env, stdio: ['pipe', 'pipe', 'inherit'] }) : null;
	if (server) {
		await new Promise<void>((resolve, reject) => {
			server.stdout.once('data', () => resolve());
			server.once('exit', (code) => reject(new Error(`Python with the trainer's packages ended with ${code}`)));
		});
	}
	const command = (project: string, args: readonly string[], input?: string) => ran(process.execPath, [path.join(dist, 'cli.js'), ...args, '--project', project], { cwd: project, env, ...(input === undefined ? {} : { input }) });
	const cli: Product['cli'] = async (project, args, input) => JSON.parse((await command(project, [...args, '--json'], input)).stdout) as Record<string, unknown>;
	return {
		cli,
		lines: async (project, args, input) => (await command(project, args, input)).stdout.split('\n').filter((line) => line !== ''),
		async train(project, args) {
			const { job } = (await cli(project, ['train', ...args, '--host', 'local'])) as { job: string };
			const folder = path.join(root, 'jobs', job);
			// The job is the host's; what run.sh leaves last says how it ended.
			while (!existsSync(path.join(folder, 'exit'))) {
				await pause(200);
			}
			const code = readFileSync(path.join(folder, 'exit'), 'utf8').trim();
			if (code !== '0') {
				throw new Error(`job ${job} ended with ${code}: ${readFileSync(path.join(folder, 'output'), 'utf8').slice(-2000)}`);
			}
			return { id: job, folder };
		},
		python: async (file, args) => (await ran(interpreter, [path.join(here, file), ...args], { cwd: home, env: { ...env, PYTHONPATH: path.join(dist, 'trainer') } })).stdout,
		close: () => void server?.kill(),
	};
}
