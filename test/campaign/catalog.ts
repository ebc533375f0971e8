// Builds skill lists from the validation questions of the real banks with a stand-in teacher over HTTP, which answers
// from the bank with noise and varying words. Kills each stage with -9 and resumes it; no good reply may be paid for
// twice. Also builds lists from the drill's questions at several noise levels and compares them with the planted
// skills. `npm run campaign -- catalog`.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { adjustedRand, bestMatch } from '../fixtures/partition.ts';
import { questionId } from '../../src/core/questions/question.ts';
import { bankReply } from '../fixtures/bankAnswers.ts';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';

const [dist = 'dist', data = '../shared/data', limit = '1000'] = process.argv.slice(2);
const cli = path.resolve(dist, 'cli.js');

interface Made {
	readonly skills: number;
	readonly subjects: number;
	readonly names: number;
	readonly questions: number;
	readonly failed: number;
	readonly calls: number;
	readonly lists: { subject: string; skills: string[] }[];
}

async function fromBanks(noise: number, synonyms: number): Promise<void> {
	const project = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-catalog-'));
	const truth = new Map<string, Set<string>>();
	const skillsOf = new Map<string, string[]>();
	const lines: string[] = [];
	const root = path.resolve(data, 'math-skill-bank');
	const rows = fs.readdirSync(root).flatMap((subject) => {
		const bank = JSON.parse(
			fs.readFileSync(path.join(root, subject, 'test', 'test_post_cluster.json'), 'utf8'),
		) as { skill_dict: Record<string, { question: string }[]> };
		return Object.entries(bank.skill_dict).flatMap(([skill, questions]) =>
			questions.map(({ question }) => ({
				subject,
				skill: skill
					.trim()
					.toLowerCase()
					.replace(/[\s_-]+/g, '_'),
				question,
			})),
		);
	});
	const step = Math.max(1, Math.floor(rows.length / Number(limit)));
	for (const { subject, skill, question } of rows.filter((_, index) => index % step === 0).slice(0, Number(limit))) {
		const shown = question.trim();
		if (!skillsOf.has(shown)) {
			lines.push(JSON.stringify({ question: shown, subject }));
		}
		skillsOf.set(shown, [...(skillsOf.get(shown) ?? []), skill]);
		const key = `${subject}/${skill}`;
		truth.set(key, (truth.get(key) ?? new Set()).add(questionId(shown)));
	}
	const file = path.join(project, 'questions.jsonl');
	fs.writeFileSync(file, `${lines.join('\n')}\n`);
	const teacher = await startStandInTeacher({
		latency: 3,
		key: 'k',
		bank: (user) => bankReply(user, { skillsOf, noise, synonyms, seed: 1 }),
	});
	const asks = [
		'--teacher-url',
		teacher.url,
		'--teacher-model',
		'stand-in',
		'--concurrency',
		'16',
		'--yes',
		'--json',
	];
	await run(['init'], project);
	await run(['import', 'questions', file, '--split', 'validation', '--json'], project);
	let kills = 0;
	for (const good of [Math.round(lines.length * 0.4), Math.round(lines.length * 1.6)]) {
		const child = spawn(process.execPath, [cli, 'catalog', ...asks, '--project', project], {
			env: { ...process.env, OPENAI_API_KEY: 'k' },
			stdio: 'ignore',
		});
		await new Promise<void>((resolve) => {
			const timer = setInterval(() => {
				if (teacher.stats().good >= good) {
					clearInterval(timer);
					kills += child.kill('SIGKILL') ? 1 : 0;
				}
			}, 10);
			child.once('exit', () => {
				clearInterval(timer);
				resolve();
			});
		});
	}
	const made = JSON.parse(await run(['catalog', ...asks], project)) as Made;
	const { good, goodTwice } = teacher.stats();
	const again = JSON.parse(await run(['catalog', '--replace', ...asks], project)) as Made;
	await teacher.close();
	const { skills } = JSON.parse(await run(['skills', 'list', '--json'], project)) as {
		skills: { subject: string; name: string }[];
	};
	const names = skills.map(({ subject, name }) => `${subject}/${name}`);
	const labels = await labelsOf(project);
	const { precision, recall, f1 } = bestMatch(truth, labels);
	const flat = [...labels].flatMap(([name, ids]) => [...ids].map((id) => ({ name, id })));
	const trueOf = new Map([...truth].flatMap(([name, ids]) => [...ids].map((id) => [id, name] as const)));
	const rand = adjustedRand(
		flat.map(({ name }) => name),
		flat.map(({ id }) => trueOf.get(id) ?? ''),
	);
	console.log(
		`| ${noise} | ${synonyms} | ${lines.length} | ${truth.size} | ${names.length} | ` +
			`${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} | ${rand?.toFixed(3) ?? '–'} | ` +
			`${made.questions} + ${made.failed} | ${kills} | ${good} | ${goodTwice} | ${again.calls} |`,
	);
	if (goodTwice > 16 * kills || again.calls > 0 || made.questions + made.failed !== lines.length) {
		process.exitCode = 1;
	}
	fs.rmSync(project, { recursive: true, force: true });
}

/** The command line does not list labels, so the store is opened directly. */
async function labelsOf(project: string): Promise<Map<string, Set<string>>> {
	const { openStore } = await import('../../src/store/openStore.ts');
	const store = await openStore({ projectFolder: project, dist: path.resolve(dist) });
	const found = new Map<string, Set<string>>();
	let after: string | null = null;
	for (;;) {
		const page: readonly { id: string }[] = await store.read('questionsOfSplit', {
			split: 'validation',
			after,
			limit: 2000,
		});
		for (const { questionId: id, skills } of await store.read('labels', {
			ids: page.map((question) => question.id),
		})) {
			skills.forEach(({ subject, name }) =>
				found.set(`${subject}/${name}`, (found.get(`${subject}/${name}`) ?? new Set()).add(id)),
			);
		}
		after = page.at(-1)?.id ?? null;
		if (page.length < 2000) {
			await store.close();
			return found;
		}
	}
}

/** Runs asynchronously, so that it does not block the stand-in, which is in this process. */
function run(args: readonly string[], project: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [cli, ...args, '--project', project], {
			env: { ...process.env, OPENAI_API_KEY: 'k' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let [out, errors] = ['', ''];
		child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
		child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
		child.once('close', (code) =>
			code === 0 ? resolve(out) : reject(new Error(`${args.slice(0, 2).join(' ')}: ${errors}`)),
		);
	});
}

async function main(): Promise<void> {
	console.log(
		'| noise | synonyms | questions | skills in the bank | skills made | precision | recall | F1 | ' +
			'adjusted Rand | labelled + set aside | kills | good replies | sent twice (in flight at the kills: ' +
			'at most 16 each) | calls again |',
	);
	console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
	for (const [noise, synonyms] of [
		[0, 0.5],
		[0.05, 0.5],
	] as const) {
		await fromBanks(noise, synonyms);
	}
}

void main();
