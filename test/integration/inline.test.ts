import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { statUri } from '../../src/ui/documents/statUri.ts';
import { commandIds, settingIds } from '../../src/ui/ids.ts';
import type { Studio } from '../../src/ui/session/studio.ts';
import { eventually, failing, root, run, sample } from './studio.ts';

const scope = { student: 'tiny-student', round: 1 };
const skill = { subject: 'algebra', name: 'annotated by a test' };

describe('inline annotation', () => {
	let studio: Studio;
	let document: vscode.TextDocument;
	let editor: vscode.TextEditor;
	let record: { question: string; code: string[] };
	let questionId = '';
	const store = async () => (await studio.project.session!.parts()).store;
	const marks = () => studio.inline.current?.marks(document.uri);
	const missed = async () =>
		(await (await store()).read('skills', { scope })).find(({ name }) => name === 'annotated_by_a_test')?.missed ??
		0;
	const lenses = async () =>
		(await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri)) ?? [];
	/** The text of sample 1 as written in the file. */
	let selection = new vscode.Selection(0, 0, 0, 0);

	before(async () => {
		studio = await sample();
		document = await vscode.workspace.openTextDocument(
			vscode.Uri.joinPath(root(), 'answers', 'tiny-student.jsonl'),
		);
		editor = await vscode.window.showTextDocument(document);
		const difficult = new Set((await (await store()).read('classification', scope))?.difficult ?? []);
		const rows = (
			await (await store()).read('questions', { scope, filter: { difficult: true }, offset: 0, limit: 1000 })
		).rows;
		assert.ok(difficult.size > 0);
		// The first line whose question is difficult and whose answer contains an escape.
		for (let line = 0; line < document.lineCount && questionId === ''; line++) {
			const text = document.lineAt(line).text;
			record = JSON.parse(text || '{"question":"","code":[]}') as typeof record;
			const id = rows.find(
				({ title }) =>
					title !== '' &&
					record.question.replace(/\s+/g, ' ').startsWith(title.replace(/…$/, '').slice(0, 60)),
			)?.id;
			const at = text.indexOf('\\n\\n', text.indexOf('"code"'));
			if (id !== undefined && at > 0) {
				questionId = id;
				selection = new vscode.Selection(line, at - 6, line, at + 8);
			}
		}
		assert.notEqual(questionId, '');
		editor.revealRange(selection);
		await eventually('records are shown', () => (marks()?.marks.length ?? 0) > 0);
	});

	it('shows a code lens for each visible record, with its verdict and missing skills', async () => {
		const here = (await lenses()).filter(({ range }) => range.start.line === selection.start.line);
		assert.ok(
			here.some(({ command }) => /^[✓◐✗?] \d\/\d right · /.test(command?.title ?? '')),
			JSON.stringify(here.map(({ command }) => command?.title)),
		);
		assert.ok(
			here.some(
				({ command }) => command?.command === commandIds.openDiagnosis && command.arguments?.[0] === questionId,
			),
		);
		assert.ok((await lenses()).length < document.lineCount * 2, 'lenses are made for all of the file');
	});

	it('annotates a selection by its position in the answer and leaves the file unchanged', async () => {
		const before = await missed();
		editor.selection = selection;
		await run(commandIds.annotate, { skills: [skill], note: 'a <b>note</b> [x](command:y)' });
		const [annotation] = await (await store()).read('annotations', { ...scope, ids: [questionId] });
		assert.ok(annotation);
		assert.equal(annotation.quote, (JSON.parse(`"${document.getText(selection)}"`) as string).trim());
		const answer = (await (await store()).read('answers', { ...scope, questionId })).find(
			({ sample }) => sample === annotation.sample,
		);
		assert.equal(answer?.text.slice(annotation.start, annotation.end), annotation.quote);
		assert.equal(await missed(), before + 1, 'the profile counts it');
		await eventually(
			'the words are marked',
			() => marks()?.marks.some((mark) => mark.kind === 'annotation') ?? false,
		);
		const mark = marks()?.marks.find((one) => one.kind === 'annotation');
		assert.equal(document.offsetAt(selection.start) <= (mark?.ranges[0]?.[0] ?? -1), true);
		await eventually('the words have a comment', () => (marks()?.threads.length ?? 0) > 0);
		const [thread] = marks()?.threads ?? [];
		assert.ok(thread);
		const body = thread.comments[0]?.body;
		assert.ok(body instanceof vscode.MarkdownString || (typeof body === 'object' && 'value' in body));
		assert.ok(!body.isTrusted && !body.supportHtml);
		assert.ok(!/\[x\]\(command/.test(body.value) && !body.value.includes('<b>'), body.value);
		await eventually('the lens names the skill', async () =>
			(await lenses()).some(({ command }) => command?.title.includes('annotated by a test') === true),
		);
		assert.equal(document.isDirty, false);
	});

	it('explains an annotation on hover and offers actions', async () => {
		const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
			'vscode.executeHoverProvider',
			document.uri,
			selection.start.translate(0, 1),
		);
		const text = hovers
			.flatMap(({ contents }) => contents)
			.map((content) => (typeof content === 'string' ? content : content.value))
			.join('\n');
		assert.match(text, /annotated.*by.*a.*test/);
		assert.ok(!text.includes('<b>note</b> [x]') || text.includes('```'), text);
		const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
			'vscode.executeCodeActionProvider',
			document.uri,
			new vscode.Range(selection.start, selection.end),
		);
		const titles = actions.map(({ title }) => title);
		for (const title of [
			'Annotate Missing Skill…',
			'Change Skills of Annotation…',
			'Dismiss Annotation',
			'Find More That Miss “annotated by a test”',
		]) {
			assert.ok(titles.includes(title), `${title}: ${titles.join(' | ')}`);
		}
	});

	it('stores the edits, acceptances and dismissals that a user makes in the comment of an annotation', async () => {
		const before = await missed();
		await eventually('the words have a comment', () => (marks()?.threads.length ?? 0) > 0);
		const [thread] = marks()?.threads ?? [];
		await run(commandIds.acceptAnnotation, thread);
		await run(commandIds.editAnnotation, thread, {
			skills: [skill, { subject: 'algebra', name: 'second' }],
			note: null,
		});
		await eventually('the thread holds three entries', () => marks()?.threads[0]?.comments.length === 3);
		await run(commandIds.dismissAnnotation, thread);
		await eventually('the mark goes', () => !(marks()?.marks.some((mark) => mark.kind === 'annotation') ?? true));
		assert.equal(await missed(), before - 1);
		const [annotation] = await (await store()).read('annotations', { ...scope, ids: [questionId] });
		assert.deepEqual(
			annotation?.history.map(({ action }) => action),
			['made', 'accepted', 'edited', 'withdrawn'],
		);
	});

	it('also annotates in the document that shows the answers', async () => {
		const uri = statUri({ kind: 'answers', id: questionId, ...scope }, 'a question');
		const own = await vscode.workspace.openTextDocument(uri);
		const ownEditor = await vscode.window.showTextDocument(own);
		const line =
			Array.from({ length: own.lineCount }, (_, at) => at).find((at) => own.lineAt(at).text.startsWith('### ')) ??
			0;
		ownEditor.selection = new vscode.Selection(line + 1, 4, line + 1, 12);
		await run(commandIds.annotate, { skills: [skill] });
		const annotations = await (await store()).read('annotations', { ...scope, ids: [questionId] });
		assert.equal(annotations.at(-1)?.quote, own.getText(ownEditor.selection).trim());
		await eventually(
			'it is marked in both',
			() => studio.inline.current?.marks(uri).marks.some((mark) => mark.kind === 'annotation') ?? false,
		);
		await run(commandIds.dismissAnnotation, { ...scope, questionId, id: annotations.at(-1)?.id });
	});

	it('works in a Markdown file and follows the quote when the file is edited', async () => {
		const answer = (await (await store()).read('answers', { ...scope, questionId }))[0];
		assert.ok(answer);
		const uri = vscode.Uri.joinPath(root(), 'notes.md');
		const content = `# Notes\n\n**Question:** ${record.question}\n\n\`\`\`\n${answer.text}\n\`\`\`\n\nA remark.\n`;
		await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
		const notes = await vscode.workspace.openTextDocument(uri);
		const notesEditor = await vscode.window.showTextDocument(notes);
		const of = () => studio.inline.current?.marks(uri);
		const quote = answer.text.slice(0, 12).trim();
		const begin = notes.getText().indexOf(answer.text);
		notesEditor.selection = new vscode.Selection(notes.positionAt(begin), notes.positionAt(begin + quote.length));
		await run(commandIds.annotate, { skills: [skill] });
		const annotation = (await (await store()).read('annotations', { ...scope, ids: [questionId] })).at(-1);
		assert.deepEqual([annotation?.quote, annotation?.sample, annotation?.start], [quote, answer.sample, 0]);
		await eventually('the words are marked', () => of()?.marks.some((mark) => mark.kind === 'annotation') ?? false);
		await eventually('with a comment', () => (of()?.threads.length ?? 0) > 0);
		const titles = async () =>
			(
				(await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)) ?? []
			).map(({ range, command }) => `${range.start.line}: ${command?.title ?? ''}`);
		await eventually('a lens stands at the question', async () =>
			(await titles()).some((title) => /^2: [✓✗?] .*annotated by a test/.test(title)),
		);
		const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
			'vscode.executeCodeActionProvider',
			uri,
			new vscode.Range(notesEditor.selection.start, notesEditor.selection.end),
		);
		assert.ok(
			actions.some(({ title }) => title === 'Dismiss Annotation'),
			actions.map(({ title }) => title).join(' | '),
		);
		const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
			'vscode.executeHoverProvider',
			uri,
			notesEditor.selection.start.translate(0, 1),
		);
		assert.ok(hovers.length > 0);
		// Text is typed above and inside the answer, and the highlight follows.
		await notesEditor.edit((edit) => {
			edit.insert(new vscode.Position(0, 0), 'More.\n\n');
			edit.insert(notes.positionAt(begin), 'Well: ');
		});
		await eventually('the mark has moved', () => {
			const mark = of()?.marks.find((one) => one.kind === 'annotation');
			const [range] = mark?.ranges ?? [];
			return range !== undefined && notes.getText().slice(...range) === quote && range[0] > begin + 7;
		});
		await run(commandIds.dismissAnnotation, { ...scope, questionId, id: annotation?.id });
		await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
		await vscode.workspace.fs.delete(uri);
	});

	it('explains what is wrong with a selection', async () => {
		await vscode.window.showTextDocument(document);
		const active = vscode.window.activeTextEditor;
		assert.ok(active);
		active.selection = new vscode.Selection(selection.start, selection.start);
		assert.match(await failing(commandIds.annotate, { skills: [skill] }), /Select the words/);
		active.selection = new vscode.Selection(selection.start.line, 1, selection.start.line, 6);
		assert.match(
			await failing(commandIds.annotate, { skills: [skill] }),
			/is in no answer of tiny-student, round 1/,
		);
		assert.match(await failing(commandIds.dismissAnnotation), /no such annotation/);
	});

	it('disappears when it is switched off, and returns when it is switched on again', async () => {
		const settings = vscode.workspace.getConfiguration();
		await settings.update(settingIds.inlineEnabled, false, vscode.ConfigurationTarget.Global);
		await eventually(
			'nothing is shown',
			async () =>
				studio.inline.current === undefined &&
				(await lenses()).every(({ command }) => !command?.command.startsWith('stat.')),
		);
		await settings.update(settingIds.inlineEnabled, undefined, vscode.ConfigurationTarget.Global);
		await eventually('it is back', async () => (await lenses()).length > 0);
	});
});
