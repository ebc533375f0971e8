import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, diagnosedSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/** A half-finished project: some questions are diagnosed, some are not, and lines are set aside with their reasons. */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare(folder) {
			diagnosedSample(folder, 40);
			const broken = path.join(folder, 'broken.jsonl');
			writeFileSync(
				broken,
				[
					'{"question": "What is $2 + 2$?"',
					'{"answer": "no question"}',
					'{"question": "What is $3 \\\\cdot 4$?", "gold": "12"}',
					'',
				].join('\n'),
			);
			cli(folder, 'import', 'questions', broken, '--split', 'train');
		},
	},
	async shoot(bench, take) {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'something is set aside',
			() => bench.rows('Datasets'),
			(rows) => rows.some((row) => /set aside/i.test(row)),
		);
		await bench.palette('STAT: Show Missing-Skill-Profile');
		await bench.panel('Missing Skills', '.banner');
		await take('partialProfile');
		await bench.palette('STAT: Show Set Aside');
		await bench.page
			.locator('.editor-group-container.active .view-line', { hasText: 'broken.jsonl' })
			.first()
			.waitFor();
		await take('setAside');
	},
};
