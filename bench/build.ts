// Measures STAT-Sel's build time by number of pairs, on a project of the paper's size: 7,500 training questions, 118
// skills, 500 difficult questions with 2 or 3 missing skills each, and original solutions. The baseline is writing and
// hashing the same rows with plain fs calls.
//   npm run bench build
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { openParts } from '../src/cli/openParts.ts';
import type { Parts } from '../src/core/ports/parts.ts';
import { drawWithoutReplacement, randomStream } from '../src/core/stats/random.ts';
import type { Run } from '../src/core/run.ts';
import { initProject } from '../src/store/engine/initProject.ts';
import { build } from '../src/workflow/datasets/build.ts';
import { builtDist } from '../test/fixtures/builtDist.ts';

const at = '2026-01-01T00:00:00.000Z';
const run: Run = {
	signal: new AbortController().signal,
	progress: () => undefined,
	log: () => undefined,
	now: () => at,
};
const skills = Array.from({ length: 118 }, (_, index) => ({ subject: `subject ${index % 7}`, name: `skill_${index}` }));

/** Solutions have the mean length of MATH's, about 900 characters; each training question has two skills. */
async function fill({ store }: Parts): Promise<void> {
	const texts = Array.from({ length: 7500 }, (_, index) => ({
		text: `Training question ${index}: what is $${index}+1$?`,
		solution: `We add one. ${'Each step says what is done and why it is allowed. '.repeat(17)}\\boxed{${index + 1}}`,
		gold: String(index + 1),
	}));
	const { ids } = await store.write('addQuestions', {
		split: 'train',
		benchmark: null,
		source: 'bench',
		rows: texts,
	});
	await store.write('addLabels', {
		source: 'teacher',
		author: null,
		at,
		replace: false,
		rows: ids.map((questionId, index) => ({
			questionId,
			skills: drawWithoutReplacement(randomStream(0, 'label', String(index)), skills, 2),
		})),
	});
	const answers = Array.from({ length: 500 }, (_, index) => ({
		question: { text: `Validation question ${index}`, gold: '1' },
		samples: [
			{
				sample: 0,
				text: 'It is \\boxed{2}.',
				extracted: '2',
				verdict: false,
				logVerdict: null,
				stepScores: null,
				steps: [],
			},
		],
	}));
	await store.write('addAnswers', { student: 's', round: 1, source: 'bench', benchmark: null, rows: answers });
	const questions = (await store.read('digests', { student: 's', round: 1, after: null, limit: 1000 })).map(
		({ questionId }) => questionId,
	);
	await store.write('setClassification', {
		student: 's',
		round: 1,
		method: 'answer',
		settings: { samples: 1 },
		at,
		rows: questions.map((questionId) => ({ questionId, difficult: true })),
	});
	await store.write('addDiagnoses', {
		rows: questions.map((questionId, index) => ({
			student: 's',
			round: 1,
			questionId,
			sample: 0,
			judge: 'incorrect' as const,
			reason: 'It does not follow.',
			skills: drawWithoutReplacement(randomStream(0, 'miss', questionId), skills, 2 + (index % 2)),
			offList: [],
			firstWrongStep: 0,
			replyKey: 'none',
			model: 'bench',
			promptVersion: 'diagnose@1',
			at,
		})),
	});
}

async function main(): Promise<void> {
	const folder = mkdtempSync(path.join(tmpdir(), 'stat-bench-build-'));
	initProject(folder);
	const opened = await openParts(folder, builtDist(), run);
	await fill(opened.parts);
	console.log('| pairs | distinct | questions | build, s | µs a pair | floor: write and hash, µs a pair |');
	console.log('| --- | --- | --- | --- | --- | --- |');
	await build(opened.parts, { method: 'sel', name: 'warm', pairs: 1000 }, run);
	for (const pairs of [2375, 4750, 9500, 19_000, 38_000, 76_000]) {
		const times: number[] = [];
		let result;
		for (let repeat = 0; repeat < 3; repeat++) {
			const began = performance.now();
			result = await build(
				opened.parts,
				{
					method: 'sel',
					name: `n${pairs}`,
					pairs,
					answers: Math.max(3, Math.ceil(pairs / 6000)),
					replace: true,
				},
				run,
			);
			times.push((performance.now() - began) / 1000);
		}
		const seconds = Math.min(...times);
		const rows = readFileSync(path.join(result?.path ?? '', 'data.jsonl'), 'utf8')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as unknown);
		const began = performance.now();
		const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
		createHash('sha256').update(bytes).digest('hex');
		writeFileSync(path.join(folder, 'floor'), bytes);
		const floor = performance.now() - began;
		console.log(
			`| ${result?.pairs} | ${result?.distinct} | ${result?.questions} | ${seconds.toFixed(2)} | ` +
				`${((seconds * 1e6) / pairs).toFixed(0)} | ${((floor * 1e3) / pairs).toFixed(0)} |`,
		);
	}
	await opened.close();
	rmSync(folder, { recursive: true, force: true });
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
