import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoney } from '../../src/core/text/formatNumber.ts';
import type { WhatIfDials } from '../../src/core/datasets/whatIf.ts';
import { whatIf } from '../../src/core/datasets/whatIf.ts';
import { readMessage } from '../../src/ui/panels/profile/profileMessages.ts';
import type { BuildWith, Remembered, ToHost, ToPage } from '../../webview/profile/protocol.ts';
import { shareChange } from '../../src/core/stats/shareChange.ts';
import type { OpenPage, PageOptions } from './browserPage.ts';
import { skip, useBrowser } from './browserPage.ts';
import { whatIfOffer as dials, before as earlier, profileOf, profileState } from './fixtures.ts';

const open = useBrowser();

type Panel = OpenPage<ToPage, ToHost>;

async function panel(state = profileState(), options: PageOptions = {}): Promise<Panel> {
	const opened = await open<ToPage, ToHost>('profile', options);
	await opened.send({ type: 'state', state });
	return opened;
}

test('bars, intervals and training markers lie on one axis at their values', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	assert.equal(await page.locator('.bars .row').count(), 10);
	const first = page.locator('.bars .row').first();
	assert.match(await first.innerText(), /modular arithmetic[\s\S]*58[\s\S]*18\.6 %/);
	// The axis ends at 24% here; 58 of 312 is 18.59%, the training share of 64 in 1682 is 3.80%, and Wilson's interval
	// is 14.66% to 23.28%.
	const geometry = await first.locator('.plot').evaluate((plot) => {
		const { left, width } = plot.getBoundingClientRect();
		const box = (name: string): readonly [number, number] => {
			const { left: from, right: to } = (plot.querySelector(name) as Element).getBoundingClientRect();
			return [(from - left) / width, (to - left) / width];
		};
		return { bar: box('.bar'), whisker: box('.whisker'), mark: box('.mark') };
	});
	const near = (actual: number, share: number): void =>
		assert.ok(Math.abs(actual - share / 0.24) < 0.012, `${actual} is not ${share / 0.24}`);
	near(geometry.bar[1], 58 / 312);
	near(geometry.whisker[0], 0.1466);
	near(geometry.whisker[1], 0.2328);
	near((geometry.mark[0] + geometry.mark[1]) / 2, 64 / 1682);
	assert.match(await page.locator('.axis').innerText(), /^0\s+6\s+12\s+18\s+24 %$/);
	// The same numbers are below the chart.
	assert.match(
		await page.locator('.numbers tbody tr').first().innerText(),
		/modular arithmetic\s+number theory\s+58\s+18\.6 %\s+14\.7 % to 23\.3 %\s+3\.8 %\s+\+14\.8\s+64\s+81\.7 % of 71/,
	);
	await opened.close();
});

test('a second round adds a bar and a change per skill, with zero for a skill that is gone', { skip }, async () => {
	const now = profileOf(2, 300, [['algebra', 'factoring', 30, 10, 50]]);
	const old = profileOf(1, 300, [
		['algebra', 'factoring', 60, 10, 50],
		['algebra', 'fractions', 12, 10, 50],
	]);
	const opened = await panel(profileState({ profile: now, before: old }));
	const { page } = opened;
	assert.equal(await page.locator('.bar-before').count(), 3, 'two rows and the legend');
	assert.deepEqual(await page.locator('.change').allInnerTexts(), [
		'60 → 30 · −10.0 points (−15.7 to −4.3), down',
		'12 → 0 · −4.0 points (−6.9 to −1.9), down',
	]);
	await opened.close();
});

test('the interval of a change agrees with published examples', () => {
	// Newcombe 1998, table II, method 10: 56/70 − 48/80 gives 0.0524 to 0.3339; 9/10 − 3/10 gives 0.1705 to 0.8090.
	for (const [left, right, low, high] of [
		[[56, 70], [48, 80], 0.0524, 0.3339],
		[[9, 10], [3, 10], 0.1705, 0.809],
	] as const) {
		const { interval } = shareChange(left, right);
		assert.ok(Math.abs(interval[0] - low) < 5e-4 && Math.abs(interval[1] - high) < 5e-4, `${interval.join(' ')}`);
	}
});

