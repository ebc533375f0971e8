// npm run bench [name …]: bundles bench/NAME.ts and runs it in its own process; without a name, runs every bench.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { programOptions } from './bundle.mjs';

const requested = process.argv.slice(2).filter((arg) => !arg.startsWith('-'));
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('-'));
const names = readdirSync('bench')
	.filter((file) => file.endsWith('.ts'))
	.map((file) => path.basename(file, '.ts'))
	.filter((name) => requested.length === 0 || requested.includes(name));
if (names.length === 0) {
	console.error(
		`no such bench; there are: ${readdirSync('bench')
			.filter((file) => file.endsWith('.ts'))
			.map((file) => path.basename(file, '.ts'))
			.join(', ')}`,
	);
	process.exit(2);
}
for (const name of names) {
	await build({
		...programOptions,
		entryPoints: [`bench/${name}.ts`],
		outdir: 'out/bench',
	});
	console.log(`\n## ${name}\n`);
	const { status } = spawnSync(
		process.execPath,
		['--enable-source-maps', '--expose-gc', `out/bench/${name}.js`, ...flags],
		{ stdio: 'inherit' },
	);
	if (status !== 0) {
		process.exit(status ?? 1);
	}
}
