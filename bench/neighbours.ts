// Measures Embed-Sel's search, 500 difficult questions against 7,500 training questions: node scripts/bench.mjs
// neighbours. Vectors and questions are generated. The baseline for vectors is a plain loop with a single accumulator
// over vectors stored as separate arrays; the baseline for words compares every pair of sets.
import { queriesAtOnce, VectorSearch, WordSearch } from '../src/core/datasets/neighbours.ts';
import { randomStream } from '../src/core/stats/random.ts';
import { wordsOf } from '../src/core/text/similarity.ts';

/** Returns the CPU milliseconds used since then. */
const took = (since: NodeJS.CpuUsage): number => process.cpuUsage(since).user / 1000;
const [queries, items, nearest] = [500, 7500, 5];
const random = randomStream(0, 'bench');
const vector = (size: number): Float32Array =>
	Float32Array.from({ length: size }, () => random.int(1 << 20) / 2 ** 19 - 1);
const rows: string[] = [];
for (const size of [384, 1536, 3584]) {
	const training = Array.from({ length: items }, () => vector(size));
	const questions = Array.from({ length: queries }, () => vector(size));
	let start = process.cpuUsage();
	const search = new VectorSearch(items);
	training.forEach((one, index) => search.set(index, one));
	const filed = took(start);
	start = process.cpuUsage();
	search.nearest(questions, nearest);
	const found = took(start);
	start = process.cpuUsage();
	let sum = 0;
	for (const one of questions.slice(0, 50)) {
		for (const other of training) {
			let dot = 0;
			for (let at = 0; at < size; at++) {
				dot += (one[at] as number) * (other[at] as number);
			}
			sum += dot;
		}
	}
	const plain = took(start) * (queries / 50);
	rows.push(
		`| embeddings of ${size} numbers | ${((filed + found) / 1000).toFixed(2)} s | ` +
			`${((found / queries) * queriesAtOnce).toFixed(0)} ms | ` +
			`${((queries * items * size * 2) / found / 1e6).toFixed(1)} | ${(plain / found).toFixed(1)} times ` +
			`as long${Number.isNaN(sum) ? '!' : ''} |`,
	);
}
const words = Array.from({ length: 3000 }, (_, index) => `w${index.toString(36)}q`);
const text = (): string =>
	Array.from({ length: 15 + random.int(50) }, () =>
		random.int(6) === 0 ? String(random.int(1000)) : words[Math.floor(3000 * (random.int(1000) / 1000) ** 3)],
	).join(' ');
const training = Array.from({ length: items }, text);
const questions = Array.from({ length: queries }, text);
let start = process.cpuUsage();
const search = new WordSearch(training);
const filed = took(start);
start = process.cpuUsage();
questions.forEach((one) => search.nearest(one, nearest));
const found = took(start);
const sets = training.map((one) => new Set(wordsOf(one)));
start = process.cpuUsage();
let shared = 0;
for (const one of questions.slice(0, 50).map((query) => wordsOf(query))) {
	for (const set of sets) {
		shared += one.filter((word) => set.has(word)).length;
	}
}
const plain = took(start) * (queries / 50);
rows.push(
	`| words (lexical) | ${((filed + found) / 1000).toFixed(2)} s | ` +
		`${((found / queries) * queriesAtOnce).toFixed(0)} ms | | ${(plain / found).toFixed(1)} times as ` +
		`long${shared < 0 ? '!' : ''} |`,
);
console.log(
	`The ${nearest} nearest of ${items} for each of ${queries}\n\n| CPU time | all, filing included | ` +
		`eight queries | GFLOP/s | peer |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join('\n')}`,
);
