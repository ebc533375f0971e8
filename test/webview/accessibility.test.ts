import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { skip, themeNames, useBrowser } from './browserPage.ts';
import type { ItemState } from '../../webview/curation/protocol.ts';
import { itemState, queueState, row } from './curationFixtures.ts';
import {
	correction,
	before as earlier,
	id,
	profileState,
	questionState,
	rows,
	skill,
	whatIfOffer,
} from './fixtures.ts';

const open = useBrowser();

const axe = (): string =>
	readFileSync(createRequire(path.resolve('package.json')).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
	readonly id: string;
	readonly impact: string;
	readonly nodes: readonly string[];
}

/**
 * Returns the violations that axe rates as serious or critical. The page's own policy blocks injected scripts, so axe
 * is loaded through the debugger.
 */
async function serious(page: Page): Promise<Finding[]> {
	await page.evaluate(axe());
	return page.evaluate(async () => {
		const { violations } = await (
			globalThis as unknown as {
				axe: {
					run(context: Document): Promise<{
						violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
					}>;
				};
			}
		).axe.run(document);
		return violations
			.filter(({ impact }) => impact === 'serious' || impact === 'critical')
			.map(({ id: rule, impact, nodes }) => ({
				id: rule,
				impact,
				nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
			}));
	});
}

for (const theme of themeNames) {
	test(`${theme}: axe reports no serious violation in any panel or state`, { skip }, async () => {
		const diagnosis = await open<unknown, unknown>('diagnosis', { theme });
		const changed = correction('changed', { skills: [skill('exponentiation')], note: 'a note' });
		const states = [
			questionState(),
			questionState({ correction: changed, history: [changed], undo: 'skills changed' }),
			questionState({ diagnosis: null, alike: [] }),
			questionState({ surroundings: { readOnly: 'host gpu1 writes', trusted: true, asking: false } }),
			questionState({ surroundings: { readOnly: 'not trusted', trusted: false, asking: false } }),
			{ kind: 'failed', message: 'not a database' },
		];
		for (const state of states) {
			await diagnosis.send({ type: 'state', state });
			await diagnosis.send({ type: 'rows', questionId: id(17), rows });
			await diagnosis.page.evaluate(() =>
				document.querySelectorAll('details').forEach((details) => (details.open = true)),
			);
			assert.deepEqual(await serious(diagnosis.page), [], `${theme} ${JSON.stringify(state).slice(0, 80)}`);
		}
		await diagnosis.send({ type: 'state', state: questionState() });
		await diagnosis.page.keyboard.press('e');
		assert.deepEqual(await serious(diagnosis.page), [], `${theme}: open list of skills`);
		await diagnosis.page.keyboard.press('Escape');
		await diagnosis.page.keyboard.press('?');
		assert.deepEqual(await serious(diagnosis.page), [], `${theme}: list of keys`);
		await diagnosis.close();

		const profile = await open<unknown, unknown>('profile', { theme });
		for (const state of [
			profileState({ before: earlier }),
			profileState({ profile: { ...profileState().profile, undiagnosed: 9 } }),
			{ kind: 'empty', message: 'There are no student answers yet.' },
		]) {
			await profile.send({ type: 'state', state });
			assert.deepEqual(await serious(profile.page), [], `${theme} ${JSON.stringify(state).slice(0, 80)}`);
		}
		await profile.send({ type: 'state', state: profileState({ before: earlier }) });
		await profile.page.keyboard.press('w');
		await profile.send({ type: 'whatIf', offer: whatIfOffer });
		await profile.page.locator('.what-if dd strong').first().waitFor();
		await profile.page.evaluate(() =>
			document.querySelectorAll('details').forEach((details) => (details.open = true)),
		);
		assert.deepEqual(await serious(profile.page), [], `${theme}: the dials of what-if`);
		await profile.send({ type: 'whatIf', offer: { ...whatIfOffer, trusted: false, price: null } });
		assert.deepEqual(await serious(profile.page), [], `${theme}: the dials, untrusted, without a price`);
		await profile.close();

		const curation = await open<unknown, unknown>('curation', { theme });
		await curation.send({ type: 'queue', state: queueState({ undo: 'accepted' }) });
		await curation.send({
			type: 'rows',
			version: 1,
			offset: 0,
			rows: Array.from({ length: 60 }, (_, index) => row(index)),
		});
		const likeAnother: ItemState['flags'] = [
			{
				kind: 'copy',
				score: 0.9,
				like: {
					id: id(7),
					text: itemState().content.question,
					where: 'new question of this queue',
					known: false,
				},
			},
		];
		for (const item of [
			itemState(),
			itemState(0, { status: 'rejected', reason: 'unclear', isEdited: true, flags: likeAnother }),
		]) {
			await curation.send({ type: 'item', item, show: true });
			await curation.page.evaluate(() =>
				document.querySelectorAll('details').forEach((details) => (details.open = true)),
			);
			assert.deepEqual(await serious(curation.page), [], `${theme}: a problem to curate`);
		}
		await curation.send({
			type: 'repair',
			offer: {
				find: 'per hour',
				replace: 'an hour',
				matched: 37,
				examples: [{ questionId: id(9), before: '12 km per hour', after: '12 km an hour' }],
			},
		});
		await curation.page.keyboard.press('Control+a');
		assert.deepEqual(await serious(curation.page), [], `${theme}: a repair offered, all chosen`);
		for (const key of ['Escape', 'r', 'Escape', 'g', 'Escape', '?']) {
			await curation.page.keyboard.press(key);
			assert.deepEqual(await serious(curation.page), [], `${theme}: curation after ${key}`);
		}
		await curation.send({
			type: 'queue',
			state: queueState({ version: 2, total: 0, readOnly: 'host gpu1 writes' }),
		});
		assert.deepEqual(await serious(curation.page), [], `${theme}: nothing to curate, read only`);
		await curation.close();
	});
}

