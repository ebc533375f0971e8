// npm run demo: runs the whole loop on the sample project with the product's own commands, then the drill. It needs no
// key, no GPU and no network (except to install the packages on the very first run). This is plain Node, since a fresh
// clone has no packages yet.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt, root } from './setup.mjs';

const tty = process.stdout.isTTY === true;
const coloured = tty && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
const paint = (code) => (text) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, accent, good, warm] = [paint('1'), paint('2'), paint('36'), paint('32'), paint('33')];
const width = Math.min(process.stdout.columns ?? 96, 100);
const indent = '     ';
const cli = path.join(root, 'dist', 'cli.js');

/** Returns text wrapped to the width and without control characters, since it comes from the student or the teacher. */
function wrap(text, margin = indent) {
	const lines = [];
	let line = '';
	for (const word of text
		.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ')
		.trim()
		.split(/ +/)) {
		if (line !== '' && margin.length + line.length + word.length >= width) {
			lines.push(line);
			line = '';
		}
		line += (line === '' ? '' : ' ') + word;
	}
	return [...lines, line].map((part) => margin + part).join('\n');
}

const percent = (share) => (share === null || share === undefined ? '–' : `${Math.round(share * 100)} %`);
const readable = (name) => name.replace(/_/g, ' ');
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const print = (text = '') => process.stdout.write(`${text}\n`);

/** Runs a command of the product; returns its JSON result, or throws its one-line error. */
function stat(args, cwd) {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [cli, ...args, '--json'], {
			cwd,
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, STAT_TEACHER_URL: '', STAT_TEACHER_MODEL: '' },
		});
		let [out, err] = ['', ''];
		child.stdout.on('data', (chunk) => (out += chunk));
		child.stderr.on('data', (chunk) => (err += chunk));
		child.on('error', reject);
		child.on('close', (code) =>
			code === 0
				? resolve(JSON.parse(out))
				: reject(new Error(`stat-studio ${args.join(' ')} ended with ${code}\n${err.trim()}`)),
		);
	});
}

/** Prints a step: its number, the command as a user would type it, and its result. */
async function step(number, shown, args, cwd, says) {
	const since = performance.now();
	const prompt = `${accent(String(number).padStart(3))}  ${bold(`stat-studio ${shown}`)}`;
	if (tty) {
		process.stdout.write(`${prompt} ${dim('…')}`);
	}
	const result = await stat(args, cwd);
	print(`${tty ? '\r\x1b[2K' : ''}${prompt}  ${dim(seconds(since))}`);
	print(wrap(says(result)));
	return result;
}

/** Prints the most frequently missed skills as bars, with the share and its 95% interval. */
function bars({ skills }, top) {
	const shown = skills.slice(0, top);
	const most = Math.max(1, ...shown.map(({ questions }) => questions));
	const label = Math.max(...shown.map(({ skill }) => skill.length));
	const room = Math.max(8, Math.min(24, width - label - 52));
	return shown
		.map(({ subject, skill, questions, share, ci95: [low, high] }) => {
			const eighths = Math.round((questions / most) * room * 8);
			const bar = ('█'.repeat(Math.floor(eighths / 8)) + ' ▏▎▍▌▋▊▉'.charAt(eighths % 8)).trimEnd();
			return (
				`${indent}${readable(skill).padEnd(label)}  ${warm(bar.padEnd(room))} ` +
				`${String(questions).padStart(2)}  ` +
				`${dim(`${percent(share)} (${percent(low)}–${percent(high)})`.padEnd(14))}  ` +
				`${dim(readable(subject))}`
			);
		})
		.join('\n');
}

/**
 * Prints the chain behind a row from its end to its start: the row to train on, and the step of the answer that led to
 * it.
 */
