// Bundles the command line and its workers for the tests as the build does, but into FOLDER instead of dist/:
//   node scripts/testDist.mjs FOLDER
import { build } from 'esbuild';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { bundleProduct, programOptions } from './bundle.mjs';

export async function buildTestDist(folder) {
	bundleProduct(folder, ['cli', 'storeWorker', 'gradingWorker'], {
		// The folder is rebuilt repeatedly; without chunks, no old files remain in it.
		splitting: false,
		// Source maps are only for coverage: with --enable-source-maps, every worker would parse its map when it
		// starts.
		sourcemap: process.env.NODE_V8_COVERAGE ? 'linked' : false,
	});
	await build({
		...programOptions,
		entryPoints: {
			crashWriter: 'test/unit/store/crashWriter.ts',
			hangingStore: 'test/unit/cli/hangingStore.ts',
		},
		outdir: folder,
		packages: 'bundle',
	});
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
