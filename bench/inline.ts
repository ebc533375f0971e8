// Measures code lenses and decorations on a JSONL file of 20 MB and 40,000 records with the real store (in its worker):
// how much time one scroll takes on the extension host's thread, and how long it blocks the thread at a time. VS Code's
// own share is not included. The baseline does the same work for the whole file at once, as a provider for a whole
// document would.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { InlineReader, marksOf } from '../src/ui/inline/inlineReader.ts';
import { scanLine } from '../src/ui/inline/scanRecords.ts';
import { open } from '../test/unit/store/buildWorker.ts';

const records = 40_000;
const scope = { student: 's', round: 1 };
const skill = { subject: 'algebra', name: 'fractions' };
const at = '2026-01-01T00:00:00Z';
const question = (index: number): string => `Question ${index}: what is $\\frac{${index}}{7}$, written as a decimal?`;
const answer = (index: number): string =>
	`We divide ${index} by 7.\n\n${'As $\\frac{a}{b}$ is "a over b", we carry on. '.repeat(7)}\n\nSo ` +
	`\\boxed{${index / 7}}`;
const lines = Array.from({ length: records }, (_, index) =>
	JSON.stringify({ idx: index, question: question(index), gt: String(index), code: [answer(index)] }),
);
const starts: number[] = [];
const size = lines.reduce((total, line) => (starts.push(total), total + line.length + 1), 0);

const folder = mkdtempSync(path.join(tmpdir(), 'stat-inline-'));
const store = open(folder);

async function main(): Promise<void> {
	const { write, ids } = await fill();
	// Every hundredth answer is annotated, and every fourth is diagnosed.
	await write('addDiagnoses', {
		rows: ids
			.filter((_, index) => index % 4 === 0)
			.map((id) => ({
				...scope,
				questionId: id,
				sample: 0,
				judge: 'incorrect' as const,
				reason: 'no',
				skills: [skill],
				offList: [],
				firstWrongStep: 1,
				replyKey: 'k',
				model: 'm',
				promptVersion: 'p@1',
				at,
			})),
	});
	for (let index = 0; index < records; index += 100) {
		await write('annotate', {
			...scope,
			id: `annotation-${index}`,
			questionId: ids[index] ?? '',
			sample: 0,
			start: 0,
			end: 9,
			quote: 'We divide',
			skills: [skill],
			note: null,
			action: 'made',
			author: 'a',
			at,
		});
	}
	const opened = await store;
	const reader = new InlineReader(opened);
	/** Does all the work of scrolling to a line, from the visible lines to the highlights. */
	const show = async (from: number, to: number): Promise<{ records: number; marks: number }> => {
		const sources = lines.slice(from, to).flatMap((text, index) => {
			const record = scanLine(text);
			return record ? [{ text, base: starts[from + index] ?? 0, record }] : [];
		});
		const shown = await reader.read(scope, sources);
		return { records: shown.length, marks: shown.reduce((sum, record) => sum + marksOf(record).marks.length, 0) };
	};
	await show(0, 90);
	// Garbage from the setup must not be collected during a scroll.
	(globalThis as { gc?: () => void }).gc?.();
	const held = monitorEventLoopDelay({ resolution: 1 });
	const busy: number[] = [];
	const waits: number[] = [];
	let seen = 0;
	let marks = 0;
	held.enable();
	for (let jump = 0; jump < 200; jump++) {
		// Shows 50 visible lines and 20 around them, at a new place each time.
		const from = Math.min(records - 90, 100 + jump * 199);
		const before = performance.eventLoopUtilization();
		const began = performance.now();
		const found = await show(from, from + 90);
		waits.push(performance.now() - began);
		busy.push(performance.eventLoopUtilization(before).active);
		seen += found.records;
		marks += found.marks;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
	held.disable();
	const again: number[] = [];
	for (let jump = 0; jump < 20; jump++) {
		const began = performance.now();
		await show(Math.min(records - 90, 100 + (199 - jump) * 199), Math.min(records, 190 + (199 - jump) * 199));
		again.push(performance.now() - began);
	}
	const began = performance.now();
	let whole = 0;
	for (const line of lines) {
		whole += scanLine(line)?.strings.length ?? 0;
	}
	const scan = performance.now() - began;
	const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
	console.log(
		`${(size / 1e6).toFixed(1)} MB, ${records} records; 200 scrolls of 90 lines found ${seen} records ` +
			`and ${marks} marks\n`,
	);
	console.log('| | median | 95% | most |\n| --- | ---: | ---: | ---: |');
	for (const [name, values] of [
		['thread busy, a scroll to lines never seen', busy],
		['until its marks are known', waits],
		['until then, lines seen before', again],
	] as const) {
		console.log(
			`| ${name} | ${ms(quantile(values, 0.5))} | ${ms(quantile(values, 0.95))} | ${ms(Math.max(...values))} |`,
		);
	}
	console.log(
		`| thread held at a time (1 ms steps) | ${ms(held.percentile(50) / 1e6)} | ` +
			`${ms(held.percentile(95) / 1e6)} | ${ms(held.max / 1e6)} |`,
	);
	console.log(
		`\nFinding the ${whole} strings of the whole file, before any look-up: ${ms(scan)} at a time, ` +
			`${(scan / quantile(busy, 0.5)).toFixed(0)} times a scroll's work.`,
	);
	await opened.close();
	rmSync(folder, { recursive: true, force: true });
}

async function fill() {
	const opened = await store;
	const ids: string[] = [];
	for (let from = 0; from < records; from += 2000) {
		const part = Array.from({ length: 2000 }, (_, index) => from + index);
		const { ids: added } = await opened.write('addQuestions', {
			split: 'validation',
			benchmark: null,
			source: 'bench',
			rows: part.map((index) => ({ text: question(index) })),
		});
		ids.push(...added);
		await opened.write('addAnswers', {
			...scope,
			source: 'bench',
			benchmark: null,
			rows: part.map((index) => ({
				question: { text: question(index) },
				samples: [
					{
						sample: 0,
						text: answer(index),
						extracted: null,
						verdict: false,
						logVerdict: null,
						stepScores: null,
						steps: [
							[0, 10],
							[12, answer(index).length],
						] as const,
					},
				],
			})),
		});
	}
	return { write: opened.write.bind(opened), ids };
}

function quantile(values: readonly number[], share: number): number {
	return (
		[...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
	);
}

void main();
