import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { StatError } from '../core/errors/statError.ts';
import { checkHostName } from './hostName.ts';
import { isUnreachable, unreachable } from './unreachable.ts';

/** A POSIX shell on a host. */
export interface Shell {
	readonly host: string;
	/**
	 * Runs a script to its end. Resolves whatever its exit code is; if the host cannot be reached, rejects with an
	 * error that {@link isUnreachable} recognises.
	 */
	run(script: string, options: RunOptions): Promise<Finished>;
	/**
	 * Runs a script and yields its output as it arrives. The iterable ends with the script; if the connection ends
	 * first, it throws an error that {@link isUnreachable} recognises.
	 */
	stream(script: string, options: { readonly signal: AbortSignal }): AsyncIterable<Buffer>;
}

export interface RunOptions {
	readonly signal: AbortSignal;
	/** The script's stdin: a string, or a file from an offset. */
	readonly input?: string | { readonly file: string; readonly offset: number } | undefined;
	/** Time after which the connection is ended; default 120,000. */
	readonly timeoutMs?: number | undefined;
	/** Maximum size of stdout; a larger one is an error. Default 8 MB. */
	readonly maxBytes?: number | undefined;
}

export interface Finished {
	readonly code: number;
	readonly stdout: Buffer;
	readonly stderr: string;
}

/**
 * Repeats an attempt whose connection was interrupted, up to six times in all, with growing pauses. For use only with
 * attempts that may run twice.
 */
export async function persistently<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
	for (let tries = 0; ; tries++) {
		try {
			return await attempt();
		} catch (error) {
			if (!isUnreachable(error) || tries >= 5 || signal.aborted) {
				throw error;
			}
			await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
		}
	}
}

/**
 * Encodes a script in base64, so that any login shell (bash, zsh, fish, csh) sees only base64 characters, and runs it
 * in POSIX sh. A marker precedes its output and its exit code follows. In this way the output of rc files is cut off,
 * and a lost connection can be told from a failure of the script itself.
 */
function wrap(script: string, marker: string): string {
	const body = `printf '\\n%s\\n' ${marker}\n(\n${script}\n)\ncode=$?\nprintf '%s %s\\n' ${marker} "$code"`;
	return `exec sh -c 'eval "$(printf %s ${Buffer.from(body).toString('base64')} | base64 -d)"'`;
}

export interface SshOptions {
	/** Path of the ssh binary; a machine-scoped setting. */
	readonly sshPath?: string | undefined;
	/** Another configuration file, passed as `-F`; a machine-scoped setting. */
	readonly configFile?: string | undefined;
	/**
	 * The folder for our own control sockets. It is short, because socket paths are limited to about 100 bytes. If it
	 * is undefined, we share no connections.
	 */
	readonly controlFolder?: string | undefined;
}

/**
 * Opens a shell: on this machine for `local`, and for every other host through the system's OpenSSH with its own
 * configuration.
 */
export function createShell(host: string, options: SshOptions = {}): Shell {
	checkHostName(host);
	let argumentList: Promise<string[]> | undefined;
	const open: Open = async (command) => {
		if (host === 'local') {
			return spawn('sh', ['-c', command], { stdio: 'pipe', detached: true });
		}
		argumentList ??= sharesItself(host, options).then((shares) =>
			sshArguments(host, shares ? { ...options, controlFolder: undefined } : options),
		);
		return spawn(options.sshPath ?? 'ssh', [...(await argumentList), command], { stdio: 'pipe', detached: true });
	};
	return {
		host,
		run: (script, runOptions) => runScript(host, open, script, runOptions),
		stream: (script, streamOptions) => streamScript(host, open, script, streamOptions.signal),
	};
}

type Open = (command: string) => Promise<ChildProcessWithoutNullStreams>;

/**
 * Whether the user's own configuration shares connections to this host. If so, that is used, because a second factor
 * may have been entered there.
 */
function sharesItself(host: string, options: SshOptions): Promise<boolean> {
	return new Promise((resolve) => {
		execFile(
			options.sshPath ?? 'ssh',
			[...(options.configFile ? ['-F', options.configFile] : []), '-G', '--', host],
			{ timeout: 10_000 },
			(_error, stdout) => resolve(/^controlpath (?!none$)/m.test(stdout)),
		);
	});
}

/**
 * Returns all arguments that precede the command. The user's configuration decides on keys, jump hosts and host keys;
 * BatchMode never prompts.
 */
function sshArguments(host: string, options: SshOptions): string[] {
	return [
		...(options.configFile ? ['-F', options.configFile] : []),
		'-T',
		'-o',
		'BatchMode=yes',
		'-o',
		'ConnectTimeout=10',
		'-o',
		'ServerAliveInterval=15',
		'-o',
		'ServerAliveCountMax=3',
		'-o',
		'ForwardAgent=no',
		'-o',
		'ForwardX11=no',
		'-o',
		'ClearAllForwardings=yes',
		...(options.controlFolder
			? ['-o', 'ControlMaster=auto', '-o', `ControlPath=${options.controlFolder}/%C`, '-o', 'ControlPersist=60']
			: []),
		'--',
		host,
	];
}

function kill(child: ChildProcessWithoutNullStreams): void {
	try {
		if (child.pid !== undefined) {
			process.kill(-child.pid, 'SIGTERM');
		}
	} catch {
		child.kill('SIGKILL');
	}
}

/** Returns one line of what ssh printed. Remote text is untrusted, so control characters are removed. */
export function plainLine(text: string, limit = 300): string {
	const lines = text
		.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
		.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
	return (lines.at(-1) ?? '').slice(0, limit);
}

