// A newcomer works in an empty folder from the keyboard: in each state, each view names the next step.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { cli } from '../screenshots/projects.ts';
import { Workbench } from './workbench.ts';

const sample = path.resolve('examples/sample');
let bench: Workbench;
before(async () => {
	bench = await Workbench.open();
});
after(() => bench?.close());

/** Checks what an empty view shows instead of rows. */
async function welcomes(view: 'Skills' | 'Questions' | 'Datasets' | 'Jobs', says: RegExp): Promise<void> {
	const pane = bench.page
		.locator('.split-view-view', { has: bench.page.locator(`.pane-header[aria-label^="${view}"]`) })
		.last();
	await bench.until(
		`${view} says ${says}`,
		async () => (await pane.locator('.welcome-view-content').allInnerTexts()).join(' ').replace(/\s+/g, ' '),
		(text) => says.test(text),
	);
}

test('an empty folder becomes a project step by step', { timeout: 1_200_000 }, async (t) => {
	const { page } = bench;

	await t.test('every view names the next step', async () => {
		await bench.palette('View: Show STAT Studio');
		await welcomes('Skills', /^There is no STAT project in this folder yet.*Initialize Project/);
		await welcomes('Questions', /^Questions appear here, with the student’s answers/);
		await bench.palette('STAT: Initialize Project');
		await welcomes('Skills', /^No skills yet\. Import a skill bank/);
		await welcomes('Questions', /^No questions yet/);
		await welcomes('Datasets', /^Training sets appear here once they are built/);
		await welcomes('Jobs', /^To train a student on a GPU host/);
		const banks = (split: string) =>
			readdirSync(path.join(sample, 'skills')).map((subject) =>
				path.join(sample, 'skills', subject, split, `${split}_post_cluster.json`),
			);
		cli(bench.folder, 'import', 'skills', ...banks('train'), '--split', 'train');
		await welcomes('Questions', /^No answers yet/);
		assert.ok(
			(
				await bench.until(
					'skills are listed',
					() => bench.rows('Skills'),
					(rows) => rows.length > 0,
				)
			).length >= 4,
		);
		cli(bench.folder, 'import', 'skills', ...banks('validation'), '--split', 'validation');
		cli(
			bench.folder,
			'import',
			'answers',
			path.join(sample, 'answers', 'tiny-student.jsonl'),
			'--student',
			'tiny-student',
		);
		await welcomes('Questions', /^The answers have not been classified yet/);
		await welcomes('Datasets', /^No teacher is set/);
	});

	await t.test('Escape cancels a dialog and changes nothing', async () => {
		await bench.palette('STAT: Classify Questions…');
		await bench.quickInput.locator('.quick-input-title', { hasText: 'Classify' }).waitFor();
		await page.keyboard.press('Escape');
		await bench.quickInput.waitFor({ state: 'hidden' });
		await welcomes('Questions', /^The answers have not been classified yet/);
		cli(bench.folder, 'classify', '--method', 'answer');
		await bench.until(
			'difficult questions are listed',
			() => bench.rows('Questions'),
			(rows) => rows.length > 0,
		);
	});

	await t.test('nothing has left this machine and no policy has been violated', () => {
		assert.deepEqual(bench.strayRequests, []);
		assert.deepEqual(bench.violations, []);
	});
});
