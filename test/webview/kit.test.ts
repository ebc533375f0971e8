// Tests the parts that all panels are made of, in kitPage.tsx, with one behaviour per test. Behaviour that a panel's
// own tests cover is not repeated here.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { build } from 'esbuild';
import type { OpenPage } from './browserPage.ts';
import { kitFolder, skip, useBrowser } from './browserPage.ts';
import type { Called, Show } from './kitPage.tsx';

const open = useBrowser();

before(async () => {
	if (!skip) {
		await build({
			entryPoints: [
				{ in: 'test/webview/kitPage.tsx', out: 'kitPage' },
				{ in: 'webview/kit/base.css', out: 'kitPage' },
			],
			outdir: kitFolder,
			bundle: true,
			format: 'esm',
			target: 'es2022',
			loader: { '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty' },
			logLevel: 'warning',
		});
	}
});

interface Kit extends OpenPage<Show, Called> {
	/** Returns the values of the calls of one type, in order. */
	called(type: string): Promise<Called['value'][]>;
	focus(name: string): Promise<void>;
	focused(): Promise<string | undefined>;
}

async function kit(scene: Show['scene']): Promise<Kit> {
	const opened = await open<Show, Called>('kitPage');
	await opened.send({ type: 'show', scene });
	return {
		...opened,
		called: async (type) => (await opened.posted()).filter((one) => one.type === type).map(({ value }) => value),
		focus: (name) => opened.page.locator(`[data-focus="${name}"]`).focus(),
		focused: () => opened.page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']),
	};
}

test('ComboboxField filters by words, names the active option and is left on the second Escape', { skip }, async () => {
	const { page, press, called, close } = await kit('combobox');
	const input = page.getByRole('combobox', { name: 'Skills' });
	await input.focus();
	assert.equal(await page.getByRole('option').count(), 3);
	assert.deepEqual(await page.locator('.combo-group').allInnerTexts(), ['Recent', 'All']);
	await page.keyboard.type('PRI num');
	assert.deepEqual(await page.getByRole('option').allInnerTexts(), ['prime numbers']);
	const active = await input.getAttribute('aria-activedescendant');
	assert.equal(await page.locator('[role=option][aria-selected=true]').getAttribute('id'), active);
	await press('Enter');
	assert.deepEqual(await called('toggle'), ['prime numbers']);
	// The field is empty and keeps the focus; the list shows which option is chosen.
	assert.equal(await input.inputValue(), '');
	assert.match((await page.getByRole('option').nth(1).textContent()) ?? '', /✓prime numbers, chosen/);
	await press('ArrowUp', 'ArrowDown', 'ArrowDown', 'Enter', 'Backspace');
	assert.deepEqual(await called('toggle'), ['prime numbers', 'prime numbers']);
	assert.equal((await called('removeLast')).length, 1);
	await page.keyboard.type('zzz');
	assert.equal(await page.locator('.combo-list').innerText(), 'None matches');
	await press('Escape');
	assert.deepEqual([await input.inputValue(), (await called('leave')).length], ['', 0]);
	await press('Escape');
	assert.deepEqual([await page.locator('.combo-list').isVisible(), (await called('leave')).length], [false, 1]);
	await close();
});

test('Field reports only valid values and names the problem in place', { skip }, async () => {
	const { page, press, focus, called, close } = await kit('fields');
	const size = page.getByLabel('Batch size');
	await size.fill('9');
	assert.equal(await page.locator('.field-problem').innerText(), 'From 1 to 8');
	assert.equal(await size.getAttribute('aria-invalid'), 'true');
	const described = ((await size.getAttribute('aria-describedby')) ?? '').split(' ');
	assert.deepEqual(await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).innerText())), [
		'Rows of one step',
		'From 1 to 8',
	]);
	await size.fill('7');
	assert.equal(await page.locator('.field-problem').count(), 0);
	assert.deepEqual(await called('size'), [7]);
	// The typed text remains, valid or not, until the value changes elsewhere.
	await size.fill('');
	assert.equal(await size.inputValue(), '');
	await focus('two');
	await press('Enter');
	assert.equal(await size.inputValue(), '2');
	await page.getByLabel('Name').fill('a/b');
	assert.equal(await page.locator('.field-problem').last().innerText(), 'No slash');
	await page.getByLabel('Name').fill('ab');
	assert.deepEqual(await called('name'), ['ab']);
	await close();
});

test('WindowedTable renders the visible rows of 10,000 and follows the keys', { skip }, async () => {
	const { page, press, focus, called, close } = await kit('table');
	const rows = page.locator('.windowed-body .row');
	const few = await rows.count();
	assert.ok(few > 10 && few < 40, `${few} rows`);
	assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '10001');
	await focus('table');
	await press('End');
	const last = page.locator('#row-9999');
	assert.deepEqual(await last.getByRole('gridcell').allInnerTexts(), ['row 9999', '99980001']);
	assert.equal(await last.getAttribute('aria-rowindex'), '10001');
	assert.equal(await page.locator('[data-focus=table]').getAttribute('aria-activedescendant'), 'row-9999');
	assert.equal(await last.isVisible(), true);
	assert.equal(await page.locator('#row-0').count(), 0);
	await press('ArrowUp', 'Enter');
	assert.deepEqual(await called('open'), [9998]);
	await close();
});