async function runScript(host: string, open: Open, script: string, options: RunOptions): Promise<Finished> {
	const marker = `stat-${randomBytes(9).toString('hex')}`;
	const child = await open(wrap(script, marker));
	const maxBytes = options.maxBytes ?? 8 << 20;
	const chunks: Buffer[] = [];
	let size = 0;
	let stderr = '';
	let stopped: 'aborted' | 'timeout' | 'size' | undefined;
	const stop = (why: typeof stopped) => {
		stopped ??= why;
		kill(child);
	};
	const aborted = () => stop('aborted');
	options.signal.addEventListener('abort', aborted, { once: true });
	const timer = setTimeout(() => stop('timeout'), options.timeoutMs ?? 120_000);
	child.stdout.on('data', (chunk: Buffer) => {
		size += chunk.length;
		if (size > maxBytes + (1 << 20)) {
			stop('size');
		} else {
			chunks.push(chunk);
		}
	});
	child.stderr.on('data', (chunk: Buffer) => {
		stderr = (stderr + chunk.toString('utf8')).slice(-20_000);
	});
	// The remote side may close its stdin early, for example because its disk is full. Its exit code shows the reason;
	// our broken pipe does not.
	child.stdin.on('error', () => undefined);
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once('error', (error) => reject(new StatError('remote.unreachable', { host, reason: error.message })));
		child.once('close', (code) => resolve(code));
	});
	try {
		if (options.signal.aborted) {
			stop('aborted');
		}
		if (typeof options.input === 'object') {
			await pipeline(
				createReadStream(options.input.file, { start: options.input.offset, highWaterMark: 1 << 20 }),
				child.stdin,
			).catch(() => undefined);
		} else {
			child.stdin.end(options.input ?? '');
		}
		const code = await ended;
		if (stopped === 'aborted') {
			throw new StatError('run.cancelled', {});
		}
		if (stopped === 'timeout') {
			throw new StatError('remote.noAnswer', {
				host,
				seconds: Math.round((options.timeoutMs ?? 120_000) / 1000),
			});
		}
		if (stopped === 'size') {
			throw new StatError('remote.tooMuchOutput', { host, limit: maxBytes >> 20 });
		}
		const parsed = unwrap(Buffer.concat(chunks), marker);
		if (parsed === undefined) {
			throw unreachable(host, plainLine(stderr) || `ssh ended with ${code}`, stderr);
		}
		return { ...parsed, stderr };
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener('abort', aborted);
	}
}

/** Returns the output between the markers and the script's exit code, or `undefined` if the connection ended first. */
function unwrap(output: Buffer, marker: string): { code: number; stdout: Buffer } | undefined {
	const head = Buffer.from(`\n${marker}\n`);
	const tail = Buffer.from(`${marker} `);
	const begin = output.indexOf(head);
	const end = output.lastIndexOf(tail);
	if (begin < 0 || end < begin + head.length) {
		return undefined;
	}
	const code = /^(\d+)\n/.exec(output.subarray(end + tail.length).toString('latin1'));
	return code ? { code: Number(code[1]), stdout: output.subarray(begin + head.length, end) } : undefined;
}

/** Returns how many bytes at the end of `held` may be the beginning of `marker`; a complete line is never held back. */
function overlap(held: Buffer, marker: Buffer): number {
	for (let length = Math.min(held.length, marker.length - 1); length > 0; length--) {
		if (held.subarray(held.length - length).equals(marker.subarray(0, length))) {
			return length;
		}
	}
	return 0;
}

/** How many bytes a host may print before a script's own output. */
const greetingLimit = 4 << 20;

async function* streamScript(host: string, open: Open, script: string, signal: AbortSignal): AsyncIterable<Buffer> {
	const marker = `stat-${randomBytes(9).toString('hex')}`;
	const head = Buffer.from(`\n${marker}\n`);
	const tail = Buffer.from(`${marker} `);
	const child = await open(wrap(script, marker));
	child.stdin.on('error', () => undefined);
	let stderr = '';
	child.stderr.on('data', (chunk: Buffer) => {
		stderr = (stderr + chunk.toString('utf8')).slice(-20_000);
	});
	const ended = new Promise<number | null>((resolve, reject) => {
		child.once('error', (error) => reject(new StatError('remote.unreachable', { host, reason: error.message })));
		child.once('close', (code) => resolve(code));
	});
	ended.catch(() => undefined);
	const aborted = () => kill(child);
	signal.addEventListener('abort', aborted, { once: true });
	let held: Buffer = Buffer.alloc(0);
	let before = 0;
	let begun = false;
	let whole = false;
	try {
		if (signal.aborted) {
			kill(child);
		}
		for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
			held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
			if (!begun) {
				const at = held.indexOf(head);
				if (at < 0) {
					before += chunk.length;
					if (before > greetingLimit) {
						throw new StatError('remote.tooMuchOutput', { host, limit: greetingLimit >> 20 });
					}
					held = held.subarray(Math.max(0, held.length - (1 << 16)));
					continue;
				}
				begun = true;
				held = held.subarray(at + head.length);
			}
			const end = held.indexOf(tail);
			if (end >= 0) {
				whole = true;
				if (end > 0) {
					yield held.subarray(0, end);
				}
				held = Buffer.alloc(0);
				break;
			}
			const keep = overlap(held, tail);
			if (held.length > keep) {
				yield held.subarray(0, held.length - keep);
				held = held.subarray(held.length - keep);
			}
		}
		if (!whole) {
			const code = await ended;
			if (signal.aborted) {
				throw new StatError('run.cancelled', {});
			}
			throw unreachable(host, plainLine(stderr) || `ssh ended with ${code}`, stderr);
		}
	} finally {
		signal.removeEventListener('abort', aborted);
		kill(child);
	}
}
