import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../src/ui/ids.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import type { DatasetNode } from '../../src/ui/views/datasetsTree.ts';
import type { QuestionNode } from '../../src/ui/views/rows.ts';
import type { SkillNode, SubjectNode } from '../../src/ui/views/skillsTree.ts';
import { eventually, extensionId, failing, root, run, sample } from './studio.ts';

describe('the complete workflow on the sample project', () => {
	let studio: Studio;
	before(async () => {
		studio = await sample();
	});

	it('stores the sample and shows its counts in the project facts', async () => {
		const state = await studio.facts.read();
		assert.equal(state.kind, 'open');
		if (state.kind === 'open') {
			assert.equal(state.facts.questions, 420);
			assert.equal(state.facts.answers, 600);
			assert.deepEqual(state.facts.scope, { student: 'tiny-student', round: 1 });
			assert.equal(state.facts.method, 'answer');
			assert.ok(state.facts.difficult >= 50, `${state.facts.difficult} difficult`);
			assert.ok(state.facts.waiting < state.facts.difficult, 'nothing was diagnosed');
		}
	});

	it('shows subjects, their skills, and under each skill the questions whose answers miss it', async () => {
		const subjects = (await studio.skills.getChildren()) as SubjectNode[];
		assert.deepEqual(
			subjects.map(({ kind, subject }) => `${kind} ${subject}`),
			['subject algebra', 'subject counting_and_probability', 'subject geometry', 'subject number_theory'],
		);
		const [algebra] = subjects;
		assert.ok(algebra);
		const skills = (await studio.skills.getChildren(algebra)) as SkillNode[];
		const missed = skills.find(({ row }) => row.missed > 0);
		assert.ok(missed, 'no skill is missed');
		const item = studio.skills.getTreeItem(missed);
		assert.match(String(item.description), new RegExp(`^${missed.row.missed} `));
		assert.equal(item.contextValue, 'skill;missed;');
		const questions = (await studio.skills.getChildren(missed)) as QuestionNode[];
		assert.equal(questions.length, missed.row.missed);
		assert.ok(questions.every(({ row }) => row.difficult === true && row.diagnosed));
		const tip = (await studio.skills.resolveTreeItem(item, missed)).tooltip;
		assert.ok(tip instanceof vscode.MarkdownString && tip.value.length > 20);
	});

	it('preserves the ids and order of rows when counts change', async () => {
		const ids = async () => {
			const subjects = (await studio.skills.getChildren()) as SubjectNode[];
			return Promise.all(
				subjects.map(async (subject) =>
					((await studio.skills.getChildren(subject)) as SkillNode[]).map(
						(node) => studio.skills.getTreeItem(node).id,
					),
				),
			);
		};
		const before = await ids();
		const { store } = await studio.project.session!.parts();
		const { rows } = await store.read('questions', {
			scope: { student: 'tiny-student', round: 1 },
			filter: { diagnosed: true },
			offset: 0,
			limit: 5,
		});
		for (const row of rows) {
			await run(commandIds.dispute, row.id);
		}
		assert.deepEqual(await ids(), before);
		for (const row of rows) {
			await run(commandIds.withdraw, row.id);
		}
	});

	it('groups questions and counts the questions that it shows', async () => {
		for (const group of ['missingSkill', 'subject', 'level', 'verdict'] as const) {
			await studio.questions.setView({ show: 'difficult', group, narrow: {} });
			const nodes = await studio.questions.getChildren();
			assert.ok(
				nodes.length > 0 && nodes.every(({ kind }) => kind === 'group'),
				`${group}: ${nodes.map(({ kind }) => kind).join()}`,
			);
			const ids = nodes.map((node) => studio.questions.getTreeItem(node).id);
			assert.equal(new Set(ids).size, ids.length, 'ids repeat');
			for (const node of nodes) {
				assert.ok(node.kind === 'group');
				assert.equal((await studio.questions.getChildren(node)).length, node.count, `${group} ${node.title}`);
			}
		}
	});

	it('filters by text and shows the active filter', async () => {
		await studio.questions.setView({ show: 'evaluation', group: 'none', narrow: {} });
		const all = (await studio.questions.getChildren()) as QuestionNode[];
		assert.equal(all.length, 120);
		await studio.questions.setView({ narrow: { text: 'theatre' } });
		const some = (await studio.questions.getChildren()) as QuestionNode[];
		assert.ok(some.length > 0 && some.length < all.length && some.every(({ row }) => /theatre/i.test(row.title)));
		assert.match(String(studio.questions.view.message), /theatre/);
		await run(commandIds.clearFilter);
		assert.equal((await studio.questions.getChildren()).length, 120);
		await studio.questions.setView({ show: 'difficult', group: 'missingSkill', narrow: {} });
	});

	it('stores disputes, agreements and withdrawals', async () => {
		const { store } = await studio.project.session!.parts();
		const scope = { student: 'tiny-student', round: 1 };
		const { rows } = await store.read('questions', {
			scope,
			filter: { diagnosed: true, difficult: true },
			offset: 0,
			limit: 1,
		});
		const id = rows[0]?.id ?? '';
		await run(commandIds.dispute, id);
		const disputed = await store.read('diagnosis', { ...scope, questionId: id });
		assert.equal(disputed.correction?.verdict, 'disputed');
		assert.ok(disputed.correction?.author, 'nobody is named');
		assert.equal(disputed.correction?.original?.questionId, id, 'the original is not kept');
		await studio.questions.setView({ show: 'difficult', group: 'none', narrow: { state: 'disputed' } });
		const shown = (await studio.questions.getChildren()) as QuestionNode[];
		assert.ok(shown.some(({ row }) => row.id === id));
		assert.match(String(studio.questions.getTreeItem(shown[0]!).contextValue), /^question;.*disputed;$/);
		await run(commandIds.agree, shown[0], shown);
		assert.equal((await store.read('diagnosis', { ...scope, questionId: id })).correction?.verdict, 'agreed');
		await run(commandIds.withdraw, id);
		assert.equal(
			(await store.read('questions', { scope, filter: { disputed: true }, offset: 0, limit: 1 })).rows.some(
				(row) => row.id === id,
			),
			false,
		);
		await studio.questions.setView({ show: 'difficult', group: 'missingSkill', narrow: {} });
	});

	it('builds STAT-Sel for the ticked skills only', async () => {
		const session = studio.project.session!;
		const subjects = (await studio.skills.getChildren()) as SubjectNode[];
		const others = subjects.filter(({ subject }) => subject !== 'algebra').flatMap(({ skills }) => skills);
		await session.setChosen(others.map((skill) => [skill, false] as const));
		await run(commandIds.build, { method: 'sel', answersFrom: 'teacher', pairs: 100, name: 'only-algebra' });
		await session.setChosen(others.map((skill) => [skill, true] as const));
		const { datasets } = await session.parts();
		const card = await datasets.card('only-algebra');
		assert.ok(card.pairs > 0 && card.pairs <= 100);
		assert.deepEqual([...new Set(card.skills.map(({ subject }) => subject))], ['algebra']);
		assert.match(card.teacher?.endpoint ?? '', /^scripted:/);
	});

	it('builds the same bytes again, and does not overwrite a dataset without consent', async () => {
		await run(commandIds.build, { method: 'sel', answersFrom: 'teacher', pairs: 200, name: 'targeted' });
		await run(commandIds.build, { method: 'sel', answersFrom: 'teacher', pairs: 200, name: 'again' });
		const { datasets } = await studio.project.session!.parts();
		assert.equal((await datasets.card('targeted')).sha256, (await datasets.card('again')).sha256);
		assert.match(
			await failing(commandIds.build, { method: 'sel', answersFrom: 'teacher', pairs: 200, name: 'targeted' }),
			/already/,
		);
	});

	it('shows datasets with their skills, and opens the card', async () => {
		const nodes = await studio.datasets.getChildren();
		const dataset = nodes.find(
			(node): node is DatasetNode => node.kind === 'dataset' && node.card.name === 'targeted',
		);
		assert.ok(dataset);
		assert.match(String(studio.datasets.getTreeItem(dataset).description), /pairs · STAT-Sel · .* questions/);
		const skills = await studio.datasets.getChildren(dataset);
		assert.equal(skills.length, dataset.card.skills.length);
		await run(commandIds.openCard, dataset);
		const editor = vscode.window.activeTextEditor;
		assert.equal(editor?.document.uri.scheme, 'stat');
		assert.match(
			editor?.document.getText() ?? '',
			/^# Dataset targeted\n[\s\S]*STAT-Sel[\s\S]*## Departures from the paper/,
		);
	});

	it('exports a dataset for a trainer', async () => {
		const out = path.join(root().fsPath, 'targeted.jsonl');
		await run(commandIds.export, { name: 'targeted', format: 'trl', out });
		const lines = fs.readFileSync(out, 'utf8').trim().split('\n');
		const { datasets } = await studio.project.session!.parts();
		assert.equal(lines.length, (await datasets.card('targeted')).pairs);
		assert.ok('prompt' in (JSON.parse(lines[0] ?? '{}') as object));
	});

	it('notices changes made by another process', async () => {
		let fired = 0;
		const subscription = studio.questions.onDidChangeTreeData(() => fired++);
		const file = path.join(root().fsPath, 'other.jsonl');
		fs.writeFileSync(file, '{"problem": "What is 1 + 1?", "answer": "2"}\n');
		const cli = path.join(vscode.extensions.getExtension(extensionId)?.extensionPath ?? '', 'dist', 'cli.js');
		execFileSync(
			process.execPath,
			[
				cli,
				'import',
				'questions',
				file,
				'--split',
				'validation',
				'--benchmark',
				'other',
				'--project',
				root().fsPath,
			],
			{ env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
		);
		await eventually('the tree refreshes', () => fired > 0);
		const { store } = await studio.project.session!.parts();
		assert.equal(
			(await store.read('questions', { scope: null, filter: { benchmark: 'other' }, offset: 0, limit: 1 })).total,
			1,
		);
		subscription.dispose();
	});

	it('imports a file with an invalid line, which is set aside', async () => {
		const file = path.join(root().fsPath, 'more.jsonl');
		fs.writeFileSync(
			file,
			[
				'{"problem": "What is 2 + 2?", "answer": "4"}',
				'{"problem": ',
				'{"problem": "What is 3 + 3?", "answer": "6"}',
				'',
			].join('\n'),
		);
		await run(commandIds.importQuestions, { files: [file], split: 'validation', benchmark: 'more' });
		const { store } = await studio.project.session!.parts();
		const { rows } = await store.read('questions', {
			scope: null,
			filter: { benchmark: 'more' },
			offset: 0,
			limit: 10,
		});
		assert.equal(rows.length, 2);
		const nodes = await studio.datasets.getChildren();
		const aside = nodes.find(({ kind }) => kind === 'setAside');
		assert.ok(aside, 'nothing was set aside');
		await run(commandIds.openSetAside, undefined);
		assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /more\.jsonl · line 2/);
	});

	it('shows the profile and the diagnosis panel', async () => {
		await run(commandIds.showProfile);
		await run(commandIds.nextFailed);
		await eventually('a diagnosis panel opens', () =>
			vscode.window.tabGroups.all.some(({ tabs }) =>
				tabs.some(
					({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('stat.diagnosis'),
				),
			),
		);
		await run(commandIds.nextFailed);
	});
});
