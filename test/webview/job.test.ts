import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobPanelState, Point, ToHost, ToPage } from '../../webview/job/protocol.ts';
import type { PageOptions } from './browserPage.ts';
import { skip, useBrowser } from './browserPage.ts';

const open = useBrowser();

const points = (count: number, more: Partial<Point> = {}): Point[] =>
	Array.from({ length: count }, (_, at) => ({
		step: at + 1,
		loss: 2 * Math.exp(-at / 40) + 0.4,
		lr: 2e-4 * (1 - at / count),
		reward: null,
		tokensPerSecond: 1000 + at,
		gpuMemory: null,
		...more,
	}));
const job = (more: Partial<JobPanelState> = {}): JobPanelState => ({
	kind: 'job',
	id: '0123456789ab',
	state: 'running',
	fresh: true,
	detail: '',
	host: 'gpu1',
	recipe: 'sft',
	dataset: 'sel-r1',
	model: 'tiny',
	createdAt: '2026-01-01T00:00:00Z',
	step: 120,
	steps: 400,
	eta: 300,
	fetched: false,
	sweep: null,
	recipeInForce: [],
	points: points(120),
	trusted: true,
	...more,
});

async function panel(state: JobPanelState, options: PageOptions = {}) {
	const opened = await open<ToPage, ToHost>('job', options);
	await opened.send({ type: 'state', state });
	return opened;
}

/** Returns the number of pixels of a canvas that are not transparent. */
const drawn = (page: Awaited<ReturnType<typeof panel>>['page']) =>
	page
		.locator('.figure canvas')
		.first()
		.evaluate(
			(canvas: HTMLCanvasElement) =>
				canvas
					.getContext('2d')
					?.getImageData(0, 0, canvas.width, canvas.height)
					.data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0 ? 1 : 0), 0) ?? 0,
		);

test('under the page’s CSP, each reported quantity has a chart with a text equivalent', { skip }, async () => {
	const opened = await panel(job());
	const { page } = opened;
	assert.deepEqual(await page.locator('.curve h2').allInnerTexts(), [
		'Loss 0.5021',
		'Learning rate 1.67e-6',
		'Tokens per second 1119',
	]);
	assert.ok((await drawn(page)) > 500);
	assert.equal(
		await page.locator('.figure').first().getAttribute('aria-label'),
		'Loss: 2.400 at the first of 120 steps shown, 0.5021 at the last',
	);
	assert.match(
		await page.locator('.lead').innerText(),
		/^Running on gpu1 since .*, step 120 of 400, 5 min left\. This window may be closed\.$/,
	);
	const canvas = await page.locator('.figure canvas').first().elementHandle();
	await opened.send({ type: 'state', state: job({ points: points(200), step: 200 }) });
	assert.ok(await canvas?.evaluate((element) => element.isConnected), 'a new step redraws in place');
	assert.match((await page.locator('.figure').first().getAttribute('aria-label')) ?? '', /200 steps/);
	assert.deepEqual(await opened.remembered(), { id: '0123456789ab' });
	await opened.close();
});

test('actions depend on state and trust, and a finished job offers to fetch its results', { skip }, async () => {
	const opened = await panel(job());
	const button = (name: string) => opened.page.getByRole('button', { name });
	await button('Cancel…').click();
	await opened.waitFor('cancel');
	await button('Show Log').click();
	await opened.waitFor('log');
	assert.equal(await button('Fetch Results').count(), 0);
	await opened.send({ type: 'state', state: job({ state: 'done', eta: null }) });
	await button('Fetch Results').click();
	await opened.waitFor('fetch');
	assert.equal(await button('Cancel…').count(), 0);
	await opened.send({ type: 'state', state: job({ fresh: false, trusted: false }) });
	assert.match(
		await opened.page.locator('.lead').innerText(),
		/^gpu1 does not answer; the last known state of the job is running/,
	);
	await opened.close();
});

test(
	'a job in a sweep shows its learning rate, its accuracy and the state of the sweep, and a failed one can be resumed',
	{ skip },
	async () => {
		const sweep = {
			lr: 2e-4,
			right: 120,
			questions: 200,
			winner: true,
			summary: 'ahead so far: learning rate 0.0002',
		};
		const opened = await panel(
			job({
				state: 'failed',
				detail: 'killed',
				sweep,
				recipeInForce: [['Batch', '8 (2 × 4 accumulation × 1 process)']],
			}),
		);
		assert.match(
			await opened.page.locator('.facts').innerText(),
			/0\.0002, one of a sweep; the most accurate so far[\s\S]*120 of 200 right \(60\.0 %\)[\s\S]*8 \(2 × 4 accumulation × 1 process\)/,
		);
		await opened.page.getByRole('button', { name: 'Resume' }).click();
		await opened.waitFor('resume');
		await opened.close();
	},
);

test('markup in a host’s text stays text', { skip }, async () => {
	const evil = '<img src=x onerror=alert(1)>$(trash)';
	const opened = await panel(
		job({ detail: evil, dataset: evil, host: evil, state: 'failed', points: [], step: null }),
	);
	assert.equal(await opened.page.locator('img').count(), 0);
	assert.ok((await opened.page.locator('h1').innerText()).includes(evil));
	assert.ok((await opened.page.locator('.lead').innerText()).includes(`It says: ${evil}`));
	assert.match(await opened.page.locator('.waiting').innerText(), /reported no steps/);
	await opened.close();
});

for (const theme of ['light', 'dark'] as const) {
	test(`curves use the colours of the ${theme} theme`, { skip }, async () => {
		const opened = await panel(job({ points: points(80, { reward: 0.5 }) }), { theme });
		assert.equal(await opened.page.locator('.figure').count(), 4);
		assert.ok((await drawn(opened.page)) > 500);
		if (process.env['STAT_SCREENSHOTS']) {
			await opened.page.screenshot({ path: `${process.env['STAT_SCREENSHOTS']}/job-${theme}.png` });
		}
		await opened.close();
	});
}
