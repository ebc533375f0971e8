/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Remembered, ToHost, ToPage } from '../../webview/curation/protocol.ts';
import type { OpenPage, PageOptions } from './browserPage.ts';
import { skip, useBrowser } from './browserPage.ts';
import { itemState, queueState, row } from './curationFixtures.ts';
import { id } from './fixtures.ts';
import { corpus, harmless, probe } from './hostileTexts.ts';

const open = useBrowser();

type Panel = OpenPage<ToPage, ToHost>;
type Of<T extends ToHost['type']> = Extract<ToHost, { type: T }>;

/** Opens a panel on a queue; rows and items are sent when requested, as the extension does. */
async function panel(queue = queueState(), options: PageOptions = {}, item = itemState): Promise<Panel> {
	const opened = await open<ToPage, ToHost>('curation', options);
	await opened.send({ type: 'queue', state: queue });
	if (queue.total > 0) {
		await opened.send({ type: 'item', item: { ...item(queue.start), version: queue.version }, show: false });
		await opened.send({ type: 'item', item: { ...item(queue.start + 1), version: queue.version }, show: false });
		await answerRows(opened, queue.version);
	}
	return opened;
}

async function answerRows(opened: Panel, version: number): Promise<void> {
	const request = (await opened.posted()).filter((message): message is Of<'rows'> => message.type === 'rows').at(-1);
	if (request) {
		await opened.send({
			type: 'rows',
			version,
			offset: request.offset,
			rows: Array.from({ length: request.limit }, (_, index) => row(request.offset + index)),
		});
	}
}

test(
	'the panel shows question, solutions, agreeing group, skill, references with shared passages, flags and history',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		assert.match(
			await page.locator('.bar').innerText(),
			/1 of 1,072[\s\S]*syn-r1[\s\S]*132 of 1,204 seen, 91 % accepted[\s\S]*demanded: flagged ones, 41 wait/,
		);
		assert.match(await page.locator('.standing').innerText(), /waiting[\s\S]*for rate problems/);
		assert.equal(await page.locator('.solution').count(), 3);
		assert.equal(await page.locator('.solution.agrees').count(), 2);
		assert.match(await page.locator('.solution.differs').innerText(), /≠[\s\S]*differs, not trained on/);
		assert.match(await page.locator('.solution-box h2').innerText(), /2 of 3 agree/);
		await page.waitForFunction(() => document.querySelectorAll('.solution .katex').length >= 6);
		// The first reference is a twin: the words it shares are highlighted whatever the numbers, and formulas stay
		// whole. In the other references, nothing is highlighted.
		const marks = page.locator('.references > li');
		assert.match(
			(await marks.nth(0).locator('mark.shared').allInnerTexts()).join(' '),
			/km\/h and comes back along the same/,
		);
		assert.ok((await marks.nth(0).locator('.formula.shared').count()) >= 2);
		assert.equal(await marks.nth(1).locator('.shared').count(), 0);
		assert.match(
			await page.locator('.flag').innerText(),
			/twin another question with different numbers, 67 % similar \(reference 1\)/,
		);
		assert.match(
			await page.locator('.history').innerText(),
			/undid the decision before[\s\S]*rejected: unclear[\s\S]*\(undone\)[\s\S]*Ada Lovelace/,
		);
		assert.equal(await page.locator('.formula.undrawn').count(), 0);
		await opened.close();
	},
);

