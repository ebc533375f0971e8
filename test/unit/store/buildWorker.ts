import { buildSync } from 'esbuild';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import type { OpenOptions } from '../../../src/store/openStore.ts';
import { openStore } from '../../../src/store/openStore.ts';

let folder: string | undefined;

/** Bundles the worker as the build does, once a process, away from dist/. */
export function workerFolder(): string {
	if (folder === undefined) {
		folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-store-dist-'));
		buildSync({
			entryPoints: { storeWorker: 'src/store/engine/worker.ts' },
			outdir: folder,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			target: 'node20',
			mainFields: ['module', 'main'],
			keepNames: true,
			logLevel: 'error',
		});
		fs.copyFileSync('node_modules/sql.js/dist/sql-wasm.wasm', path.join(folder, 'sql-wasm.wasm'));
		const made = folder;
		process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }));
	}
	return folder;
}

/** A project folder of its own, removed at exit. */
export function newProject(): string {
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-project-'));
	process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }));
	return made;
}

export function open(projectFolder: string, options: Partial<OpenOptions> = {}): ReturnType<typeof openStore> {
	return openStore({ projectFolder, dist: workerFolder(), create: true, ...options });
}

export const at = '2026-01-02T03:04:05.000Z';

export function sampleOf(sample: number, text: string, verdict: boolean | null = null) {
	return { sample, text, extracted: null, verdict, logVerdict: null, stepScores: null, steps: [] };
}