function chain({ row, skill, question, student_answer: answer, diagnosis }) {
	const line = (name, text) => {
		const margin = ' '.repeat(indent.length + 14);
		return `${indent}${dim(name.padEnd(14))}${wrap(text, margin).trimStart()}`;
	};
	return [
		line('trains on', row.question),
		line('for the skill', skill ? `${readable(skill.name)}, ${readable(skill.subject)}` : '–'),
		line('missed in', question?.text ?? '–'),
		line(
			'it answered',
			answer ? `${answer.extracted ?? 'nothing'}${question?.gold ? ` instead of ${question.gold}` : ''}` : '–',
		),
		line('because', diagnosis?.reason ?? '–'),
	].join('\n');
}

async function demo() {
	const began = performance.now();
	ensureBuilt();
	const prepared = performance.now();
	const project = mkdtempSync(path.join(os.tmpdir(), 'stat-demo-'));
	cpSync(path.join(root, 'examples', 'sample'), path.join(project, 'sample'), { recursive: true });
	const sample = JSON.parse(readFileSync(path.join(project, 'sample', 'sample.json'), 'utf8'));
	const files = (names) => names.map((name) => path.join('sample', name));
	const teacher = ['--teacher', `scripted:${path.join('sample', sample.teacher)}`, '--yes'];

	print();
	print(`${bold('STAT Studio')}  find what a model cannot do, see why, build the training set that targets it`);
	print(
		dim(
			wrap(
				`Questions, the student “${sample.student}” and the teacher’s replies are made by a script ` +
					'(examples/sample/README.md). The commands are the product’s own.',
				'',
			),
		),
	);
	print();
	let n = 0;
	const next = (shown, args, says) => step(++n, shown, args, project, says);
	await next('init', ['init'], () => `a project: ${path.join(project, '.stat')}`);
	await next(
		'import skills sample/skills/*/train/*.json',
		['import', 'skills', ...files(sample.skills.train), '--split', 'train'],
		(r) => `${r.questions} training questions, ${r.skills} skills, ${r.links} links between them: the Skill-Map`,
	);
	await next(
		'import skills sample/skills/*/validation/*.json --split validation',
		['import', 'skills', ...files(sample.skills.validation), '--split', 'validation'],
		(r) => `${r.questions} validation questions with their skills`,
	);
	await next(
		'import questions sample/questions/train.jsonl --split train',
		['import', 'questions', ...files(sample.questions.train), '--split', 'train'],
		(r) => `${r.updated} known questions gained their level${r.questions > 0 ? `, ${r.questions} are new` : ''}`,
	);
	await next(
		`import answers sample/answers/${sample.student}.jsonl --student ${sample.student}`,
		['import', 'answers', ...files(sample.answers), '--student', sample.student],
		(r) => `${r.answers} answers, ${r.graded} graded, ${percent(r.correct / r.graded)} right`,
	);
	await next(
		'classify',
		['classify', '--student', sample.student],
		(r) => `${good(`${r.difficult} of ${r.questions}`)} questions are difficult for it (rule: ${r.method})`,
	);
	await next(
		'classify --method reward',
		['classify', '--method', 'reward', '--student', sample.student],
		(r) =>
			`by process rewards alone, without gold answers, ${r.difficult}: precision ` +
			`${percent(r.precision)}, recall ${percent(r.recall)} as a detector of wrong answers`,
	);
	await stat(['classify', '--method', 'answer', '--student', sample.student], project);
	await next(
		'diagnose --teacher scripted:sample/teacher.jsonl',
		['diagnose', '--student', sample.student, ...teacher],
		(r) =>
			`the teacher read ${r.diagnosed} answers and named what each fails to use; it disputes ` +
			`${r.disputed}, ${r.failed} failed; ${r.calls} calls`,
	);
	const profile = await next(
		'profile',
		['profile', '--student', sample.student],
		(r) =>
			`Missing-Skill-Profile: ${r.skills.length} skills missed in ${r.questions} questions, the most missed first`,
	);
	print(bars(profile, 10));
	const built = [
		await next(
			'build sel --name targeted',
			['build', 'sel', '--name', 'targeted', '--pairs', '1000', '--student', sample.student, ...teacher],
			(r) =>
				`STAT-Sel: ${good(`${r.pairs} question–answer pairs`)} on ${r.questions} training ` +
				`questions, drawn for the skills it misses; ${r.calls} calls to rewrite solutions, ` +
				`${r.failed ?? 0} answers set aside`,
		),
	];
	// Skipped if the build command does not offer the method.
	if (await builds('syn', project)) {
		built.push(
			await next(
				'build syn --name written',
				['build', 'syn', '--name', 'written', '--pairs', '300', '--student', sample.student, ...teacher],
				(r) =>
					`STAT-Syn: ${good(`${r.pairs} pairs`)} on ${r.questions} new questions, kept where solutions agree`,
			),
		);
	}
	const why = await next('why targeted 0', ['why', 'targeted', '0'], () => 'every row can say where it comes from');
	print(chain(why));
	const out = path.join(project, 'targeted.trl.jsonl');
	await next(
		'export targeted --format trl --out targeted.trl.jsonl',
		['export', 'targeted', '--format', 'trl', '--out', out],
		(r) => `${r.rows} rows for trl sft`,
	);

	print();
	print(`${bold('The drill')}  weaknesses are planted in a student; does the loop find them?`);
	print(
		dim(
			wrap(
				'The teacher reads questions and written steps, nothing else, and re-checks each step. ' +
					'With noise 0.3 it names a random skill in three of ten diagnoses. With noise 1, or with ' +
					'the answers shuffled between the questions, nothing should be found.',
				'',
			),
		),
	);
	print();
	await next('drill', ['drill'], (r) => drillLine(r));
	await next('drill --noise 1', ['drill', '--noise', '1'], (r) => drillLine(r));

	print();
	const preparing = ` (and ${((prepared - began) / 1000).toFixed(1)} s to install and build)`;
	print(
		`${bold('Done')} in ${seconds(prepared)}${prepared - began > 2000 ? dim(preparing) : ''}. ` +
			`The project stays at ${accent(project)}`,
	);
	built.forEach(({ path: folder }) => print(`${indent}${folder}  ${dim(readdirSync(folder).join(', '))}`));
	print(`${indent}${out}`);
	print();
	print(bold('Next'));
	print(`${indent}npm start                                     the same project in the editor, in your browser`);
	print(`${indent}node dist/cli.js profile --project ${project}`);
	print(`${indent}node dist/cli.js import answers YOUR_LOG.jsonl --student YOUR_MODEL --project DIR`);
	print(dim(`${indent}docs/drill.md says how the drill works and what it finds at which noise.`));
}

function drillLine({ planted, found, precision, recall, rank_correlation: rank }) {
	const weak = planted.map(({ skill }) => skill);
	const names = found
		.map((skill) => (weak.includes(skill) ? readable(skill) : `${readable(skill)} (not planted)`))
		.join(', ');
	return (
		`${planted.length} planted, found: ${names === '' ? 'none' : names}. Precision ${percent(precision)}, ` +
		`recall ${percent(recall)}, rank correlation ${rank === null ? '–' : rank.toFixed(2)}`
	);
}

/** Whether the build command lists a method. */
function builds(method, cwd) {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, [cli, 'build', '--help'], { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
		let out = '';
		child.stdout.on('data', (chunk) => (out += chunk));
		child.on('close', () => resolve(new RegExp(`\\bbuild [\\w|-]*\\b${method}\\b`).test(out)));
	});
}

try {
	await demo();
} catch (error) {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	if (!existsSync(path.join(root, 'node_modules'))) {
		process.stderr.write(
			'The packages could not be installed: check the network or the proxy (npm ping), then run npm ' +
				'run demo again.\n',
		);
	}
	process.exitCode = 1;
}
