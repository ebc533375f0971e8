import path from 'node:path';
import { openStore } from '../../../src/store/openStore.ts';
import { fillRounds } from '../../fixtures/roundsWorld.ts';
import type { Scene } from '../scene.ts';

/** Three rounds of generated answers: the tree, the comparison and the ledger, and the dials of the profile. */
export const scene: Scene = {
	workbench: {
		prepare: async (folder) => {
			const store = await openStore({ projectFolder: folder, dist: path.resolve('dist'), create: true });
			await fillRounds(store);
			await store.close();
		},
	},
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 0,
		);
		await bench.palette('STAT: Show Rounds and Compare');
		const panel = await bench.panel('Rounds', '.skills .changes');
		await panel.locator('.lineage tbody tr').nth(1).locator('input').nth(1).check();
		await panel.locator('.skills .tag.gain').first().waitFor();
		await take('rounds');
	},
};
