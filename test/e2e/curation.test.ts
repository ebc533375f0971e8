// Curates problems using only the keyboard, in the packaged extension. The screen is compared with what the command
// line reads in the project.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { Workbench } from './workbench.ts';

interface Item {
	readonly questionId: string;
	readonly status: string;
	readonly title: string;
}
interface Listed {
	readonly total: number;
	readonly items: readonly Item[];
	readonly left: number;
}

const hinted = 'A basket holds $7$ rows of $6$ apples and $5$ apples beside them. How many apples is that?';
let bench: Workbench;

/** Prepares the sample, up to a built STAT-Syn dataset; the scripted teacher also has a reply for one hint. */
function buildSyn(folder: string): void {
	const files = (under: string, split: string) =>
		readdirSync(path.join(folder, under))
			.map((subject) => path.join(under, subject, split))
			.flatMap((inside) => readdirSync(path.join(folder, inside)).map((name) => path.join(inside, name)));
	const stat = (...args: string[]) =>
		execFileSync(process.execPath, [path.resolve('dist', 'cli.js'), ...args], {
			cwd: folder,
			stdio: ['ignore', 'ignore', 'pipe'],
		});
	const teacher = ['--teacher', 'scripted:teacher.jsonl', '--yes'];
	stat('init');
	stat('import', 'skills', ...files('skills', 'train'), '--split', 'train');
	stat('import', 'skills', ...files('skills', 'validation'), '--split', 'validation');
	stat(
		'import',
		'answers',
		...readdirSync(path.join(folder, 'answers')).map((name) => path.join('answers', name)),
		'--student',
		'sample-3b',
	);
	stat('classify', '--student', 'sample-3b', '--method', 'answer');
	stat('diagnose', '--student', 'sample-3b', ...teacher);
	stat('build', 'syn', '--name', 'written', '--pairs', '300', '--student', 'sample-3b', ...teacher);
	const replies = [
		{
			task: 'propose',
			about: '*/hint-*',
			contains: 'fruit, please',
			text: `<reason>Another setting.</reason> <draft>7 rows of 6 and 5.</draft> <question>${hinted}</question>`,
		},
		...[0, 1, 2].map((sample) => ({
			task: 'solve',
			question: hinted,
			sample,
			text:
				sample === 2
					? 'That is $7 + 6 + 5 = \\boxed{18}$.'
					: 'There are $7 \\cdot 6 + 5 = \\boxed{47}$ apples.',
		})),
	];
	appendFileSync(path.join(folder, 'teacher.jsonl'), replies.map((reply) => `${JSON.stringify(reply)}\n`).join(''));
	mkdirSync(path.join(folder, '.vscode'));
	writeFileSync(
		path.join(folder, '.vscode', 'settings.json'),
		JSON.stringify({ 'stat.teacher.scripted': 'teacher.jsonl' }),
	);
}

before(async () => {
	bench = await Workbench.open({ folderFrom: 'examples/sample', prepare: buildSyn });
});
after(async () => {
	await bench?.close();
});

const listed = (...args: string[]) => bench.cli<Listed>('curate', 'written', 'list', '--limit', '1000', ...args);
const statuses = () => {
	const counts = { waiting: 0, accepted: 0, edited: 0, rejected: 0 };
	for (const { status } of listed().items) {
		counts[status as keyof typeof counts] += 1;
	}
	return counts;
};

