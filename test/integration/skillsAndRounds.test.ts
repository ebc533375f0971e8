import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { copySample } from '../../src/ui/commands/openSample.ts';
import { commandIds } from '../../src/ui/ids.ts';
import { showFlip } from '../../src/ui/panels/rounds/roundsPanel.ts';
import { readRoundsState } from '../../src/ui/panels/rounds/roundsState.ts';
import { noChoice } from '../../src/ui/panels/rounds/roundsMessages.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import { eventually, extensionId, failing, root, run, sample } from './studio.ts';

const scope = { student: 'tiny-student', round: 1 };

/** Presses Enter at every prompt of a command until it is done, accepting what is preselected and filled in. */
async function runByEnter(id: string, ...args: unknown[]): Promise<void> {
	let over = false;
	const running = run(id, ...args).finally(() => (over = true));
	await Promise.all([
		running,
		eventually(
			`${id} takes what it offers`,
			async () =>
				over || (await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'), false),
			40_000,
		),
	]);
}

describe('editing the skill list', () => {
	let studio: Studio;
	before(async () => {
		studio = await sample();
	});

	it('merges, renames, describes and retires skills, and undoes each', async () => {
		const { store } = await studio.project.session!.parts();
		const skills = async () => store.read('skills', { scope });
		const counted = async () =>
			JSON.stringify(
				(await skills()).map(({ subject, name, train, missed, description }) => [
					subject,
					name,
					train,
					missed,
					description,
				]),
			);
		const start = await counted();
		const algebra = (await skills()).filter(({ subject }) => subject === 'algebra');
		const [first, second, third] = algebra;
		assert.ok(first && second && third);
		await run(commandIds.mergeSkills, {
			subject: 'algebra',
			name: first.name,
			with: [second.name],
			into: 'merged_of_two',
		});
		const merged = (await skills()).find(({ name }) => name === 'merged_of_two');
		assert.ok(merged, 'no merged skill');
		assert.ok(merged.train >= Math.max(first.train, second.train) && merged.train <= first.train + second.train);
		assert.ok(
			!(await skills()).some(
				({ subject, name }) => subject === 'algebra' && (name === first.name || name === second.name),
			),
		);
		await run(commandIds.renameSkill, { subject: 'algebra', name: third.name, to: 'Another Name' });
		const renamed = (await skills()).find(({ name }) => name === 'another_name');
		assert.deepEqual([renamed?.train, renamed?.missed], [third.train, third.missed]);
		await run(commandIds.describeSkill, { subject: 'algebra', name: 'another_name', text: 'What it is' });
		assert.equal((await skills()).find(({ name }) => name === 'another_name')?.description, 'What it is');
		await run(commandIds.retireSkill, { subject: 'algebra', name: 'merged_of_two' });
		const offered = async () => (await store.read('skillList', { subject: 'algebra' })).map(({ name }) => name);
		assert.ok(!(await offered()).includes('merged_of_two'), 'a retired skill is offered');
		await run(commandIds.openSkillHistory);
		const text = vscode.window.activeTextEditor?.document.getText() ?? '';
		assert.match(text, /merged[ _]of[ _]two/);
		const standing = (await store.read('skillEdits', {})).filter(({ undone }) => !undone);
		assert.equal(standing.length, 4);
		for (const { id } of [...standing].reverse()) {
			await run(commandIds.undoSkillEdit, { id });
		}
		assert.equal(await counted(), start);
		assert.match(await failing(commandIds.undoSkillEdit), /no edit of the skill list to undo/);
	});

	it('merges and retires the selected skills together with their ticks, and undoes both', async () => {
		const session = studio.project.session!;
		const { store } = await session.parts();
		const skills = async () => store.read('skills', { scope });
		const start = JSON.stringify(await skills());
		const [first, second, third] = (await skills()).filter(({ subject }) => subject === 'algebra');
		const other = (await skills()).find(({ subject }) => subject !== 'algebra');
		assert.ok(first && second && third && other);
		const node = (row: typeof first) => ({ kind: 'skill', row });
		const undoLatest = async () =>
			run(commandIds.undoSkillEdit, {
				id: (await store.read('skillEdits', {})).filter(({ undone }) => !undone).at(-1)?.id,
			});
		assert.match(
			await failing(commandIds.mergeSkills, node(first), [node(first), node(other)]),
			/several subjects/,
		);
		await session.setChosen([
			[first, false],
			[second, false],
		]);
		await run(commandIds.mergeSkills, { ...node(first), into: 'both_of_them' }, [node(first), node(second)]);
		const merged = { subject: 'algebra', name: 'both_of_them' };
		assert.deepEqual([session.isChosen(merged), session.isChosen(third)], [false, true]);
		await session.setChosen([[merged, true]]);
		await undoLatest();
		assert.deepEqual(
			[first, second].map((skill) => session.isChosen(skill)),
			[true, true],
			'what was ticked since counts',
		);
		await run(commandIds.retireSkill, node(second), [node(first), node(second), node(third)]);
		assert.ok(
			!(await store.read('skillList', { subject: 'algebra' })).some(({ name }) =>
				[first, second, third].some((skill) => skill.name === name),
			),
		);
		await undoLatest();
		assert.equal(JSON.stringify(await skills()), start);
	});
});

describe('rounds', () => {
	let studio: Studio;
	before(async () => {
		studio = await sample();
	});

	it('does not start a round from a job that does not exist', async () => {
		assert.match(await failing(commandIds.nextRound, { id: 'ffffffffffff', sample: 'none' }), /ffffffffffff/);
	});

	it('compares two rounds and shows the answers to a question with a flipped verdict side by side', async () => {
		// A student that has learnt: for every other question, the answers are replaced by the reference solution in
		// the file.
		const lines = readFileSync(path.join(root().fsPath, 'answers', 'tiny-student.jsonl'), 'utf8')
			.trim()
			.split('\n');
		const better = lines
			.map((line) => JSON.parse(line) as { code: string[]; gt_cot: string })
			.map((row, at) => JSON.stringify(at % 2 === 0 ? { ...row, code: row.code.map(() => row.gt_cot) } : row));
		const file = path.join(root().fsPath, 'round2.jsonl');
		writeFileSync(file, `${better.join('\n')}\n`);
		await run(commandIds.importAnswers, { files: [file], student: scope.student, round: 2 });
		const session = studio.project.session!;
		const after = { ...scope, round: 2 };
		const state = await readRoundsState(
			await session.parts(),
			{ scope: after, choice: { ...noChoice, before: scope, after }, trusted: true },
			{ signal: new AbortController().signal },
		);
		assert.equal(state.kind, 'rounds');
		const { store } = await session.parts();
		const wrong = (await store.read('questions', { scope, filter: { verdict: false }, offset: 0, limit: 1000 }))
			.rows;
		const right = new Set(
			(
				await store.read('questions', { scope: after, filter: { verdict: true }, offset: 0, limit: 1000 })
			).rows.map(({ id }) => id),
		);
		const flipped = wrong.find(({ id }) => right.has(id));
		assert.ok(flipped, 'nothing flipped');
		await run(commandIds.showRounds);
		await eventually('the rounds panel', () =>
			vscode.window.tabGroups.all.some(({ tabs }) =>
				tabs.some(
					({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('stat.rounds'),
				),
			),
		);
		await showFlip(session, flipped.id, scope, after);
		const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
		assert.ok(tab?.input instanceof vscode.TabInputTextDiff, 'no diff');
		assert.equal(tab.label, 'Round 1 ↔ round 2');
		const [left, now] = await Promise.all(
			[tab.input.original, tab.input.modified].map(async (uri) =>
				(await vscode.workspace.openTextDocument(uri)).getText(),
			),
		);
		assert.match(left ?? '', /round 1[^]*wrong/i);
		assert.match(now ?? '', /round 2[^]*right/i);
	});

	it('writes a report on a round as an unsaved document', async () => {
		const { store } = await studio.project.session!.parts();
		const round = {
			student: scope.student,
			round: 2,
			parent: scope,
			job: null,
			dataset: null,
			recipe: null,
			model: null,
			benchmark: null,
			control: false,
			note: null,
			at: new Date(0).toISOString(),
		};
		assert.match(await failing(commandIds.report, scope), /round/);
		await store.write('setRound', { round, replace: true });
		await run(commandIds.report, { student: scope.student, round: 2 });
		const document = vscode.window.activeTextEditor?.document;
		assert.equal(document?.languageId, 'markdown');
		assert.ok(document.isUntitled);
		assert.match(document.getText(), /^# tiny-student[^\n]* against tiny-student/);
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
	});

	it('corrects the named fields of a round and leaves the others unchanged', async () => {
		const { store } = await studio.project.session!.parts();
		await run(commandIds.correctRound, { student: scope.student, round: 2, control: true });
		const [entry] = (await store.read('rounds', {})).filter(({ round }) => round === 2);
		assert.deepEqual([entry?.control, entry?.parent, entry?.benchmark], [true, scope, null]);
		assert.match(
			await failing(commandIds.correctRound, {
				student: scope.student,
				round: 2,
				parent: { student: 'nobody', round: 9 },
			}),
			/no round nobody:9/,
		);
		await run(commandIds.correctRound, { student: scope.student, round: 2, control: false });
	});
});

describe('a jury', () => {
	it('diagnoses a sample of answers again with another file of replies and shows the agreement', async () => {
		const studio = await sample();
		writeFileSync(
			path.join(root().fsPath, 'jury.jsonl'),
			readFileSync(path.join(root().fsPath, 'teacher.jsonl'), 'utf8').replace('sample-teacher', 'another-reader'),
		);
		const session = studio.project.session!;
		await session.setScope(scope);
		await run(commandIds.askJury, { model: 'jury.jsonl', questions: 5 });
		const { store } = await session.parts();
		const read = (await store.read('opinions', scope)).filter(({ verdicts }) => verdicts.length > 0);
		assert.ok(read.length > 0 && read.length <= 5, `${read.length} answers were read`);
		await run(commandIds.openQuality);
		assert.match(
			vscode.window.activeTextEditor?.document.getText() ?? '',
			/^# Teacher quality[^]*Compared with the jury another-reader/,
		);
		assert.match(await failing(commandIds.settleDisagreements), /Nothing to settle/);
	});
});

describe('commands with arguments', () => {
	it("builds a dataset with the settings of the profile's dials under the suggested name", async () => {
		const studio = await sample();
		const { datasets } = await studio.project.session!.parts();
		const taken = new Set((await datasets.list()).map(({ name }) => name));
		await runByEnter(commandIds.buildWith, {
			rule: null,
			skills: null,
			seed: 3,
			difficult: 20,
			perSkill: 3,
			answers: 1,
			repeats: 'keep',
			pairs: 15,
			mix: 0,
			rank: 'share',
			answersFrom: 'original',
			budget: null,
		});
		const made = (await datasets.list()).filter(({ name }) => !taken.has(name));
		assert.equal(made.length, 1);
		assert.match(made[0]?.name ?? '', /^sel-r\d+$/);
		assert.equal(made[0]?.seed, 3);
		assert.ok((made[0]?.pairs ?? 0) > 0 && (made[0]?.pairs ?? 0) <= 15);
		assert.match(await failing(commandIds.buildWith, { pairs: 1 }), /What if…/);
	});
});

describe('the copy of the sample', () => {
	const folder = mkdtempSync(path.join(os.tmpdir(), 'stat-copy-'));
	after(() => rmSync(folder, { recursive: true, force: true }));

	it("is complete in a new folder, keeps the user's changes and does not touch other folders", async () => {
		const extension = vscode.extensions.getExtension(extensionId)!.extensionUri;
		const target = vscode.Uri.file(path.join(folder, 'new', 'stat-studio-sample'));
		await copySample(extension, target);
		const names = async (at: vscode.Uri) =>
			(await vscode.workspace.fs.readDirectory(at)).map(([name]) => name).sort();
		assert.deepEqual(await names(target), await names(vscode.Uri.joinPath(extension, 'examples', 'sample')));
		const mine = path.join(target.fsPath, 'sample.json');
		writeFileSync(mine, '{"mine": true}');
		await copySample(extension, target);
		assert.equal(readFileSync(mine, 'utf8'), '{"mine": true}');
		const other = path.join(folder, 'other');
		await vscode.workspace.fs.createDirectory(vscode.Uri.file(other));
		writeFileSync(path.join(other, 'README.md'), 'Another project');
		await assert.rejects(
			copySample(extension, vscode.Uri.file(other)),
			/is not empty and does not contain the sample/,
		);
		assert.deepEqual(await names(vscode.Uri.file(other)), ['README.md']);
	});
});
