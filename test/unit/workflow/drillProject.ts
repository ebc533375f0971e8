import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { openParts } from '../../../src/cli/openParts.ts';
import type { Parts } from '../../../src/core/ports.ts';
import type { DrillWorld } from '../../../src/drill/drillWorld.ts';
import { drillWorld } from '../../../src/drill/drillWorld.ts';
import { initProject } from '../../../src/store/initProject.ts';
import { builtCli } from '../../fixtures/builtCli.ts';

/** A project with the drill's questions and answers, and no skills. All eighteen micro-skills are in them. */
export async function openDrillProject(options: { readonly questions: number; readonly seed: number; readonly subject: string | null }): Promise<{ parts: Parts; world: DrillWorld; folder: string; close: () => Promise<void> }> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-drill-'));
	initProject(folder);
	const run = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined, now: () => '2026-11-21T00:00:00.000Z' };
	const opened = await openParts(folder, builtCli(), run);
	const world = drillWorld({ skills: 18, questions: options.questions, seed: options.seed });
	await opened.parts.store.write('addQuestions', { split: 'validation', benchmark: null, source: 'drill', rows: world.questions.map(({ text, gold }) => ({ text, gold, ...(options.subject === null ? {} : { subject: options.subject }) })) });
	return {
		parts: opened.parts,
		world,
		folder,
		close: async () => {
			await opened.close();
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
}
