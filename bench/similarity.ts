// Measures finding near-duplicates among 20,000 generated questions: node scripts/bench.mjs similarity. The baseline
// compares every pair.
import { jaccard, sketchOf } from '../src/core/text/similarity.ts';
import { SimilarityIndex } from '../src/core/text/similarityIndex.ts';

const words = Array.from(
	{ length: 600 },
	(_, index) =>
		`w${'abcdefghijklmnopqrstuvwxyz'[index % 26]}${'aeiou'[index % 5]}${'bcdfghjklmnp'[index % 12]}${'aeiouy'[index % 6]}`,
);
let state = 11;
const next = (bound: number): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % bound;
const question = (): string =>
	Array.from({ length: 15 + next(50) }, () =>
		next(6) === 0 ? String(next(1000)) : words[Math.floor(600 * (next(1000) / 1000) ** 2)],
	).join(' ');

const originals = Array.from({ length: 18_000 }, question);
const twins = originals
	.slice(0, 2000)
	.map((text) => text.replace(/\d+/g, (number) => String(Number(number) + 1 + next(9))));
const all = [...originals, ...twins];

let start = performance.now();
const index = new SimilarityIndex();
let found = 0;
let others = 0;
for (const [id, text] of all.entries()) {
	const matches = index.find(text).filter(({ kind }) => kind !== 'passage');
	const twinOf = id >= 18_000 ? String(id - 18_000) : null;
	found += twinOf !== null && matches.some((match) => match.id === twinOf) ? 1 : 0;
	others += matches.filter((match) => match.id !== twinOf).length;
	index.add(String(id), text);
}
const indexed = performance.now() - start;

const sketches = all.slice(0, 2000).map((text) => sketchOf(text).blind);
start = performance.now();
let sum = 0;
for (const [at, left] of sketches.entries()) {
	for (let other = 0; other < at; other++) {
		sum += jaccard(left, sketches[other] as Uint32Array);
	}
}
const pairTime = (performance.now() - start) / ((2000 * 1999) / 2);
const everyPair = pairTime * ((all.length * (all.length - 1)) / 2);
console.log('| | time | |\n| --- | --- | --- |');
console.log(
	`| MinHash index, 20,000 questions found and added | ${(indexed / 1000).toFixed(1)} s | ` +
		`${((indexed / all.length) * 1000).toFixed(0)} µs each |`,
);
console.log(
	`| every pair compared (reckoned from 2,000; mean similarity ${(sum / 1_999_000).toFixed(3)}) | ` +
		`${(everyPair / 1000).toFixed(0)} s | ${(everyPair / indexed).toFixed(0)} times as long |`,
);
console.log(`| planted twins found | ${found} of ${twins.length} | ${others} other pairs |`);