test(
	'sort order, subject, count, rank and the other round are shown, remembered and requested from the extension',
	{ skip },
	async () => {
		const opened = await panel(profileState({ before: earlier }));
		const { page } = opened;
		await page.locator('[data-focus="sort:train"]').click();
		assert.equal(await page.locator('.numbers tbody th').first().innerText(), 'algebraic manipulation');
		assert.equal(
			await page
				.locator('th[aria-sort=descending]')
				.innerText()
				.then((text) => text.replace(/\s+/g, ' ')),
			'Training questions ▾',
		);
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('th[aria-sort=ascending]').count(), 1, 'the focus stayed on the heading');
		assert.equal(
			await page
				.locator('.bars .row')
				.first()
				.locator('.skill')
				.innerText()
				.then((text) => text.split('\n')[0]),
			'modular arithmetic',
			'the chart keeps its order',
		);
		await page.locator('body').click({ position: { x: 5, y: 5 } });
		await page.keyboard.press('a');
		assert.equal(await page.locator('.bars .row').count(), 14);
		await choose(opened, 'subject', 'geometry (52)');
		assert.deepEqual(await page.locator('.bars .skill').allInnerTexts(), [
			'circle properties',
			'three dimensional geometry',
		]);
		const remembered = (await opened.remembered()) as Remembered;
		assert.deepEqual(
			[remembered.subject, remembered.all, remembered.sort],
			['geometry', true, { column: 'train', descending: false }],
		);
		await choose(opened, 'rank', 'rate where needed');
		assert.deepEqual(await opened.waitFor('rank'), [{ type: 'rank', rank: 'exposure' }]);
		await choose(opened, 'compare', 'no other round');
		assert.deepEqual(await opened.waitFor('compare'), [{ type: 'compare', round: null }]);
		await opened.close();
		const again = await panel(profileState(), { remembered });
		assert.equal(await again.page.locator('.bars .row').count(), 2);
		await again.close();
	},
);

test('the skills of questions without a subject can be chosen', { skip }, async () => {
	const profile = profileOf(2, 300, [
		['algebra', 'factoring', 30, 10, 40],
		['', 'graphs', 20, 10, 40],
	]);
	const opened = await panel(profileState({ profile }));
	await choose(opened, 'subject', 'no subject (20)');
	assert.deepEqual(await opened.page.locator('.bars .skill').allInnerTexts(), ['graphs']);
	await choose(opened, 'subject', 'all subjects');
	assert.equal(await opened.page.locator('.bars .row').count(), 2);
	await opened.close();
});

test('the scroll position on the page is remembered and restored', { skip }, async () => {
	const opened = await panel();
	await opened.page.evaluate(() => window.scrollTo(0, 300));
	await opened.page.waitForFunction(
		() => (globalThis as unknown as { recorder: { state: Remembered } }).recorder.state.scroll === 300,
	);
	const remembered = await opened.remembered();
	await opened.close();
	const again = await panel(profileState(), { remembered });
	assert.equal(await again.page.evaluate(() => window.scrollY), 300);
	await again.close();
});

async function choose(opened: Panel, focus: string, label: string): Promise<void> {
	await opened.page.locator(`[data-focus="${focus}"]`).click();
	await opened.page.locator(`[data-focus="${focus}"] vscode-option`, { hasText: label }).click();
}

test(
	'ranking by exposure shows the rate among questions that need the skill, with its own interval',
	{ skip },
	async () => {
		const opened = await panel(
			profileState({ rank: 'exposure', profile: profileOf(2, 300, [['algebra', 'factoring', 30, 10, 40]]) }),
		);
		assert.match(await opened.page.locator('.bars .row').first().innerText(), /30[\s\S]*75\.0 %/);
		assert.equal(
			await opened.page.locator('.plot .mark').count(),
			0,
			'the training share is a share of another whole',
		);
		await opened.close();
	},
);

