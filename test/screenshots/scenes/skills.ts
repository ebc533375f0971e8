import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, diagnosedSample } from '../projects.ts';
import type { Scene } from '../scene.ts';

/**
 * The skill list after some edits: its view with several skills selected, its history, a jury's diagnosis and the
 * teacher's quality.
 */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare(folder) {
			diagnosedSample(folder);
			cli(
				folder,
				'skills',
				'merge',
				'algebra/exponent_rules',
				'algebra/factoring_quadratics',
				'--into',
				'powers_and_factors',
			);
			cli(
				folder,
				'skills',
				'describe',
				'algebra/powers_and_factors',
				'Rules of exponents, and quadratics as products',
			);
			cli(folder, 'skills', 'rename', 'algebra/inequalities', 'solving_inequalities');
			const jury = path.join(folder, 'jury.jsonl');
			writeFileSync(
				jury,
				readFileSync(path.join(folder, 'teacher.jsonl'), 'utf8')
					.replace('sample-teacher', 'another-reader')
					.replace(/<skill>([^<]*)arithmetic_skills/g, '<skill>$1solving_inequalities'),
			);
			cli(folder, 'jury', '--teacher', `scripted:${jury}`, '--questions', '40', '--yes');
		},
	},
	async shoot(bench, take) {
		const { page, quickInput } = bench;
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 0,
		);
		await bench.palette('STAT: Open Skill History');
		await page.locator('.view-line', { hasText: 'powers' }).first().waitFor();
		await bench.palette('Focus on Skills View');
		for (const key of ['Home', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
			await page.keyboard.press(key);
		}
		await take('skills');
		await bench.palette('STAT: Settle Disagreements');
		await quickInput.locator('input.input[placeholder*="read in two ways"]').waitFor();
		await page.keyboard.press('Enter');
		await bench.panel('Diagnosis', '.jury');
		await take('jury');
		await bench.palette('STAT: Open Teacher Quality');
		await page.locator('.view-line', { hasText: 'another-reader' }).first().waitFor();
		await take('quality');
	},
};
