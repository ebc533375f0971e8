// Compares importing a student's answers end to end (read, extract, grade, split steps, store durably) with a bare
// JSON.parse of the same lines, in one run. The rows have the format of the Qwen2.5-Math evaluator: 8 samples of about
// 1.5 kB with step scores.
//   npm run bench import [-- --mb=200]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { openParts } from '../src/cli/openParts.ts';
import type { Grader } from '../src/core/ports/grader.ts';
import type { Run } from '../src/core/run.ts';
import { initProject } from '../src/store/engine/initProject.ts';
import { importAnswers } from '../src/workflow/questions/importAnswers.ts';
import { builtDist } from '../test/fixtures/builtDist.ts';

const megabytes = Number(process.argv.find((arg) => arg.startsWith('--mb='))?.slice(5) ?? 100);
const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => new Date().toISOString(),
};

function row(index: number): string {
	const steps = Array.from(
		{ length: 7 },
		(_, step) =>
			`Step ${step + 1}: we multiply $${index} \\cdot ${step + 3}$ by ` +
			`$\\frac{${step + 1}}{${index % 97 || 1}}$ and collect the terms that hold $x$, so the left ` +
			`side is ${'a longer run of words that a student would write '.repeat(2)}.`,
	);
	const code = Array.from(
		{ length: 8 },
		(_, sample) => `${steps.join('\n\n')}\n\nThe final answer is \\boxed{\\frac{${index + (sample % 3)}}{7}}.`,
	);
	return JSON.stringify({
		idx: index,
		question: `What is $x$ when $7 x = ${index}$? (${index})`,
		gt: `\\frac{${index}}{7}`,
		level: `Level ${(index % 5) + 1}`,
		type: 'algebra',
		answer: `\\dfrac{${index}}{7}`,
		code,
		pred: code.map(() => ''),
		report: code.map(() => null),
		score: code.map((_, sample) => sample % 3 === 0),
		step_scores: code.map(() => [...steps, ''].map((_, step) => 0.9 - step / 100)),
	});
}

/** A grader that reads nothing, so that only reading, splitting and storing are measured. */
const without: Grader = {
	extract: () => ({ answer: null, how: 'none' }),
	extractInTime: async () => ({ answer: null, how: 'none' }),
	equivalentNow: () => ({ equal: null }),
	equivalent: async () => ({ equal: null }),
	groups: async (answers) => answers.map((_, index) => index),
	dispose: async () => undefined,
};

async function measure(
	file: string,
	dist: string,
	graded: boolean,
): Promise<{ seconds: number; cpu: number; lag: number; answers: number; database: number }> {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-bench-import-'));
	initProject(folder);
	const opened = await openParts(folder, dist, run);
	const lag = monitorEventLoopDelay({ resolution: 1 });
	lag.enable();
	const cpu = process.cpuUsage();
	const began = performance.now();
	const { answers } = await importAnswers(
		{ ...opened.parts, ...(graded ? {} : { grader: without }) },
		{ files: [file], student: 'bench', round: 1 },
		run,
	);
	const seconds = (performance.now() - began) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	lag.disable();
	await opened.close();
	const database = Number(spawnSync('du', ['-sb', folder], { encoding: 'utf8' }).stdout.split('\t')[0]) / 1e6;
	rmSync(folder, { recursive: true, force: true });
	return { seconds, cpu: (user + system) / 1e6, lag: lag.percentile(99) / 1e6, answers, database };
}

async function main(): Promise<void> {
	const dist = builtDist();
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-bench-rows-'));
	mkdirSync(folder, { recursive: true });
	const file = path.join(folder, 'answers.jsonl');
	const lines: string[] = [];
	for (let bytes = 0, index = 0; bytes < megabytes * 1e6; index++) {
		const line = row(index);
		lines.push(line);
		bytes += line.length + 1;
	}
	writeFileSync(file, `${lines.join('\n')}\n`);
	const size = readFileSync(file).length / 1e6;
	const floor: { seconds: number; cpu: number }[] = [];
	for (let repeat = 0; repeat < 3; repeat++) {
		const cpu = process.cpuUsage();
		const began = performance.now();
		for (const line of readFileSync(file, 'utf8').split('\n')) {
			if (line !== '') {
				JSON.parse(line);
			}
		}
		const { user, system } = process.cpuUsage(cpu);
		floor.push({ seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6 });
	}
	const best = floor.reduce((left, right) => (left.seconds < right.seconds ? left : right));
	console.log(`${size.toFixed(0)} MB, ${lines.length} questions, ${lines.length * 8} answers\n`);
	console.log(
		'| | s | MB/s | of bare JSON.parse, by time | CPU s, all threads | of bare JSON.parse, by CPU | ' +
			'main-thread lag p99, ms | project, MB |',
	);
	console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
	console.log(
		`| bare JSON.parse of the same lines | ${best.seconds.toFixed(2)} | ` +
			`${(size / best.seconds).toFixed(0)} | 1 | ${best.cpu.toFixed(2)} | 1 | | |`,
	);
	for (const graded of [false, true]) {
		const { seconds, cpu, lag, database } = await measure(file, dist, graded);
		console.log(
			`| import ${graded ? 'with grading' : 'without grading'} | ${seconds.toFixed(2)} | ` +
				`${(size / seconds).toFixed(0)} | ${(best.seconds / seconds).toFixed(2)} | ${cpu.toFixed(2)} | ` +
				`${(best.cpu / cpu).toFixed(2)} | ${lag.toFixed(1)} | ${database.toFixed(0)} |`,
		);
	}
	rmSync(folder, { recursive: true, force: true });
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
