// How TypeScript is turned into what runs in Node: the product's bundles, and the programs of this repository (tests,
// benches, campaigns), which do not bundle packages. All of them are ES modules.
import { buildSync } from 'esbuild';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Maps bundle names to source files, for all parts of the product that run in Node. */
export const productEntries = {
	extension: 'src/extension.ts',
	studio: 'src/startStudio.ts',
	cli: 'src/cli.ts',
	storeWorker: 'src/store/engine/worker.ts',
	gradingWorker: 'src/grading/worker.ts',
};

/**
 * esbuild's options for productEntries. Modules that several entries or lazy imports need become shared chunks, so each
 * module exists only once in a process and `instanceof StatError` works everywhere.
 */
export const productOptions = {
	bundle: true,
	platform: 'node',
	format: 'esm',
	splitting: true,
	chunkNames: 'chunks/[name]-[hash]',
	target: 'node20',
	mainFields: ['module', 'main'],
	keepNames: true,
	external: ['vscode'],
	// CommonJS packages (sql.js, yauzl) use two things that ES modules lack: `require`, only for Node's own modules,
	// and `__dirname`.
	banner: { js: 'const require = process.getBuiltinModule;' },
	define: { __dirname: 'import.meta.dirname' },
	loader: { '.sh': 'text' },
};

/** esbuild's options for tests, benches and campaigns. */
export const programOptions = {
	bundle: true,
	packages: 'external',
	platform: 'node',
	format: 'esm',
	target: 'node20',
	sourcemap: 'linked',
	loader: { '.sh': 'text' },
	logLevel: 'warning',
};

/**
 * Bundles the named parts of the product into `folder` instead of dist/, along with the WebAssembly file that the store
 * loads.
 */
export function bundleProduct(folder, names, options = {}) {
	buildSync({
		...productOptions,
		entryPoints: Object.fromEntries(names.map((name) => [name, productEntries[name]])),
		outdir: folder,
		logLevel: 'error',
		...options,
	});
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
	copyFileSync('node_modules/sql.js/dist/sql-wasm.wasm', path.join(folder, 'sql-wasm.wasm'));
}