test(
	'A, R with a digit and . decide at once and move on, but never decide on an item that has not loaded',
	{ skip },
	async () => {
		const opened = await panel();
		await opened.press('a');
		assert.deepEqual((await opened.waitFor('decide')).at(-1), {
			type: 'decide',
			request: 1,
			version: 1,
			ranges: [[0, 0]],
			verdict: 'accepted',
			reason: null,
			note: null,
		});
		assert.match(await opened.page.locator('.question').innerText(), /\(No\. 2\)/);
		assert.match(await opened.page.locator('#row-0').innerText(), /✓/);
		await opened.press('r');
		assert.match(
			await opened.page.locator('dialog.asking[open]').innerText(),
			/Why is this problem rejected\?[\s\S]*1 the solutions are wrong[\s\S]*9 another reason/,
		);
		await opened.press('2');
		const rejected = (await opened.waitFor('decide', 2)).at(-1) as Of<'decide'>;
		assert.deepEqual(
			[rejected.ranges, rejected.verdict, rejected.reason, rejected.note],
			[[[1, 1]], 'rejected', 'unclear', null],
		);
		// The third problem has not arrived: no decision is made on a problem that is not shown.
		await opened.press('.', 'a');
		assert.equal((await opened.waitFor('decide')).length, 2);
		await opened.send({ type: 'item', item: itemState(2), show: false });
		await opened.press('.');
		const again = (await opened.waitFor('decide', 3)).at(-1) as Of<'decide'>;
		assert.deepEqual([again.ranges, again.verdict, again.reason], [[[2, 2]], 'rejected', 'unclear']);
		// The reason is in the curator's own words.
		await opened.send({ type: 'item', item: itemState(3), show: false });
		await opened.press('r', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab');
		await opened.page.keyboard.type('the bank is 3 km away?');
		await opened.press('Enter');
		const worded = (await opened.waitFor('decide', 4)).at(-1) as Of<'decide'>;
		assert.deepEqual([worded.reason, worded.note], ['other', 'the bank is 3 km away?']);
		await opened.close();
	},
);

test('keys pressed during an undo are queued and act on the item that it restores', { skip }, async () => {
	const opened = await panel(queueState({ start: 5 }));
	await opened.press('u', 'a', 'k');
	const [undo] = (await opened.waitFor('undo')) as Of<'undo'>[];
	await opened.send({ type: 'item', item: itemState(3), show: true });
	assert.equal((await opened.posted()).filter(({ type }) => type === 'decide').length, 0);
	await opened.send({ type: 'item', item: itemState(4), show: false });
	await opened.send({ type: 'saved', request: undo?.request ?? 0, message: 'Taken back: accepted' });
	assert.deepEqual(((await opened.waitFor('decide')).at(-1) as Of<'decide'>).ranges, [[3, 3]]);
	assert.match(await opened.page.locator('h1').innerText(), /^4 of/);
	// A failed undo also ends: the next keys act at once. Two undos run one after the other.
	await opened.press('u', 'u', 'j');
	assert.equal((await opened.waitFor('undo', 2)).length, 2);
	await opened.send({ type: 'notice', level: 'error', message: 'nothing left', request: 3 });
	const undos = (await opened.waitFor('undo', 3)) as Of<'undo'>[];
	await opened.send({ type: 'item', item: itemState(4), show: false });
	await opened.send({ type: 'notice', level: 'info', message: 'Cancelled', request: undos[2]?.request ?? 0 });
	await opened.send({ type: 'item', item: itemState(4), show: false });
	assert.match(await opened.page.locator('h1').innerText(), /^5 of/);
	await opened.close();
});

test('after a decision on several items, the item in view stays and the next key acts on it', { skip }, async () => {
	const opened = await panel();
	await opened.press('x', 'Shift+ArrowDown', 'a', 'r', '2');
	const [several, one] = (await opened.waitFor('decide', 2)) as Of<'decide'>[];
	assert.deepEqual(
		[several?.ranges, several?.verdict, one?.ranges, one?.verdict],
		[[[0, 1]], 'accepted', [[1, 1]], 'rejected'],
	);
	// No decision is made on a problem that has not arrived, and a notice says so.
	await opened.press('a');
	assert.match((await opened.page.locator('[role=status]').allInnerTexts()).join(' '), /still loading/);
	assert.equal((await opened.posted()).filter(({ type }) => type === 'decide').length, 2);
	await opened.close();
});

test('a decision that could not be saved is reverted, and the reason is shown', { skip }, async () => {
	const opened = await panel();
	await opened.press('a');
	await opened.waitFor('decide');
	await opened.send({ type: 'notice', level: 'error', message: 'the disk is full', request: 1 });
	assert.match(await opened.page.locator('.failure').innerText(), /the disk is full/);
	await opened.waitFor('show', 3);
	await opened.send({ type: 'rows', version: 1, offset: 0, rows: [row(0), row(1)] });
	assert.doesNotMatch(await opened.page.locator('#row-0').innerText(), /✓/);
	await opened.close();
});

test('X, Shift+arrows and Ctrl+A select several items, posted as ranges in one message', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await opened.press('x');
	await opened.press('Shift+ArrowDown', 'Shift+ArrowDown');
	assert.match(await page.locator('.chosen-words').innerText(), /3 problems chosen/);
	// The list follows in its next frame, which a busy machine delays.
	await page.waitForFunction(() => document.querySelectorAll('.row.chosen[aria-selected="true"]').length === 3);
	await opened.press('r', '3');
	const some = (await opened.waitFor('decide')).at(-1) as Of<'decide'>;
	assert.deepEqual([some.ranges, some.reason], [[[0, 2]], 'copy']);
	assert.equal(await page.locator('.chosen-words').count(), 0);
	await opened.press('Control+a', 'a');
	const all = (await opened.waitFor('decide', 2)).at(-1) as Of<'decide'>;
	assert.deepEqual([all.ranges, all.verdict], [[[0, 1071]], 'accepted']);
	await opened.press('Control+a', 'Escape');
	await page.waitForFunction(() => document.querySelectorAll('.row.chosen').length === 0);
	await opened.close();
});

