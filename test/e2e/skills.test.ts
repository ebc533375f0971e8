/// <reference lib="dom" />
// Edits the skill list and runs a jury using only the keyboard, in the packaged extension: several selected skills are
// merged, Back and an empty selection are tried, a skill is split manually and the split is undone, and a second
// teacher's diagnosis is shown beside the first.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { diagnosedSample } from '../screenshots/projects.ts';
import { Workbench } from './workbench.ts';

interface Listed {
	readonly skills: readonly {
		readonly subject: string;
		readonly name: string;
		readonly train: number;
		readonly missed: number;
	}[];
}

let bench: Workbench;
before(async () => {
	bench = await Workbench.open({
		folderFrom: 'examples/sample',
		prepare(folder) {
			diagnosedSample(folder);
			// A second teacher, which takes every gap in arithmetic for one in inequalities.
			const [, ...replies] = readFileSync(path.join(folder, 'teacher.jsonl'), 'utf8').split('\n').slice(1);
			writeFileSync(
				path.join(folder, 'jury.jsonl'),
				['{"model":"another-reader"}', ...replies]
					.join('\n')
					.replace(/<skill>([^<]*)arithmetic_skills/g, '<skill>$1inequalities'),
			);
		},
	});
});
after(() => bench?.close());

const skills = () => bench.cli<Listed>('skills', 'list').skills;
const has = (name: string) => skills().find((row) => row.subject === 'algebra' && row.name === name);
const spaced = (name: string) => name.replaceAll('_', ' ');

