import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { statUri } from '../../src/ui/documents/statUri.ts';
import { commandIds } from '../../src/ui/ids.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import { eventually, run, sample } from './studio.ts';

async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
	const document = await vscode.workspace.openTextDocument(uri);
	await vscode.window.showTextDocument(document);
	return document;
}

describe('stat: documents', () => {
	let studio: Studio;
	let id = '';
	const scope = { student: 'tiny-student', round: 1 };
	before(async () => {
		studio = await sample();
		const { store } = await studio.project.session!.parts();
		id =
			(
				await store.read('questions', {
					scope,
					filter: { difficult: true, diagnosed: true },
					offset: 0,
					limit: 1,
				})
			).rows[0]?.id ?? '';
	});

	it('show all answers step by step, with an outline and folding', async () => {
		await run(commandIds.openAnswers, id);
		const editor = vscode.window.activeTextEditor;
		assert.ok(editor);
		const { document } = editor;
		assert.equal(document.languageId, 'stat-document');
		const text = document.getText();
		for (let sample = 1; sample <= 5; sample++) {
			assert.match(text, new RegExp(`^## Sample ${sample} of 5 · [✓✗?]`, 'm'));
		}
		assert.match(text, /^### Step 1 · reward \d\.\d\d/m);
		assert.match(text, /^ {2}Missing skills: /m);
		const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
			'vscode.executeDocumentSymbolProvider',
			document.uri,
		);
		assert.equal(symbols.length, 1);
		assert.ok((symbols[0]?.children ?? []).some(({ name }) => name.startsWith('Sample 5')));
		const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
			'vscode.executeFoldingRangeProvider',
			document.uri,
		);
		assert.ok(folds.length >= 6);
		await vscode.commands.executeCommand('type', { text: 'x' });
		assert.equal(document.isDirty, false, 'the document can be edited');
		assert.equal(document.getText(), text);
	});

	it('are updated by a correction', async () => {
		const document = await open(statUri({ kind: 'answers', id, ...scope }, 'a question'));
		await run(commandIds.dispute, id);
		await eventually('the document names the dispute', () => /disputes it/.test(document.getText()));
		await run(commandIds.withdraw, id);
	});

	it('explain a dataset row from its line in the dataset file', async () => {
		await run(commandIds.build, { method: 'sel', answersFrom: 'original', pairs: 30, name: 'for-why' });
		await run(commandIds.openData, { name: 'for-why' });
		const editor = vscode.window.activeTextEditor;
		assert.ok(editor);
		assert.ok(editor.document.uri.path.endsWith('/.stat/datasets/for-why/data.jsonl'));
		editor.selection = new vscode.Selection(7, 0, 7, 0);
		await run(commandIds.why, editor.document.uri);
		const text = vscode.window.activeTextEditor?.document.getText() ?? '';
		assert.match(text, /^# Why row 7 of for-why\n/);
		for (const part of [
			'The row: question',
			'The skill it is for',
			'which this difficult question needs',
			'and which the answer of tiny-student fails to use',
			'according to the teacher',
		]) {
			assert.ok(text.includes(`## ${part}`), `no part “${part}”`);
		}
	});

	it('state inside the document why something cannot be shown', async () => {
		for (const uri of [
			statUri({ kind: 'question', id: 'nope' }, 'gone'),
			statUri({ kind: 'card', name: 'nope' }, 'gone'),
			statUri({ kind: 'card', name: '../../etc/passwd' }, 'gone'),
			statUri({ kind: 'why', name: 'for-why', row: 10 ** 9 }, 'gone'),
			vscode.Uri.parse('stat:/STAT%20Studio/x/y?notjson'),
		]) {
			assert.match((await open(uri)).getText(), /^# This document cannot be shown\n {4}\S/);
		}
	});
});