test('the list holds ten thousand rows and renders only those near the viewport', { skip }, async () => {
	const opened = await panel(queueState({ total: 10_000 }));
	const { page } = opened;
	assert.ok((await page.locator('.row').count()) < 60);
	await opened.press('End');
	const request = (await opened.waitFor('rows', 2)).at(-1) as Of<'rows'>;
	assert.ok(request.offset > 9_900 && request.offset + request.limit === 10_000);
	await answerRows(opened, 1);
	assert.equal(await page.locator('.row.current').getAttribute('aria-posinset'), '10000');
	assert.deepEqual(((await opened.waitFor('show')).at(-1) as Of<'show'>).index, 9999);
	assert.ok((await page.locator('.row').count()) < 60);
	// Rows that belong to an earlier filter are not shown in the new list.
	await opened.send({ type: 'queue', state: queueState({ version: 2, total: 3, filter: { text: 'train' } }) });
	await opened.send({ type: 'rows', version: 1, offset: 0, rows: [row(0, { title: 'of the old list' })] });
	assert.equal(await page.locator('.row').count(), 3);
	assert.doesNotMatch(await page.locator('.list').innerText(), /of the old list/);
	await opened.close();
});

test('the list reopens at the problem in view after it has been hidden', { skip }, async () => {
	const opened = await panel(queueState({ total: 10_000 }));
	const { page } = opened;
	await opened.press('End', 'l');
	assert.equal(await page.locator('.list').isVisible(), false);
	await opened.press('Home', 'l');
	await page.locator('#row-0.current').waitFor();
	await opened.press('l', 'End', 'l');
	await page.locator('#row-9999.current').waitFor();
	await opened.close();
});

test('no key decides anything while a dialog is open', { skip }, async () => {
	const opened = await panel();
	await opened.press('r');
	// A click on the dialog's text takes the focus out of its controls.
	await opened.page.locator('dialog.asking h2').click();
	await opened.press('a', 'u', 'j');
	assert.deepEqual(
		(await opened.posted()).filter(({ type }) => type === 'decide' || type === 'undo'),
		[],
	);
	assert.match(await opened.page.locator('h1').innerText(), /^1 of/);
	await opened.press('Escape', 'a');
	assert.equal((await opened.waitFor('decide')).length, 1);
	await opened.close();
});

test('/ filters by text, and Tab moves on to status, skill and flag', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await opened.press('/');
	await page.keyboard.insertText('train');
	await opened.press('Enter');
	const [message] = (await opened.waitFor('filter')) as Of<'filter'>[];
	assert.deepEqual(message?.filter, { status: 'waiting', text: 'train' });
	await opened.send({
		type: 'queue',
		state: queueState({ version: 2, total: 1, filter: { status: 'waiting', text: 'train' } }),
	});
	await opened.press('/', 'Tab', 'ArrowDown');
	assert.deepEqual(((await opened.waitFor('filter', 2)).at(-1) as Of<'filter'>).filter.status, 'accepted');
	// The new list returns the focus to where it was.
	await opened.send({
		type: 'queue',
		state: queueState({ version: 3, total: 1, filter: { status: 'accepted', text: 'train' } }),
	});
	await opened.press('Tab', 'ArrowDown');
	assert.deepEqual(((await opened.waitFor('filter', 3)).at(-1) as Of<'filter'>).filter.skill, {
		subject: 'algebra',
		name: 'rate_problems',
	});
	await opened.close();
});

test('an empty filter result and a finished queue each have their own message', { skip }, async () => {
	const opened = await panel(queueState({ total: 0 }));
	assert.match(await opened.page.locator('.nothing').innerText(), /Nothing waits any more/);
	await opened.send({
		type: 'queue',
		state: queueState({ version: 2, total: 0, filter: { flag: 'twin', status: 'rejected' } }),
	});
	assert.match(await opened.page.locator('.nothing').innerText(), /No problem matches this filter/);
	// When a focused list disappears, the focus moves to the area around it.
	await opened.send({ type: 'queue', state: queueState({ version: 3, total: 2, filter: { text: 'lake' } }) });
	await opened.press('/', 'Enter');
	assert.equal(await opened.page.evaluate(() => document.activeElement?.className), 'list');
	await opened.send({ type: 'queue', state: queueState({ version: 4, total: 0, filter: { text: 'lakes' } }) });
	assert.equal(await opened.page.evaluate(() => document.activeElement?.className), 'scrolled');
	await opened.press('a', 'r', 'e', 'g', '.');
	assert.deepEqual(
		(await opened.posted()).filter(({ type }) => type === 'decide' || type === 'edit'),
		[],
	);
	await opened.send({ type: 'queue', state: { kind: 'failed', message: 'not a database' } });
	assert.match(await opened.page.locator('.message.failed').innerText(), /not a database/);
	await opened.close();
});

