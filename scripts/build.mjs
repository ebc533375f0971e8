// Bundles everything into dist/. `--watch` keeps going; `--dev` leaves names and source maps in, `--keep` leaves what
// is in dist/.
// Type checking is apart (npm run check): a bundle is never held up by it.
import { build, context } from 'esbuild';
import { cp, mkdir, rm, readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { editorBundles } from './lazyRooms.mjs';

const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');
const common = {
	bundle: true,
	sourcemap: dev ? 'linked' : false,
	minify: !dev,
	keepNames: true,
	logLevel: 'warning',
	legalComments: 'linked',
	define: { 'process.env.STAT_DEV': String(dev) },
	loader: { '.sh': 'text' },
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };

/** dist name → source; only those that exist are built, so rooms can grow one by one. */
const nodeEntries = {
	cli: 'src/cli.ts',
	storeWorker: 'src/store/engine/worker.ts',
	gradingWorker: 'src/grading/worker.ts',
};
const options = [];
for (const [name, source] of Object.entries(nodeEntries)) {
	if (existsSync(source)) {
		options.push({
			...node,
			entryPoints: { [name]: source },
			outdir: 'dist',
			external: ['vscode'],
			...(name === 'cli' ? { banner: { js: '#!/usr/bin/env node' } } : {}),
		});
	}
}
if (existsSync('src/extension.ts')) {
	options.push(...editorBundles(node));
}
const panels = (await readdir('webview', { withFileTypes: true })).flatMap(({ name }) =>
	['main.tsx', 'main.ts']
		.map((file) => [name, `webview/${name}/${file}`])
		.filter(([, source]) => existsSync(source))
		.slice(0, 1),
);
if (panels.length > 0) {
	options.push({
		...common,
		platform: 'browser',
		format: 'esm',
		splitting: true,
		target: 'es2022',
		entryPoints: Object.fromEntries(panels),
		outdir: 'dist/webview',
		loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
		assetNames: 'fonts/[name]',
	});
}

if (!watch && !process.argv.includes('--keep')) {
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
	if (existsSync(from)) {
		await cp(from, to, {
			recursive: true,
			filter: (source) => !/__pycache__|\.pyc$|\.egg-info|\.pytest_cache|[\\/]tests?([\\/]|$)/.test(source),
		});
	}
}
