import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import enter from './enter.sh';

/** Limits of one check. */
export interface CheckLimits {
	/** Wall time and, for each process, CPU time. */
	readonly seconds: number;
	/** Address space of each process, in bytes. */
	readonly memory: number;
	/** Files in the checker's folder: bytes in all where it is isolated, else of each file. */
	readonly disk: number;
	/** Processes at a time. */
	readonly processes: number;
	/** Bytes on standard output, and as many on standard error. */
	readonly output: number;
}

export const checkLimits: CheckLimits = {
	seconds: 30,
	memory: 2 * 2 ** 30,
	disk: 64 * 2 ** 20,
	processes: 64,
	output: 2 ** 20,
};

/** How a checker runs on this platform. */
export interface Isolation {
	/** Puts a command into the limits; `folder` is its empty folder. */
	wrap(argv: readonly string[], folder: string): readonly string[];
	/** What the platform does not keep from a checker. */
	readonly unlimited: readonly string[];
}

/**
 * Makes a folder of this person alone that holds the empty folder `work`. It lies outside of the temporary folder, which
 * is covered while a checker runs.
 */
export async function makeFolder(): Promise<string> {
	const cache = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
	const parent = path.join(cache, 'stat-studio', 'checks');
	await mkdir(parent, { recursive: true, mode: 0o700 });
	const folder = await mkdtemp(path.join(parent, 'check-'));
	await mkdir(path.join(folder, 'work'));
	return folder;
}

/** Folders with sockets of other programs, which may run commands for whoever connects. */
const sockets = [
	'/tmp',
	'/var/tmp',
	'/run/user',
	'/run/dbus',
	'/run/systemd',
	'/run/docker.sock',
	'/run/containerd',
	'/run/podman',
	'/run/crio',
	'/run/libvirt',
	'/run/snapd.socket',
	'/run/screen',
];

/** Files and folders in a home that commonly hold secrets. */
const secrets = [
	'.ssh',
	'.gnupg',
	'.aws',
	'.azure',
	'.config',
	'.docker',
	'.kube',
	'.netrc',
	'.npmrc',
	'.pypirc',
	'.git-credentials',
	'.password-store',
	'.mozilla',
	'.vscode-server',
	'.huggingface',
	'.cache/huggingface/token',
	'.cache/huggingface/stored_tokens',
	'.local/share/keyrings',
	'.bash_history',
	'.zsh_history',
];

let found: Promise<Isolation> | undefined;

/** Finds out, once, what this platform can do. */
export function findIsolation(limits: CheckLimits = checkLimits): Promise<Isolation> {
	found ??= detect(limits);
	return found;
}

async function detect(limits: CheckLimits): Promise<Isolation> {
	if (process.platform === 'win32') {
		return {
			wrap: (argv) => argv,
			unlimited: ['memory', 'disk space', 'the number of processes', 'the network', 'your files'],
		};
	}
	if (process.platform === 'linux') {
		const isolated = namespaces(limits);
		const folder = await makeFolder();
		try {
			if (await succeeds(isolated.wrap(['true'], path.join(folder, 'work')))) {
				return isolated;
			}
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}
	return plainLimits(limits);
}

/** Linux with user namespaces: nothing but its folder can be written, and there is no network. */
function namespaces({ seconds, memory, disk, processes }: CheckLimits): Isolation {
	const places = [os.tmpdir(), ...sockets, ...secrets.map((name) => path.join(os.homedir(), name))].filter(
		(place, index, all) => all.indexOf(place) === index && existsSync(place),
	);
	return {
		wrap: (argv, folder) => [
			...['setpriv', '--pdeathsig', 'KILL', '--'],
			...['unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--uts'],
			...['--fork', '--kill-child', '--mount-proc', '--'],
			...['prlimit', `--cpu=${seconds}`, `--as=${memory}`, '--core=0', `--nproc=${processes}`, '--'],
			...['sh', '-c', enter, 'sh', folder, String(disk), String(places.length), ...places, ...argv],
		],
		unlimited: [],
	};
}

/** Limits alone, through the shell's own `ulimit`; the command is passed as arguments and never read by the shell. */
export function plainLimits({ seconds, memory, disk }: CheckLimits): Isolation {
	const script =
		`cd "$1" || exit 70; shift; ulimit -t ${seconds}; ulimit -c 0; ulimit -f ${Math.ceil(disk / 512)}; ` +
		`ulimit -v ${Math.ceil(memory / 1024)} 2>/dev/null; exec "$@"`;
	return {
		wrap: (argv, folder) => ['sh', '-c', script, 'sh', folder, ...argv],
		unlimited: [
			...(process.platform === 'linux' ? [] : ['memory']),
			'the number of processes',
			'the network',
			'your files',
		],
	};
}

/** Whether a command ends with 0 within five seconds. */
function succeeds([program = '', ...rest]: readonly string[]): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn(program, rest, { stdio: 'ignore', timeout: 5000, killSignal: 'SIGKILL' });
		child.on('error', () => resolve(false));
		child.on('exit', (code) => resolve(code === 0));
	});
}
