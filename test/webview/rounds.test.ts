import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, test } from 'node:test';
import { noChoice } from '../../src/ui/panels/rounds/roundsMessages.ts';
import { readRoundsState } from '../../src/ui/panels/rounds/roundsState.ts';
import type { Remembered, RoundsState, ToHost, ToPage } from '../../webview/rounds/protocol.ts';
import { fillRounds, smallRounds, worldSkill, worldStudent } from '../fixtures/roundsWorld.ts';
import { newProject, open } from '../unit/store/buildWorker.ts';
import type { OpenPage, PageOptions } from './browserPage.ts';
import { skip, themeNames, useBrowser } from './browserPage.ts';

const openPanel = useBrowser();
let state: RoundsState;
const scope = (round: number) => ({ student: worldStudent, round });

before(async () => {
	if (skip) {
		return;
	}
	// The real state of a generated project: the panel shows what the workflows return.
	const store = await open(newProject());
	await fillRounds(store);
	const read = await readRoundsState(
		{ store, datasets: store.datasets },
		{ scope: scope(1), choice: noChoice, trusted: true },
		{ signal: new AbortController().signal },
	);
	assert.ok(read.kind === 'rounds');
	state = read;
	await store.close();
});

type Panel = OpenPage<ToPage, ToHost>;

async function panel(shown: RoundsState = state, options: PageOptions = {}): Promise<Panel> {
	const opened = await openPanel<ToPage, ToHost>('rounds', options);
	await opened.send({ type: 'state', state: shown });
	return opened;
}

test('the tree and the first gain of a base are shown next to the control arm', { skip }, async () => {
	assert.deepEqual([state.before, state.after], [scope(1), scope(2)]);
	const opened = await panel();
	const { page } = opened;
	assert.deepEqual(
		(await page.locator('.lineage tbody th').allInnerTexts()).map((text) => text.replaceAll('\n', '')),
		['tiny-1b, round 1', '└ round 2, level 1 of the tree', '└ round 3control, level 1 of the tree'],
	);
	assert.match(await page.locator('.lineage tbody tr').nth(1).innerText(), /SFT on sel-r1 \(STAT-Sel\)/);
	assert.match(await page.locator('.big').innerText(), /\d+\.\d % → \d+\.\d % \+\d+\.\d points/);
	assert.match(
		await page.locator('.summary').innerText(),
		/900 validation questions · [^]*900 of them are validation questions: the student is profiled on them/,
	);
	const found = page.locator('.skills .tag.gain');
	assert.equal(await found.count(), smallRounds.planted.length);
	assert.deepEqual(
		(await page.locator('.skills li:has(.tag.gain) .plain').allInnerTexts()).sort(),
		smallRounds.planted.map((index) => worldSkill(index).name.replaceAll('_', ' ')).sort(),
	);
	assert.match(await found.first().innerText(), /gain, beyond control/);
	assert.equal(await page.locator('.skills .control-point').count(), 10);
	assert.match(
		await page.locator('.skills .more-words').first().innerText(),
		/missed by \d+ · \d+ rows, \$0\.\d\d · beyond round 3: \+/,
	);
	// The point is at the position of its number: at the end of the axis, and zero in the middle.
	const [plot, point] = await Promise.all([
		page.locator('.skills .interval-plot').first().boundingBox(),
		page.locator('.skills .point').first().boundingBox(),
	]);
	const first = state.compared?.skills[0]?.change;
	assert.ok(plot && point && first?.delta !== null && first?.delta !== undefined);
	const reach = Number((await page.locator('.skills .axis-ticks span').last().innerText()).replace('+', '')) / 100;
	assert.ok(Math.abs((point.x + point.width / 2 - plot.x) / plot.width - (0.5 + first.delta / reach / 2)) < 0.01);
	await opened.close();
});

test('choosing rounds, skills, sides and questions, reporting and copying work by keyboard', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await page.locator('input[name="after"]').nth(1).focus();
	await page.keyboard.press('ArrowDown');
	assert.deepEqual((await opened.waitFor('choose'))[0], {
		type: 'choose',
		before: scope(1),
		after: scope(3),
		how: noChoice.how,
	});
	await page.locator('h1').click();
	await page.keyboard.press('s');
	assert.deepEqual((await opened.waitFor('choose', 2))[1], {
		type: 'choose',
		before: scope(2),
		after: scope(1),
		how: noChoice.how,
	});
	await page.keyboard.press('a');
	assert.equal(await page.locator('.skills li').count(), smallRounds.skills);
	const right = await page.locator('.flip-list li').count();
	assert.equal(right, 50);
	await page.keyboard.press('f');
	assert.equal(await page.locator('.flip-list li').count(), Math.min(50, state.compared?.wrong ?? 0));
	await page.locator('.flip-list .plain').first().press('Enter');
	assert.deepEqual((await opened.waitFor('flip'))[0], {
		type: 'flip',
		questionId: state.compared?.flips.find(({ to }) => to === 'wrong')?.questionId,
	});
	await page.locator('h1').click();
	await page.keyboard.press('r');
	await opened.waitFor('report');
	await page.keyboard.press('c');
	const [copied] = await opened.waitFor('copy');
	assert.ok(copied?.type === 'copy' && copied.text.split('\n').length === smallRounds.skills + 3);
	assert.deepEqual(await opened.remembered(), {
		before: scope(1),
		after: scope(2),
		how: noChoice.how,
		all: true,
		to: 'wrong',
	} satisfies Remembered);
	await opened.close();
});

