// A teacher at an endpoint is chosen, given a key, tested, called, cancelled and called again by palette and keyboard;
// then STAT-Syn is built with custom settings. The endpoint is a stand-in that compares every request with what was
// paid for before.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { StandInTeacher } from '../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';
import { cli, loadedSample } from '../screenshots/projects.ts';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { Workbench } from './workbench.ts';

interface Status {
	readonly difficult: number;
	readonly diagnosed: number;
}

let bench: Workbench;
let teacher: StandInTeacher;
let other: StandInTeacher;
before(async () => {
	teacher = await startStandInTeacher({ models: ['stand-in', 'stand-in-large'] });
	other = await startStandInTeacher({ models: ['elsewhere'] });
	bench = await Workbench.open({
		folderFrom: 'examples/sample',
		prepare: (folder) => {
			loadedSample(folder);
			cli(folder, 'classify', '--method', 'answer');
			rmSync(path.join(folder, '.vscode'), { recursive: true });
		},
	});
});
after(async () => {
	await bench?.close();
	await teacher?.close();
	await other?.close();
});

const status = () => bench.cli<Status>('status');
const dialog = () => bench.page.locator('.monaco-dialog-box');

/** Waits for the dialog that asks whether to pay; returns its text. */
async function consent(button: RegExp): Promise<string> {
	await dialog().waitFor();
	const text = await dialog().innerText();
	await bench.screenshot('consent');
	await dialog().locator('.monaco-button', { hasText: button }).click();
	await dialog().waitFor({ state: 'detached' });
	return text;
}

async function chooseEndpoint(url: string, model: string, asks = 'Now: '): Promise<void> {
	await bench.palette('STAT: Choose Teacher…');
	await bench.pick(asks, 'OpenAI-compatible endpoint');
	await bench.answer('Address up to', url);
	await bench.pick('Which model at', model);
	await bench.status(`Teacher: ${model}`);
}

async function testConnection(says: RegExp): Promise<void> {
	await bench.palette('Notifications: Clear All Notifications');
	await bench.palette('STAT: Test Teacher Connection');
	await bench.notification(says);
}

test('an endpoint and its key are set, and a run is started and cancelled', { timeout: 1_200_000 }, async (t) => {
	const { page } = bench;
	await bench.palette('View: Show STAT Studio');

	await t.test('the endpoint’s models are listed', async () => {
		await chooseEndpoint(teacher.url, 'stand-in', 'Which teacher should name the missing skills');
		await testConnection(/responds in .* offers stand-in/);
		assert.ok(teacher.headers.every(({ authorization }) => !/sk-/.test(authorization ?? '')));
	});

	await t.test('a key is entered, stored for this address and sent to no other address', async () => {
		teacher.settings = { ...teacher.settings, key: 'sk-kept' };
		await testConnection(/key|401/i);
		await bench.palette('STAT: Set API Key');
		await bench.quickInput.locator('input[type=password]').waitFor();
		await bench.answer('API key for', 'sk-kept');
		await testConnection(/responds in .* offers stand-in/);
		await chooseEndpoint(other.url, 'elsewhere');
		await testConnection(/responds in .* offers elsewhere/);
		assert.ok(
			other.headers.every(({ authorization }) => !(authorization ?? '').includes('sk-kept')),
			'the key went to another address',
		);
		await chooseEndpoint(teacher.url, 'stand-in');
		await testConnection(/responds in .* offers stand-in/);
	});

	await t.test(
		'the number of calls and the cost are shown first, and nothing is sent if the user declines',
		async () => {
			await bench.palette('STAT: Diagnose Difficult Questions');
			await bench.pick('How many', 'All');
			await dialog().waitFor();
			const text = await dialog().innerText();
			assert.match(text, new RegExp(`Calls: ${status().difficult}\\b`));
			assert.match(text, /Cost: /);
			await page.keyboard.press('Escape');
			await dialog().waitFor({ state: 'detached' });
			assert.equal(teacher.stats().received, 0);
		},
	);

	await t.test('a run is cancelled from the status bar, and the next run pays for nothing twice', async () => {
		const { difficult } = status();
		teacher.settings = { ...teacher.settings, latency: 8000 };
		await bench.palette('STAT: Diagnose Difficult Questions');
		await bench.pick('How many', 'All');
		await consent(/Ask \d+ Times/);
		await bench.until(
			'calls are under way',
			() => teacher.stats().received,
			(received) => received > 0,
		);
		const item = page.locator('.statusbar-item', { hasText: /Diagnos/ }).first();
		await item.click();
		await bench.pick('Everything finished so far is stored', 'Cancel');
		await item.waitFor({ state: 'detached' });
		const { diagnosed } = status();
		assert.ok(diagnosed < difficult, `${diagnosed} of ${difficult} were diagnosed before the cancel`);
		teacher.settings = { ...teacher.settings, latency: 0 };
		await bench.palette('STAT: Diagnose Difficult Questions');
		await bench.pick('How many', 'All');
		assert.match(await consent(/Ask \d+ Times/), new RegExp(`Calls: ${difficult - diagnosed}\\b`));
		await bench.status(/\d+ diagnosed/);
		assert.equal(teacher.stats().goodTwice, 0);
	});

	await t.test('STAT-Syn is built with custom settings', async () => {
		await bench.palette('STAT: Build Training Set');
		await bench.pick('Which training set', 'STAT-Syn');
		await bench.pick('Which numbers', 'My own');
		for (const [prompt, value] of [
			['question–answer pairs', '12'],
			['Maximum number of difficult questions', '4'],
			['Training questions shown', '2'],
			['New questions per difficult question', '1'],
			['Solutions to each', '3'],
			['must agree', '2'],
			['Maximum number of rounds', '1'],
		] as const) {
			await bench.answer(prompt, value);
		}
		// Back leads to the previous question, with its answer filled in.
		await bench.quickInput.locator('.quick-input-titlebar [aria-label^="Back"]').click();
		await bench.quickInput.locator('.quick-input-message', { hasText: 'Maximum number of rounds' }).waitFor();
		assert.equal(await bench.quickInput.locator('input.input').inputValue(), '1');
		await page.keyboard.press('Enter');
		await bench.pick('What should happen to copies', 'All flagged');
		await bench.answer('Seed', '7');
		await bench.answer('Name of the dataset', 'written');
		const text = await consent(/Ask \d+ Times/);
		assert.match(text, /Build written/);
		assert.match(text, /4 difficult questions/);
		await bench.status(/written: \d+ pairs/);
		const dataset = bench.cli<{
			readonly method: string;
			readonly seed: number;
			readonly settings: Record<string, unknown>;
		}>('dataset', 'show', 'written');
		assert.equal(dataset.method, 'syn');
		assert.equal(dataset.seed, 7);
		await bench.screenshot('syn');
	});

	await t.test('no other address has been contacted', () => {
		assert.deepEqual(bench.strayRequests, []);
		assert.deepEqual(bench.violations, []);
	});
});
