// Runs the whole loop using only the palette and the keyboard, in the packaged extension. The screen is compared with
// what the command line reads in the project.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from './workbench.ts';

interface Status {
	readonly questions: { readonly train: number; readonly validation: number };
	readonly answers: number;
	readonly difficult: number;
	readonly diagnosed: number;
	readonly corrected: number;
	readonly datasets: readonly unknown[];
}

interface Chain {
	readonly row: { readonly kind: string };
	readonly skill: { readonly name: string };
	readonly diagnosis: { readonly skills: readonly { readonly name: string }[] };
	readonly teacher: { readonly model: string };
}

let bench: Workbench;
before(async () => {
	bench = await Workbench.open({ folderFrom: 'examples/sample' });
});
after(async () => {
	await bench?.close();
});

const status = () => bench.cli<Status>('status');
const chips = async (panel: Frame) =>
	(await panel.locator('.chip:not(.removed) > span').allInnerTexts()).map((text) =>
		text
			.replace(/added:|\+ /g, '')
			.replace(/\s+/g, ' ')
			.trim(),
	);

test('files become a training set that survives a restart', { timeout: 1_200_000 }, async (t) => {
	const { page } = bench;
	let panel: Frame;

	await t.test('the sample is loaded with its teacher', async () => {
		await bench.palette('STAT: Load Sample Data');
		await bench.status('Sample loaded: 420 questions, 600 answers, a scripted teacher (no key, no network)');
		assert.deepEqual(JSON.parse(readFileSync(path.join(bench.folder, '.vscode', 'settings.json'), 'utf8')), {
			'stat.teacher.scripted': 'teacher.jsonl',
		});
		await bench.until(
			'the subjects are listed',
			() => bench.rows('Skills'),
			(rows) => rows.length === 4,
		);
		await bench.screenshot('loaded');
	});

	await t.test('questions are classified', async () => {
		await bench.palette('STAT: Classify Questions');
		await bench.pick('Which rule determines', 'Wrong first answer');
		await bench.status(/\d+ of 120 questions are difficult/);
		const { difficult } = status();
		assert.ok(difficult > 40 && difficult < 80, `${difficult} difficult`);
		await bench.status(`${difficult} of 120 questions are difficult`);
	});

	await t.test('the teacher diagnoses answers without a key', async () => {
		await bench.palette('STAT: Diagnose Difficult Questions');
		await bench.status(/\d+ diagnosed/);
		const { difficult, diagnosed } = status();
		assert.equal(diagnosed, difficult);
		await bench.until(
			'the skills count what is missed',
			() => bench.rows('Skills'),
			(rows) => rows.length === 4 && rows.every((row) => /\d+ missed/.test(row)),
		);
	});

	await t.test('a diagnosis is corrected from the keyboard', async () => {
		await bench.palette('STAT: Open Next Failed Question');
		panel = await bench.panel('Diagnosis', '.chips .chip');
		await bench.screenshot('panel');
		const before = await chips(panel);
		assert.ok(before.length > 0);
		await page.keyboard.press('e');
		await panel.locator('.combo-list:not([hidden])').waitFor();
		await page.keyboard.type('inequalities');
		await panel.locator('.combo-option.active', { hasText: 'inequalities' }).first().waitFor();
		await page.keyboard.press('Enter');
		await bench.until(
			'the skill is added',
			() => chips(panel),
			(now) => now.length === before.length + 1 && now.some((name) => name.startsWith('inequalities')),
		);
		await panel.locator('.said.changed strong').waitFor();
		await bench.until(
			'it is stored',
			() => status().corrected,
			(corrected) => corrected === 1,
		);
		// The same keys remove it again.
		await page.keyboard.type('inequalities');
		await panel.locator('.combo-option.active', { hasText: 'inequalities' }).first().waitFor();
		await page.keyboard.press('Enter');
		await bench.until(
			'the skill is removed',
			() => chips(panel),
			(now) => now.length === before.length,
		);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.keyboard.press('y');
		await panel.locator('.said.agreed strong').waitFor();
		await page.keyboard.press('d');
		await panel.locator('.said.disputed strong').waitFor();
		assert.deepEqual(await chips(panel), []);
		await page.keyboard.press('u');
		await panel.locator('.said.agreed strong').waitFor();
		assert.deepEqual(await chips(panel), before);
		// The final correction is another skill.
		await page.keyboard.press('e');
		await page.keyboard.type('inequalities');
		await panel.locator('.combo-option.active', { hasText: 'inequalities' }).first().waitFor();
		await page.keyboard.press('Enter');
		await panel.locator('.said.changed strong').waitFor();
		await page.keyboard.press('Escape');
		await page.keyboard.press('Escape');
		await page.keyboard.press('j');
		await panel.locator('h1', { hasText: '2 of ' }).waitFor();
		await page.keyboard.press('k');
		await panel.locator('h1', { hasText: '1 of ' }).waitFor();
		assert.equal(status().corrected, 1);
	});

	await t.test('the profile counts the correction', async () => {
		await bench.palette('STAT: Show Missing-Skill-Profile');
		const profile = await bench.panel('Missing Skills', 'table');
		await bench.screenshot('profile');
		const rows = bench.cli<{ readonly skills: readonly { readonly name: string; readonly questions: number }[] }>(
			'profile',
		).skills;
		const top = rows[0];
		assert.ok(top);
		const first = await profile.locator('table').first().locator('tbody tr').first().innerText();
		assert.ok(first.replace(/\s+/g, ' ').startsWith(top.name.replaceAll('_', ' ')), first);
		assert.match(first, new RegExp(`\\b${top.questions}\\b`));
	});

	await t.test('STAT-Sel is built, and every row has an explanation', async () => {
		await bench.palette('STAT: Build Training Set');
		await bench.pick('Which training set', 'STAT-Sel');
		await bench.pick('Which solutions', 'Rewritten by the teacher');
		await bench.screenshot('build');
		await bench.pick('Which numbers', 'The defaults');
		await bench.answer('Name of the dataset', 'targeted');
		await bench.status(/targeted: [0-9,]+ pairs/);
		assert.ok(existsSync(path.join(bench.folder, '.stat', 'datasets', 'targeted', 'data.jsonl')));
		const chain = bench.cli<Chain>('why', 'targeted', '0');
		assert.equal(chain.row.kind, 'rewritten');
		assert.equal(chain.teacher.model, 'sample-teacher');
		assert.ok(chain.diagnosis.skills.some(({ name }) => name === chain.skill.name));
		await bench.palette('STAT: Open Dataset Card');
		await page.locator('.view-line', { hasText: '# Dataset targeted' }).waitFor();
		await page.locator('.view-line', { hasText: 'Departures from the paper' }).waitFor();
		await bench.screenshot('card');
	});

	await t.test('everything survives a restart of the server', async () => {
		const before = status();
		await bench.restart();
		// Panels are restored, with their question and the user's correction: the active panel at once, the other when
		// its tab is shown.
		await bench.panel('Missing Skills', 'table');
		await bench.palette('View: Open First Editor in Group');
		const restored = await bench.panel('Diagnosis', '.chips .chip');
		assert.match(await restored.locator('h1').innerText(), /^1 of /);
		assert.ok((await chips(restored)).includes('inequalities'));
		await restored.locator('.said.changed strong').waitFor();
		await bench.screenshot('restarted');
		assert.deepEqual(status(), before);
		await bench.palette('STAT: Refresh Views');
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the skills are there',
			() => bench.rows('Skills'),
			(rows) => rows.some((row) => /^Algebra\s*\d+ missed/.test(row)),
		);
		await bench.until(
			'the dataset is there',
			() => bench.rows('Datasets'),
			(rows) => rows.some((row) => row.startsWith('targeted')),
		);
	});

	await t.test('nothing has left this machine and no policy has been violated', () => {
		assert.deepEqual(bench.strayRequests, []);
		assert.deepEqual(bench.violations, []);
		assert.deepEqual(bench.dialogs, []);
	});
});
