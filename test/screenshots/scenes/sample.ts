import { builtSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** The sample at the end of the loop: trees, diagnosis, profile, card. */
export const scene: Scene = {
	workbench: { folderFrom: 'examples/sample', prepare: builtSample },
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until('the skills are listed', () => bench.rows('Skills'), (rows) => rows.length > 0);
		await bench.until('the datasets are listed', () => bench.rows('Datasets'), (rows) => rows.length > 1);
		await bench.palette('STAT: Open Next Failed Question');
		await bench.panel('Diagnosis', '.chips .chip');
		await take('diagnosis');
		await bench.palette('STAT: Show Missing-Skill-Profile');
		await bench.panel('Missing Skills', 'table');
		await take('profile');
	},
};
