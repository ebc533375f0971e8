import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageHtml } from '../../src/ui/kit/pageHtml.ts';
import { skip, useBrowser } from './browserPage.ts';
import { answer, correction, diagnosis, profileOf, profileState, questionState, skill } from './fixtures.ts';
import { corpus, harmless, probe, short } from './hostileTexts.ts';

const open = useBrowser();

test('the policy allows only our script by nonce, our style and fonts, and interpolated HTML is escaped', () => {
	const html = pageHtml({
		cspSource: 'https://*.vscode-cdn.net',
		script: 'https://x/s.js?"><script>',
		style: 'https://x/s.css',
		title: '</title><script>alert(1)</script>',
		language: 'en"',
		nonce: 'n',
		styleNonce: 'm',
	});
	const policy = /content="(default-src[^"]*)"/.exec(html)?.[1]?.replace(/&#39;/g, "'");
	assert.equal(
		policy,
		"default-src 'none'; base-uri 'none'; form-action 'none'; style-src https://*.vscode-cdn.net " +
			"'nonce-m'; font-src https://*.vscode-cdn.net; script-src 'nonce-n'",
	);
	assert.equal(html.match(/<script/g)?.length, 1);
	assert.equal(/unsafe-|img-src|connect-src/.test(html), false);
});

test('hostile text neither runs nor fetches anything, whether rendered or raw', { skip }, async () => {
	const opened = await open<unknown, { type: string }>('diagnosis');
	const { page } = opened;
	for (const text of corpus) {
		const small = text.slice(0, 400);
		const wrong = correction('changed', { author: small, note: small, skills: [skill(small)] });
		await opened.send({
			type: 'state',
			state: questionState({
				list: small,
				student: small,
				question: {
					...questionState().question,
					text,
					gold: small,
					solution: text,
					subject: small,
					benchmark: small,
				},
				samples: [answer(0, text, small, false, [0.1])],
				diagnosis: {
					...diagnosis,
					sample: 0,
					reason: text,
					skills: [skill(small)],
					offList: [small],
					model: small,
					promptVersion: small,
					at: small,
					firstWrongStep: 0,
				},
				correction: wrong,
				history: [wrong],
				skills: [skill(small)],
				recent: [skill(small)],
				labels: [skill(small)],
				alike: [{ skill: skill(small), questions: 1 }],
				surroundings: { readOnly: null, trusted: true, asking: false },
			}),
		});
		await opened.send({ type: 'notice', level: 'error', message: small, request: null });
		await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
		await page.waitForTimeout(60);
		assert.deepEqual(await page.evaluate(probe), harmless, small);
		await page.keyboard.press('Alt+r');
		assert.deepEqual(await page.evaluate(probe), harmless, `raw: ${small}`);
		// The raw view shows every character of the text itself (control characters are spelled out, so they are left
		// out of the comparison).
		if (/^[\x20-\x7e\n]*$/.test(text)) {
			assert.equal(await page.locator('.question > pre.raw').textContent(), text);
		}
		await page.keyboard.press('Alt+r');
	}
	assert.deepEqual(
		(await opened.posted()).filter(({ type }) => type !== 'ready'),
		[],
	);
	await opened.close();
});

test('hostile text contains nothing clickable that leads anywhere', { skip }, async () => {
	const opened = await open<unknown, { type: string }>('diagnosis');
	const { page } = opened;
	await opened.send({
		type: 'state',
		state: questionState({
			question: { ...questionState().question, text: short.join('\n\n') },
			samples: [],
			consistency: null,
		}),
	});
	const url = page.url();
	for (const element of await page.locator('.question .text *').all()) {
		await element.dispatchEvent('click');
	}
	assert.equal(page.url(), url);
	assert.deepEqual(await page.evaluate(probe), harmless);
	await opened.close();
});

test('a formula that cannot be drawn is shown as text, and a huge box stays bounded', { skip }, async () => {
	const opened = await open<unknown, unknown>('diagnosis');
	const { page } = opened;
	const undrawable = ['$\\def\\a{\\a\\a}\\a$', '$\\frac{1$', '$\\undefinedmacro$'];
	await opened.send({
		type: 'state',
		state: questionState({
			question: {
				...questionState().question,
				text: `${undrawable.join(' and ')} and $x^2$`,
				solution: null,
			},
			samples: [],
			consistency: null,
			diagnosis: null,
			alike: [],
		}),
	});
	await page.waitForSelector('.question .katex');
	await page.waitForFunction(() => document.querySelectorAll('.question .undrawn').length === 3);
	assert.deepEqual(await page.locator('.question .undrawn').allInnerTexts(), undrawable);
	// Boxes are bounded, so that nothing can cover the page.
	await opened.send({
		type: 'state',
		state: questionState({ question: { ...questionState().question, text: '$\\rule{99999em}{99999em}$' } }),
	});
	await page.waitForSelector('.question .katex');
	const box = await page.locator('.question > .text').boundingBox();
	assert.ok(box && box.height < 400, `a rule of ${box?.height} px`);
	await opened.close();
});

test('bidirectional and invisible characters are spelled out', { skip }, async () => {
	const opened = await open<unknown, unknown>('diagnosis');
	await opened.send({
		type: 'state',
		state: questionState({ question: { ...questionState().question, text: 'a\u202eb\u2066c\u200bd' } }),
	});
	assert.equal(await opened.page.locator('.question > .text').innerText(), 'a‹U+202E›b‹U+2066›c‹U+200B›d');
	await opened.close();
});

test('amounts of money stay text, and formulas of every kind are found', { skip }, async () => {
	const opened = await open<unknown, unknown>('diagnosis');
	const { page } = opened;
	const drawn = async (text: string): Promise<number> => {
		await opened.send({
			type: 'state',
			state: questionState({ question: { ...questionState().question, text, gold: null, solution: null } }),
		});
		await page.waitForTimeout(80);
		return page.locator('.question > .text .katex').count();
	};
	assert.equal(await drawn('It costs $5 and then $10 more.'), 0);
	assert.equal(await drawn('A ticket costs $5, and $x$ tickets cost $5x$ dollars.'), 2);
	assert.equal(await drawn('\\(a\\) \\[b\\] $c$ $$d$$ $ e^2 $'), 5);
	assert.equal(await drawn('\\begin{align*}\n x &= 1 \\\\\n\n- y &= 2\n\\end{align*}'), 1);
	assert.equal(await drawn('$\\text{cost: } \\$5$ and \\$5'), 1);
	assert.equal(await drawn('[asy]\ndraw((0,0)--(1,1)); // $x$\n[/asy]'), 0);
	assert.equal(await page.locator('.question details.figure').count(), 1);
	await opened.close();
});

test('the profile panel shows hostile skill and subject names as text', { skip }, async () => {
	const opened = await open<unknown, { type: string; text?: string }>('profile');
	const { page } = opened;
	const rows = short.map((text, index) => [`${text}!`, text, 40 - index, index + 1, 50] as const);
	await opened.send({
		type: 'state',
		state: profileState({ profile: { ...profileOf(2, 100, rows), student: short[0] ?? '' } }),
	});
	await page.keyboard.press('a');
	assert.equal(await page.locator('.bars .row').count(), short.length);
	assert.deepEqual(await page.evaluate(probe), harmless);
	await page.getByRole('button', { name: 'Copy as CSV', exact: true }).click();
	const [copied] = await opened.waitFor('copy');
	assert.ok(copied?.text && !/(^|[,\n"])[=@]/.test(copied.text));
	await opened.close();
});
