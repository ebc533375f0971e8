// npm run evidence [-- --seeds N --small --out DIR …]: trains students from scratch in a small world, with the
// product's own commands and trainer. docs/evidence.md describes the questions and the results.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { programOptions } from './bundle.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';
import { ensurePython } from './python.mjs';

ensureInstalled();
if (!process.argv.some((arg) => arg.startsWith('--dist'))) {
	ensureBuilt();
}
const python = ensurePython();
if (!python) {
	process.exit(1);
}
await build({
	...programOptions,
	entryPoints: ['test/campaign/evidence/main.ts'],
	outfile: 'out/evidence/main.js',
});
const { status } = spawnSync(
	process.execPath,
	['--enable-source-maps', 'out/evidence/main.js', ...process.argv.slice(2)],
	{ stdio: 'inherit', env: { ...process.env, STAT_PYTHON: python } },
);
process.exit(status ?? 1);
