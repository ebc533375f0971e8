import { builtSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** The sample at the end of the loop: the four views, the diagnosis, the profile, the what-if dials and the card. */
export const scene: Scene = {
	workbench: { folderFrom: 'examples/sample', prepare: builtSample },
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 0,
		);
		await bench.until(
			'the datasets are listed',
			() => bench.rows('Datasets'),
			(rows) => rows.length > 1,
		);
		await bench.palette('STAT: Open Next Failed Question');
		await bench.panel('Diagnosis', '.chips .chip');
		await take('diagnosis');
		await bench.palette('STAT: Show Missing-Skill-Profile');
		const profile = await bench.panel('Missing Skills', 'table');
		await take('profile');
		await profile.locator('body').press('w');
		await profile.locator('.what-if tbody tr').first().waitFor();
		await profile.locator('.what-if').evaluate((section) => section.scrollIntoView());
		await take('whatIf');
	},
};