test('WindowedList states each row’s position and moves a row’s element with its row', { skip }, async () => {
	const { page, press, focus, close } = await kit('list');
	const row = page.getByRole('option', { name: 'name 103', exact: true });
	assert.deepEqual([await row.getAttribute('aria-posinset'), await row.getAttribute('aria-setsize')], ['4', '100']);
	await row.click();
	assert.equal(await row.getAttribute('aria-selected'), 'true');
	await row.evaluate((element) => element.setAttribute('data-seen', 'yes'));
	await focus('add');
	await press('Enter');
	assert.deepEqual([await row.getAttribute('data-seen'), await row.getAttribute('aria-posinset')], ['yes', '5']);
	await close();
});

test(
	'KeyList runs single keys unless the user is typing, Alt keys always, and no keys while it is open',
	{ skip },
	async () => {
		const { page, press, focus, called, close } = await kit('keys');
		await press('j');
		await focus('typed');
		await press('j', 'Alt+r');
		assert.deepEqual([(await called('next')).length, (await called('raw')).length], [1, 1]);
		assert.equal(await page.locator('[data-focus=typed]').inputValue(), 'j');
		await page.evaluate(() => (document.activeElement as HTMLElement).blur());
		await press('?');
		assert.deepEqual(await page.locator('dialog.keys dd').allInnerTexts(), ['next', 'raw', 'this list']);
		await press('j');
		await page.locator('dialog.keys').getByRole('button', { name: 'Close' }).click();
		await press('j');
		assert.equal((await called('next')).length, 2);
		assert.equal(await page.locator('dialog.keys').isVisible(), false);
		await close();
	},
);

test('RichText is redrawn only if its decoration changes', { skip }, async () => {
	const { page, press, focus, called, close } = await kit('texts');
	assert.equal(await page.locator('.text strong').innerText(), 'one');
	await page.locator('.text .katex').waitFor();
	await focus('again');
	await press('Enter');
	assert.equal(await page.locator('.count').innerText(), '1');
	assert.deepEqual(await called('decorate'), ['one']);
	assert.equal(await page.locator('.text .katex').count(), 1);
	await focus('two');
	await press('Enter');
	assert.deepEqual(await page.locator('.text mark').allInnerTexts(), ['two']);
	assert.deepEqual(await called('decorate'), ['one', 'two']);
	await close();
});

test('AnswerText renders text that looks like a formula and leaves words unchanged', { skip }, async () => {
	const { page, close } = await kit('texts');
	await page.locator('.formula-answer .katex').waitFor();
	assert.equal(await page.locator('.word-answer').innerText(), 'about three apples');
	assert.equal(await page.locator('.word-answer .formula').count(), 0);
	await close();
});

test('Dropdown reports a choice once, even by arrow key, and follows its value', { skip }, async () => {
	const { page, press, focus, called, close } = await kit('controls');
	await focus('order');
	await press('ArrowDown');
	assert.deepEqual(await called('choice'), ['b']);
	await focus('reset');
	await press('Enter');
	const value = await page.locator('vscode-dropdown').evaluate((element) => (element as HTMLSelectElement).value);
	assert.equal(value, 'a');
	assert.deepEqual(await called('choice'), ['b']);
	await close();
});

test('TextArea commits on Ctrl+Enter and when it loses the focus', { skip }, async () => {
	const { page, press, called, close } = await kit('controls');
	await page.locator('vscode-text-area').locator('textarea').focus();
	await page.keyboard.type('a note');
	assert.deepEqual(await called('commit'), []);
	await press('Control+Enter');
	await press('Shift+Tab');
	assert.deepEqual(await called('commit'), ['a note', 'a note']);
	await close();
});

test('a line in Notices fades, and a failure remains until it is closed', { skip }, async () => {
	const { page, press, focus, close } = await kit('notices');
	await focus('fail');
	await press('Enter');
	await focus('say');
	await press('Enter');
	assert.equal(await page.locator('.said-now').innerText(), 'Saved');
	await page.locator('.said-now').waitFor({ state: 'hidden' });
	assert.equal(await page.getByRole('alert').locator('p').innerText(), 'No disk');
	await page.getByRole('button', { name: 'Close this message' }).click();
	assert.equal(await page.getByRole('alert').count(), 0);
	await close();
});

test('Region moves the focus of a removed element to the last one, unless the user has left it', { skip }, async () => {
	const { page, press, focus, focused, close } = await kit('vanishing');
	await focus('a');
	await press('Enter');
	assert.equal(await focused(), 'c');
	await page.evaluate(() => (document.activeElement as HTMLElement).blur());
	await page.locator('[data-focus=c]').evaluate((element) => (element as HTMLElement).click());
	await page.locator('[data-focus=c]').waitFor({ state: 'detached' });
	assert.equal(await focused(), undefined);
	await close();
});
