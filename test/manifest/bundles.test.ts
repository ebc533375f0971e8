import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import type { Metafile } from 'esbuild';
import { build } from 'esbuild';
import { productEntries, productOptions } from '../../scripts/bundle.mjs';

let outputs: Metafile['outputs'];
before(async () => {
	const { metafile } = await build({
		...productOptions,
		entryPoints: productEntries,
		outdir: 'dist',
		metafile: true,
		write: false,
		logLevel: 'error',
	});
	outputs = metafile.outputs;
});

/**
 * Returns `output` and everything it imports, directly or indirectly; with `lazily`, including `import()`. External
 * modules are listed by name.
 */
function importedBy(output: string, lazily: boolean): string[] {
	const reached = new Set([output]);
	for (const name of reached) {
		for (const { path: imported, kind } of outputs[name]?.imports ?? []) {
			if (kind === 'import-statement' || (lazily && kind === 'dynamic-import')) {
				reached.add(imported);
			}
		}
	}
	return [...reached];
}

/** Returns the sources that are evaluated as soon as an output is imported. */
function loadedWith(output: string): string[] {
	return importedBy(output, false).flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
}

test('every source file is in exactly one output, so a module exists only once at run time', () => {
	const inputs = Object.values(outputs).flatMap(({ inputs: sources }) => Object.keys(sources));
	assert.ok(inputs.length > 300, `${inputs.length} sources`);
	assert.deepEqual(
		inputs.filter((source, index) => inputs.indexOf(source) !== index),
		[],
	);
});

test('modules that find files relative to their own location are bundled directly into dist/, not into a shared chunk', () => {
	for (const [output, { inputs }] of Object.entries(outputs)) {
		for (const source of Object.keys(inputs)) {
			if (source.startsWith('src/') && readFileSync(source, 'utf8').includes('import.meta.dirname')) {
				assert.match(output, /^dist\/[^/]+\.js$/, source);
			}
		}
	}
});

test('activation loads only extension.ts and ids.ts', () => {
	assert.deepEqual(loadedWith('dist/extension.js').sort(), ['src/extension.ts', 'src/ui/ids.ts']);
});

test('starting the editor loads no packages and nothing from store, teacher, formats, grading, remote or cli', () => {
	const loaded = loadedWith('dist/studio.js');
	assert.deepEqual(
		loaded.filter((source) => source.startsWith('node_modules/') && !source.includes('@noble/hashes')),
		[],
	);
	assert.deepEqual(
		loaded.filter((source) => /^src\/(store|teacher|formats|grading|remote|cli)\//.test(source)),
		[],
	);
});

test('the command line and the workers never import vscode', () => {
	assert.ok(importedBy('dist/extension.js', true).includes('vscode'));
	for (const name of ['cli', 'storeWorker', 'gradingWorker']) {
		assert.ok(!importedBy(`dist/${name}.js`, true).includes('vscode'), name);
	}
});

test('the command line does not load the openai client or Parquet before a command needs them', () => {
	assert.deepEqual(
		loadedWith('dist/cli.js').filter((source) => /node_modules\/(openai|hyparquet)/.test(source)),
		[],
	);
});
