// Measures the accuracy, speed and safety of the grader alongside Math-Verify, in one run. Flags: --full (10,000
// hostile answers), --only-hostile (nothing else), --held-out (scores the pairs that nobody tunes on). Parts that need
// ../shared/data or Math-Verify are skipped with a message.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { bundleProduct } from '../scripts/bundle.mjs';
import type { Verdict } from '../src/core/questions/answer.ts';
import { createGrader, equivalentNow } from '../src/grading/createGrader.ts';
import { hostileAnswers } from '../test/fixtures/grading/hostile.ts';
import { goldsOf } from './gradingGolds.ts';

interface Pair {
	readonly category: string;
	readonly gold: string;
	readonly answer: string;
	readonly equal: boolean;
}
interface PeerGrade {
	readonly equal: boolean;
	readonly seconds: number;
}

const data = '../shared/data';
const full = process.argv.includes('--full');

async function main(): Promise<void> {
	bundleProduct('out/grading', ['gradingWorker']);
	if (process.argv.includes('--only-hostile')) {
		await hostile();
		return;
	}
	await accuracy('test/fixtures/grading/pairs.jsonl', true);
	if (process.argv.includes('--held-out')) {
		await accuracy('test/fixtures/grading/heldOut.jsonl', false);
	}
	const golds = existsSync(data) ? goldsOf(data) : [];
	if (golds.length === 0) {
		console.log(`Skipped: gold against gold, rule-made pairs and the 480 real answers need ${data}.`);
	} else {
		await goldAgainstGold(golds);
		await ruleMade(golds);
		await realAnswers();
	}
	await hostile();
}

/** Runs Math-Verify on the pairs in a child process; returns undefined if it is not installed. */
async function peer(pairs: readonly { gold: string; answer: string }[]): Promise<PeerGrade[] | undefined> {
	const child = spawn('python3', ['bench/gradingPeer.py'], { stdio: ['pipe', 'pipe', 'pipe'] });
	let out = '';
	let errors = '';
	child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	child.stdin.on('error', () => undefined);
	child.stdin.end(pairs.map((pair) => `${JSON.stringify({ gold: pair.gold, answer: pair.answer })}\n`).join(''));
	const code = await new Promise<number | null>((resolve) =>
		child.on('close', resolve).on('error', () => resolve(-1)),
	);
	if (code !== 0) {
		console.log(`Math-Verify column skipped: ${errors.trim().split('\n').at(-1) ?? 'python3 did not start'}\n`);
		return undefined;
	}
	return out
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as PeerGrade);
}

const readPairs = (file: string): Pair[] =>
	readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Pair);
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/**
 * Returns the verdicts, the CPU seconds of one pass after a warm-up, and the best of five wall times per pair. Other
 * programs affect neither measurement.
 */
function timed(pairs: readonly Pair[]): { verdicts: Verdict[]; cpu: number; seconds: number[] } {
	pairs.forEach((pair) => equivalentNow(pair.gold, pair.answer));
	const before = process.cpuUsage();
	const verdicts = pairs.map((pair) => equivalentNow(pair.gold, pair.answer)?.equal ?? null);
	const { user, system } = process.cpuUsage(before);
	const seconds = pairs.map((pair) =>
		Math.min(
			...[1, 2, 3, 4, 5].map(() => {
				const start = process.hrtime.bigint();
				equivalentNow(pair.gold, pair.answer);
				return Number(process.hrtime.bigint() - start) / 1e9;
			}),
		),
	);
	return { verdicts, cpu: (user + system) / 1e6, seconds };
}

