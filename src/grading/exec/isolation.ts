import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
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

/** Absolute paths of one check. */
export interface CheckPlaces {
	/** The empty folder, which lies in the check's own. */
	readonly work: string;
	/** What a checker must not read besides the places of secrets: the project. */
	readonly covered: readonly string[];
	/** Folders and files in covered ones that it needs to start, such as a virtual environment. */
	readonly shown: readonly string[];
}

/** How a checker runs on this platform. */
export interface Isolation {
	/** Puts a command into the limits. */
	wrap(argv: readonly string[], places: CheckPlaces): readonly string[];
	/** What the platform does not keep from a checker. */
	readonly unlimited: readonly string[];
}

/** Makes a folder of this person alone that holds the empty folder `work`, and returns its real path. */
export async function makeFolder(): Promise<string> {
	const named = process.env['XDG_CACHE_HOME'] ?? '';
	const cache = path.isAbsolute(named) ? named : path.join(os.homedir(), '.cache');
	const parent = path.join(cache, 'stat-studio', 'checks');
	await mkdir(parent, { recursive: true, mode: 0o700 });
	const folder = await mkdtemp(path.join(await realpath(parent), 'check-'));
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

/** Where nothing covers the project. */
const yourFiles = 'your files, among them the project with its gold answers and keys';

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
			unlimited: ['memory', 'disk space', 'the number of processes', 'the network', yourFiles],
		};
	}
	if (process.platform === 'linux') {
		const isolated = namespaces(limits);
		const folder = await makeFolder();
		try {
			const places = { work: path.join(folder, 'work'), covered: [], shown: [] };
			if (await succeeds(isolated.wrap(['true'], places))) {
				return isolated;
			}
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}
	return plainLimits(limits);
}

/** Linux with user namespaces: nothing but its folder can be written, the project cannot be read, and there is no network. */
function namespaces({ seconds, memory, disk, processes }: CheckLimits): Isolation {
	const always = [os.tmpdir(), ...sockets, ...secrets.map((name) => path.join(os.homedir(), name))];
	const present = (places: readonly string[]) => [...new Set(places)].filter((place) => existsSync(place));
	return {
		wrap: (argv, { work, covered, shown }) => [
			...['setpriv', '--pdeathsig', 'KILL', '--'],
			...['unshare', '--user', '--map-root-user', '--mount', '--net', '--pid', '--ipc', '--uts'],
			...['--fork', '--kill-child', '--mount-proc', '--'],
			...['prlimit', `--cpu=${seconds}`, `--as=${memory}`, '--core=0', `--nproc=${processes}`, '--'],
			...['sh', '-c', enter, 'sh', work, String(disk)],
			...counted(present([...always, ...covered]), present(shown)),
			...argv,
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
		wrap: (argv, { work }) => ['sh', '-c', script, 'sh', work, ...argv],
		unlimited: [
			...(process.platform === 'linux' ? [] : ['memory']),
			'the number of processes',
			'the network',
			yourFiles,
		],
	};
}

/** The two lists as enter.sh reads them: their lengths first. */
function counted(covers: readonly string[], shows: readonly string[]): readonly string[] {
	return [String(covers.length), String(shows.length), ...covers, ...shows];
}

/** Whether a command ends with 0 within five seconds. */
function succeeds([program = '', ...rest]: readonly string[]): Promise<boolean> {
	return new Promise((resolve) => {
		const child = spawn(program, rest, { stdio: 'ignore', timeout: 5000, killSignal: 'SIGKILL' });
		child.on('error', () => resolve(false));
		child.on('exit', (code) => resolve(code === 0));
	});
}
