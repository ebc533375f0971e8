// Reports branch coverage by source folder, from the files that V8 wrote while the tests ran:
//   NODE_V8_COVERAGE=/tmp/coverage npm test -- unit && node scripts/coverage.mjs /tmp/coverage [--tree=FOLDER]
// A branch is the body of a function, loop or catch, or an arm of if, ?:, && || ?? or switch. It is covered if V8
// counted its first expression in any process or thread of the run. Branches are read from the sources, so two trees
// are measured in the same way, and all branches of a file that no test loads count as uncovered.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const [folder] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const tree = path.resolve(process.argv.find((arg) => arg.startsWith('--tree='))?.slice(7) ?? '.');

/** Returns a source file's branches as the offsets of their first expressions. */
function branchesOf(text, file) {
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const found = [];
	const add = (node) => {
		let first = node;
		while (first && ts.isBlock(first)) {
			first = first.statements[0];
		}
		if (first) {
			found.push({ start: first.getStart(source), end: first.getEnd(), covered: false });
		}
	};
	const visit = (node) => {
		if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
			return;
		}
		if (ts.isFunctionLike(node) && node.body) {
			add(node.body);
		} else if (ts.isIfStatement(node)) {
			add(node.thenStatement);
			if (node.elseStatement && !ts.isIfStatement(node.elseStatement)) {
				add(node.elseStatement);
			}
		} else if (ts.isConditionalExpression(node)) {
			add(node.whenTrue);
			add(node.whenFalse);
		} else if (
			ts.isBinaryExpression(node) &&
			[
				ts.SyntaxKind.AmpersandAmpersandToken,
				ts.SyntaxKind.BarBarToken,
				ts.SyntaxKind.QuestionQuestionToken,
			].includes(node.operatorToken.kind)
		) {
			add(node.right);
		} else if (ts.isCaseOrDefaultClause(node) && node.statements.length > 0) {
			add(node.statements[0]);
		} else if (ts.isIterationStatement(node, false)) {
			add(node.statement);
		} else if (ts.isCatchClause(node)) {
			add(node.block);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Yields [generated line, generated column, source, source line, source column] for every mapping. */
function* mappingsOf(text) {
	let [source, sourceLine, sourceColumn] = [0, 0, 0];
	for (const [line, row] of text.split(';').entries()) {
		let column = 0;
		for (const segment of row.split(',').filter(Boolean)) {
			const numbers = [];
			let [value, shift] = [0, 0];
			for (const digit of segment) {
				const bits = digits.indexOf(digit);
				value += (bits & 31) << shift;
				shift += 5;
				if ((bits & 32) === 0) {
					numbers.push(value & 1 ? -(value >> 1) : value >> 1);
					[value, shift] = [0, 0];
				}
			}
			column += numbers[0];
			if (numbers.length >= 4) {
				source += numbers[1];
				sourceLine += numbers[2];
				sourceColumn += numbers[3];
				yield [line, column, source, sourceLine, sourceColumn];
			}
		}
	}
}

function lineStarts(text) {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
		starts.push(at + 1);
	}
	return starts;
}

const sources = new Map();
for (const name of readdirSync(path.join(tree, 'src'), { recursive: true }).map(String).sort()) {
	const file = path.join(tree, 'src', name);
	if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) {
		const text = readFileSync(file, 'utf8');
		sources.set(file, {
			room: name.includes('/') ? name.split('/')[0] : 'src',
			lines: lineStarts(text),
			branches: branchesOf(text, file),
		});
	}
}

/** Returns the places in a bundle where the branches of the sources begin, as pairs of offset and branch. */
function placesIn(script, map, mapFolder) {
	const starts = lineStarts(script);
	const bySource = new Map();
	for (const [line, column, source, sourceLine, sourceColumn] of mappingsOf(map.mappings)) {
		const file = path.resolve(mapFolder, map.sources[source]);
		const known = sources.get(file);
		if (known) {
			bySource.set(file, bySource.get(file) ?? []);
			bySource.get(file).push([known.lines[sourceLine] + sourceColumn, starts[line] + column]);
		}
	}
	const places = [];
	for (const [file, mappings] of bySource) {
		mappings.sort(([a], [b]) => a - b);
		for (const branch of sources.get(file).branches) {
			let [low, high] = [0, mappings.length];
			while (low < high) {
				const middle = (low + high) >> 1;
				if (mappings[middle][0] < branch.start) {
					low = middle + 1;
				} else {
					high = middle;
				}
			}
			if (low < mappings.length && mappings[low][0] < branch.end) {
				places.push([mappings[low][1], branch]);
			}
		}
	}
	return places.sort(([a], [b]) => a - b);
}

const bundles = new Map();
/** Returns the branches in the script at `url`, or null if it has no source map or contains none of our sources. */
function placesOf(url) {
	if (!url.startsWith('file://')) {
		return null;
	}
	const file = fileURLToPath(url);
	if (!bundles.has(file)) {
		let places = null;
		if (existsSync(`${file}.map`)) {
			places = placesIn(
				readFileSync(file, 'utf8'),
				JSON.parse(readFileSync(`${file}.map`, 'utf8')),
				path.dirname(file),
			);
		}
		bundles.set(file, places);
	}
	return bundles.get(file);
}

/** Marks the branches whose offset is in code that ran, according to the innermost range that contains it. */
function mark(functions, places) {
	const ranges = functions
		.flatMap(({ ranges: own }) => own)
		.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
	const open = [];
	let next = 0;
	for (const [offset, branch] of places) {
		while (next < ranges.length && ranges[next].startOffset <= offset) {
			while (open.length > 0 && open.at(-1).endOffset <= ranges[next].startOffset) {
				open.pop();
			}
			open.push(ranges[next++]);
		}
		while (open.length > 0 && open.at(-1).endOffset <= offset) {
			open.pop();
		}
		if ((open.at(-1)?.count ?? 0) > 0) {
			branch.covered = true;
		}
	}
}

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
	for (const { url, functions } of JSON.parse(readFileSync(path.join(folder, name), 'utf8')).result) {
		const places = placesOf(url);
		if (places) {
			mark(functions, places);
		}
	}
}

const rooms = new Map();
for (const { room, branches } of sources.values()) {
	for (const key of [room, 'all']) {
		const row = rooms.get(key) ?? { branches: 0, covered: 0 };
		row.branches += branches.length;
		row.covered += branches.filter(({ covered }) => covered).length;
		rooms.set(key, row);
	}
}
console.log('| room | branches | covered | share |\n| --- | ---: | ---: | ---: |');
for (const [room, { branches, covered }] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) {
	console.log(`| ${room} | ${branches} | ${covered} | ${((100 * covered) / branches).toFixed(1)} % |`);
}
