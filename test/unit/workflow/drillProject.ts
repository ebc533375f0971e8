import { openParts } from '../../../src/cli/openParts.ts';
import type { Parts } from '../../../src/core/ports/parts.ts';
import type { DrillWorld } from '../../../src/drill/drillWorld.ts';
import { drillWorld } from '../../../src/drill/drillWorld.ts';
import { initProject } from '../../../src/store/engine/initProject.ts';
import { builtDist } from '../../fixtures/builtDist.ts';
import { newFolder } from '../../fixtures/builtCli.ts';
import { quietRun } from '../../fixtures/inProject.ts';

/** Opens a project with the drill's questions and answers but no skills. All eighteen micro-skills occur. */
export async function openDrillProject(options: {
	readonly questions: number;
	readonly seed: number;
	readonly subject: string | null;
}): Promise<{ parts: Parts; world: DrillWorld; folder: string; close: () => Promise<void> }> {
	const folder = newFolder();
	initProject(folder);
	const opened = await openParts(folder, builtDist(), quietRun);
	const world = drillWorld({ skills: 18, questions: options.questions, seed: options.seed });
	await opened.parts.store.write('addQuestions', {
		split: 'validation',
		benchmark: null,
		source: 'drill',
		rows: world.questions.map(({ text, gold }) => ({
			text,
			gold,
			...(options.subject === null ? {} : { subject: options.subject }),
		})),
	});
	return {
		parts: opened.parts,
		world,
		folder,
		close: () => opened.close(),
	};
}
