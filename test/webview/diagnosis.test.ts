import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Remembered, ToHost, ToPage } from '../../webview/diagnosis/protocol.ts';
import type { OpenPage, PageOptions } from './browserPage.ts';
import { skip, useBrowser } from './browserPage.ts';
import { answer, correction, diagnosis, id, questionState, rows, skill } from './fixtures.ts';

const open = useBrowser();

type Panel = OpenPage<ToPage, ToHost>;
type Correct = Extract<ToHost, { type: 'correct' }>;

async function panel(state = questionState(), options: PageOptions = {}): Promise<Panel> {
	const opened = await open<ToPage, ToHost>('diagnosis', options);
	await opened.send({ type: 'state', state });
	return opened;
}

test(
	'the wrong step has a marker, a label and a position, and scores, final answer and reference are shown',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		assert.equal(await page.locator('h1').innerText(), '17 of 312');
		assert.match(await page.locator('.bar').innerText(), /number theory[\s\S]*level 4[\s\S]*consistency 2\/5/);
		// The sample that the teacher read is shown first.
		assert.match(await page.locator('.student h2').innerText(), /qwen2\.5-3b · round 1 · sample 2 of 5/);
		// The mark of the question covers all samples.
		const mark = page.locator('.bar .answers-mark');
		assert.match(await mark.innerText(), /◐[\s\S]*some answers are right[\s\S]*1 of 5 right/);
		const wrong = page.locator('.step.wrong');
		assert.equal(await wrong.count(), 1);
		assert.match(await wrong.innerText(), /3[\s\S]*✗[\s\S]*0\.22[\s\S]*first wrong step · 3 of 4/);
		assert.match(await page.locator('#step-3').innerText(), /4[\s\S]*\?[\s\S]*0\.30/);
		assert.match(await page.locator('#step-0').innerText(), /✓[\s\S]*0\.97/);
		assert.match(await page.locator('.final').innerText(), /✗[\s\S]*final answer[\s\S]*≠[\s\S]*wrong/);
		// Formulas are rendered as elements, with every kind of delimiter; none remains as text.
		await page.waitForFunction(() => document.querySelectorAll('.student .katex').length >= 8);
		assert.equal(await page.locator('.formula.undrawn').count(), 0);
		assert.deepEqual(
			await page
				.locator('.chips .chip')
				.allInnerTexts()
				.then((texts) => texts.map((text) => text.split('\n')[0]?.trim())),
			['modular arithmetic', 'division and remainders', 'exponent laws'],
		);
		await opened.close();
	},
);

test('J, K, digits, W, S, Alt+R and ? do what the key list says', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await opened.press('j', 'k');
	assert.deepEqual(
		(await opened.waitFor('go', 2)).map((message) => message.type === 'go' && message.to),
		['next', 'previous'],
	);
	await opened.press('3');
	assert.match(await page.locator('.student h2').innerText(), /sample 3 of 5/);
	// The diagnosis belongs to the sample that the teacher read, so no step of sample 3 is marked as the first wrong
	// one.
	assert.equal(await page.locator('.step.by-teacher').count(), 0);
	assert.equal(await page.locator('.step.by-score').count(), 1);
	await opened.press('w');
	assert.match(await page.locator('.student h2').innerText(), /sample 2 of 5/);
	assert.equal(await page.evaluate(() => document.activeElement?.id), 'step-2');
	await opened.press('s');
	assert.equal(await page.locator('details.solution').getAttribute('open'), '');
	await opened.press('Alt+r');
	assert.match(await page.locator('.question > pre.raw').innerText(), /\$3\^\{20\}\$/);
	assert.match(await page.locator('#step-1 pre.raw').innerText(), /\\\[ 3\^\{20\}/);
	await opened.press('Alt+r');
	assert.equal(await page.locator('pre.raw').count(), 0);
	await opened.press('?');
	const listed = await page.locator('dialog.keys dt').count();
	assert.ok(listed >= 14, `${listed} keys listed`);
	// While the list is open, its keys do nothing else.
	await opened.press('j', 'Escape');
	assert.equal((await opened.posted()).filter(({ type }) => type === 'go').length, 2);
	assert.equal(await page.locator('dialog.keys').isVisible(), false);
	await opened.close();
});

