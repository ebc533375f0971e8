// A hostile project has questions, answers, skills, reasons, notes and annotations that try to run as code, and
// settings that try to choose the teacher. None of it runs, nothing is fetched, and the user's own teacher stays
// selected.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { questionId } from '../../src/core/questions/question.ts';
import { openStore } from '../../src/store/openStore.ts';
import type { StandInTeacher } from '../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';
import type { Frame } from 'playwright-core';
import { Workbench } from './workbench.ts';

const nasty = [
	'<script>window.__hit=1</script>',
	'<img src="http://attacker.example/x.png" onerror="window.__hit=1">',
	'![p](http://attacker.example/p.png)',
	'[run](command:workbench.action.toggleSidebarVisibility)',
	'$\\href{http://attacker.example/h}{y}$',
	'<svg onload="window.__hit=1"><image href="http://attacker.example/i.svg"/></svg>',
	'<style>*{background:url(http://attacker.example/c)}</style>',
	'</code></pre>',
].join(' ');

let bench: Workbench;
let strangers: StandInTeacher;
before(async () => {
	strangers = await startStandInTeacher();
	bench = await Workbench.open({ prepare });
});
after(async () => {
	await bench?.close();
	await strangers?.close();
});

/**
 * Plants a skill's name, a teacher's reason and a user's note that an attacker put into `.stat/` through the store
 * itself, since no command would write them.
 */
async function plant(folder: string, question: string): Promise<void> {
	const store = await openStore({ projectFolder: folder, dist: path.resolve('dist') });
	const scope = { student: '<i>student</i>', round: 1 };
	const skill = { subject: '<b>subject</b>', name: nasty };
	const at = new Date(0).toISOString();
	await store.write('addSkills', { skills: [skill] });
	await store.write('addDiagnoses', {
		rows: [
			{
				...scope,
				questionId: questionId(question),
				sample: 0,
				judge: 'incorrect',
				reason: nasty,
				skills: [skill],
				offList: [nasty],
				firstWrongStep: 0,
				replyKey: 'none',
				model: nasty,
				promptVersion: nasty.slice(0, 100),
				at,
			},
		],
	});
	await store.write('addCorrection', {
		...scope,
		questionId: questionId(question),
		verdict: 'agreed',
		skills: null,
		note: nasty,
		author: nasty,
		at,
		original: null,
	});
	await store.write('annotate', {
		...scope,
		id: randomUUID(),
		questionId: questionId(question),
		sample: 0,
		start: 0,
		end: nasty.length,
		quote: nasty,
		skills: [skill],
		note: nasty,
		action: 'made',
		author: nasty,
		at,
	});
	await store.close();
}

