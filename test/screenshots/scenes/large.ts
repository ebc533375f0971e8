import { largeProject } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** 100,000 questions, 90,000 of them diagnosed: the views and the panels of the loop. */
export const scene: Scene = {
	workbench: { prepare: largeProject },
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 1,
		);
		await bench.palette('STAT: Open Next Failed Question');
		await bench.panel('Diagnosis', '.columns');
		await take('large');
		await bench.palette('STAT: Show Missing-Skill-Profile');
		await bench.panel('Missing Skills', 'table');
		await take('largeProfile');
	},
};