const quantile = (values: readonly number[], q: number): number =>
	[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const micro = (seconds: number): string => `${(seconds * 1e6).toFixed(0)} µs`;

async function accuracy(file: string, tuned: boolean): Promise<void> {
	const pairs = readPairs(file);
	const ours = timed(pairs);
	const theirs = await peer(pairs);
	console.log(
		`### ${tuned ? 'Pairs' : 'Held-out pairs'} by category (${path.basename(file)}: ${pairs.length}, ` +
			`${pairs.filter((pair) => pair.equal).length} equal)\n`,
	);
	console.log(
		'| category | pairs | right | unsure | false equal | false different | Math-Verify right | its ' +
			'false equal |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
	);
	const rows = [...new Set(pairs.map((pair) => pair.category)), 'all'];
	for (const category of rows) {
		const at = pairs
			.map((_, index) => index)
			.filter((index) => category === 'all' || pairs[index]?.category === category);
		const count = (test: (index: number) => boolean): number => at.filter(test).length;
		const right = count((i) => ours.verdicts[i] === pairs[i]?.equal);
		const peerRight = theirs ? String(count((i) => theirs[i]?.equal === pairs[i]?.equal)) : '–';
		const peerFalse = theirs ? String(count((i) => theirs[i]?.equal === true && pairs[i]?.equal === false)) : '–';
		console.log(
			`| ${category} | ${at.length} | ${right} | ${count((i) => ours.verdicts[i] === null)} | ` +
				`${count((i) => ours.verdicts[i] === true && pairs[i]?.equal === false)} | ` +
				`${count((i) => ours.verdicts[i] === false && pairs[i]?.equal === true)} | ${peerRight} | ` +
				`${peerFalse} |`,
		);
	}
	pairs.forEach((pair, index) => {
		if (ours.verdicts[index] !== pair.equal) {
			console.log(
				`\n${pair.category}: \`${pair.gold}\` and \`${pair.answer}\`: ` +
					`${ours.verdicts[index] ?? 'unsure'}, should be ${pair.equal}`,
			);
		}
	});
	console.log(
		`\nSpeed: ${micro(ours.cpu / pairs.length)} of CPU a pair; wall median ` +
			`${micro(quantile(ours.seconds, 0.5))}, p99 ${micro(quantile(ours.seconds, 0.99))}, most ` +
			`${micro(Math.max(...ours.seconds))}.`,
	);
	if (theirs) {
		const seconds = theirs.map((grade) => grade.seconds);
		console.log(
			`Math-Verify: ${micro(sum(seconds) / pairs.length)} of CPU a pair, median ` +
				`${micro(quantile(seconds, 0.5))}, p99 ${micro(quantile(seconds, 0.99))}: ` +
				`${(sum(seconds) / ours.cpu).toFixed(0)} × the CPU time (median ` +
				`${(quantile(seconds, 0.5) / quantile(ours.seconds, 0.5)).toFixed(0)} ×).`,
		);
	}
	console.log('');
}

/** Respellings that do not change the meaning of an answer, applied in turn. */
const respellings = [
	['\\frac', '\\dfrac'],
	['(', '\\left('],
	[')', '\\right)'],
	['+', ' + '],
	['\\left\\left', '\\left'],
	['\\right\\right', '\\right'],
] as const;

async function goldAgainstGold(golds: readonly string[]): Promise<void> {
	const grader = createGrader({ dist: 'out/grading' });
	const rewritten = (gold: string): string =>
		respellings.reduce((text, [from, to]) => text.replaceAll(from, to), ` ${gold} `);
	const tally = new Map<string, number>();
	for (const gold of golds) {
		for (const [form, answer] of [
			['itself', gold],
			['respelled', rewritten(gold)],
		] as const) {
			const { equal } = await grader.equivalent(gold, answer);
			tally.set(`${form} ${equal}`, (tally.get(`${form} ${equal}`) ?? 0) + 1);
			if (equal !== true) {
				console.log(`${form}, ${equal === null ? 'unsure' : 'DIFFERENT'}: ${JSON.stringify(gold)}`);
			}
		}
	}
	await grader.dispose();
	const of = (form: string): string =>
		`${tally.get(`${form} true`) ?? 0} equal, ${tally.get(`${form} false`) ?? 0} different, ` +
		`${tally.get(`${form} null`) ?? 0} unsure ` +
		`(${percent(tally.get(`${form} null`) ?? 0, golds.length)})`;
	console.log(
		`\n### Gold against gold (${golds.length} distinct answers)\n\nAgainst itself: ${of('itself')}. ` +
			`Respelled (\\dfrac, \\left, spaces): ${of('respelled')}.\n`,
	);
}

/** Rewrites golds and creates near misses by rule; the labels follow from the rules. */
async function ruleMade(golds: readonly string[]): Promise<void> {
	const rules: [string, boolean, (gold: string) => string | undefined][] = [
		[
			'fraction as a/b',
			true,
			(gold) =>
				/^-?\\frac\{\d+\}\{\d+\}$/.test(gold) ? gold.replace(/\\frac\{(\d+)\}\{(\d+)\}/, '$1/$2') : undefined,
		],
		[
			'fraction expanded',
			true,
			(gold) =>
				/^\\frac\{\d+\}\{\d+\}$/.test(gold) ? gold.replace(/\d+/g, (n) => String(3 * Number(n))) : undefined,
		],
		[
			'thousands marked',
			true,
			(gold) => (/^\d{4,9}$/.test(gold) ? gold.replace(/\B(?=(\d{3})+$)/g, ',') : undefined),
		],
		['boxed', true, (gold) => `\\boxed{${gold}}`],
		['named', true, (gold) => (/^-?\d+$|^\\frac\{/.test(gold) ? `x = ${gold}` : undefined)],
		['terms swapped', true, (gold) => /^(\d+)\+(\d*\\sqrt\{\d+\})$/.exec(gold)?.slice(1).reverse().join('+')],
		[
			'list reversed',
			true,
			(gold) =>
				/^-?\d+(, ?-?\d+)+$/.test(gold) && !/\d,\d{3}(?!\d)/.test(gold)
					? gold.split(',').reverse().join(',')
					: undefined,
		],
		['one more', false, (gold) => (/^-?\d+$/.test(gold) ? String(BigInt(gold) + 1n) : undefined)],
		[
			'last digit changed',
			false,
			(gold) =>
				/\d/.test(gold) && !/[_^]\{?\d+\}?$|\\text|^[-0-9., ]*$|\.0|0\^/.test(gold)
					? gold.replace(/\d(?=\D*$)/, (d) => String((Number(d) + 1) % 10 || 1))
					: undefined,
		],
		[
			'sign flipped',
			false,
			(gold) =>
				/^-/.test(gold) && !/[,\s+]|^-0$|[a-z]\s*=/.test(gold.slice(1)) && !/[-+]/.test(gold.slice(1))
					? gold.slice(1)
					: undefined,
		],
		[
			'fraction turned',
			false,
			(gold) =>
				/^\\frac\{(\d+)\}\{(\d+)\}$/
					.exec(gold)
					?.slice(1)
					.reverse()
					.map((n) => `{${n}}`)
					.join('')
					.replace(/^/, '\\frac'),
		],
		[
			'pair swapped',
			false,
			(gold) => {
				const m = /^\((-?\d+), ?(-?\d+)\)$/.exec(gold);
				return m && m[1] !== m[2] ? `(${m[2]},${m[1]})` : undefined;
			},
		],
		[
			'bracket changed',
			false,
			(gold) =>
				/^\[[^[\]()]*\]$/.test(gold) && gold.split(',').length === 2 ? gold.replace(/\]$/, ')') : undefined,
		],
	];
	console.log(
		'### Pairs made by rule from the gold answers\n\n| rule | pairs | right | unsure | wrong | ' +
			'Math-Verify right |\n| --- | --- | --- | --- | --- | --- |',
	);
	for (const [name, equal, rule] of rules) {
		const pairs = golds
			.map((gold) => ({ gold, answer: rule(gold) }))
			.filter(
				(pair): pair is { gold: string; answer: string } =>
					pair.answer !== undefined && pair.answer !== pair.gold,
			)
			.filter((_, index, all) => index % Math.ceil(all.length / 60) === 0);
		const verdicts = pairs.map((pair) => equivalentNow(pair.gold, pair.answer)?.equal ?? null);
		const theirs = await peer(pairs);
		const wrong = pairs.filter((_, index) => verdicts[index] === !equal);
		console.log(
			`| ${name} (${equal ? 'equal' : 'different'}) | ${pairs.length} | ` +
				`${verdicts.filter((v) => v === equal).length} | ${verdicts.filter((v) => v === null).length} ` +
				`| ${wrong.length} | ${theirs?.filter((grade) => grade.equal === equal).length ?? '–'} |`,
		);
		wrong.forEach((pair) => console.log(`\nwrong: ${JSON.stringify(pair)}\n`));
	}
	console.log('');
}

const formatVerdict = (right: boolean | undefined): string => (right ? 'right' : 'wrong');

/** Compares the verdicts on 480 answers of a real student with the scores in its log. */
async function realAnswers(): Promise<void> {
	const grader = createGrader({ dist: 'out/grading' });
	const rows = readFileSync(`${data}/student-answers/math_cot_60.jsonl`, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { idx: number; answer: string; code: string[]; score: boolean[] });
	let same = 0;
	let answers = 0;
	const unsure: string[] = [];
	console.log(
		'### The 480 real answers\n\n| question, sample | gold | extracted | log | ours |\n| --- | --- | ' +
			'--- | --- | --- |',
	);
	for (const row of rows) {
		for (const [sample, response] of row.code.entries()) {
			answers++;
			const { answer } = grader.extract(response);
			const { equal, reason } =
				answer === null
					? { equal: null, reason: 'nothing found' }
					: await grader.equivalent(row.answer, answer);
			if (equal === row.score[sample]) {
				same++;
				continue;
			}
			if (equal === null) {
				unsure.push(reason ?? '');
			}
			const ours = equal === null ? `unsure: ${reason}` : formatVerdict(equal);
			console.log(
				`| ${row.idx}, ${sample} | \`${row.answer}\` | \`${answer}\` | ` +
					`${formatVerdict(row.score[sample])} | ${ours} |`,
			);
		}
	}
	await grader.dispose();
	console.log(
		`\n${answers} answers: ${same} as in the log, ${answers - same} differ, of them ${unsure.length} unsure.\n`,
	);
}

/**
 * Compares hostile answers with one another and with a gold. No comparison may exceed the deadline, and memory must not
 * grow.
 */
async function hostile(): Promise<void> {
	const count = full ? 10_000 : 1500;
	const grader = createGrader({ dist: 'out/grading' });
	const golds = ['42', '\\frac{1}{2}', 'x^2+1', '(1,2)', '\\{1,2\\}', '(-\\infty,3]', '\\text{even}'];
	const seconds: number[] = [];
	const inWorker: number[] = [];
	let previous = '7';
	const equals: string[] = [];
	let index = 0;
	let settled = 0;
	const memory: number[] = [];
	const quick: number[] = [];
	for (const answer of hostileAnswers(count)) {
		for (const gold of [golds[index % golds.length] as string, previous]) {
			const start = process.hrtime.bigint();
			const cpu = process.cpuUsage();
			const now = equivalentNow(gold, answer);
			const spent = process.cpuUsage(cpu);
			const { equal } = now ?? (await grader.equivalent(gold, answer));
			const end = process.hrtime.bigint();
			quick.push((spent.user + spent.system) / 1e6);
			seconds.push(Number(end - start) / 1e9);
			if (now === undefined) {
				inWorker.push(Number(end - start) / 1e9);
			}
			settled += equal === null ? 0 : 1;
			if (equal === true && gold !== previous) {
				equals.push(`${gold} and ${answer.slice(0, 60)}`);
			}
		}
		grader.extract(`The answer is \\boxed{${answer}`);
		previous = answer;
		if (++index % Math.floor(count / 5) === 0) {
			(globalThis as { gc?: () => void }).gc?.();
			memory.push(Math.round(process.memoryUsage().heapUsed / 2 ** 20));
		}
	}
	const braces = '{'.repeat(1_000_000);
	const big = process.hrtime.bigint();
	grader.extract(`\\boxed{${braces}`);
	await grader.equivalent(braces, '42');
	grader.extract('\\boxed{'.repeat(150_000));
	const bigSeconds = Number(process.hrtime.bigint() - big) / 1e9;
	await grader.dispose();
	console.log(`### Hostile answers (${count} from a seeded generator, two comparisons each)\n`);
	console.log(
		`Longest ${Math.max(...seconds).toFixed(2)} s of wall time (deadline 1 s, and what other programs ` +
			`hold up), longest on the caller's thread ${(1000 * Math.max(...quick)).toFixed(1)} ms of CPU, p99 ` +
			`${(1000 * quantile(seconds, 0.99)).toFixed(1)} ms, median ${micro(quantile(seconds, 0.5))}; ` +
			`${inWorker.length} went to the worker, ${seconds.length - settled} unsure, ${equals.length} equal ` +
			`to a plain gold (${equals.join('; ')}). Heap after each fifth: ${memory.join(', ')} MiB. A ` +
			'megabyte of braces, compared and extracted, and a megabyte of open boxes: ' +
			`${(1000 * bigSeconds).toFixed(0)} ms.\n`,
	);
}

void main();