async function prepare(folder: string): Promise<void> {
	const cli = (...args: readonly string[]) =>
		execFileSync(process.execPath, [path.resolve('dist/cli.js'), ...args, '--project', folder], {
			cwd: folder,
			stdio: 'pipe',
		});
	const file = (name: string, value: unknown) => {
		mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
		writeFileSync(path.join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
		return path.join(folder, name);
	};
	const question = `${nasty} What is $1 + 1$?`;
	cli('init');
	cli(
		'import',
		'questions',
		file(
			'questions.jsonl',
			`${JSON.stringify({ problem: question, answer: '2', solution: nasty, subject: '<b>subject</b>', benchmark: nasty.slice(0, 60) })}\n`,
		),
		'--split',
		'validation',
	);
	cli(
		'import',
		'answers',
		file(
			'answers.jsonl',
			`${JSON.stringify({ question, gt: '2', code: [`${nasty}\n\nSo the answer is \\boxed{3}.`], pred: ['3'] })}\n`,
		),
		'--student',
		'<i>student</i>',
	);
	cli('classify');
	await plant(folder, question);
	file('.vscode/settings.json', {
		'stat.teacher.kind': 'endpoint',
		'stat.teacher.baseUrl': strangers.url,
		'stat.teacher.model': 'stand-in',
		'stat.author': '<img src=x onerror=window.__hit=1>',
	});
	file('.stat/teacher.json', { baseUrl: strangers.url, model: 'stand-in' });
	file('.stat/settings.json', { 'stat.teacher.baseUrl': strangers.url, 'stat.teacher.model': 'stand-in' });
}

test('hostile text does not run, fetch anything or choose the teacher', { timeout: 1_200_000 }, async () => {
	const { page } = bench;
	await bench.palette('View: Show STAT Studio');
	const rows = await bench.until(
		'the question is listed',
		() => bench.rows('Questions'),
		(all) => all.length > 0,
	);
	assert.ok(
		rows.some((row) => row.includes('<script>')),
		rows.join('\n'),
	);
	const row = page.locator('.monaco-list-row', { hasText: '<script>' }).first();
	const tooltip = page.locator('.monaco-hover', { hasText: 'attacker.example' }).first();
	await bench.until(
		'the tooltip shows',
		async () => {
			// If the list is redrawn under a resting pointer, the pointer does not enter anything.
			await page.mouse.move(0, 0);
			await row.hover();
			return tooltip.waitFor({ timeout: 5_000 }).then(
				() => true,
				() => false,
			);
		},
		(shown) => shown,
	);
	assert.equal(
		await page
			.locator(
				'.monaco-hover img, .monaco-hover a[href*="attacker"], .monaco-hover a[data-href^="command:workbench"]',
			)
			.count(),
		0,
	);
	await page.keyboard.press('Escape');

	await bench.palette('STAT: Open Next Failed Question');
	let panel = await bench.panel('Diagnosis', '.question > h2');
	const text = await panel.locator('.question').innerText();
	assert.ok(text.includes('<script>window.__hit=1</script>'), text);
	const markup = (page: Frame) =>
		page.evaluate(
			() =>
				document.querySelectorAll(
					'#root :is(img, iframe, image, style, a[href], [onerror], [onload], [style*="attacker"])',
				).length,
		);
	assert.equal(await markup(panel), 0);
	// The teacher's reason, the missing skill and the earlier note are also plain text, here and in the history.
	const whole = await panel.locator('#root').innerText();
	assert.ok(whole.split('<script>window.__hit=1</script>').length > 4, whole);
	await bench.screenshot('hostile-panel');
	await bench.palette('STAT: Show Missing-Skill-Profile');
	const profile = await bench.panel('Missing Skills', 'table tbody tr');
	assert.ok((await profile.locator('#root').innerText()).includes('<script>window'));
	assert.equal(await markup(profile), 0);
	await bench.screenshot('hostile-profile');
	assert.equal(await page.locator('.pane-body .monaco-list-row :is(img, svg image)').count(), 0);
	await bench.palette('STAT: Open Next Failed Question');
	panel = await bench.panel('Diagnosis', '.question > h2');
	// It also cannot replace the user's own name, since the author is a machine setting.
	await page.keyboard.press('d');
	await panel.locator('.said.disputed strong').waitFor();
	assert.doesNotMatch(await panel.locator('.said strong').innerText(), /onerror/);
	await page.keyboard.press('n');
	await page.keyboard.type(nasty);
	await page.keyboard.press('Control+Enter');
	await panel.locator('.history').waitFor();
	await bench.screenshot('hostile');

	await bench.palette('STAT: Open Next Failed Question');
	await bench.palette('STAT: Open Question');
	await page.locator('.view-line', { hasText: 'attacker.example' }).first().waitFor();
	assert.equal(await page.locator('.view-line a[href^="command:"]').count(), 0);

	// The repository names an endpoint everywhere it can, but still no teacher is set.
	await bench.palette('STAT: Diagnose Difficult Questions');
	const notification = await bench.notification(/No teacher is set|No difficult question waits/);
	assert.match(await notification.innerText(), /No teacher is set/);
	assert.equal(strangers.stats().received, 0);

	for (const frame of page.frames()) {
		assert.equal(await frame.evaluate(() => '__hit' in window).catch(() => false), false, frame.url());
	}
	assert.equal(await page.locator('.part.sidebar').isVisible(), true);
	assert.deepEqual(bench.strayRequests, []);
	assert.deepEqual(bench.dialogs, []);
	assert.deepEqual(bench.violations, []);
});