test('agree, dispute and change each post their whole content in one message', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await opened.press('y');
	const [agreed] = (await opened.waitFor('correct')) as Correct[];
	assert.deepEqual(
		{ ...agreed, request: 0 },
		{
			type: 'correct',
			request: 0,
			student: 'qwen2.5-3b',
			round: 1,
			questionId: id(17),
			verdict: 'agreed',
			skills: null,
			note: null,
		},
	);
	await opened.press('d');
	assert.equal(((await opened.waitFor('correct', 2)) as Correct[])[1]?.verdict, 'disputed');
	assert.equal(await page.locator('.chips .chip:not(.removed):not(.off-list)').count(), 0);
	// E opens the field; typing filters, and Enter adds. A second skill builds on the first even though no reply has
	// arrived yet.
	await opened.press('e');
	await page.keyboard.type('base conv');
	await opened.press('Enter');
	await page.keyboard.type('prime');
	await opened.press('Enter');
	const corrections = (await opened.waitFor('correct', 4)) as Correct[];
	assert.deepEqual(corrections[2]?.skills, [skill('base_conversion')]);
	assert.deepEqual(corrections[3]?.skills, [skill('base_conversion'), skill('prime_numbers')]);
	// Backspace in the empty field removes the last skill again; letters typed there were not commands.
	await opened.press('Backspace');
	assert.deepEqual(((await opened.waitFor('correct', 5)) as Correct[])[4]?.skills, [skill('base_conversion')]);
	assert.equal((await opened.posted()).filter(({ type }) => type === 'go').length, 0);
	// Escape returns to the buttons.
	await opened.press('Escape');
	assert.equal(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']), 'change');
	await opened.close();
});

test('removing a chip and adding it back counts as agreeing with the teacher', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await page.getByRole('button', { name: 'Remove division and remainders', exact: true }).focus();
	await opened.press('Delete');
	const [removed] = (await opened.waitFor('correct')) as Correct[];
	assert.deepEqual([removed?.verdict, removed?.skills], ['changed', [skill('modular_arithmetic')]]);
	// The focus stays on a chip and does not move to the body.
	assert.match(
		await page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus'] ?? 'lost'),
		/^chip:/,
	);
	await page.getByRole('button', { name: 'Put back division and remainders', exact: true }).click();
	const [, back] = (await opened.waitFor('correct', 2)) as Correct[];
	assert.deepEqual([back?.verdict, back?.skills], ['agreed', null]);
	await opened.close();
});

test('the focus is kept when its element is removed, and the next question starts at the top', { skip }, async () => {
	const added = correction('changed', { skills: [skill('prime_numbers'), skill('modular_arithmetic')] });
	const opened = await panel(questionState({ correction: added, history: [added] }), { height: 500 });
	const { page } = opened;
	const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['focus']);
	// A chip that the user added has no successor: the last chip gets the focus.
	await page.locator('[data-focus="chip:number_theory/prime_numbers"]').focus();
	await opened.press('Delete');
	await opened.waitFor('correct');
	assert.equal(await focused(), 'chip:number_theory/division_and_remainders');
	// A list that the user opened is closed on the next question, and the list's button there has the focus.
	await page.locator('.history summary').click();
	const next = questionState({
		index: 17,
		question: { ...questionState().question, id: id(18), text: 'Another?' },
		history: [added],
	});
	await opened.send({ type: 'state', state: next });
	assert.equal(await focused(), 'history');
	assert.equal(await page.locator('.history[open]').count(), 0);
	assert.equal(await page.evaluate(() => window.scrollY), 0);
	await opened.close();
});

