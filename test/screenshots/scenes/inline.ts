import type { Scene } from '../scene.ts';
import { diagnosedSample } from '../projects.ts';

const file = 'tiny-student.jsonl';
const quote = 'Term number 11 equals';

/** A file with a student's answers: code lenses, a highlighted wrong step, and an annotated span with its comment. */
export const scene: Scene = {
	workbench: {
		folderFrom: 'examples/sample',
		prepare: (folder) => diagnosedSample(folder),
		settings: { 'editor.wordWrap': 'on' },
	},
	async shoot(bench, take) {
		const { page, quickInput } = bench;
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length > 0,
		);
		await page.keyboard.press('ControlOrMeta+p');
		await quickInput.locator('input.input').waitFor();
		await page.keyboard.type(file);
		await quickInput.locator('.quick-input-list .monaco-list-row.focused', { hasText: file }).first().waitFor();
		await page.keyboard.press('Enter');
		await page.locator('.codelens-decoration', { hasText: 'missing' }).first().waitFor();
		await page.keyboard.press('ControlOrMeta+f');
		await page.locator('.find-widget.visible .find-part textarea').first().waitFor();
		await page.keyboard.insertText(quote);
		await page.locator('.find-widget.visible .matchesCount', { hasText: / of / }).waitFor();
		await page.keyboard.press('Escape');
		await page
			.locator('.statusbar-item', { hasText: `(${quote.length} selected)` })
			.first()
			.waitFor();
		await bench.palette('STAT: Annotate Missing Skill');
		await quickInput.locator('input.input[placeholder*="Which missing skills do these words show"]').waitFor();
		await page.keyboard.type('inequalities');
		await quickInput.locator('.quick-input-list .monaco-list-row', { hasText: 'inequalities' }).first().waitFor();
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Space');
		await quickInput.locator('.quick-input-count', { hasText: '1' }).waitFor();
		await page.keyboard.press('Enter');
		await bench.answer('A note (optional)', 'Eleven terms take ten steps.');
		await page.locator('.codelens-decoration', { hasText: 'inequalities' }).first().waitFor();
		await take('inline');
	},
};
