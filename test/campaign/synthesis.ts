// Full-size STAT-Syn against the stand-in teacher, over HTTP, through the command line: yields equal to what was planted, and a
// build killed with -9 in the middle that is resumed with no good reply paid twice. Run by hand:
//   npx esbuild test/campaign/synthesis.ts --bundle --platform=node --packages=external --outfile=out/campaign/synthesis.js && node out/campaign/synthesis.js DIST DATA [PAIRS]
// DIST: a built product; DATA: the folder of the real data (test data of this project's README).
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';

const [dist = 'dist', data = '../shared/data', pairs = '6000'] = process.argv.slice(2);
const cli = path.resolve(dist, 'cli.js');
const project = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-syn-'));

function bank(split: string): string[] {
	const root = path.resolve(data, 'math-skill-bank');
	return fs.readdirSync(root).map((subject) => path.join(root, subject, split, `${split}_post_cluster.json`));
}

interface Printed { readonly yield: Record<string, number>; readonly sha256: string; readonly calls: number; readonly failed: number; readonly pairs: number; readonly questions: number }

async function main(): Promise<void> {
	const leakQuestions = (JSON.parse(fs.readFileSync(bank('test')[0] ?? '', 'utf8')) as { skill_dict: Record<string, { question: string }[]> });
	const leaked = Object.values(leakQuestions.skill_dict).flat().map(({ question }) => question).filter((question) => question.length > 80 && !/asy|figure|diagram|graph|shown/.test(question)).slice(0, 200);
	const settings = { refusals: 0.02, duplicates: 0.1, leaks: 0.05, disagreement: 0.15, strays: 0.05, leakQuestions: leaked };
	const quiet = (...args: string[]) => run(args);
	quiet('init');
	quiet('import', 'skills', ...bank('train'), '--split', 'train');
	quiet('import', 'skills', ...bank('test'), '--split', 'validation');
	quiet('import', 'answers', path.resolve(data, 'student-answers/made_1000.jsonl'), '--student', 'made');
	quiet('classify');
	const teacher = await startStandInTeacher({ latency: 2, key: 'k', ...settings });
	const asks = ['--teacher-url', teacher.url, '--teacher-model', 'stand-in', '--concurrency', '16', '--yes'];
	await runAsync(['diagnose', '--limit', '500', ...asks]);
	const build = (name: string) => ['build', 'syn', '--name', name, '--pairs', pairs, '--rounds', '1', '--filter', 'twins=drop', '--seed', '1', '--json', ...asks];
	// Killed twice, a bit later each time, then let through.
	const before = teacher.stats();
	let kills = 0;
	for (const good of [700, 2200]) {
		const child = spawn(process.execPath, [cli, ...build('syn'), '--project', project], { env: { ...process.env, OPENAI_API_KEY: 'k' }, stdio: 'ignore' });
		await new Promise<void>((resolve) => {
			const timer = setInterval(() => {
				if (teacher.stats().good - before.good >= good) {
					child.kill('SIGKILL');
					kills++;
					clearInterval(timer);
					resolve();
				}
			}, 20);
			child.once('exit', () => {
				clearInterval(timer);
				resolve();
			});
		});
	}
	const resumed = JSON.parse(await runAsync(build('syn'))) as Printed;
	const stats = teacher.stats();
	const again = JSON.parse(await runAsync([...build('again')])) as Printed;
	const after = teacher.stats();
	await teacher.close();
	const rows = fs.readFileSync(path.join(project, '.stat/datasets/syn/data.jsonl'), 'utf8').split('\n').filter((line) => line !== '').length;
	const { yield: y } = resumed;
	const lost = y['failed']! + y['figures']! + y['copies']! + y['twins']! + y['leaks']! + y['leakTwins']! + y['inconsistent']! + y['unsolvable']! + y['unbought']! + y['kept']!;
	console.log(JSON.stringify({ kills, yield: y, planted: stats.planted, good: stats.good - before.good, goodTwice: stats.goodTwice, sameShaAgain: again.sha256 === resumed.sha256, callsAgain: again.calls, goodAgain: after.good - stats.good, rows, pairs: resumed.pairs, questions: resumed.questions, accounted: lost === y['asked'] }, undefined, 1));
	fs.rmSync(project, { recursive: true, force: true });

	function run(args: readonly string[]): string {
		const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--project', project], { encoding: 'utf8', maxBuffer: 1 << 28 });
		if (status !== 0) {
			throw new Error(`${args.slice(0, 2).join(' ')}: ${stderr}`);
		}
		return stdout;
	}

	/** Without blocking the stand-in, which lives in this process. */
	function runAsync(args: readonly string[]): Promise<string> {
		return new Promise((resolve, reject) => {
			const child = spawn(process.execPath, [cli, ...args, '--project', project], { env: { ...process.env, OPENAI_API_KEY: 'k' }, stdio: ['ignore', 'pipe', 'pipe'] });
			let [out, errors] = ['', ''];
			child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
			child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
			child.on('exit', (code) => (code === 0 ? resolve(out) : reject(new Error(`${args.slice(0, 3).join(' ')}: ${errors.slice(-2000)}`))));
		});
	}
}

void main();
