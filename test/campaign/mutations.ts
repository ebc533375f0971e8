import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { drawWithoutReplacement, randomStream } from '../../src/core/stats/random.ts';

/**
 * Tests whether the unit tests of core and store notice a wrong line: makes small mutations there, one at a time in a
 * copy of the tree, and runs the tests of the mutated room until one fails. Flags: `--count=40 --seed=1 --tree=FOLDER`
 * (an older checkout with its packages installed) `--tests=core,store` `--only=N` (a single mutation, to inspect it).
 */
const flag = (name: string, otherwise: string) =>
	process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const tree = path.resolve(flag('tree', '.'));
const count = Number(flag('count', '40'));
const seed = Number(flag('seed', '1'));
const rooms = ['src/core', 'src/store'];
const suites = flag('tests', 'core,store').split(',');

interface Mutation {
	/** Relative to the root of the tree. */
	readonly file: string;
	readonly line: number;
	readonly kind: 'operator' | 'constant' | 'condition' | 'statement';
	readonly start: number;
	readonly end: number;
	readonly original: string;
	readonly replacement: string;
}

const operators: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
	[ts.SyntaxKind.LessThanToken]: '<=',
	[ts.SyntaxKind.LessThanEqualsToken]: '<',
	[ts.SyntaxKind.GreaterThanToken]: '>=',
	[ts.SyntaxKind.GreaterThanEqualsToken]: '>',
	[ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
	[ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
	[ts.SyntaxKind.PlusToken]: '-',
	[ts.SyntaxKind.MinusToken]: '+',
	[ts.SyntaxKind.AsteriskToken]: '/',
	[ts.SyntaxKind.SlashToken]: '*',
	[ts.SyntaxKind.AmpersandAmpersandToken]: '||',
	[ts.SyntaxKind.BarBarToken]: '&&',
	[ts.SyntaxKind.PlusEqualsToken]: '-=',
	[ts.SyntaxKind.MinusEqualsToken]: '+=',
};

/** Returns every mutation of a file. Types, imports and string concatenations are not mutated. */
function mutationsOf(file: string): Mutation[] {
	const text = fs.readFileSync(path.join(tree, file), 'utf8');
	const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
	const found: Mutation[] = [];
	const add = (node: ts.Node, kind: Mutation['kind'], replacement: string) => {
		const start = node.getStart(source);
		found.push({
			file,
			line: source.getLineAndCharacterOfPosition(start).line + 1,
			kind,
			start,
			end: node.getEnd(),
			original: text.slice(start, node.getEnd()),
			replacement,
		});
	};
	const visit = (node: ts.Node): void => {
		if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) {
			return;
		}
		if (ts.isBinaryExpression(node)) {
			const replacement = operators[node.operatorToken.kind];
			const joinsText = [node.left, node.right].some(
				(side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
			);
			if (replacement !== undefined && !joinsText) {
				add(node.operatorToken, 'operator', replacement);
			}
		}
		if (ts.isNumericLiteral(node)) {
			add(node, 'constant', String(Number(node.text.replaceAll('_', '')) + 1));
		}
		if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
			add(node, 'constant', String(node.kind !== ts.SyntaxKind.TrueKeyword));
		}
		if (ts.isIfStatement(node) || ts.isWhileStatement(node)) {
			add(node.expression, 'condition', `!(${node.expression.getText(source)})`);
		}
		if (ts.isConditionalExpression(node)) {
			add(node.condition, 'condition', `!(${node.condition.getText(source)})`);
		}
		if (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) {
			add(node, 'statement', ';');
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Returns `count` mutations that do not overlap, the same number from each room, drawn from the whole room. */
function drawn(): Mutation[] {
	return rooms.flatMap((room, index) => {
		const files = fs
			.readdirSync(path.join(tree, room), { recursive: true })
			.map((name) => path.posix.join(room, String(name)))
			.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
			.sort();
		const all = files.flatMap(mutationsOf);
		const share = Math.floor((count * (index + 1)) / rooms.length) - Math.floor((count * index) / rooms.length);
		return drawWithoutReplacement(randomStream(seed, 'mutations', room), all, share);
	});
}

/** Creates a copy of the tree whose files may be changed; packages are shared. */
function copyOfTree(): string {
	const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-mutations-'));
	for (const name of ['src', 'test', 'scripts', 'trainer', 'examples', 'docs', 'package.json', 'package.nls.json']) {
		if (fs.existsSync(path.join(tree, name))) {
			fs.cpSync(path.join(tree, name), path.join(copy, name), { recursive: true });
		}
	}
	fs.symlinkSync(path.join(tree, 'node_modules'), path.join(copy, 'node_modules'));
	return copy;
}

type Outcome = { readonly caught: boolean; readonly by: string };

/** Runs a room's tests until one fails, for at most `limit` ms, since a mutation may cause an endless loop. */
function runTests(copy: string, suite: string, limit: number): Promise<Outcome> {
	return new Promise((resolve) => {
		const child: ChildProcess = spawn(process.execPath, ['scripts/unit.mjs', `unit/${suite}/`], {
			cwd: copy,
			stdio: ['ignore', 'pipe', 'pipe'],
			detached: true,
		});
		let out = '';
		const stop = () => {
			try {
				process.kill(-(child.pid as number), 'SIGKILL');
			} catch {
				child.kill('SIGKILL');
			}
		};
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			stop();
		}, limit);
		const look = (chunk: Buffer) => {
			out += chunk.toString();
			if (/^\s*(not ok|✖) /m.test(out)) {
				stop();
			}
		};
		child.stdout?.on('data', look);
		child.stderr?.on('data', look);
		child.once('close', (code) => {
			clearTimeout(timer);
			const failed = /^\s*(?:not ok \d* ?-?|✖) *(.*)$/m.exec(out)?.[1];
			const by = timedOut ? 'never ended' : (failed ?? (code === 0 ? '' : `ended with ${code}`));
			resolve({ caught: by !== '', by });
		});
	});
}

async function caught(copy: string, limit: number): Promise<Outcome> {
	for (const suite of suites) {
		const outcome = await runTests(copy, suite, limit);
		if (outcome.caught) {
			return outcome;
		}
	}
	return { caught: false, by: '' };
}

async function main(): Promise<void> {
	const mutations = drawn();
	const only = flag('only', '');
	const copy = copyOfTree();
	try {
		const started = Date.now();
		const unchanged = await caught(copy, 3_600_000);
		if (unchanged.caught) {
			throw new Error(`the tests fail without a mutation: ${unchanged.by}`);
		}
		const limit = Math.max(120_000, 5 * (Date.now() - started));
		const tally = new Map<string, { all: number; caught: number }>();
		for (const [index, mutation] of mutations.entries()) {
			if (only !== '' && Number(only) !== index + 1) {
				continue;
			}
			const { file, line, kind, start, end, original, replacement } = mutation;
			const text = fs.readFileSync(path.join(tree, file), 'utf8');
			fs.writeFileSync(path.join(copy, file), text.slice(0, start) + replacement + text.slice(end));
			const outcome = await caught(copy, limit);
			fs.writeFileSync(path.join(copy, file), text);
			const room = rooms.find((name) => file.startsWith(name)) as string;
			for (const key of [room, kind, 'all']) {
				const row = tally.get(key) ?? { all: 0, caught: 0 };
				tally.set(key, { all: row.all + 1, caught: row.caught + (outcome.caught ? 1 : 0) });
			}
			const change = `${original.replace(/\s+/g, ' ').slice(0, 60)} → ${replacement.replace(/\s+/g, ' ').slice(0, 60)}`;
			const fate = outcome.caught ? 'caught' : 'SURVIVED';
			console.error(`${index + 1} ${fate} ${file}:${line} ${kind}: ${change} ${outcome.by}`);
		}
		console.log('| mutations of | seeded | caught |\n| --- | --- | --- |');
		for (const [key, row] of tally) {
			console.log(`| ${key} | ${row.all} | ${row.caught} |`);
		}
	} finally {
		fs.rmSync(copy, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
