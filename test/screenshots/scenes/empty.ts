import { cli } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** A folder without a project, then an empty project. */
export const scene: Scene = {
	workbench: {},
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.page.locator('.pane-header[aria-label^="Jobs"]').waitFor();
		await bench.page.waitForTimeout(2000);
		await take('noProject');
		cli(bench.folder, 'init');
		await bench.restart();
		await bench.palette('View: Show STAT Studio');
		await bench.page.locator('.welcome-view-content', { hasText: 'No skills yet' }).first().waitFor();
		await bench.palette('STAT: Show Missing-Skill-Profile');
		await bench.notification('no student answers yet');
		await take('emptyProject');
	},
};