test('Markdown, TSV and CSV copies contain the data on screen in the order shown', { skip }, async () => {
	const opened = await panel(
		profileState({
			profile: profileOf(2, 100, [
				['algebra', 'a|b', 20, 30, 0],
				['algebra', 'say "hi", you', 10, 10, 20],
			]),
		}),
	);
	const { page } = opened;
	await page.keyboard.press('c');
	for (const format of ['TSV', 'CSV']) {
		await page.getByRole('button', { name: `Copy as ${format}`, exact: true }).click();
	}
	const copies = (await opened.waitFor('copy', 3)).map((message) =>
		message.type === 'copy' ? [message.what, message.text] : [],
	);
	assert.deepEqual(copies[0], [
		'Markdown',
		'| Skill | Subject | Missed | Share | 95 % interval | Training share | Gap, points | Training ' +
			'questions | Missed where needed | Place by count · rate |\n| --- | --- | ---: | ---: | ---: | ' +
			'---: | ---: | ---: | ---: | ---: |\n| a\\|b | algebra | 20 | 20.0 % | 13.3 % to 28.9 % | 75.0 % | ' +
			'−55.0 | 30 | – | 1 · – |\n| say "hi", you | algebra | 10 | 10.0 % | 5.5 % to 17.4 % | 25.0 % | ' +
			'−15.0 | 10 | 50.0 % of 20 | 2 · 1 |\n',
	]);
	assert.equal(
		copies[1]?.[1]?.split('\n')[1],
		'a|b\talgebra\t20\t20.0 %\t13.3 % to 28.9 %\t75.0 %\t−55.0\t30\t–\t1 · –',
	);
	assert.equal(
		copies[2]?.[1]?.split('\r\n')[2],
		'"say ""hi"", you",algebra,10,10.0 %,5.5 % to 17.4 %,25.0 %,−15.0,10,50.0 % of 20,2 · 1',
	);
	await opened.send({ type: 'notice', level: 'info', message: 'Copied as CSV.' });
	assert.match(await page.locator('.said-now').innerText(), /Copied as CSV/);
	await opened.close();
});

test('a skill leads to its questions from the chart and the table, by mouse and keyboard', { skip }, async () => {
	const opened = await panel();
	await opened.page.locator('.bars .skill').nth(1).click();
	await opened.page.locator('.numbers tbody .plain').first().focus();
	await opened.page.keyboard.press('Enter');
	assert.deepEqual(await opened.waitFor('showMissing', 2), [
		{ type: 'showMissing', skill: { subject: 'counting_and_probability', name: 'combinatorial_reasoning' } },
		{ type: 'showMissing', skill: { subject: 'number_theory', name: 'modular_arithmetic' } },
	]);
	await opened.close();
});

test('the threshold grid marks the current rule, or gives a reason if it cannot', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	assert.equal(await page.locator('.in-force').count(), 1);
	assert.match(await page.locator('.in-force').innerText(), /79[\s\S]*73 \/ 72 \/ 80[\s\S]*in force/);
	await opened.send({ type: 'state', state: profileState({ rule: { method: 'answer', tau1: null, tau2: null } }) });
	assert.match(await page.locator('.thresholds').innerText(), /“answer”, which has no thresholds/);
	await opened.send({ type: 'state', state: profileState({ rule: { method: 'reward', tau1: 0.5, tau2: 0.7 } }) });
	assert.match(await page.locator('.thresholds').innerText(), /τ1 0\.5 and τ2 0\.7, is not on this grid/);
	await opened.send({ type: 'state', state: profileState({ grid: null }) });
	assert.equal((await page.locator('.thresholds').innerText()).trim(), '');
	await opened.close();
});

test('partial and empty profiles name the next step', { skip }, async () => {
	const opened = await panel(
		profileState({
			profile: { ...profileOf(1, 40, [['algebra', 'factoring', 3, 10, 40]]), difficult: 90, undiagnosed: 50 },
		}),
	);
	assert.match(
		await opened.page.locator('.banner').innerText(),
		/50 of 90 difficult questions are not diagnosed yet/,
	);
	await opened.page.locator('.banner vscode-button').click();
	await opened.waitFor('diagnose');
	await opened.send({
		type: 'state',
		state: profileState({ profile: profileOf(2, 0, []), before: earlier, grid: null }),
	});
	assert.match(await opened.page.locator('.chart').innerText(), /Nothing is diagnosed yet/);
	assert.equal(await opened.page.locator('.numbers table').count(), 0);
	await opened.send({ type: 'state', state: { kind: 'empty', message: 'There are no student answers yet.' } });
	assert.match(await opened.page.locator('.state').innerText(), /no student answers yet/);
	await opened.close();
});

