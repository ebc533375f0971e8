// Measures labelling by the command line as a whole process (start, project, calls, storing) against a whole process of
// bespokelabs-curator with the same prompts, replies and endpoint, in one run. Needs the peer's environment:
//   python3 -m venv ~/.cache/curator/venv && ~/.cache/curator/venv/bin/pip install bespokelabs-curator==0.1.31
//   npm run build && npm run bench curator [-- --calls=2300 --turns=3 --only=stat]
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { programOptions } from '../scripts/bundle.mjs';
import type { EndpointStats } from './curator/endpoint.ts';

const option = (name: string, otherwise: string) =>
	process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const calls = Number(option('calls', '2300'));
const turns = Number(option('turns', '3'));
const python = option('python', path.join(os.homedir(), '.cache/curator/venv/bin/python'));
const only = option('only', '');
const inFlights = option('in-flight', '128,32,8').split(',').map(Number);
const questionsInProject = 12_000;
const skillsOffered = 30;
const latency = 200;
const reply =
	'<skill>skill number 1 of the list</skill>\n<reason>' +
	`${'The question needs it where the two sides are compared, and nowhere else. '.repeat(26)}</reason>`;

interface Measured {
	readonly perSecond: number;
	/** CPU of the process and its threads, user and system, in ms a request. */
	readonly cpu: number;
	/** Seconds from the start of the process to its first request. */
	readonly start: number;
	readonly seconds: number;
}