test(
	'E opens the editor, whose text is previewed, graded and offered as a repair that can be applied and undone',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		await opened.press('e');
		assert.deepEqual((await opened.waitFor('edit'))[0], { type: 'edit', questionId: id(1) });
		// These keys are pressed before the editor has the focus, and are not meant for the panel.
		await opened.press('a', 'u');
		assert.deepEqual(
			(await opened.posted()).filter(({ type }) => type === 'decide' || type === 'undo'),
			[],
		);
		const edited = {
			...itemState().content,
			solutions: [
				{ text: 'So it is $\\boxed{7}$.', answer: '7', agrees: true, isTrainedOn: true },
				{ text: 'So it is $\\boxed{9}$.', answer: '9', agrees: false, isTrainedOn: true },
			],
			agreement: { agree: 1, of: 2 },
		};
		await opened.send({ type: 'preview', questionId: id(1), content: edited, problem: null, isSaved: false });
		assert.match(await page.locator('.question h2').innerText(), /not saved yet/);
		assert.match(
			await page.locator('.solution-box').innerText(),
			/none of 2 agree[\s\S]*graded again after the edit[\s\S]*differs, but trained on/,
		);
		await opened.send({
			type: 'preview',
			questionId: id(1),
			content: null,
			problem: 'line 3: there is no text under this line',
			isSaved: false,
		});
		assert.match(await page.locator('.question').innerText(), /is not valid yet[\s\S]*line 3/);
		await opened.send({ type: 'preview', questionId: null, content: null, problem: null, isSaved: true });
		await opened.send({
			type: 'repair',
			offer: {
				find: 'per hour',
				replace: 'an hour',
				matched: 37,
				examples: [{ questionId: id(9), before: 'rides at 12 km per hour', after: 'rides at 12 km an hour' }],
			},
		});
		assert.match(
			await page.locator('.offer').innerText(),
			/matches 37 others[\s\S]*per hour[\s\S]*an hour[\s\S]*The first 1 of 37/,
		);
		await opened.press('p');
		const [made] = (await opened.waitFor('repair')) as Of<'repair'>[];
		assert.deepEqual([made?.find, made?.replace, made?.questionId], ['per hour', 'an hour', null]);
		assert.equal(await page.locator('.offer').count(), 0);
		// The same repair is made in a single problem.
		await opened.press('.');
		assert.deepEqual(((await opened.waitFor('repair', 2)).at(-1) as Of<'repair'>).questionId, id(1));
		await opened.close();
	},
);

test('G opens the hint box, and a second request is blocked while the teacher is busy', { skip }, async () => {
	const opened = await panel();
	await opened.press('g');
	await opened.page.keyboard.type('ask for the time, a and r');
	await opened.press('Enter');
	assert.deepEqual((await opened.waitFor('regenerate'))[0], {
		type: 'regenerate',
		questionId: id(1),
		hint: 'ask for the time, a and r',
	});
	await opened.send({ type: 'item', item: itemState(0, { asking: true }), show: false });
	await opened.press('g', 'Enter');
	assert.equal((await opened.waitFor('regenerate')).length, 1);
	await opened.send({ type: 'item', item: itemState(), show: false });
	// Enter on the Cancel button sends nothing, even though the earlier hint is in the field.
	await opened.press('g', 'Tab', 'Tab', 'Enter');
	assert.equal(await opened.page.locator('dialog.asking').count(), 0);
	assert.equal((await opened.posted()).filter(({ type }) => type === 'regenerate').length, 1);
	assert.equal(
		(await opened.posted()).filter(({ type }) => type === 'decide').length,
		0,
		'letters of a hint are no decisions',
	);
	await opened.close();
});

test('a read-only queue can be read, but no decision can be made', { skip }, async () => {
	const opened = await panel(queueState({ readOnly: 'host gpu1 writes' }));
	await opened.press('a', 'r', 'e', 'g', 'u', '.', 'p');
	assert.match(await opened.page.locator('.banner').innerText(), /Read only[\s\S]*gpu1/);
	assert.deepEqual(
		(await opened.posted()).map(({ type }) => type).filter((type) => !['ready', 'rows', 'show'].includes(type)),
		[],
	);
	await opened.close();
});

