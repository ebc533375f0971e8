import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../src/store/openStore.ts';
import { fillLargeProject } from '../fixtures/largeProject.ts';

// Projects for screenshots, created by the built command line. The functions are for WorkbenchOptions.prepare.

const dist = path.resolve('dist');

/** Runs `stat-studio …` in a folder. */
export function cli(folder: string, ...args: readonly string[]): void {
	execFileSync(process.execPath, [path.join(dist, 'cli.js'), ...args, '--project', folder], {
		cwd: folder,
		stdio: 'pipe',
	});
}

/** The sample (copied there by `folderFrom: 'examples/sample'`), imported, with its scripted teacher set. */
export function loadedSample(folder: string): void {
	const banks = (split: string) =>
		readdirSync(path.join(folder, 'skills')).map((subject) =>
			path.join(folder, 'skills', subject, split, `${split}_post_cluster.json`),
		);
	cli(folder, 'init');
	cli(folder, 'import', 'skills', ...banks('train'), '--split', 'train');
	cli(folder, 'import', 'skills', ...banks('validation'), '--split', 'validation');
	cli(folder, 'import', 'questions', path.join(folder, 'questions', 'train.jsonl'), '--split', 'train');
	cli(folder, 'import', 'answers', path.join(folder, 'answers', 'tiny-student.jsonl'), '--student', 'tiny-student');
	mkdirSync(path.join(folder, '.vscode'), { recursive: true });
	writeFileSync(
		path.join(folder, '.vscode', 'settings.json'),
		JSON.stringify({ 'stat.teacher.scripted': 'teacher.jsonl' }),
	);
}

const scripted = (folder: string) => ['--teacher', `scripted:${path.join(folder, 'teacher.jsonl')}`];

/** Like {@link loadedSample}, but classified, with `limit` of its difficult questions diagnosed (default: all). */
export function diagnosedSample(folder: string, limit?: number): void {
	loadedSample(folder);
	cli(folder, 'classify', '--method', 'answer');
	cli(folder, 'diagnose', ...scripted(folder), ...(limit === undefined ? [] : ['--limit', String(limit)]));
}

/** Like {@link diagnosedSample}, with two datasets built. */
export function builtSample(folder: string): void {
	diagnosedSample(folder);
	cli(folder, 'build', 'sel', '--name', 'sel-r1', ...scripted(folder));
	cli(folder, 'build', 'train', '--name', 'baseline');
}

/** 100,000 questions, nine in ten of them diagnosed. */
export async function largeProject(folder: string): Promise<void> {
	const store = await openStore({ projectFolder: folder, dist, create: true });
	await fillLargeProject(store, 100_000);
	await store.close();
}
