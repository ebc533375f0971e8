import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

/** Returns every regular expression literal in the files under a folder, with its location. */
function patternsOf(folder: string): { where: string; pattern: RegExp }[] {
	const found: { where: string; pattern: RegExp }[] = [];
	for (const name of readdirSync(folder, { recursive: true }).map(String)) {
		if (!/\.tsx?$/.test(name) || name.endsWith('.d.ts')) {
			continue;
		}
		const file = path.join(folder, name);
		const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
		const visit = (node: ts.Node): void => {
			if (ts.isRegularExpressionLiteral(node)) {
				const end = node.text.lastIndexOf('/');
				const { line } = source.getLineAndCharacterOfPosition(node.getStart());
				const flags = node.text.slice(end + 1).replace('y', '');
				const pattern = new RegExp(node.text.slice(1, end), flags.includes('g') ? flags : `${flags}g`);
				found.push({ where: `${file}:${line + 1} ${node.text}`, pattern });
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	return found;
}

const runs = [
	' ',
	'\n',
	'\t',
	'a',
	'A',
	'0',
	'_',
	'-',
	'*',
	'`',
	'.',
	',',
	'$',
	'{',
	'[',
	'(',
	'\\',
	'#',
	'=',
	'<',
	'|',
	'"',
	' \n',
	'a ',
	'0.',
	'é',
	'。',
];

/** Returns the milliseconds of CPU time until every match in the run is found, the best of a few tries. */
function cost(pattern: RegExp, { start, run }: { start: string; run: string }, length: number, tries: number): number {
	// If the run ends unexpectedly, a non-linear pattern tries every start.
	const text = `${start}${run.repeat(length / run.length)}\u0001`;
	let best = Infinity;
	for (let round = 0; round < tries; round++) {
		pattern.lastIndex = 0;
		const before = process.cpuUsage();
		text.replace(pattern, '');
		const { user, system } = process.cpuUsage(before);
		best = Math.min(best, (user + system) / 1000);
	}
	return best;
}

test('every regular expression in the source code takes linear time on a run of one character', () => {
	const slow: string[] = [];
	for (const { where, pattern } of [...patternsOf('src'), ...patternsOf('webview')]) {
		for (const run of runs.flatMap((each) => ['', '\u0001'].map((start) => ({ start, run: each })))) {
			// A linear pattern needs only microseconds here; only slower ones are measured for growth.
			if (cost(pattern, run, 4000, 1) < 4) {
				continue;
			}
			const [short, long] = [cost(pattern, run, 4000, 3), cost(pattern, run, 16_000, 2)];
			// With four times the length, a linear pattern takes four times as long and a quadratic one sixteen times.
			if (short > 2 && long / short > 9) {
				slow.push(`${JSON.stringify(run)} × 4: ${(long / short).toFixed(1)} × the time, ${where}`);
			}
		}
	}
	assert.deepEqual(slow, []);
});