test('the raw text view, the list and the pace are remembered, and the keys are listed', { skip }, async () => {
	const opened = await panel(queueState(), { width: 700 });
	assert.equal(await opened.page.locator('.list').isVisible(), false, 'narrow panels begin without the list');
	assert.equal(
		(await opened.posted()).filter(({ type }) => type === 'rows').length,
		0,
		'a hidden list reads no rows',
	);
	await opened.press('l', 'Alt+r');
	assert.equal(await opened.page.locator('.list').isVisible(), true);
	assert.match(await opened.page.locator('.question .raw').innerText(), /\$18\$ km\/h/);
	const remembered = (await opened.remembered()) as Remembered;
	assert.deepEqual(
		[remembered.dataset, remembered.questionId, remembered.raw, remembered.list],
		['syn-r1', id(1), true, true],
	);
	await opened.press('?');
	const listed = await opened.page.locator('dialog.keys[open]').innerText();
	for (const action of [
		'accept',
		'reject',
		'edit',
		'hint',
		'undo',
		'repeat',
		'repair',
		'select',
		'filter',
		'raw text',
	]) {
		assert.match(listed, new RegExp(action), action);
	}
	await opened.press('Escape');
	await opened.close();

	const back = await panel(queueState(), { remembered: { ...remembered, pace: [1, 1.4, 1.4, 9] } });
	assert.match(await back.page.locator('.bar').innerText(), /1\.4 s each/);
	assert.equal(await back.page.locator('.question .raw').count(), 1);
	await back.close();
});

test('nothing overflows in a narrow window beside another editor', { skip }, async () => {
	const opened = await panel(queueState(), { width: 250 });
	await opened.send({ type: 'repair', offer: { find: 'per hour', replace: 'an hour', matched: 37, examples: [] } });
	const out = await opened.page.evaluate(() =>
		[
			...document.querySelectorAll<HTMLElement>(
				'.top *, .filters *, .decide *, .repair *, .question, .question > .text, .solution',
			),
		]
			.filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
			.map((element) => `${element.tagName}.${element.className}`),
	);
	assert.deepEqual(out, []);
	await opened.close();
});

test(
	'nothing that an attacker wrote runs or is fetched: questions, solutions, references, hints, notes, ' +
		'previews, repairs, list',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		for (const text of corpus) {
			const small = text.slice(0, 400);
			const content = {
				question: text,
				solutions: [{ text, answer: small, agrees: false, isTrainedOn: true }],
				agreement: { agree: 0, of: 1 },
			};
			const like = { id: id(5), text, where: small, known: true };
			await opened.send({
				type: 'item',
				show: true,
				item: itemState(0, {
					content,
					skill: { subject: small, name: small },
					forQuestion: { id: id(4), text },
					references: [
						{ id: id(5), text },
						{ id: id(6), text },
					],
					flags: [
						{ kind: 'copy', score: 0.9, like },
						{ kind: 'leak-copy', score: 0.9, like: { ...like, id: id(7) } },
					],
					history: [
						{
							verdict: 'regenerated',
							reason: null,
							note: small,
							author: small,
							at: small,
							hint: text,
							before: text,
							withdrawn: false,
						},
					],
					model: small,
					promptVersion: small,
				}),
			});
			await opened.send({ type: 'preview', questionId: id(1), content, problem: small, isSaved: false });
			await opened.send({
				type: 'repair',
				offer: {
					find: small,
					replace: small,
					matched: 2,
					examples: [{ questionId: id(3), before: small, after: small }],
				},
			});
			await opened.send({
				type: 'rows',
				version: 1,
				offset: 0,
				rows: [row(0, { title: small, skill: { subject: small, name: small } })],
			});
			await opened.send({
				type: 'queue',
				state: queueState({
					dataset: small,
					filter: { text: small },
					skills: [{ subject: small, name: small, items: 1 }],
					undo: small,
				}),
			});
			await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
			await page.evaluate(
				() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
			);
			assert.deepEqual(await page.evaluate(probe), harmless, small);
			await opened.press('Alt+r');
			assert.deepEqual(await page.evaluate(probe), harmless, `raw: ${small}`);
			await opened.press('Alt+r');
			await opened.send({ type: 'preview', questionId: null, content: null, problem: null, isSaved: true });
		}
		await opened.close();
	},
);
