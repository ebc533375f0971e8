// Bundles everything into dist/. `--watch` rebuilds on every change; `--dev` preserves names and adds source maps;
// `--keep` does not empty dist/ first. Types are checked by `npm run check`.
import { build, context } from 'esbuild';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { productEntries, productOptions } from './bundle.mjs';

const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');
const common = {
	bundle: true,
	sourcemap: dev ? 'linked' : false,
	minify: !dev,
	keepNames: true,
	logLevel: 'warning',
	legalComments: 'linked',
};
const panels = (await readdir('webview'))
	.map((name) => [name, `webview/${name}/main.tsx`])
	.filter(([, source]) => existsSync(source));
const options = [
	{ ...common, ...productOptions, entryPoints: productEntries, outdir: 'dist' },
	{
		...common,
		platform: 'browser',
		format: 'esm',
		splitting: true,
		target: 'es2022',
		entryPoints: Object.fromEntries(panels),
		outdir: 'dist/webview',
		loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
		assetNames: 'fonts/[name]',
	},
];

if (!process.argv.includes('--keep')) {
	await rm('dist', { recursive: true, force: true });
}
await mkdir('dist', { recursive: true });
if (watch) {
	await Promise.all(options.map(async (option) => (await context(option)).watch()));
} else {
	await Promise.all(options.map((option) => build(option)));
}
await cp('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
for (const [from, to] of [
	['src/teacher/prompts', 'dist/prompts'],
	['src/teacher/data', 'dist/data'],
	['trainer', 'dist/trainer'],
]) {
	await cp(from, to, {
		recursive: true,
		filter: (source) => !/__pycache__|\.pyc$|\.egg-info|\.pytest_cache|[\\/]tests?([\\/]|$)/.test(source),
	});
}