test('every control can be reached with Tab, has a name and does not trap the focus', { skip }, async () => {
	for (const [name, ...messages] of [
		['diagnosis', { type: 'state', state: questionState() }],
		['profile', { type: 'state', state: profileState({ before: earlier }) }],
		[
			'curation',
			{ type: 'queue', state: queueState({ undo: 'accepted' }) },
			{ type: 'item', item: itemState(), show: true },
		],
	] as const) {
		const opened = await open<unknown, unknown>(name);
		for (const message of messages) {
			await opened.send(message);
		}
		const focusable = await opened.page.evaluate(
			() =>
				[
					...document.querySelectorAll<HTMLElement>(
						'button, vscode-button, vscode-dropdown, vscode-text-area, summary, input',
					),
				].filter(
					(element) =>
						element.getClientRects().length > 0 &&
						element.getAttribute('tabindex') !== '-1' &&
						!(element as HTMLButtonElement).disabled,
				).length,
		);
		const reached = new Set<number>();
		for (let presses = 0; presses < focusable + 12; presses++) {
			await opened.page.keyboard.press('Tab');
			const at = await opened.page.evaluate(() => {
				const controls = [
					...document.querySelectorAll<HTMLElement>(
						'button, vscode-button, vscode-dropdown, vscode-text-area, summary, input',
					),
				].filter(
					(element) =>
						element.getClientRects().length > 0 &&
						element.getAttribute('tabindex') !== '-1' &&
						!(element as HTMLButtonElement).disabled,
				);
				const active = document.activeElement;
				// The open list of the skill field would cover the controls after it.
				return active ? controls.indexOf(active as HTMLElement) : -1;
			});
			if (at >= 0) {
				reached.add(at);
			}
		}
		assert.equal(reached.size, focusable, `${name}: ${reached.size} of ${focusable} controls reached`);
		await opened.close();
	}
});