async function main(): Promise<void> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-bench-curator-'));
	await build({ ...programOptions, entryPoints: ['bench/curator/endpoint.ts'], outdir: 'out/bench/curator' });
	const endpoint = spawn(process.execPath, ['out/bench/curator/endpoint.js', String(latency), reply], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	try {
		const line = await new Promise<string>((resolve) =>
			endpoint.stdout.once('data', (data: Buffer) => resolve(data.toString())),
		);
		const { url } = JSON.parse(line) as { url: string };
		const project = path.join(folder, 'project');
		await makeProject(project, folder);
		const prompts = await promptsOf(url, project, folder);
		console.log(
			`${calls} calls, ${latency} ms each, prompts of ${(prompts.characters / 1000).toFixed(1)} kB, replies of ` +
				`${(reply.length / 1000).toFixed(1)} kB, ${questionsInProject} questions in the project; ` +
				`Node ${process.version}, ${os.cpus().length} cores. The better of ${turns} interleaved turns.\n`,
		);
		console.log(
			'| in flight | in flight ÷ latency, req/s | curator, req/s | STAT Studio, req/s | ÷ curator | ÷ ideal | ' +
				'CPU ms a request: curator | STAT Studio | ÷ curator | first request after, s: curator | STAT Studio | ' +
				'load average |\n' +
				`|${' ---: |'.repeat(12)}`,
		);
		for (const inFlight of inFlights) {
			const count = Math.min(calls, inFlight * 75);
			const runs = { peer: [] as Measured[], stat: [] as Measured[] };
			for (let turn = 0; turn < turns; turn++) {
				if (only !== 'stat') {
					runs.peer.push(await peer(url, inFlight, count, prompts.file, folder));
				}
				if (only !== 'peer') {
					runs.stat.push(await stat(url, inFlight, count, project, folder));
				}
			}
			report(inFlight, runs);
		}
	} finally {
		endpoint.kill();
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

function report(inFlight: number, runs: Readonly<Record<'peer' | 'stat', readonly Measured[]>>): void {
	const best = (of: readonly Measured[]) => ({
		perSecond: Math.max(...of.map(({ perSecond }) => perSecond)),
		cpu: Math.min(...of.map(({ cpu }) => cpu)),
		start: Math.min(...of.map(({ start }) => start)),
	});
	const [p, s] = [best(runs.peer), best(runs.stat)];
	const ideal = (inFlight * 1000) / latency;
	console.log(
		`| ${inFlight} | ${ideal.toFixed(0)} | ${p.perSecond.toFixed(0)} | ${s.perSecond.toFixed(0)} | ` +
			`${(s.perSecond / p.perSecond).toFixed(2)} | ${(s.perSecond / ideal).toFixed(2)} | ${p.cpu.toFixed(2)} | ` +
			`${s.cpu.toFixed(2)} | ${(s.cpu / p.cpu).toFixed(2)} | ${p.start.toFixed(2)} | ${s.start.toFixed(2)} | ` +
			`${(os.loadavg()[0] ?? 0).toFixed(1)} |`,
	);
}

/** Imports a skill bank of 12,000 questions with 30 skills. */
async function makeProject(project: string, folder: string): Promise<void> {
	fs.mkdirSync(project);
	const skills = Array.from({ length: skillsOffered }, (_, index) => `skill number ${index + 1} of the list`);
	const questions = Array.from(
		{ length: questionsInProject },
		(_, index) =>
			`Question ${index}: a train leaves with ${index + 3} passengers and $\\frac{${index}}{7}$ of them leave at the ` +
			`next stop. ${'At each stop after that, some more of them leave the train. '.repeat(5)}How many are left?`,
	);
	const bank = path.join(folder, 'bank.json');
	fs.writeFileSync(
		bank,
		JSON.stringify({
			question2skill: Object.fromEntries(
				questions.map((question, index) => [question, [skills[index % skills.length]]]),
			),
		}),
	);
	for (const args of [['init'], ['import', 'skills', bank, '--split', 'train', '--subject', 'algebra']]) {
		await cli(args, project);
	}
}

function cli(args: readonly string[], cwd: string): Promise<void> {
	const child = spawn(process.execPath, [path.resolve('dist/cli.js'), ...args], {
		cwd,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	return ended(child);
}

function ended(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process ended with ${code}`))));
	});
}

/** Records the prompts that the command line sends, so that the peer sends the same. */
async function promptsOf(
	url: string,
	project: string,
	folder: string,
): Promise<{ readonly file: string; readonly characters: number }> {
	const copy = path.join(folder, 'recorded');
	fs.cpSync(project, copy, { recursive: true });
	await cli(labelArguments(url, 128, calls), copy);
	const bodies = (await (await fetch(`${url}/bodies`)).json()) as {
		readonly messages: readonly { readonly content: string }[];
	}[];
	const file = path.join(folder, 'prompts.jsonl');
	const lines = bodies.map(({ messages: [system, user] }) =>
		JSON.stringify({ system: system?.content, user: user?.content }),
	);
	fs.writeFileSync(file, `${lines.join('\n')}\n`);
	return { file, characters: Math.round(lines.join('').length / lines.length) };
}

function labelArguments(url: string, inFlight: number, count: number): string[] {
	return [
		'label',
		'--limit',
		String(count),
		'--teacher-url',
		`${url}/v1`,
		'--teacher-model',
		'stand-in',
		'--concurrency',
		String(inFlight),
		'--yes',
	];
}

async function stat(url: string, inFlight: number, count: number, project: string, folder: string): Promise<Measured> {
	const copy = path.join(folder, 'copy');
	fs.rmSync(copy, { recursive: true, force: true });
	fs.cpSync(project, copy, { recursive: true });
	return measured(url, count, copy, folder, [
		process.execPath,
		path.resolve('dist/cli.js'),
		...labelArguments(url, inFlight, count),
	]);
}

async function peer(url: string, inFlight: number, count: number, prompts: string, folder: string): Promise<Measured> {
	const place = path.join(folder, 'peer');
	fs.rmSync(place, { recursive: true, force: true });
	fs.mkdirSync(place);
	const part = path.join(place, 'prompts.jsonl');
	fs.writeFileSync(part, `${fs.readFileSync(prompts, 'utf8').split('\n').slice(0, count).join('\n')}\n`);
	return measured(url, count, place, folder, [
		python,
		path.resolve('bench/curator/peer.py'),
		`${url}/v1`,
		String(inFlight),
		part,
	]);
}

/** Runs a program in `cwd` and reads what it used from the kernel's account of it, by bash's `times`. */
async function measured(
	url: string,
	count: number,
	cwd: string,
	folder: string,
	program: readonly string[],
): Promise<Measured> {
	await fetch(`${url}/reset`);
	const log = path.join(folder, 'times');
	const began = Date.now();
	const child = spawn('bash', ['-c', '"$@" > /dev/null 2> stderr.txt && times > "$LOG"', 'bash', ...program], {
		cwd,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: { ...process.env, LOG: log, CURATOR_CACHE_DIR: path.join(cwd, 'cache') },
	});
	await ended(child).catch((error: unknown) => {
		throw new Error(fs.readFileSync(path.join(cwd, 'stderr.txt'), 'utf8').slice(-2000), { cause: error });
	});
	const seconds = (Date.now() - began) / 1000;
	const stats = (await (await fetch(`${url}/stats`)).json()) as EndpointStats;
	if (stats.replies < count) {
		throw new Error(
			`${stats.replies} of ${count} replies; ${fs.readFileSync(path.join(cwd, 'stderr.txt'), 'utf8')}`,
		);
	}
	return {
		perSecond: count / seconds,
		cpu: (cpuOf(fs.readFileSync(log, 'utf8')) * 1000) / count,
		start: ((stats.firstAt ?? Number.NaN) - began) / 1000,
		seconds,
	};
}

/** Reads the second line of `times`: user and system seconds of the children, as `0m1.234s 0m0.567s`. */
function cpuOf(times: string): number {
	return [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
		(sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
		0,
	);
}

void main();
