import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CheckInput, CheckResult } from '../../core/ports/checker.ts';
import type { CheckLimits, Isolation } from './isolation.ts';
import { makeFolder } from './isolation.ts';
import type { ReadCommand } from './readCommand.ts';
import { readVerdict } from './readVerdict.ts';
import { shownPlaces } from './shownPlaces.ts';

/** `projects`: the paths of the project, which are covered. */
export interface RunCheckerOptions {
	readonly limits: CheckLimits;
	readonly isolation: Isolation;
	readonly projects: readonly string[];
	readonly signal: AbortSignal;
}

/** Runs a checker on one answer, in an empty folder that is deleted afterwards. Rejects only if `signal` is aborted. */
export async function runChecker(
	command: ReadCommand,
	input: CheckInput,
	{ limits, isolation, projects, signal }: RunCheckerOptions,
): Promise<CheckResult> {
	signal.throwIfAborted();
	const folder = await makeFolder();
	try {
		const argv = [...command.argv];
		for (const [place, { before, name, bytes }] of command.copies) {
			const copy = path.join(folder, `file-${place}`, name);
			await mkdir(path.dirname(copy));
			await writeFile(copy, bytes, { mode: 0o500 });
			argv[place] = `${before}${copy}`;
		}
		const nonce = randomBytes(16).toString('hex');
		const work = path.join(folder, 'work');
		const places = {
			work,
			covered: projects,
			shown: projects.flatMap((project) => shownPlaces(project, command.program)),
		};
		const ended = await run(
			isolation.wrap(argv, places),
			work,
			`${JSON.stringify({ nonce, ...input })}\n`,
			limits,
			signal,
		);
		// Equal reasons are counted together, so they must not name what is another in each run.
		const timeless = (text: string) =>
			text
				.replaceAll(work, '.')
				.replace(copyPaths(folder), '')
				.replaceAll(folder, '.')
				.replaceAll(nonce, 'NONCE');
		const { verdict, reason } =
			ended.fault === null
				? readVerdict(ended.stdout, nonce, timeless(ended.stderr))
				: { verdict: null, reason: `${ended.fault}${lastLine(timeless(ended.stderr), ended)}` };
		return { verdict, reason: reason === null ? null : timeless(reason) };
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
	}
}

/** The folders of copies in `folder`, each with the slash before its file's name. */
function copyPaths(folder: string): RegExp {
	const literal = folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(`${literal}[\\\\/]file-\\d+[\\\\/]`, 'g');
}

/** What a checker that ended badly wrote last, for the reason. */
function lastLine(stderr: string, { endedItself }: Ended): string {
	const last = endedItself ? (stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? '') : '';
	return last === '' ? '' : `: ${last}`;
}

interface Ended {
	readonly stdout: string;
	readonly stderr: string;
	/** Why the output does not count, or `null`. */
	readonly fault: string | null;
	/** Whether the fault is how the checker ended, which its last words may explain. */
	readonly endedItself: boolean;
}

/** Milliseconds for the last output of a program that has ended, because another process may hold its pipe open. */
const lastOutput = 500;

function run(
	[program = '', ...rest]: readonly string[],
	work: string,
	line: string,
	limits: CheckLimits,
	signal: AbortSignal,
): Promise<Ended> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, rest, {
			cwd: work,
			// Nothing of this process's environment but where programs are and the language.
			env: {
				PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
				LANG: process.env['LANG'] ?? 'C.UTF-8',
				HOME: work,
				TMPDIR: work,
				...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? '' } : {}),
			},
			// A process group of its own, so that all of it can be ended.
			detached: process.platform !== 'win32',
			stdio: 'pipe',
			windowsHide: true,
		});
		const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
		let fault: string | null = null;
		let endedItself = false;
		let grace: NodeJS.Timeout | undefined;
		const kill = (why: string | null): void => {
			fault ??= why;
			try {
				if (child.pid !== undefined && process.platform !== 'win32') {
					process.kill(-child.pid, 'SIGKILL');
				} else {
					child.kill('SIGKILL');
				}
			} catch {
				// It has ended already.
			}
		};
		const cancel = (): void => kill('cancelled');
		const timer = setTimeout(() => kill(`the checker took longer than ${limits.seconds} s`), limits.seconds * 1000);
		signal.addEventListener('abort', cancel, { once: true });
		for (const name of ['stdout', 'stderr'] as const) {
			let bytes = 0;
			child[name].on('data', (chunk: Buffer) => {
				bytes += chunk.length;
				if (bytes > limits.output) {
					child[name].destroy();
					kill(`the checker wrote more than ${limits.output / 2 ** 20} MiB`);
				} else {
					chunks[name].push(chunk);
				}
			});
			child[name].on('error', () => undefined);
		}
		// A checker may end without reading its input.
		child.stdin.on('error', () => undefined);
		child.stdin.end(line);
		const end = (): void => {
			clearTimeout(timer);
			clearTimeout(grace);
			signal.removeEventListener('abort', cancel);
			child.stdout.destroy();
			child.stderr.destroy();
			if (signal.aborted) {
				reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
				return;
			}
			const text = (name: keyof typeof chunks) => Buffer.concat(chunks[name]).toString('utf8');
			resolve({ stdout: text('stdout'), stderr: text('stderr'), fault, endedItself });
		};
		child.on('error', (error) => {
			fault ??= `the checker did not start: ${error.message}`;
			end();
		});
		child.on('exit', (code, ending) => {
			if (code !== 0 && fault === null) {
				const how = code === null ? `was ended by ${ending ?? 'a signal'}` : `ended with status ${code}`;
				fault = `the checker ${how}`;
				endedItself = true;
			}
			kill(null);
			grace = setTimeout(end, lastOutput);
		});
		child.on('close', end);
	});
}
