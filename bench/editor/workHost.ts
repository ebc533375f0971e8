// Runs inside an extension host for bench/editor.ts. Measures trees and the diagnosis panel with 100,000 questions, and
// how long a diagnosis run blocks the host's event loop. The folder already contains the project; nothing is open yet.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { Studio } from '../../src/ui/session/studio.ts';
import { commandIds, viewIds } from '../../src/ui/ids.ts';
import { groupings } from '../../src/ui/views/questionView.ts';
import type { GroupNode } from '../../src/ui/views/questionsTree.ts';
import type { ChunkNode, QuestionNode } from '../../src/ui/views/rows.ts';
import { chunkSize } from '../../src/ui/views/rows.ts';
import { diagnose } from '../../src/workflow/diagnosis/diagnose.ts';
import { largeScope } from '../../test/fixtures/largeProject.ts';

/** All times are in ms. Lag is the delay of the event loop beyond the 5 ms of the timer itself. */
export interface Row {
	readonly what: string;
	readonly ms: number;
	readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
	readonly note: string;
}

const timer = 5;
const rows: Row[] = [];

async function timed<T>(what: string, work: () => Promise<T>, note: (result: T) => string = () => ''): Promise<T> {
	const delay = monitorEventLoopDelay({ resolution: timer });
	delay.enable();
	const began = performance.now();
	const result = await work();
	const ms = performance.now() - began;
	delay.disable();
	const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - timer);
	rows.push({
		what,
		ms,
		lag: { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) },
		note: note(result),
	});
	return result;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(what: string, holds: () => boolean): Promise<void> {
	for (const end = Date.now() + 60_000; !holds(); await pause(5)) {
		assert.ok(Date.now() < end, what);
	}
}

const tabSays = (pattern: RegExp) =>
	vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => pattern.test(label)));

export async function run(): Promise<void> {
	const extension = vscode.extensions.getExtension<{ studio(): Promise<Studio> } | undefined>(
		'stat-studio.stat-studio',
	);
	const studio = await (await extension?.activate())?.studio();
	assert.ok(studio && (await studio.project.look()), 'no project');
	await trees(studio);
	await panel(studio);
	await runOfCalls(studio);
	writeFileSync(process.env['STAT_TEST_RESULT'] ?? '', JSON.stringify(rows));
}

async function trees(studio: Studio): Promise<void> {
	const subjects = await timed('Skills: the first look, which opens the store', () => studio.skills.getChildren());
	assert.equal(subjects.length, 4);
	await timed('Skills again', () => studio.skills.getChildren());
	await timed('totals, badge and welcome views', () => studio.facts.read());
	for (const group of groupings) {
		await studio.questions.setView({ show: 'difficult', group, narrow: {} });
		const groups = await timed(
			`Questions ${group === 'none' ? 'in one list' : `by ${group}`}`,
			() => studio.questions.getChildren(),
			(all) => `${all.length} rows`,
		);
		assert.ok(groups.length > 0 && groups.length <= 201, `${groups.length} rows`);
		let largest = groups
			.filter((node): node is GroupNode => node.kind === 'group')
			.sort((a, b) => b.count - a.count)[0] as GroupNode | ChunkNode | undefined;
		largest ??= groups[groups.length - 1] as ChunkNode;
		if (largest.kind === 'group') {
			const pages = await timed(
				'… its largest group, in pages',
				() => studio.questions.getChildren(largest),
				(all) => `${all.length} pages`,
			);
			assert.ok(pages.length <= chunkSize);
			largest = pages[pages.length - 1] as ChunkNode;
		}
		const last = await timed(
			'… the last page of that',
			() => studio.questions.getChildren(largest),
			(all) => `${all.length} questions`,
		);
		assert.ok(last.length > 0 && last.length <= chunkSize && last.every(({ kind }) => kind === 'question'));
	}
	await studio.questions.setView({ show: 'difficult', group: 'none', narrow: { text: '= 42$' } });
	assert.ok((await timed('Questions: text search', () => studio.questions.getChildren())).length > 0);
	await studio.questions.setView({ show: 'wrong', group: 'none', narrow: {} });
	assert.ok((await timed('Questions: first answer wrong', () => studio.questions.getChildren())).length > 0);
	await studio.questions.setView({ show: 'difficult', group: 'missingSkill', narrow: {} });
}

async function panel(studio: Studio): Promise<void> {
	const list = (await studio.questions.getChildren()).filter((node): node is GroupNode => node.kind === 'group');
	const [page] = await studio.questions.getChildren(list[1]);
	const [first, second] = (
		page?.kind === 'chunk' ? await studio.questions.getChildren(page) : [page]
	) as QuestionNode[];
	const open = (node: QuestionNode | undefined) => async () => {
		assert.equal(await vscode.commands.executeCommand(commandIds.openDiagnosis, node), undefined);
		await until('the diagnosis panel has its question', () => tabSays(/ of [\d,]+/));
	};
	await timed('diagnosis panel, the first: from the click to its page having the question', open(first));
	await vscode.commands.executeCommand('workbench.action.closeAllEditors');
	await until('the panel is closed', () => !tabSays(/ of [\d,]+/));
	await timed('… the second', open(second));
}

/**
 * Starts the same run as “Diagnose Difficult Questions…” does after the cost is confirmed, with the views open and
 * updating.
 */
async function runOfCalls(studio: Studio): Promise<void> {
	const calls = Number(process.env['STAT_BENCH_CALLS']);
	if (calls === 0) {
		return;
	}
	const settings = vscode.workspace.getConfiguration();
	await settings.update('stat.teacher.baseUrl', process.env['STAT_BENCH_TEACHER'], vscode.ConfigurationTarget.Global);
	await settings.update('stat.teacher.model', 'stand-in', vscode.ConfigurationTarget.Global);
	for (const id of [viewIds.questions, viewIds.skills]) {
		await vscode.commands.executeCommand(`${id}.focus`);
	}
	await pause(2000);
	await timed('nothing going on, for 5 s', () => pause(5000));
	const session = studio.project.session;
	assert.ok(session);
	const teacher = await studio.teachers.make(session);
	const parts = { ...(await session.parts()), teacher };
	const result = await timed(
		`${calls} teacher calls, 32 in flight`,
		() =>
			studio.runs.start('diagnose', 'Diagnose', viewIds.questions, (job) =>
				diagnose(parts, { ...largeScope, limit: calls }, job),
			),
		({ diagnosed }) => `${diagnosed} diagnosed`,
	);
	await teacher.dispose();
	assert.equal(result.diagnosed + result.failed, calls);
}
