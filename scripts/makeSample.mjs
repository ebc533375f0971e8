// node scripts/makeSample.mjs [FOLDER]: writes the sample project, examples/sample unless a folder is named.
import { build } from 'esbuild';
import { createRequire } from 'node:module';
import path from 'node:path';

await build({
	entryPoints: ['scripts/makeSample.ts'],
	outdir: 'out/scripts',
	bundle: true,
	packages: 'external',
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	logLevel: 'warning',
});
createRequire(import.meta.url)(path.resolve('out/scripts/makeSample.js')).writeSample(
	process.argv[2] ?? 'examples/sample',
);