test(
	'a failed correction is reverted with its reason, a saved one is confirmed, and undo is requested from the extension',
	{ skip },
	async () => {
		const opened = await panel();
		const { page } = opened;
		await opened.press('d');
		const [disputed] = (await opened.waitFor('correct')) as Correct[];
		assert.match(await page.locator('.said').innerText(), /Saving/);
		await opened.send({
			type: 'notice',
			level: 'error',
			message: 'the project is locked by stat-studio (pid 7)',
			request: disputed?.request ?? 0,
		});
		assert.match(await page.locator('.failure').innerText(), /locked by stat-studio/);
		assert.equal(await page.locator('.chips .chip:not(.removed):not(.off-list)').count(), 2);
		assert.match(await page.locator('.said').innerText(), /Nobody has checked/);
		await opened.press('d');
		const [, again] = (await opened.waitFor('correct', 2)) as Correct[];
		await opened.send({ type: 'saved', request: again?.request ?? 0 });
		const saved = correction('disputed');
		await opened.send({
			type: 'state',
			state: questionState({ correction: saved, history: [saved], undo: 'disputed' }),
		});
		assert.match(await page.locator('.said').innerText(), /Ada Lovelace disputes it/);
		await opened.press('Control+z', 'u');
		await opened.waitFor('undo', 2);
		await opened.close();
	},
);

test('a refresh preserves the focus, a half-typed note and an open list', { skip }, async () => {
	const opened = await panel();
	const { page } = opened;
	await opened.press('n');
	await page.keyboard.type('half a thou');
	const elsewhere = correction('agreed', { author: 'Grace' });
	await opened.send({
		type: 'state',
		state: questionState({ correction: elsewhere, history: [elsewhere], total: 311 }),
	});
	await page.keyboard.type('ght');
	assert.equal(
		await page.locator('vscode-text-area').evaluate((element) => (element as HTMLTextAreaElement).value),
		'half a thought',
	);
	assert.match(await page.locator('.said').innerText(), /Grace agrees/);
	assert.equal(await page.locator('h1').innerText(), '17 of 311');
	// If there is a current correction, Ctrl+Enter saves the note with it.
	await opened.press('Control+Enter');
	const [noted] = (await opened.waitFor('correct')) as Correct[];
	assert.deepEqual([noted?.verdict, noted?.note], ['agreed', 'half a thought']);
	await opened.press('Tab');
	assert.equal(
		(await opened.posted()).filter(({ type }) => type === 'correct').length,
		1,
		'leaving the field sent it twice',
	);
	await opened.close();
});

test('a note without a verdict survives a reload and is sent with the first verdict', { skip }, async () => {
	const first = await panel();
	await first.press('n');
	await first.page.keyboard.type('look at step 3');
	assert.match(await first.page.locator('.note-hint').innerText(), /saved with your decision/);
	await first.press('Tab');
	assert.equal((await first.posted()).filter(({ type }) => type === 'correct').length, 0);
	const remembered = (await first.remembered()) as Remembered;
	assert.deepEqual(remembered.drafts, { [id(17)]: 'look at step 3' });
	await first.close();
	// The panel was hidden, moved or restarted: this is a new page with the state that VS Code stored.
	const second = await panel(questionState(), {
		remembered: { ...remembered, raw: true, sample: 4, solutionOpen: true },
	});
	assert.equal(
		await second.page.locator('vscode-text-area').evaluate((element) => (element as HTMLTextAreaElement).value),
		'look at step 3',
	);
	assert.match(await second.page.locator('.student h2').innerText(), /sample 5 of 5/);
	assert.equal(await second.page.locator('.question > pre.raw').count(), 1);
	assert.equal(await second.page.locator('details.solution[open]').count(), 1);
	await second.press('y');
	assert.equal(((await second.waitFor('correct')) as Correct[])[0]?.note, 'look at step 3');
	await second.close();
});

test('the persisted state restores the question, the scope and the list', { skip }, async () => {
	const opened = await panel();
	const remembered = (await opened.remembered()) as Remembered;
	assert.deepEqual(
		{
			student: remembered.student,
			round: remembered.round,
			questionId: remembered.questionId,
			filter: remembered.filter,
		},
		{ student: 'qwen2.5-3b', round: 1, questionId: id(17), filter: { difficult: true } },
	);
	await opened.close();
});

