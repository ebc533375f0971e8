// What STAT-Syn and STAT-Sel buy for 300, 3,000 and 9,500 pairs, through the command line, with the stand-in teacher
// over HTTP: at most 1.3 times the calls that the pairs need at the run's own yield, and a price beforehand that is
// near the bill. Each build has a project of its own, so none uses what another has paid for.
// `npm run campaign -- buying`.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';

const [dist = 'dist', data = '../shared/data'] = process.argv.slice(2);
const cli = path.resolve(dist, 'cli.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-buying-'));
const most = 1.3;

interface Printed {
	readonly yield: Readonly<Record<string, number>>;
	readonly calls: number;
	readonly pairs: number;
}

async function main(): Promise<void> {
	const bank = (split: string): string[] => {
		const root = path.resolve(data, 'math-skill-bank');
		return fs.readdirSync(root).map((subject) => path.join(root, subject, split, `${split}_post_cluster.json`));
	};
	const teacher = await startStandInTeacher({
		latency: 2,
		key: 'k',
		extraSkills: [1, 2],
		refusals: 0.02,
		duplicates: 0.1,
		disagreement: 0.15,
		strays: 0.05,
		wrongRewrites: 0.05,
	});
	const base = path.join(folder, 'base');
	fs.mkdirSync(base);
	const asks = ['--teacher-url', teacher.url, '--teacher-model', 'stand-in', '--concurrency', '16', '--yes'];
	for (const args of [
		['init'],
		['import', 'skills', ...bank('train'), '--split', 'train'],
		['import', 'skills', ...bank('test'), '--split', 'validation'],
		['import', 'answers', path.resolve(data, 'student-answers/made_1000.jsonl'), '--student', 'made'],
		['classify'],
		['diagnose', '--limit', '500', ...asks],
	]) {
		await run(base, args);
	}
	const rows: string[] = [];
	let wrong = 0;
	for (const method of ['syn', 'sel']) {
		for (const pairs of [300, 3000, 9500]) {
			const project = path.join(folder, `${method}${pairs}`);
			fs.cpSync(base, project, { recursive: true });
			const { out, errors } = await run(project, [
				'build',
				method,
				'--name',
				'set',
				'--pairs',
				String(pairs),
				'--seed',
				'1',
				'--json',
				...asks,
			]);
			const { calls, pairs: made, yield: stages } = JSON.parse(out) as Printed;
			const planned = Number(/(\d+) calls to /.exec(errors)?.[1] ?? Number.NaN);
			const brought = method === 'syn' ? (stages['pool'] ?? 0) : made;
			const needed = (calls / brought) * pairs;
			const isNear = planned <= most * calls && calls <= most * planned;
			const isRight = isNear && calls <= most * needed && made <= pairs && (method === 'sel' || made === pairs);
			wrong += isRight ? 0 : 1;
			rows.push(
				`| ${method} | ${pairs} | ${made} | ${planned} | ${calls} | ${Math.ceil(needed)} | ` +
					`${(calls / needed).toFixed(2)} | ${brought} | ${(brought / calls).toFixed(3)} | ` +
					`${stages['bought'] ?? '–'} of ${stages['targets'] ?? '–'} |`,
			);
			fs.rmSync(project, { recursive: true });
		}
	}
	await teacher.close();
	fs.rmSync(folder, { recursive: true });
	console.log(
		'| method | wanted | made | calls planned | calls | calls needed | ratio | pairs brought | pairs a call | targets bought |\n' +
			`| --- ${'| ---: '.repeat(9)}|\n${rows.join('\n')}`,
	);
	if (wrong > 0) {
		console.log(`NOT WITHIN ${most}: ${wrong}`);
		process.exitCode = 1;
	}
}

function run(project: string, args: readonly string[]): Promise<{ out: string; errors: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [cli, ...args, '--project', project], {
			env: { ...process.env, OPENAI_API_KEY: 'k' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let [out, errors] = ['', ''];
		child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
		child.on('exit', (code) =>
			code === 0
				? resolve({ out, errors })
				: reject(new Error(`${args.slice(0, 3).join(' ')}: ${errors.slice(-2000)}`)),
		);
	});
}

void main();