test('the table has both ranks, by count and by rate, and explains them', { skip }, async () => {
	const profile = profileOf(2, 300, [
		['algebra', 'factoring', 90, 10, 300],
		['algebra', 'sequences', 30, 10, 40],
		['algebra', 'sums', 30, 10, 40],
		['algebra', 'graphs', 2, 10, 40],
	]);
	const opened = await panel(profileState({ profile, before: null }));
	const column = async () =>
		(await opened.page.locator('.numbers tbody tr').allInnerTexts()).map((row) => [
			row.split(/\s/)[0],
			/(\d+ · [\d–]+)\s*$/.exec(row)?.[1],
		]);
	assert.deepEqual(await column(), [
		['factoring', '1 · 3'],
		['sequences', '2 · 1'],
		['sums', '2 · 1'],
		['graphs', '4 · 4'],
	]);
	await opened.page.locator('.numbers .sort', { hasText: 'Place by count · rate' }).click();
	assert.deepEqual(
		(await column()).map(([name]) => name),
		['sequences', 'sums', 'factoring', 'graphs'],
	);
	assert.match(await opened.page.locator('.numbers').innerText(), /weighed by it repaired no more and forgot more/);
	await opened.close();
});

test('128 skills are shown at once on request', { skip }, async () => {
	const counts = Array.from(
		{ length: 128 },
		(_, index) => [`subject_${index % 7}`, `skill_${index}`, 200 - index, 7500 / 128, 60] as const,
	);
	const opened = await panel(profileState({ profile: profileOf(2, 500, counts), before: profileOf(1, 500, counts) }));
	await opened.page.keyboard.press('a');
	assert.equal(await opened.page.locator('.bars .row').count(), 128);
	assert.equal(await opened.page.locator('.numbers tbody tr').count(), 128);
	await opened.close();
});

