import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CheckInput, CheckResult } from '../../core/ports/checker.ts';
import type { CheckLimits, Isolation } from './isolation.ts';
import { makeFolder } from './isolation.ts';
import type { ReadCommand } from './readCommand.ts';
import { readVerdict } from './readVerdict.ts';

/** Runs a checker on one answer, in an empty folder that is deleted afterwards. Rejects only if `signal` is aborted. */
export async function runChecker(
	command: ReadCommand,
	input: CheckInput,
	{ limits, isolation, signal }: { limits: CheckLimits; isolation: Isolation; signal: AbortSignal },
): Promise<CheckResult> {
	signal.throwIfAborted();
	const folder = await makeFolder();
	try {
		const argv = [...command.argv];
		for (const [place, { name, bytes }] of command.copies) {
			const copy = path.join(folder, `file-${place}`, name);
			await mkdir(path.dirname(copy));
			await writeFile(copy, bytes, { mode: 0o500 });
			argv[place] = copy;
		}
		const nonce = randomBytes(16).toString('hex');
		const work = path.join(folder, 'work');
		const ended = await run(
			isolation.wrap(argv, work),
			work,
			`${JSON.stringify({ nonce, ...input })}\n`,
			limits,
			signal,
		);
		return ended.fault === null
			? readVerdict(ended.stdout, nonce, ended.stderr)
			: { verdict: null, reason: ended.fault };
	} finally {
		await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
	}
}

interface Ended {
	readonly stdout: string;
	readonly stderr: string;
	/** Why the output does not count, or `null`. */
	readonly fault: string | null;
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
			resolve({ stdout: text('stdout'), stderr: text('stderr'), fault });
		};
		child.on('error', (error) => {
			fault ??= `the checker did not start: ${error.message}`;
			end();
		});
		child.on('exit', (code, ending) => {
			if (code !== 0) {
				const how = code === null ? `was ended by ${ending ?? 'a signal'}` : `ended with status ${code}`;
				const last =
					Buffer.concat(chunks.stderr).toString('utf8').trim().split('\n').at(-1)?.slice(0, 300) ?? '';
				fault ??= `the checker ${how}${last === '' ? '' : `: ${last}`}`;
			}
			kill(null);
			grace = setTimeout(end, lastOutput);
		});
		child.on('close', end);
	});
}