test('twenty problems are curated from the keyboard and survive a restart', { timeout: 900_000 }, async (t) => {
	const { page } = bench;
	const all = listed().total;
	const items = listed().items;
	let repaired: string | undefined;
	let panel: Frame;
	const says = (what: string, selector: string, pattern: RegExp) =>
		bench.until(
			what,
			async () => (await panel.locator(selector).allInnerTexts()).join(' '),
			(text) => pattern.test(text),
		);
	const place = (index: number) => says(`place ${index}`, 'h1', new RegExp(`^${index + 1} of ${all}$`));
	const next = async (index: number) => {
		await page.keyboard.press('j');
		await place(index);
	};
	const shows = (text: string) => says(`the question “${text}”`, '.question .text', new RegExp(text));
	const seen = (pattern: RegExp) => says('what was seen', '.fact.seen', pattern);

	/** VS Code gives a panel the focus a moment after the panel appears, or after an editor is closed. */
	const hasKeys = () =>
		bench.until(
			'the panel has the keys',
			() => panel.evaluate(() => document.hasFocus()),
			(has) => has,
		);

	/** Saves, and waits until the editor is closed and the panel has the focus. */
	const finishEdit = async () => {
		await page.keyboard.press('ControlOrMeta+Enter');
		await says('the edit is saved', '.status', /edited/);
		await bench.until(
			'the editor is closed',
			() => page.locator('.view-line', { hasText: '===== question =====' }).count(),
			(open) => open === 0,
		);
		await hasKeys();
	};

	await t.test('the Datasets view counts the problems awaiting a decision and opens the queue', async () => {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'the dataset says what waits',
			() => bench.rows('Datasets'),
			(rows) => rows.some((row) => new RegExp(`^written.*${all} wait for curation`).test(row)),
		);
		await bench.screenshot('datasets');
		await bench.palette('STAT: Curate Problems');
		panel = await bench.panel('Curation', '.question .text');
		await seen(new RegExp(`^0 of ${all} seen$`));
		await place(0);
		await bench.screenshot('curation');
	});

	await t.test('a problem is accepted, rejected with a digit, and the decision is repeated and undone', async () => {
		for (const index of [1, 2, 3, 4, 5]) {
			await page.keyboard.press('a');
			await place(index);
		}
		await page.keyboard.press('r');
		await panel.locator('dialog[open]').waitFor();
		await page.keyboard.press('7');
		await place(6);
		await page.keyboard.press('.');
		await place(7);
		await page.keyboard.press('.');
		await place(8);
		await bench.until('they are stored', statuses, (counts) => counts.accepted === 5 && counts.rejected === 3);
		// One undo: the problem is shown again and awaits a decision.
		await page.keyboard.press('u');
		await place(7);
		await bench.until(
			'one is taken back',
			statuses,
			(counts) => counts.rejected === 2 && counts.waiting === all - 7,
		);
		for (const index of [8, 9, 10, 11]) {
			await page.keyboard.press('a');
			await place(index);
		}
		await seen(new RegExp(`^11 of ${all} seen, 82 % accepted`));
	});

	await t.test('an edit made in a real editor is previewed, graded, saved, undone and redone', async () => {
		const question = items[11]?.title ?? '';
		const before = await panel.locator('.question .text').innerText();
		await page.keyboard.press('e');
		await page
			.locator('.editor-group-container.active .monaco-editor.focused .view-line', {
				hasText: '===== question =====',
			})
			.waitFor();
		await page.keyboard.type('Attention: ');
		await panel.locator('.question h2', { hasText: 'not saved yet' }).waitFor();
		await shows('Attention: ');
		await bench.screenshot('editing');
		await finishEdit();
		await bench.until(
			'the edit is stored',
			() => listed('--status', 'edited').items,
			(edited) =>
				edited.length === 1 &&
				edited[0]?.title.startsWith('Attention: ') === true &&
				edited[0].questionId === items[11]?.questionId,
		);
		await page.keyboard.press('u');
		await panel.locator('.status', { hasText: 'waiting' }).waitFor();
		assert.equal((await panel.locator('.question .text').innerText()).slice(0, 30), before.slice(0, 30));
		assert.equal(listed('--status', 'edited').total, 0);
		// Text that cannot be parsed is not saved, and the reason is shown.
		await page.keyboard.press('e');
		await page
			.locator('.editor-group-container.active .monaco-editor.focused .view-line', {
				hasText: '===== question =====',
			})
			.waitFor();
		await page.keyboard.press('ControlOrMeta+Home');
		await page.keyboard.type('x');
		await panel.locator('.question .banner', { hasText: 'line 1' }).waitFor();
		await page.keyboard.press('Backspace');
		await page.keyboard.press('ControlOrMeta+ArrowDown');
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Home');
		await page.keyboard.type('Attention: ');
		await shows('Attention: ');
		await finishEdit();
		assert.ok(question.length > 0);
	});

	await t.test('a repair of all matching problems can be applied and undone in one step', async () => {
		// "Find …" becomes "Determine …".
		const at = items.findIndex(({ title }, index) => index > 12 && title.startsWith('Find '));
		assert.ok(at > 12);
		for (let index = 12; index <= at; index++) {
			await next(index);
		}
		await page.keyboard.press('e');
		await page
			.locator('.editor-group-container.active .monaco-editor.focused .view-line', {
				hasText: '===== question =====',
			})
			.waitFor();
		await page.keyboard.press('ControlOrMeta+Shift+ArrowRight');
		await page.keyboard.type('Determine');
		await shows('Determine');
		await finishEdit();
		await panel.locator('.offer', { hasText: 'Determine' }).waitFor();
		await bench.screenshot('repair');
		const offer = await panel.locator('.offer strong').innerText();
		const matched = Number(offer.split(' ')[0]);
		assert.ok(matched > 2, offer);
		const passage = await panel.locator('.offer q').first().innerText();
		const holding = () => bench.cli<{ matched: number }>('curate', 'written', 'repair', '--find', passage).matched;
		const { waiting } = statuses();
		assert.equal(holding(), matched);
		repaired = items.find(({ title }, index) => index > 12 && index !== at && title.includes(passage))?.questionId;
		assert.ok(repaired !== undefined, passage);
		await page.keyboard.press('p');
		await bench.until('all are repaired', holding, (unrepaired) => unrepaired === 0);
		assert.equal(statuses().waiting, waiting, 'what nobody looked at still waits');
		await page.keyboard.press('u');
		await bench.until('all are taken back as one', holding, (unrepaired) => unrepaired === matched);
		// Returns to where the list was left, at the first undecided problems.
		await page.keyboard.press('Home');
		await place(0);
		for (let index = 1; index <= 12; index++) {
			await next(index);
		}
	});

	await t.test('regenerating a problem with a hint keeps the old problem in the history', async () => {
		await page.keyboard.press('g');
		await panel.locator('dialog[open] textarea').waitFor();
		await page.keyboard.type('fruit, please');
		await page.keyboard.press('Enter');
		await bench.status('A new problem replaces it and waits for a decision: 2 of 3 solutions agree');
		await shows('A basket holds');
		await panel.locator('.history', { hasText: 'hint: fruit, please' }).waitFor();
		await bench.screenshot('regenerated');
		await page.keyboard.press('a');
		await place(13);
	});

	await t.test('several problems are decided at once', async () => {
		await page.keyboard.press('x');
		for (let step = 0; step < 5; step++) {
			await page.keyboard.press('Shift+ArrowDown');
		}
		await panel.locator('.chosen-words', { hasText: '6 problems chosen' }).waitFor();
		await page.keyboard.press('a');
		await seen(new RegExp(`^(19|20) of ${all} seen`));
	});

	await t.test('requiring a decision holds back undecided problems', async () => {
		await bench.palette('STAT: Demand Curation');
		await bench.pick('Which problems need a decision', 'All');
		await bench.status(/wait for curation, an export leaves out/);
		const { waiting, rejected } = statuses();
		assert.equal(listed().left, waiting + rejected);
	});

	await t.test('everything survives a restart and can still be undone', async () => {
		const before = listed();
		const counts = statuses();
		await bench.restart();
		panel = await bench.panel('Curation', '.question .text');
		await seen(new RegExp(`^${all - counts.waiting} of ${all} seen`));
		await hasKeys();
		await bench.screenshot('restarted');
		assert.deepEqual(listed(), before);
		const shown = (questionId = '') =>
			bench.cli<{
				items: readonly [{ history: readonly { verdict: string }[]; item: { question: string } }];
			}>('curate', 'written', 'show', questionId).items[0];
		const verdicts = (questionId?: string) => shown(questionId).history.map(({ verdict }) => verdict);
		assert.deepEqual(verdicts(items[12]?.questionId).slice(-2), ['regenerated', 'accepted']);
		// The repair and its undo are still there.
		assert.deepEqual(verdicts(repaired).slice(0, 2), ['repaired', 'withdrawn']);
		assert.notEqual(shown(items[12]?.questionId).item.question, hinted, 'what was made first stays');
		// Only undecided problems are listed now; another filter shows the others.
		await bench.page.keyboard.press('/');
		await bench.page.keyboard.insertText('A basket holds');
		await bench.page.keyboard.press('Enter');
		await panel.locator('.nothing', { hasText: 'No problem matches' }).waitFor();
		await hasKeys();
		await bench.page.keyboard.press('/');
		await panel.locator('input.search:focus').waitFor();
		await bench.page.keyboard.press('Tab');
		await panel.locator('[data-focus="filter-status"]:focus').waitFor();
		await bench.page.keyboard.press('ArrowUp');
		await shows('A basket holds');
		await bench.screenshot('filtered');
		assert.ok(
			bench.cli<{ rows: number; leftOut: number }>(
				'export',
				'written',
				'--out',
				path.join(bench.folder, 'out.jsonl'),
			).leftOut > 0,
		);
	});

	await t.test('nothing has left this machine and no policy has been violated', () => {
		assert.deepEqual(bench.strayRequests, []);
		assert.deepEqual(bench.violations, []);
		assert.deepEqual(bench.dialogs, []);
	});
});
