// The product as its users have it: the command line as a child process, and its trainer on this machine as host
// `local`.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

export interface Ended {
	readonly stdout: string;
	/** CPU seconds of the process and its children, as reported by the shell's `times`. */
	readonly cpu: number;
}

/** Runs a program until it ends; if it fails, throws with the last part of its output. */
export function ran(
	program: string,
	args: readonly string[],
	options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string },
): Promise<Ended> {
	const child = spawn('sh', ['-c', '"$@"; code=$?; times >&3; exit $code', 'sh', program, ...args], {
		cwd: options.cwd,
		env: options.env ?? process.env,
		stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
	});
	const output = ['', '', '', ''];
	for (const stream of [1, 2, 3]) {
		(child.stdio[stream] as Readable).setEncoding('utf8').on('data', (chunk: string) => (output[stream] += chunk));
	}
	child.stdin?.on('error', () => undefined).end(options.input ?? '');
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			const [, stdout = '', stderr = '', times = ''] = output;
			if (code !== 0) {
				reject(
					new Error(
						`${path.basename(program)} ${args.slice(0, 6).join(' ')} … ended with ${code}: ` +
							`${stderr.slice(-2000) || stdout.slice(-2000)}`,
					),
				);
				return;
			}
			const seconds = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
				(sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest),
				0,
			);
			resolve({ stdout, cpu: seconds });
		});
	});
}

/** One thread per process: two processes share the machine, and small matrices gain nothing from more threads. */
const oneThread = {
	OPENBLAS_NUM_THREADS: '1',
	OMP_NUM_THREADS: '1',
	MKL_NUM_THREADS: '1',
	TOKENIZERS_PARALLELISM: 'false',
	HF_HUB_OFFLINE: '1',
};

export interface Product {
	/** Runs a command in a project and returns its JSON object. */
	cli(project: string, args: readonly string[], input?: string): Promise<Record<string, unknown>>;
	/** Runs a command that reads and writes lines. */
	lines(project: string, args: readonly string[], input: string): Promise<string[]>;
	/**
	 * Trains with `train --host local` and waits until the job ends; returns the job's id and its folder on the host.
	 */
	train(project: string, args: readonly string[]): Promise<{ readonly id: string; readonly folder: string }>;
	/** Runs a file in this folder with the host's Python, which can import the trainer's package. */
	python(project: string, file: string, args: readonly string[]): Promise<void>;
	/** CPU seconds spent on a project so far by commands, training and answering. */
	cpu(project: string): number;
	close(): void;
}

/**
 * `dist`: a build of the product. `home`: the folder for this machine's host and settings, separate from the user's
 * own.
 */
export async function openProduct({
	dist,
	home,
	python,
	warm,
}: {
	readonly dist: string;
	readonly home: string;
	readonly python: string;
	readonly warm: boolean;
}): Promise<Product> {
	const here = path.resolve('test/campaign/evidence');
	mkdirSync(home, { recursive: true });
	const env: NodeJS.ProcessEnv = {
		...process.env,
		...oneThread,
		PYTHONDONTWRITEBYTECODE: '1',
		STAT_STUDIO_HOSTS: path.join(home, 'hosts.json'),
		OPENAI_API_KEY: 'none',
	};
	const root = path.join(home, 'host');
	// Short, because the path of a socket is limited to 107 characters.
	const socket = path.join(os.tmpdir(), `stat-warm-${process.pid}`);
	const interpreter = path.join(home, 'python');
	writeFileSync(
		interpreter,
		`#!/bin/sh\nif [ -S '${socket}' ]; then case "$1" in -m|*/answer.py|*/makeStudent.py) exec '${python}' ` +
			`-S '${here}/warm.py' '${socket}' "$@";; esac; fi\nexec '${python}' "$@"\n`,
	);
	chmodSync(interpreter, 0o755);
	writeFileSync(
		path.join(home, 'hosts.json'),
		JSON.stringify({ hosts: [{ name: 'local', root, python: interpreter }] }),
	);
	const server = warm
		? spawn(python, [path.join(here, 'warm.py'), 'serve', socket], { env, stdio: ['pipe', 'pipe', 'inherit'] })
		: null;
	if (server) {
		await new Promise<void>((resolve, reject) => {
			server.stdout.once('data', () => resolve());
			server.once('exit', (code) => reject(new Error(`Python with the trainer's packages ended with ${code}`)));
		});
	}
	const spent = new Map<string, number>();
	const spend = (project: string, seconds: number): void =>
		void spent.set(project, (spent.get(project) ?? 0) + (Number.isFinite(seconds) ? seconds : 0));
	const command = async (project: string, args: readonly string[], input?: string) => {
		const ended = await ran(process.execPath, [path.join(dist, 'cli.js'), ...args, '--project', project], {
			cwd: project,
			env,
			...(input === undefined ? {} : { input }),
		});
		spend(project, ended.cpu);
		return ended;
	};
	const cli: Product['cli'] = async (project, args, input) =>
		JSON.parse((await command(project, [...args, '--json'], input)).stdout) as Record<string, unknown>;
	return {
		cli,
		lines: async (project, args, input) =>
			(await command(project, args, input)).stdout.split('\n').filter((line) => line !== ''),
		async train(project, args) {
			const { job } = (await cli(project, ['train', ...args, '--host', 'local'])) as { job: string };
			const folder = path.join(root, 'jobs', job);
			// The job belongs to the host; the last file that run.sh writes tells how the job ended.
			while (!existsSync(path.join(folder, 'exit'))) {
				await pause(200);
			}
			const code = readFileSync(path.join(folder, 'exit'), 'utf8').trim();
			if (code !== '0') {
				throw new Error(
					`job ${job} ended with ${code}: ` +
						`${readFileSync(path.join(folder, 'output'), 'utf8').slice(-2000)}`,
				);
			}
			const cpu = path.join(folder, 'cpu');
			spend(project, existsSync(cpu) ? Number(readFileSync(cpu, 'utf8')) : 0);
			return { id: job, folder };
		},
		cpu: (project) => spent.get(project) ?? 0,
		python: async (project, file, args) => {
			const { stdout, cpu } = await ran(interpreter, [path.join(here, file), ...args], {
				cwd: home,
				env: { ...env, PYTHONPATH: path.join(dist, 'trainer') },
			});
			// In a fork the program reports its own CPU time; otherwise the shell has counted it.
			spend(project, server ? Number(stdout.trim().split('\n').at(-1)) : cpu);
		},
		close: () => void server?.kill(),
	};
}
