import { cli, diagnosedSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/**
 * A STAT-Syn dataset on the sample with some problems decided: the queue in the Datasets view, and an item beside the
 * list.
 */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare(folder) {
			diagnosedSample(folder);
			cli(
				folder,
				'build',
				'syn',
				'--name',
				'syn-r1',
				'--pairs',
				'300',
				'--teacher',
				'scripted:teacher.jsonl',
				'--yes',
			);
		},
	},
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'problems wait',
			() => bench.rows('Datasets'),
			(rows) => rows.some((row) => /wait for curation/.test(row)),
		);
		await bench.palette('STAT: Curate Problems');
		const panel = await bench.panel('Curation', '.question .text');
		const place = async (index: number) =>
			bench.until(
				`place ${index}`,
				() => panel.locator('h1').innerText(),
				(text) => text.startsWith(`${index} of`),
			);
		for (const index of [2, 3, 4]) {
			await panel.locator('body').press('a');
			await place(index);
		}
		await take('curation');
		await bench.page.keyboard.press('e');
		await bench.page
			.locator('.editor-group-container.active .monaco-editor.focused .view-line', {
				hasText: '===== question =====',
			})
			.waitFor();
		await bench.page.keyboard.type('Reckon: ');
		await panel.locator('.question h2', { hasText: 'not saved yet' }).waitFor();
		await take('curationEdit');
	},
};