test('each state, from skeleton to failure, has its own screen', { skip }, async () => {
	const opened = await open<ToPage, ToHost>('diagnosis');
	const { page } = opened;
	await page.waitForSelector('.skeleton');
	await opened.send({ type: 'state', state: questionState({ diagnosis: null, alike: [] }) });
	assert.equal(await page.locator('.skeleton').count(), 0);
	assert.match(await page.locator('.reading').innerText(), /Not diagnosed yet/);
	await opened.press('y');
	await opened.press('g');
	const [request] = await opened.waitFor('diagnose');
	assert.deepEqual(request, { type: 'diagnose', student: 'qwen2.5-3b', round: 1, questionId: id(17) });
	assert.equal(
		(await opened.posted()).filter(({ type }) => type === 'correct').length,
		0,
		'there is nothing to agree with',
	);
	await opened.send({
		type: 'state',
		state: questionState({
			diagnosis: null,
			alike: [],
			surroundings: { readOnly: null, trusted: true, asking: true },
		}),
	});
	assert.match(await page.locator('.reading').innerText(), /is diagnosing/);
	await opened.send({
		type: 'state',
		state: questionState({ samples: [], diagnosis: null, consistency: null, alike: [] }),
	});
	assert.match(await page.locator('.answer').innerText(), /No answer of qwen2\.5-3b in round 1/);
	await opened.send({
		type: 'state',
		state: questionState({
			surroundings: { readOnly: 'host gpu1 writes (pid 4)', trusted: true, asking: false },
		}),
	});
	assert.match(await page.locator('.banners').innerText(), /Read only\. host gpu1 writes/);
	await opened.press('d');
	await opened.send({
		type: 'state',
		state: questionState({
			diagnosis: null,
			surroundings: { readOnly: 'not trusted', trusted: false, asking: false },
		}),
	});
	assert.match(await page.locator('.banners').innerText(), /Restricted mode/);
	await opened.press('d', 'g');
	assert.equal(
		(await opened.posted()).filter(({ type }) => type === 'correct' || type === 'diagnose').length,
		1,
		'nothing more was asked or written',
	);
	assert.equal(await page.locator('.chip-button').count(), 0);
	await opened.send({
		type: 'state',
		state: { kind: 'empty', message: 'This question is no longer in the project.' },
	});
	assert.match(await page.locator('.state').innerText(), /no longer in the project/);
	await opened.send({ type: 'state', state: { kind: 'failed', message: 'stat.db: not a database' } });
	assert.match(await page.locator('[role=alert]').innerText(), /not a database/);
	await opened.close();
});

test(
	'annotations show their words, their skills and whether they count, and dismissed ones are hidden',
	{ skip },
	async () => {
		const entry = {
			id: 'annotation-1',
			student: 'qwen2.5-3b',
			round: 1,
			questionId: 'q',
			sample: 0,
			start: 0,
			end: 20,
			quote: '<b>so</b> $x^2 = 3',
			skills: [skill('congruences')],
			note: 'why',
			author: 'Grace',
			at: '2026-01-02T03:04:05Z',
		};
		const made = { ...entry, action: 'made', counts: true } as const;
		const opened = await panel(
			questionState({
				annotations: [
					{ ...made, history: [made] },
					{
						...made,
						id: 'annotation-2',
						skills: [skill('exponentiation')],
						action: 'dismissed',
						counts: false,
						history: [made],
					},
					{ ...made, id: 'annotation-3', counts: false, history: [made] },
				],
			}),
		);
		const items = opened.page.locator('.annotations li');
		assert.equal(await items.count(), 2);
		const text = await items.first().innerText();
		assert.match(text, /congruences[\s\S]*<b>so<\/b> \$x\^2 = 3[\s\S]*why[\s\S]*Grace/);
		assert.match(await items.last().innerText(), /not counted: disputed later/);
		await opened.close();
	},
);

test('similar questions, the rows drawn for the question and the history are linked', { skip }, async () => {
	const changed = correction('changed', { skills: [skill('exponentiation')], note: 'see $x$' });
	const opened = await panel(
		questionState({ correction: changed, history: [correction('agreed', { author: 'Grace' }), changed] }),
	);
	const { page } = opened;
	await opened.press('m');
	assert.deepEqual(await opened.waitFor('showMissing'), [
		{ type: 'showMissing', skill: skill('modular_arithmetic') },
	]);
	// Rows for another question arrive too late and are not shown.
	await opened.send({ type: 'rows', questionId: id(18), rows });
	assert.equal(await page.locator('.caused').count(), 0);
	await opened.send({ type: 'rows', questionId: id(17), rows });
	await page.locator('.caused summary').click();
	await page.locator('.caused button').nth(1).click();
	assert.deepEqual(await opened.waitFor('why'), [{ type: 'why', dataset: 'sel-r1', row: 87 }]);
	await page.locator('.history summary').click();
	assert.match(
		await page.locator('.history li').first().innerText(),
		/Ada Lovelace changed the skills[\s\S]*exponentiation[\s\S]*the teacher’s verdict was incorrect/,
	);
	// Another question does not inherit the rows either if a message came between the two.
	await opened.send({ type: 'state', state: { kind: 'empty', message: 'nothing here' } });
	const other = { ...questionState().question, id: id(18) };
	await opened.send({ type: 'state', state: questionState({ question: other }) });
	assert.equal(await page.locator('.caused').count(), 0);
	await opened.close();
});

