import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandIds } from '../../src/ui/ids.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import type { QuestionNode } from '../../src/ui/views/rows.ts';
import type { SubjectNode } from '../../src/ui/views/skillsTree.ts';
import { root, run, sample } from './studio.ts';

/**
 * Markup for every place that interprets markup: links that run commands, images, HTML, icons, fences, headings,
 * bidirectional marks.
 */
const hostile = [
	'[click](command:workbench.action.terminal.new) ![x](https://example.org/x.png) <img src=x onerror=alert(1)>',
	'$(trash) $(x)$ `code` ```',
	'```',
	'# Not a heading',
	'</code></pre><script>alert(1)</script>',
	'\u202egnp.exe \u2028 second \u2029 third',
].join('\n');

describe('untrusted text', () => {
	let studio: Studio;
	let node: QuestionNode;
	before(async () => {
		studio = await sample();
		const file = path.join(root().fsPath, 'hostile.jsonl');
		fs.writeFileSync(
			file,
			`${JSON.stringify({ problem: hostile, answer: '[a](command:x)', solution: hostile, subject: '**[s](command:x)**', benchmark: '$(flame)' })}\n`,
		);
		await run(commandIds.importQuestions, {
			files: [file],
			split: 'validation',
			benchmark: '$(flame)[b](command:x)',
		});
		await studio.questions.setView({ show: 'evaluation', group: 'none', narrow: { text: 'onerror' } });
		const [found] = (await studio.questions.getChildren()) as QuestionNode[];
		assert.equal(found?.kind, 'question');
		node = found;
	});
	after(() => studio.questions.setView({ show: 'difficult', group: 'missingSkill', narrow: {} }));

	it('appears in tooltips as plain text only', async () => {
		const { tooltip } = await studio.questions.resolveTreeItem(studio.questions.getTreeItem(node), node);
		assert.ok(tooltip instanceof vscode.MarkdownString);
		assert.equal(tooltip.isTrusted, false);
		assert.equal(tooltip.supportHtml, false);
		assert.notEqual(tooltip.supportThemeIcons, true);
		// There is no link or image outside code blocks: the fence of the code block is longer than any fence in the
		// text.
		const fence = /^(`{3,}|~{3,})/m.exec(tooltip.value)?.[1] ?? '';
		assert.ok(fence.length > 3, `the fence ${fence} can be closed by the text`);
		const outside = tooltip.value
			.split(fence)
			.filter((_, at) => at % 2 === 0)
			.join('');
		assert.doesNotMatch(outside, /(?<!\\)\[[^\]]*(?<!\\)\]\(/);
	});

	it('appears in labels without line breaks or bidirectional marks', () => {
		const label = String(studio.questions.getTreeItem(node).label);
		assert.doesNotMatch(label, /[\n\u2028\u2029\u202e]/);
	});

	it("cannot imitate a document's heading", async () => {
		await run(commandIds.openQuestion, node);
		const text = vscode.window.activeTextEditor?.document.getText() ?? '';
		assert.ok(text.includes('    # Not a heading'));
		assert.doesNotMatch(text, /^# Not a heading/m);
		const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
			'vscode.executeDocumentSymbolProvider',
			vscode.window.activeTextEditor!.document.uri,
		);
		assert.deepEqual(
			symbols.map(({ name }) => name),
			['Question'],
		);
		assert.equal(vscode.window.activeTextEditor?.document.languageId, 'stat-document');
	});

	it('creates no link in a document', async () => {
		const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
			'vscode.executeLinkProvider',
			vscode.window.activeTextEditor!.document.uri,
		);
		assert.deepEqual(
			links.filter(({ target }) => target?.scheme === 'command'),
			[],
		);
	});

	it('stays plain text in the tree and the tooltip when it is a skill’s name', async () => {
		const { store } = await studio.project.session!.parts();
		await store.write('addLabels', {
			source: 'person',
			author: 'test',
			at: new Date(0).toISOString(),
			replace: false,
			rows: [
				{ questionId: node.row.id, skills: [{ subject: '<b>subject</b>', name: '[skill](command:x)\n# x' }] },
			],
		});
		const subjects = (await studio.skills.getChildren()) as SubjectNode[];
		const subject = subjects.find(({ subject: name }) => name.includes('subject'));
		assert.ok(subject);
		const [skill] = await studio.skills.getChildren(subject);
		assert.ok(skill);
		const item = await studio.skills.resolveTreeItem(studio.skills.getTreeItem(skill), skill);
		assert.doesNotMatch(String(item.label), /\n/);
		assert.ok(item.tooltip instanceof vscode.MarkdownString);
		assert.doesNotMatch(item.tooltip.value.replace(/```[\s\S]*```/g, ''), /(?<!\\)\[skill(?<!\\)\]\(/);
	});
});
