// node scripts/makeSample.mjs [FOLDER]: writes the sample project to FOLDER (default examples/sample).
import { build } from 'esbuild';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { programOptions } from './bundle.mjs';

await build({
	...programOptions,
	entryPoints: ['scripts/makeSample.ts'],
	outdir: 'out/scripts',
});
const { writeSample } = await import(pathToFileURL(path.resolve('out/scripts/makeSample.js')).href);
writeSample(process.argv[2] ?? 'examples/sample');