test('narrow editors stack the columns without overflow', { skip }, async () => {
	for (const width of [320, 420, 900, 1280]) {
		const opened = await panel(questionState(), { width });
		const [student, teacher] = await Promise.all(
			['.student', '.teacher'].map((name) => opened.page.locator(name).boundingBox()),
		);
		assert.ok(student && teacher);
		assert.equal(teacher.y >= student.y + student.height, width < 761, `${width} px`);
		assert.ok((await opened.page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} px`);
		await opened.close();
	}
});

test('an answer with 200 steps is shown completely and stays responsive', { skip }, async () => {
	const text = Array.from(
		{ length: 200 },
		(_, index) =>
			`Step ${index + 1}: with $x_{${index}} = \\frac{${index}}{${index + 1}}$ we get ` +
			`$$\\sum_{i=0}^{${index}} x_i^2 \\le ${index}.$$`,
	).join('\n\n');
	const long = answer(
		0,
		text,
		'7',
		false,
		Array.from({ length: 200 }, (_, index) => (index === 150 ? 0.1 : 0.9)),
	);
	const opened = await panel(
		questionState({
			samples: [long],
			consistency: null,
			diagnosis: { ...diagnosis, sample: 0, firstWrongStep: 150 },
		}),
	);
	const { page } = opened;
	assert.equal(await page.locator('.step').count(), 200);
	// Only formulas near the viewport are rendered.
	await page.waitForFunction(() => document.querySelectorAll('.formula .katex').length > 0);
	assert.ok((await page.locator('.answer .katex-html').count()) < 200, 'everything was drawn at once');
	await opened.press('w');
	assert.equal(await page.evaluate(() => document.activeElement?.id), 'step-150');
	await page.waitForFunction(() => document.querySelector('#step-150 .katex') !== null);
	const inView = await page.locator('#step-150').evaluate((element) => {
		const box = element.getBoundingClientRect();
		return box.top >= 0 && box.bottom <= window.innerHeight;
	});
	assert.equal(inView, true);
	await opened.close();
});

test('text outside the stored steps is also shown', { skip }, async () => {
	const odd = {
		...answer(0, 'Before. One. Between. Two. After.', '1', false),
		steps: [
			[8, 12],
			[22, 26],
		] as const,
	};
	const opened = await panel(questionState({ samples: [odd], consistency: null, diagnosis: null }));
	assert.equal(
		(await opened.page.locator('.steps .step-text').allInnerTexts()).map((text) => text.trim()).join(' '),
		'Before. One. Between. Two. After.',
	);
	await opened.close();
});

test('limits, exponents and wide formulas are not clipped', { skip }, async () => {
	const text =
		`with $\\sum_{i=0}^{10} x_i^{2^{2^2}}$ and $\\dfrac{\\dfrac{1}{2}}{\\dfrac{3}{4}}$ and ` +
		`$${'a+'.repeat(200)}b$ and $${'\\underbrace{x}_{'.repeat(3)}y${'}'.repeat(3)}$`;
	const opened = await panel(
		questionState({ samples: [answer(0, text, '1', false)], consistency: null, diagnosis: null, alike: [] }),
		{ width: 420 },
	);
	const { page } = opened;
	await page.waitForFunction(() => document.querySelectorAll('.step .katex-html').length === 4);
	const cut = await page.evaluate(() => {
		const box = (document.querySelector('.step-text > .text') as HTMLElement).getBoundingClientRect();
		return [...document.querySelectorAll('.step .katex-html .mord')].filter((part) => {
			const { top, bottom, height } = part.getBoundingClientRect();
			return height > 0 && (top < box.top - 3 || bottom > box.bottom + 3);
		}).length;
	});
	assert.equal(cut, 0);
	assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 420);
	// Neither a formula's element nor the KaTeX element inside it clips its content.
	const clipping = await page.evaluate(
		() =>
			[...document.querySelectorAll('.step .formula, .step .formula .katex')].filter(
				(element) => getComputedStyle(element).overflowY !== 'visible',
			).length,
	);
	assert.equal(clipping, 0);
	await opened.close();
});

test(
	'annotated words are highlighted in place, across formulas and emphasis, with text for screen readers',
	{ skip },
	async () => {
		const state = questionState();
		const text = state.samples[1]?.text ?? '';
		const made = (
			quote: string,
			name: string,
			action: 'made' | 'dismissed' = 'made',
			start = text.indexOf(quote),
		) => ({
			student: 'qwen2.5-3b',
			round: 1,
			questionId: id(17),
			sample: 1,
			id: name,
			start,
			end: start + quote.length,
			quote,
			skills: [skill(name)],
			note: null,
			action,
			author: 'Ada',
			at: '2026-11-21T09:14:00.000Z',
			counts: action === 'made',
			history: [],
		});
		const annotations = [
			made('if $p$ is prime and', 'prime_numbers'),
			made('Since $20 \\bmod 6 = 3$, we', 'congruences'),
			made('Therefore', 'solving_equations', 'dismissed'),
			made('Step 2', 'exponentiation'),
		];
		const opened = await panel({ ...state, annotations });
		const { page } = opened;
		const marks = () => page.locator('.student mark.annotated');
		assert.deepEqual(await page.locator('.student mark.annotated .sr').allTextContents(), [
			'[annotated, missing prime numbers: ',
			']',
			'[annotated, missing exponentiation: ',
			']',
			'[annotated, missing congruences: ',
			']',
		]);
		assert.equal(await page.locator('#step-0 mark .formula').count(), 1);
		assert.match(
			await page
				.locator('#step-2 mark')
				.allTextContents()
				.then((texts) => texts.join('')),
			/Since[\s\S]*20[\s\S]*, we\]$/,
		);
		assert.equal(await page.locator('#step-3 mark').count(), 0);
		await page.waitForFunction(() => document.querySelectorAll('.student mark .katex').length >= 2);
		// This also holds for raw text, and a dismissed annotation is not highlighted.
		await opened.press('Alt+r');
		assert.match(
			(await page.locator('#step-0 mark').textContent()) ?? '',
			/\[annotated, missing prime numbers: if \$p\$ is prime and\]/,
		);
		await opened.send({ type: 'state', state: { ...state, annotations: [] } });
		assert.equal(await marks().count(), 0);
		// The second of two equal words is highlighted, and so are words with an attacker's markup characters.
		const evil = 'So <b>x</b> = 1 and <b>x</b> = 2.';
		const sample = answer(1, evil, '2', false);
		await opened.send({
			type: 'state',
			state: {
				...state,
				samples: [sample],
				annotations: [{ ...made('<b>x</b>', 'congruences', 'made', evil.lastIndexOf('<b>x</b>')) }],
			},
		});
		assert.match(
			(await page.locator('#step-0').textContent()) ?? '',
			/1 and \[annotated, missing congruences: <b>x<\/b>\] = 2/,
		);
		assert.equal(await page.locator('#step-0 b').count(), 0);
		await opened.close();
	},
);

test('formulas stay visible while fonts load, and the usual fonts ship with the page', { skip }, async () => {
	const opened = await open<unknown, unknown>('diagnosis');
	await opened.page.waitForFunction(() =>
		[...document.fonts].some((face) => face.family.includes('KaTeX_Math') && face.status === 'loaded'),
	);
	const faces = await opened.page.evaluate(() =>
		[...document.fonts].map(({ family, display, status }) => ({ family, display, status })),
	);
	assert.ok(faces.length > 10);
	assert.deepEqual(
		faces.filter(({ display }) => display !== 'swap'),
		[],
	);
	await opened.close();
});