test('nothing overflows in narrow editors', { skip }, async () => {
	for (const width of [320, 420, 800]) {
		const opened = await panel(profileState({ before: earlier }), { width });
		assert.ok((await opened.page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} px`);
		await opened.close();
	}
});

/** Returns the facts of the dials as a map from name to value, after the frame in which the dials were turned. */
async function facts({ page }: Panel): Promise<Record<string, string>> {
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
	const [names, values] = [
		await page.locator('.what-if dt').allInnerTexts(),
		await page.locator('.what-if dd strong').allInnerTexts(),
	];
	return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

test('the dials work from the keyboard, show the same numbers as the build and can start one', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await page.keyboard.press('w');
	assert.deepEqual(await opened.waitFor('whatIf'), [{ type: 'whatIf', on: true }]);
	await opened.send({ type: 'whatIf', offer: dials });
	const base: WhatIfDials = {
		rule: null,
		off: new Set(),
		seed: 0,
		difficult: 500,
		perSkill: 5,
		answers: 3,
		repeats: 'keep',
		pairs: 9500,
		mix: 0,
		rank: 'share',
		answersFrom: 'teacher',
		price: 0.01,
		pace: 30,
		budget: null,
	};
	const expected = (change: Partial<WhatIfDials>) => {
		const now = whatIf(dials.table, { ...base, ...change });
		return [String(now.difficult), String(now.questions), String(now.calls), formatMoney(now.cost ?? 0)];
	};
	const seen = async () => {
		const all = await facts(opened);
		return [all['Difficult questions'], all['Distinct questions'], all['Answers to rewrite'], all['Maximum cost']];
	};
	assert.deepEqual(await seen(), expected({}));
	// The first control has the focus; Tab and the arrow keys lead on from there.
	assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']), 'dial:method');
	await page.keyboard.press('p');
	assert.equal(await page.locator('[data-focus="dial:method"]').inputValue(), 'reward', 'typed to the option');
	await page.keyboard.press('Tab');
	assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']), 'dial:tau1');
	for (let press = 0; press < 30; press++) {
		await page.keyboard.press('ArrowLeft');
	}
	assert.equal(await page.locator('[data-focus="dial:tau1"]').getAttribute('aria-valuetext'), '0.55');
	const rule = { method: 'reward', tau1: 0.55, tau2: 0.7 } as const;
	assert.deepEqual(await seen(), expected({ rule }));
	await page.locator('[data-focus="dial:pairs"]').fill('20');
	await page.locator('[data-focus="dial:perSkill"]').fill('2');
	await page.locator('[data-focus="use:algebra/factoring"]').focus();
	await page.keyboard.press('Space');
	assert.deepEqual(await seen(), expected({ rule, pairs: 20, perSkill: 2, off: new Set(['algebra/factoring']) }));
	await page.locator('[data-focus="dial:pairs"]').fill('-3');
	assert.equal(await page.locator('[data-focus="dial:pairs"]').getAttribute('aria-invalid'), 'true');
	assert.deepEqual(
		await seen(),
		expected({ rule, pairs: 20, perSkill: 2, off: new Set(['algebra/factoring']) }),
		'the last number that was one stands',
	);
	await page.locator('[data-focus="dial:budget"]').fill('0.05');
	await facts(opened);
	assert.match(await page.locator('.what-if .note').innerText(), /The budget pays for 5 of \d+ answers/);
	// One click fits the pairs to the budget, and changes nothing else.
	await page.getByText('Cut to Pairs That Fit').click();
	const few = Number(await page.locator('[data-focus="dial:pairs"]').inputValue());
	assert.ok(few > 0 && few < 20);
	await facts(opened);
	assert.ok(
		whatIf(dials.table, { ...base, rule, pairs: few, perSkill: 2, off: new Set(['algebra/factoring']) }).calls <= 5,
	);
	assert.equal(await page.locator('[data-focus="cut-pairs"]').count(), 0);
	assert.deepEqual(await seen(), expected({ rule, pairs: few, perSkill: 2, off: new Set(['algebra/factoring']) }));
	await page.locator('[data-focus="dial:pairs"]').fill('20');
	await facts(opened);
	await page.getByText('Classify and Build with These…').click();
	const [message] = await opened.waitFor('build');
	assert.deepEqual(message, {
		type: 'build',
		settings: {
			rule,
			skills: [{ subject: 'algebra', name: 'sequences' }],
			seed: 0,
			difficult: 500,
			perSkill: 2,
			answers: 3,
			repeats: 'keep',
			pairs: 20,
			mix: 0,
			rank: 'share',
			answersFrom: 'teacher',
			budget: 0.05,
		},
	});
	assert.ok(readMessage(message), 'and the extension reads it');
	await page.locator('h1').click();
	await page.keyboard.press('w');
	assert.equal((await opened.waitFor('whatIf', 2))[1]?.type, 'whatIf');
	assert.equal(await page.locator('.what-if fieldset').count(), 0);
	await opened.close();
});

test(
	'the dial for right answers follows the number of answers read, and a build uses both values',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		await page.keyboard.press('w');
		await opened.send({ type: 'whatIf', offer: dials });
		const dial = (name: string) => page.locator(`[data-focus="dial:${name}"]`);
		await dial('method').selectOption('answer');
		assert.equal(await dial('rightBelow').count(), 0, 'the first answer alone is right or wrong');
		await dial('votes').fill('3');
		assert.equal(await dial('rightBelow').inputValue(), '2');
		await dial('rightBelow').fill('3');
		await facts(opened);
		await page.getByText('Classify and Build with These…').click();
		const [message] = await opened.waitFor('build');
		const { settings } = message as unknown as { settings: BuildWith };
		assert.deepEqual(settings.rule, { method: 'answer', samples: 3, rightBelow: 3 });
		assert.ok(readMessage(message), 'and the extension reads it');
		await opened.close();
	},
);

test('closing the dials moves the focus to the button that opens them', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	const button = page.locator('.what-if [data-focus="what-if"]');
	await button.press('Enter');
	await opened.send({ type: 'whatIf', offer: dials });
	await button.press('Enter');
	await page.locator('.what-if form').waitFor({ state: 'detached' });
	assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']), 'what-if');
	await opened.close();
});

test(
	'the dials survive a changed project, fit in narrow panels and build nothing without trust',
	{ skip },
	async () => {
		const opened = await panel(profileState(), { width: 420 });
		const { page } = opened;
		await page.keyboard.press('w');
		await opened.send({ type: 'whatIf', offer: { ...dials, off: ['algebra/sequences'] } });
		await page.locator('[data-focus="dial:pairs"]').fill('7');
		await opened.send({ type: 'whatIf', offer: { ...dials, trusted: false } });
		assert.equal(
			await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']),
			'dial:pairs',
			'nor is the focus taken',
		);
		assert.equal(await page.locator('[data-focus="dial:pairs"]').inputValue(), '7');
		assert.equal((await facts(opened))['Pairs'], '7');
		assert.equal(await page.locator('[data-focus="use:algebra/sequences"]').isChecked(), false);
		assert.equal(
			await page
				.locator('.what-if [data-focus="build"]')
				.evaluate((element) => (element as HTMLButtonElement).disabled),
			true,
		);
		assert.ok(
			await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
			'nothing sticks out',
		);
		for (const wrong of [
			{ type: 'build', settings: { pairs: 1 } },
			{ type: 'whatIf' },
			{ type: 'build', settings: null },
		]) {
			assert.equal(readMessage(wrong), undefined);
		}
		await opened.close();
	},
);