test("skills are merged, split and restored, and a juror's diagnosis is shown", { timeout: 1_200_000 }, async (t) => {
	const { page, quickInput } = bench;
	const start = skills();
	const asks = (placeholder: string) => quickInput.locator(`input.input[placeholder*="${placeholder}"]`).waitFor();
	const row = (label: string) => quickInput.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
	/** Narrows the list to one item, ticks it, and shows all items again. */
	const tick = async (label: string) => {
		await page.keyboard.type(label);
		await row(label).waitFor();
		await page.keyboard.press('ArrowDown');
		await quickInput.locator('.quick-input-list .monaco-list-row.focused', { hasText: label }).first().waitFor();
		await page.keyboard.press('Space');
		await quickInput.locator('.quick-input-count', { hasText: '1' }).waitFor();
	};
	/** Presses VS Code's key for the Back button. */
	const goBack = () => page.keyboard.press('ControlOrMeta+Alt+Minus');
	const undo = async (edit: RegExp) => {
		await bench.palette('STAT: Undo Skill Edit');
		await asks('Which edit should be undone?');
		await page.keyboard.press('Enter');
		await bench.status(edit);
		assert.deepEqual(skills(), start);
	};

	await t.test('two selected skills are merged into one', async () => {
		await bench.palette('View: Show STAT Studio');
		await bench.until(
			'skills are listed',
			() => bench.rows('Skills'),
			(rows) => rows.some((text) => text.startsWith('Algebra')),
		);
		await bench.palette('Focus on Skills View');
		const pane = page
			.locator('.split-view-view', { has: page.locator('.pane-header[aria-label^="Skills"]') })
			.last();
		await page.keyboard.press('Home');
		await pane.locator('.monaco-list-row.focused', { hasText: 'Algebra' }).waitFor();
		for (const down of ['ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
			await page.keyboard.press(down);
		}
		await bench.until(
			'two are selected',
			() => pane.locator('.monaco-list-row.selected').count(),
			(count) => count === 2,
		);
		await bench.screenshot('skills-selected');
		await bench.palette('STAT: Merge Skills');
		await asks('What should the merged skill be called?');
		const rows = await quickInput.locator('.quick-input-list .monaco-list-row').allInnerTexts();
		assert.equal(rows.length, 3, rows.join('; '));
		await page.keyboard.type('Another name');
		await row('Another name').waitFor();
		await page.keyboard.press('Enter');
		await bench.answer('The name of the merged skill', 'merged of two');
		const merged = await bench.until(
			'they are merged',
			() => has('merged_of_two'),
			(found) => found !== undefined,
		);
		assert.ok(merged && merged.missed > 0);
		assert.equal(skills().length, start.length - 1);
		await undo(/Undone: .*merged of two/);
	});

	await t.test('skills can be selected one at a time with Back, and an empty selection is reported', async () => {
		const [first, second] = start.filter(({ subject, missed }) => subject === 'algebra' && missed > 0);
		assert.ok(first && second);
		// Nothing is selected any more, so the command asks for the skill.
		await bench.palette('Focus on Skills View');
		await page.keyboard.press('Home');
		await page.keyboard.press('Enter');
		await bench.palette('STAT: Merge Skills');
		await bench.pick('Which skill?', spaced(first.name));
		await asks('Which other skills are');
		await page.keyboard.press('Enter');
		await asks('Tick at least one');
		await bench.screenshot('skills-tick');
		await goBack();
		await asks('Which skill?');
		await page.keyboard.type(spaced(first.name));
		await row(spaced(first.name)).waitFor();
		await page.keyboard.press('Enter');
		await asks('Which other skills are');
		await tick(spaced(second.name));
		await page.keyboard.press('Enter');
		await asks('What should the merged skill be called?');
		await goBack();
		// The ticks are preserved.
		await asks('Which other skills are');
		await quickInput.locator('.quick-input-count', { hasText: '1' }).waitFor();
		await page.keyboard.press('Enter');
		await bench.pick('What should the merged skill be called?', spaced(first.name));
		await bench.until(
			'they are merged',
			() => has(second.name),
			(found) => found === undefined,
		);
		assert.ok((has(first.name)?.train ?? 0) >= Math.max(first.train, second.train));
		await undo(/Undone: /);
	});

	await t.test('a manual split asks for each part and leaves the remaining questions unchanged', async () => {
		const [skill] = start.filter(({ subject, train }) => subject === 'algebra' && train > 2);
		assert.ok(skill);
		await bench.palette('STAT: Split Skill');
		await bench.pick('Which skill?', spaced(skill.name));
		await bench.answer('The parts of', 'easy part, hard part');
		await bench.pick('Who assigns each question', 'I choose');
		for (const part of ['easy part', 'hard part']) {
			await asks(`Which questions need “${part}”?`);
			await page.keyboard.press('ArrowDown');
			await page.keyboard.press('Space');
			await quickInput.locator('.quick-input-count', { hasText: '1' }).waitFor();
			await page.keyboard.press('Enter');
		}
		await bench.until(
			'it is split',
			() => [has('easy_part'), has('hard_part')],
			(parts) => parts.every((part) => part !== undefined),
		);
		await bench.screenshot('skills-split');
		await undo(/Undone: .*easy part/);
	});

	await t.test('a jury can be selected with Back, and its diagnosis can be accepted in the panel', async () => {
		await bench.palette('STAT: Ask a Jury');
		await bench.answer('Another file of scripted replies', 'jury.jsonl');
		await quickInput.locator('.quick-input-message', { hasText: 'How many of the diagnosed answers' }).waitFor();
		await goBack();
		await quickInput.locator('.quick-input-message', { hasText: 'Another file of scripted replies' }).waitFor();
		assert.equal(await quickInput.locator('input.input').inputValue(), 'jury.jsonl');
		await page.keyboard.press('Enter');
		await bench.answer('How many of the diagnosed answers', '40');
		await bench.status(/answers read by another-reader/);
		await bench.palette('STAT: Settle Disagreements');
		await asks('answers have two different diagnoses');
		await page.keyboard.press('Enter');
		const panel = await bench.panel('Diagnosis', '.jury');
		const line = (await panel.locator('.jury').innerText()).replace(/\s+/g, ' ');
		assert.match(line, /^jury: .*inequalities.* \(another-reader\) /);
		await bench.screenshot('jury');
		const take = panel.locator('[data-focus="jury:another-reader"]');
		await take.focus();
		await page.keyboard.press('Enter');
		await bench.until(
			'it is settled',
			() => take.count(),
			(buttons) => buttons === 0,
		);
		assert.match(await panel.locator('.chips').innerText(), /inequalities/);
		await bench.screenshot('jury-settled');
	});

	await t.test('nothing has left this machine and no policy has been violated', () => {
		assert.deepEqual(bench.strayRequests, []);
		assert.deepEqual(bench.violations, []);
		assert.deepEqual(bench.dialogs, []);
	});
});
