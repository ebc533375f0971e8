import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import type { OpenOptions } from '../../../src/store/openStore.ts';
import { openStore } from '../../../src/store/openStore.ts';
import { builtDist } from '../../fixtures/builtDist.ts';

/** Creates a new project folder that is removed at exit. */
export function newProject(): string {
	const made = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-project-'));
	process.on('exit', () => fs.rmSync(made, { recursive: true, force: true }));
	return made;
}

export function open(projectFolder: string, options: Partial<OpenOptions> = {}): ReturnType<typeof openStore> {
	return openStore({ projectFolder, dist: builtDist(), create: true, ...options });
}

export const at = '2026-01-02T03:04:05.000Z';

export function sampleOf(sample: number, text: string, verdict: boolean | null = null) {
	return { sample, text, extracted: null, verdict, logVerdict: null, stepScores: null, steps: [] };
}
