// The Workspace Trust feature is enabled and this folder is not trusted: the folder's content is shown, nothing is
// written, and no teacher is called.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { StandInTeacher } from '../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../fixtures/standInTeacher.ts';
import { Workbench } from './workbench.ts';

let bench: Workbench;
let teacher: StandInTeacher;
before(async () => {
	teacher = await startStandInTeacher();
	bench = await Workbench.open({
		folderFrom: 'examples/sample',
		trust: true,
		prepare: (folder) => prepare(folder, teacher),
	});
});
after(async () => {
	await bench?.close();
	await teacher?.close();
});

/** Prepares a stranger's project: loaded and classified, with settings that name a teacher the stranger chose. */
export function prepare(folder: string, { url }: StandInTeacher): void {
	const cli = (...args: readonly string[]) =>
		execFileSync(process.execPath, [path.resolve('dist/cli.js'), ...args, '--project', folder], {
			cwd: folder,
			stdio: 'pipe',
		});
	const banks = (split: string) =>
		readdirSync(path.join(folder, 'skills')).map((subject) =>
			path.join(folder, 'skills', subject, split, `${split}_post_cluster.json`),
		);
	cli('init');
	cli('import', 'skills', ...banks('train'), '--split', 'train');
	cli('import', 'skills', ...banks('validation'), '--split', 'validation');
	cli('import', 'answers', path.join(folder, 'answers', 'tiny-student.jsonl'), '--student', 'tiny-student');
	cli('classify');
	mkdirSync(path.join(folder, '.vscode'), { recursive: true });
	writeFileSync(
		path.join(folder, '.vscode', 'settings.json'),
		JSON.stringify({
			'stat.teacher.kind': 'endpoint',
			'stat.teacher.baseUrl': url,
			'stat.teacher.model': 'stand-in',
			'stat.teacher.scripted': '',
		}),
	);
	writeFileSync(path.join(folder, '.stat', 'teacher.json'), JSON.stringify({ baseUrl: url, model: 'stand-in' }));
	writeFileSync(
		path.join(folder, '.stat', 'settings.json'),
		JSON.stringify({ 'stat.teacher.baseUrl': url, 'stat.teacher.model': 'stand-in' }),
	);
}

test('an untrusted folder is shown but not changed', { timeout: 1_200_000 }, async () => {
	const { page } = bench;
	await bench.palette('View: Show STAT Studio');
	await bench.until(
		'the skills are shown',
		() => bench.rows('Skills'),
		(rows) => rows.length === 4,
	);
	const before = contents(path.join(bench.folder, '.stat'));
	// The command is not offered here; test/integration/untrusted.test.ts tests that each command also refuses to run.
	assert.equal(await bench.offers('STAT: Open Next Failed Question'), true);
	for (const command of [
		'STAT: Diagnose Difficult Questions',
		'STAT: Classify Questions',
		'STAT: Build Training Set',
		'STAT: Choose Teacher',
	]) {
		assert.equal(await bench.offers(command), false, command);
	}
	await bench.palette('STAT: Open Next Failed Question');
	const panel = await bench.panel('Diagnosis', '.banner');
	assert.match(await panel.locator('.banner').innerText(), /Restricted mode/);
	for (const key of ['y', 'd', 'g']) {
		await page.keyboard.press(key);
	}
	await page.keyboard.press('j');
	await panel.locator('h1', { hasText: '2 of ' }).waitFor();
	await bench.screenshot('untrusted');
	assert.deepEqual(contents(path.join(bench.folder, '.stat')), before);
	assert.equal(teacher.stats().received, 0);
	assert.deepEqual(bench.strayRequests, []);
});

/** Returns the names and bytes of the files that matter: the journal and snapshot, datasets, texts. */
function contents(folder: string): Record<string, string> {
	const files = readdirSync(folder, { recursive: true })
		.map(String)
		.filter((name) => !/lock/.test(name) && statSync(path.join(folder, name)).isFile())
		.sort();
	return Object.fromEntries(
		files.map((name) => [name, readFileSync(path.join(folder, name)).toString('base64').slice(-400)]),
	);
}
