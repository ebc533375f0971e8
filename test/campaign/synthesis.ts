// Builds a full-size STAT-Syn dataset with the stand-in teacher, over HTTP, through the command line. The yield of
// every stage, including the teacher's check of the skill, must equal what was planted; and a build killed with -9
// midway must resume without paying twice for a reply that had already arrived. `npm run campaign -- synthesis`.
import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { SimilarityIndex } from '../../src/core/text/similarityIndex.ts';
import { needsFigure } from '../../src/core/datasets/synthesis.ts';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';

const [dist = 'dist', data = '../shared/data', pairs = '100000'] = process.argv.slice(2);
const cli = path.resolve(dist, 'cli.js');
const project = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-syn-'));

function bank(split: string): string[] {
	const root = path.resolve(data, 'math-skill-bank');
	return fs.readdirSync(root).map((subject) => path.join(root, subject, split, `${split}_post_cluster.json`));
}

interface Printed {
	readonly yield: Readonly<Record<string, number>>;
	readonly sha256: string;
	readonly calls: number;
	readonly pairs: number;
	readonly questions: number;
}
interface Stage {
	readonly stage: string;
	readonly found: number;
	readonly planted: number;
	readonly summary: string;
}

async function main(): Promise<void> {
	const parsed = JSON.parse(fs.readFileSync(bank('test')[0] ?? '', 'utf8')) as {
		skill_dict: Record<string, { question: string }[]>;
	};
	const leakQuestions = Object.values(parsed.skill_dict)
		.flat()
		.map(({ question }) => question)
		.filter((question) => question.length > 80 && !/asy|figure|diagram|graph|shown/.test(question))
		.slice(0, 200);
	run(['init']);
	run(['import', 'skills', ...bank('train'), '--split', 'train']);
	run(['import', 'skills', ...bank('test'), '--split', 'validation']);
	run(['import', 'answers', path.resolve(data, 'student-answers/made_1000.jsonl'), '--student', 'made']);
	run(['classify']);
	const teacher = await startStandInTeacher({
		latency: 2,
		key: 'k',
		extraSkills: [1, 2],
		refusals: 0.02,
		duplicates: 0.1,
		leaks: 0.05,
		disagreement: 0.15,
		strays: 0.05,
		unsolvable: 0.03,
		figures: 0.02,
		skillUnused: 0.08,
		leakQuestions,
	});
	const asks = ['--teacher-url', teacher.url, '--teacher-model', 'stand-in', '--concurrency', '16', '--yes'];
	await runAsync(['diagnose', '--limit', '500', ...asks]);
	const diagnosed = teacher.stats();
	const build = (name: string) => [
		'build',
		'syn',
		'--name',
		name,
		'--pairs',
		pairs,
		'--rounds',
		'1',
		'--filter',
		'twins=drop',
		'--filter',
		'skill=drop',
		'--seed',
		'1',
		'--json',
		...asks,
	];
	// Killed three times, later each time (while it proposes, solves and checks), then run to its end.
	let [kills, lost] = [0, 0];
	const known = replies();
	for (const good of [900, 3000, 6500]) {
		await killedAfter(diagnosed.good + good, build('syn'));
		kills++;
	}
	/**
	 * Counts complete replies sent, except refusals, and how many of them the project has; the others were in flight.
	 */
	const sent = teacher.stats();
	lost = sent.good - diagnosed.good - (sent.counts['refusalsSent'] ?? 0) - (replies() - known);
	const resumed = JSON.parse(await runAsync(build('syn'))) as Printed;
	const stats = teacher.stats();
	const again = JSON.parse(await runAsync([...build('again')])) as Printed;
	const after = teacher.stats();
	await teacher.close();
	const { yield: y } = resumed;
	// A copied training question may itself be in the evaluation bank, so it counts as a leak before it counts as a
	// copy.
	const evaluation = new SimilarityIndex();
	const texts = bank('test').flatMap((file) =>
		Object.values((JSON.parse(fs.readFileSync(file, 'utf8')) as typeof parsed).skill_dict)
			.flat()
			.map(({ question }) => question),
	);
	texts.forEach((text, index) => evaluation.add(String(index), text));
	const both = [...teacher.copies.values()].flatMap((copy) =>
		(needsFigure(copy)
			? []
			: evaluation
					.find(copy)
					.filter(({ kind }) => kind !== 'twin')
					.slice(0, 1)
		).map(({ kind, id }) => ({ copy, kind, of: texts[Number(id)] ?? '' })),
	);
	const planted = (name: string): number => stats.planted[name] ?? 0;
	const got = (...stages: string[]): number => stages.reduce((sum, stage) => sum + (y[stage] ?? 0), 0);
	const stages: Stage[] = [
		{ stage: 'failed', found: got('failed'), planted: planted('refusals'), summary: 'refusals' },
		{
			stage: 'leaks',
			found: got('leaks'),
			planted: planted('leaks') + both.length,
			summary:
				`${planted('leaks')} leaks; ${both.length} of the copies is of a training question that ` +
				'resembles an evaluation question itself',
		},
		{
			stage: 'twins, copies, figures',
			found: got('twins', 'copies', 'figures'),
			planted: planted('duplicates') - both.length + planted('figures'),
			summary:
				`${planted('duplicates') - both.length} copies with different numbers, ${planted('figures')} found ` +
				'by the check to need a figure',
		},
		{
			stage: 'inconsistent',
			found: got('inconsistent'),
			planted: planted('disagreement') / 3 + stats.strayed,
			summary:
				`${planted('disagreement') / 3} questions without agreement, ${stats.strayed} of which two or ` +
				'three solutions strayed apart',
		},
		{ stage: 'unsolvable', found: got('unsolvable'), planted: planted('unsolvable'), summary: 'by the check' },
		{ stage: 'skillUnused', found: got('skillUnused'), planted: planted('skillUnused'), summary: 'by the check' },
		{
			stage: 'kept',
			found: got('kept'),
			planted:
				got('asked') -
				planted('refusals') -
				planted('leaks') -
				planted('duplicates') -
				planted('figures') -
				planted('disagreement') / 3 -
				stats.strayed -
				planted('unsolvable') -
				planted('skillUnused'),
			summary: 'what is left',
		},
	];
	console.log(
		`asked ${y['asked']} for ${y['targets']} missing skills; ${resumed.questions} questions, ` +
			`${resumed.pairs} pairs kept; kills ${kills}\n`,
	);
	console.log(
		`| stage | yield | planted | |\n| --- | ---: | ---: | --- ` +
			`|\n${stages.map(({ stage, found, planted: of, summary }) => `| ${stage} | ${found} | ${of} | ${summary} |`).join('\n')}\n`,
	);
	both.forEach(({ copy, kind, of }) => console.log(`${kind}: "${copy.slice(0, 300)}"\n  with "${of.slice(0, 300)}"`));
	const twice = stats.goodTwice - diagnosed.goodTwice - (stats.declinedTwice - diagnosed.declinedTwice);
	console.log(
		`replies sent again: ${twice}; in the air when it was killed: ${lost}; refusals asked again: ` +
			`${stats.declinedTwice}`,
	);
	console.log(
		`built again: ${again.calls} calls, ` +
			`${after.good - stats.good - (after.declinedTwice - stats.declinedTwice)} replies but refusals, ` +
			`the same sha256: ${again.sha256 === resumed.sha256}`,
	);
	fs.rmSync(project, { recursive: true, force: true });
	const wrong = stages.filter(({ found, planted: of }) => found !== of).map(({ stage }) => stage);
	if (wrong.length > 0 || twice !== lost || again.calls !== 0 || again.sha256 !== resumed.sha256) {
		console.log(`NOT EQUAL: ${wrong.join('; ')}`);
		process.exitCode = 1;
	}

	async function killedAfter(good: number, args: readonly string[]): Promise<void> {
		const child = spawn(process.execPath, [cli, ...args, '--project', project], {
			env: { ...process.env, OPENAI_API_KEY: 'k' },
			stdio: 'ignore',
		});
		await new Promise<void>((resolve, reject) => {
			const timer = setInterval(() => teacher.stats().good >= good && child.kill('SIGKILL'), 20);
			child.once('exit', (_, signal) => {
				clearInterval(timer);
				if (signal === 'SIGKILL') {
					resolve();
				} else {
					reject(new Error(`it ended before ${good} replies`));
				}
			});
		});
	}

	/** Returns the number of replies in the project. */
	function replies(): number {
		return (JSON.parse(run(['status', '--json'])) as { replies: number }).replies;
	}

	function run(args: readonly string[]): string {
		const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--project', project], {
			encoding: 'utf8',
			maxBuffer: 1 << 28,
		});
		if (status !== 0) {
			throw new Error(`${args.slice(0, 2).join(' ')}: ${stderr}`);
		}
		return stdout;
	}

	/** Runs asynchronously, so that it does not block the stand-in, which is in this process. */
	function runAsync(args: readonly string[]): Promise<string> {
		return new Promise((resolve, reject) => {
			const child = spawn(process.execPath, [cli, ...args, '--project', project], {
				env: { ...process.env, OPENAI_API_KEY: 'k' },
				stdio: ['ignore', 'pipe', 'pipe'],
			});
			let [out, errors] = ['', ''];
			child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
			child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
			child.on('exit', (code) =>
				code === 0 ? resolve(out) : reject(new Error(`${args.slice(0, 3).join(' ')}: ${errors.slice(-2000)}`)),
			);
		});
	}
}

void main();