test('when a control disappears, the focus stays in the same part of the page', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']);
	await page.locator(`[data-focus="view:${worldStudent}:3"]`).focus();
	await opened.send({
		type: 'state',
		state: { ...state, rounds: state.rounds.map((line) => ({ ...line, inView: line.round === 3 })) },
	});
	assert.equal(await focused(), `correct:${worldStudent}:3`);
	const flips = state.compared?.flips.filter(({ to }) => to === 'right').slice(0, 60) ?? [];
	assert.equal(flips.length, 60);
	assert.ok(state.compared);
	await opened.send({ type: 'state', state: { ...state, compared: { ...state.compared, flips, right: 60 } } });
	await page.locator('[data-focus="more"]').press('Enter');
	await page.locator('.flip-list li').nth(59).waitFor();
	assert.equal(await page.locator('[data-focus="more"]').count(), 0);
	assert.equal(await focused(), `flip:${flips[59]?.questionId}`);
	await opened.close();
});

test(
	'a round can be corrected from the tree if the workspace is trusted, and rows without a useful gain are marked',
	{ skip },
	async () => {
		assert.ok(state.compared);
		const [first, ...others] = state.compared.skills;
		assert.ok(first);
		const shown: RoundsState = {
			...state,
			compared: {
				...state.compared,
				skills: [{ ...first, fruitless: true }, ...others.map((line) => ({ ...line, fruitless: false }))],
			},
		};
		const opened = await panel(shown);
		await opened.page.locator('.lineage tbody tr').nth(2).getByRole('button', { name: 'Edit details…' }).click();
		assert.deepEqual((await opened.waitFor('correct'))[0], { type: 'correct', round: scope(3) });
		assert.deepEqual(await opened.page.locator('.tag.fruitless').allInnerTexts(), ['no useful gain']);
		assert.match(
			await opened.page.locator('.skills > p').innerText(),
			/1 with no useful gain: at least an even share of the rows, and an interval that ends below \+5 points/,
		);
		await opened.send({ type: 'state', state: { ...shown, trusted: false } });
		assert.equal(await opened.page.getByRole('button', { name: 'Edit details…' }).count(), 0);
		await opened.close();
	},
);

test(
	'hostile names stay text, and one round, disjoint rounds and narrow panels name the next step',
	{ skip },
	async () => {
		const hostile = '<img src=x onerror=alert(1)>';
		const line = state.rounds[0];
		assert.ok(line && state.compared);
		const opened = await panel(
			{
				...state,
				rounds: [{ ...line, student: hostile, origin: hostile }],
				compared: {
					...state.compared,
					skills: [
						{
							...(state.compared.skills[0] as NonNullable<(typeof state.compared.skills)[0]>),
							name: hostile,
						},
					],
					flips: [{ questionId: 'a'.repeat(32), to: 'right', subject: hostile, level: null, title: hostile }],
				},
			},
			{ width: 420 },
		);
		assert.equal(await opened.page.locator('img').count(), 0);
		assert.ok(
			await opened.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
			'nothing sticks out of a narrow panel',
		);
		await opened.send({ type: 'state', state: { ...state, compared: null, problem: null } });
		assert.match(await opened.page.locator('.empty').innerText(), /Train the student/);
		await opened.send({
			type: 'state',
			state: { ...state, compared: null, problem: 'no graded question in common' },
		});
		assert.match(await opened.page.locator('.empty').innerText(), /in common/);
		await opened.send({ type: 'state', state: { kind: 'failed', message: 'the disk is gone' } });
		assert.match(await opened.page.locator('[role=alert]').innerText(), /the disk is gone/);
		await opened.close();
	},
);

for (const theme of themeNames) {
	test(`${theme}: axe reports no serious violation`, { skip }, async () => {
		const opened = await panel(state, { theme });
		await opened.page.keyboard.press('a');
		await opened.page.evaluate(
			readFileSync(createRequire(path.resolve('package.json')).resolve('axe-core/axe.min.js'), 'utf8'),
		);
		const found = () =>
			opened.page.evaluate(async () =>
				(
					await (
						globalThis as unknown as {
							axe: {
								run(context: Document): Promise<{
									violations: { id: string; impact: string; nodes: { failureSummary: string }[] }[];
								}>;
							};
						}
					).axe.run(document)
				).violations
					.filter(({ impact }) => impact === 'serious' || impact === 'critical')
					.map(({ id, nodes }) => `${id}: ${nodes[0]?.failureSummary ?? ''}`),
			);
		assert.ok(state.compared);
		const untrusted: RoundsState = {
			...state,
			trusted: false,
			compared: {
				...state.compared,
				skills: state.compared.skills.map((line) => ({ ...line, fruitless: true })),
			},
		};
		for (const shown of [
			state,
			untrusted,
			{ ...state, compared: null, problem: 'no graded question in common' },
			{ kind: 'failed', message: 'the disk is gone' } as const,
		]) {
			await opened.send({ type: 'state', state: shown });
			assert.deepEqual(await found(), [], `${theme} ${shown.kind} ${shown.kind === 'rounds' && shown.trusted}`);
		}
		await opened.send({ type: 'state', state });
		for (const key of ['f', '?']) {
			await opened.page.keyboard.press(key);
			assert.deepEqual(await found(), [], `${theme} after ${key}`);
		}
		await opened.close();
	});
}
