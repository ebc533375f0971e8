// Bundles the command line and its workers as the build does, away from dist/, for the tests:
// node scripts/testDist.mjs FOLDER
import { build } from 'esbuild';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';

export async function buildTestDist(folder) {
	await mkdir(folder, { recursive: true });
	await build({
		entryPoints: {
			cli: 'src/cli.ts',
			storeWorker: 'src/store/engine/worker.ts',
			gradingWorker: 'src/grading/worker.ts',
			crashWriter: 'test/unit/store/crashWriter.ts',
		},
		outdir: folder,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		mainFields: ['module', 'main'],
		keepNames: true,
		// Only for coverage: with --enable-source-maps every worker would parse its map when it starts.
		sourcemap: process.env.NODE_V8_COVERAGE ? 'linked' : false,
		logLevel: 'error',
		external: ['vscode'],
		loader: { '.sh': 'text' },
	});
	await cp('node_modules/sql.js/dist/sql-wasm.wasm', path.join(folder, 'sql-wasm.wasm'));
	await cp('src/teacher/prompts', path.join(folder, 'prompts'), { recursive: true });
	await cp('src/teacher/data', path.join(folder, 'data'), { recursive: true });
	await cp('trainer', path.join(folder, 'trainer'), {
		recursive: true,
		filter: (source) => !/__pycache__|[\\/]tests?([\\/]|$)/.test(source),
	});
}

if (import.meta.url === `file://${process.argv[1]}`) {
	await buildTestDist(process.argv[2]);
}
