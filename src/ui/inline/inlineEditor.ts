import * as vscode from 'vscode';
import { answersGlyphs, answersMark, countAnswers } from '../../core/questions/answersMark.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import { commandIds, documentScheme } from '../ids.ts';
import type { ProjectSession, SessionTopic } from '../session/projectSession.ts';
import { Tooltip } from '../kit/tooltip.ts';
import { forLabel } from '../kit/untrustedText.ts';
import type { AnnotationRef, AnnotationThread } from './commentThreads.ts';
import { actionLabel, CommentThreads } from './commentThreads.ts';
import type { ShownRecords } from './inlineDocuments.ts';
import { InlineDocuments, isInlineUri } from './inlineDocuments.ts';
import type { Finding, Mark } from './inlineReader.ts';
import { marksOf } from './inlineReader.ts';

const t = vscode.l10n.t;

/** Number of lines read above and below the visible ones, so that a small scroll shows no gap. */
const margin = 20;
const delay = 150;

/** What is shown in one document. */
interface Shown extends ShownRecords {
	readonly version: number;
	readonly from: number;
	readonly to: number;
}

/**
 * Provides the lenses, decorations, hovers, comment threads and quick fixes of visible records. Never changes a
 * document.
 */
export class InlineEditor
	implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.CodeActionProvider, vscode.Disposable
{
	private readonly lensesChanged = new vscode.EventEmitter<void>();
	readonly onDidChangeCodeLenses = this.lensesChanged.event;
	private readonly documents: InlineDocuments;
	private readonly threads = new CommentThreads();
	/** Counts the project's changes. */
	private age = 0;
	private readonly shown = new Map<string, Shown>();
	private readonly annotated = vscode.window.createTextEditorDecorationType({
		borderWidth: '0 0 2px 0',
		borderStyle: 'solid',
		borderColor: new vscode.ThemeColor('editorInfo.foreground'),
		overviewRulerColor: new vscode.ThemeColor('editorInfo.foreground'),
		overviewRulerLane: vscode.OverviewRulerLane.Right,
	});
	private readonly wrongStep = vscode.window.createTextEditorDecorationType({
		borderWidth: '0 0 1px 0',
		borderStyle: 'dashed',
		borderColor: new vscode.ThemeColor('editorError.foreground'),
		overviewRulerColor: new vscode.ThemeColor('editorError.foreground'),
		overviewRulerLane: vscode.OverviewRulerLane.Right,
	});
	private readonly disposables: vscode.Disposable[];
	private timer: NodeJS.Timeout | undefined;
	private disposed = false;

	constructor(
		private readonly session: ProjectSession,
		private readonly log: vscode.LogOutputChannel,
	) {
		this.documents = new InlineDocuments(session);
		const selector: vscode.DocumentSelector = [
			{ scheme: 'file', pattern: '**/*.{jsonl,ndjson,jsonlines,json,md,markdown}' },
			{ scheme: documentScheme },
		];
		this.disposables = [
			vscode.languages.registerCodeLensProvider(selector, this),
			vscode.languages.registerHoverProvider(selector, this),
			vscode.languages.registerCodeActionsProvider(selector, this, {
				providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
			}),
			vscode.window.onDidChangeTextEditorVisibleRanges(() => this.soon()),
			vscode.window.onDidChangeVisibleTextEditors(() => this.soon()),
			vscode.workspace.onDidChangeTextDocument(({ document }) =>
				isInlineUri(document.uri) ? this.soon() : undefined,
			),
			vscode.workspace.onDidCloseTextDocument(({ uri }) => {
				this.threads.close(uri);
				this.shown.delete(uri.toString());
			}),
			session.onDidChange((topics) => this.changed(topics)),
		];
		this.soon();
	}

	/** Returns the marks and threads currently shown in a document; for tests. */
	marks(uri: vscode.Uri): { readonly marks: readonly Mark[]; readonly threads: readonly vscode.CommentThread[] } {
		return {
			marks: (this.shown.get(uri.toString())?.records ?? []).flatMap((record) => marksOf(record).marks),
			threads: this.threads.of(uri),
		};
	}

	private changed(topics: ReadonlySet<SessionTopic>): void {
		const questions = topics.has('questions');
		if (questions || topics.has('answers') || topics.has('diagnoses') || topics.has('scope')) {
			this.outdate();
			void this.documents.forget(questions).then(
				() => {
					// A read that was in flight during the reset may return outdated state.
					this.outdate();
					this.soon();
				},
				() => undefined,
			);
		}
	}

	/** Invalidates reads already in flight. */
	private outdate(): void {
		this.age++;
		this.shown.clear();
	}

	private soon(): void {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => {
			void this.update().catch((error: unknown) =>
				this.log.error(`inline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
			);
		}, delay);
	}

	/** Refreshes all visible editors. */
	private async update(): Promise<void> {
		let lenses = false;
		for (const editor of vscode.window.visibleTextEditors.filter(({ document }) => isInlineUri(document.uri))) {
			const { document } = editor;
			const before = this.shown.get(document.uri.toString());
			const shown = await this.read(document);
			if (this.disposed) {
				return;
			}
			lenses ||= before !== shown;
			this.decorate(editor, shown);
		}
		if (lenses) {
			this.lensesChanged.fire();
		}
	}

	/**
	 * Returns what the visible lines contain. Reads again only if the document, the project or the lines have changed.
	 */
	private async read(document: vscode.TextDocument): Promise<Shown> {
		const key = document.uri.toString();
		const seen = vscode.window.visibleTextEditors
			.filter((editor) => editor.document === document)
			.flatMap(({ visibleRanges }) => visibleRanges);
		const first = seen.length > 0 ? Math.min(...seen.map(({ start }) => start.line)) : 0;
		const last = seen.length > 0 ? Math.max(...seen.map(({ end }) => end.line)) : 2 * margin;
		const known = this.shown.get(key);
		if (
			known?.version === document.version &&
			known.from <= first &&
			known.to >= Math.min(last, document.lineCount - 1)
		) {
			return known;
		}
		const { version } = document;
		const age = this.age;
		const [from, to] = [Math.max(0, first - margin), Math.min(document.lineCount - 1, last + margin)];
		const shown = { ...(await this.documents.read(document, from, to)), version, from, to };
		if (document.version === version && age === this.age && !this.disposed) {
			this.shown.set(key, shown);
		}
		return shown;
	}

	private decorate(editor: vscode.TextEditor, shown: Shown): void {
		const { document } = editor;
		if (shown.version !== document.version) {
			return;
		}
		const annotated: vscode.Range[] = [];
		const wrong: vscode.DecorationOptions[] = [];
		const threads: AnnotationThread[] = [];
		for (const record of shown.records) {
			for (const mark of marksOf(record).marks) {
				const ranges = mark.ranges.map((range) => rangeOf(document, range));
				if (mark.kind === 'annotation') {
					annotated.push(...ranges);
					const [first] = ranges;
					const last = ranges.at(-1);
					if (first && last) {
						threads.push({ annotation: mark.annotation, range: first.union(last), moved: mark.moved });
					}
				} else {
					// A sign beside the words, so that colour is not the only signal.
					wrong.push(
						...ranges.map((range, at) => ({
							range,
							...(at === 0
								? {
										renderOptions: {
											before: {
												contentText: '✗ ',
												color: new vscode.ThemeColor('editorError.foreground'),
											},
										},
									}
								: {}),
						})),
					);
				}
			}
		}
		editor.setDecorations(this.annotated, annotated);
		editor.setDecorations(this.wrongStep, wrong);
		this.threads.show(document.uri, threads);
	}

	async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
		const shown = await this.read(document);
		if (shown.version !== document.version) {
			return [];
		}
		if (shown.tooLarge) {
			return [
				new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
					title: t('STAT: this file is too large to be annotated; write it as JSON Lines'),
					command: '',
				}),
			];
		}
		return shown.records.flatMap((record) => {
			const { finding } = record;
			const at = document.positionAt(record.at);
			const lens = (title: string, command: string, ...args: unknown[]) =>
				new vscode.CodeLens(new vscode.Range(at, at), { title, command, arguments: args });
			const { lost } = marksOf(record);
			return [
				lens(summary(finding), commandIds.openDiagnosis, finding.question.id),
				lens(t('Open Diagnosis'), commandIds.openDiagnosis, finding.question.id),
				...(finding.diagnosis || finding.answers.length === 0 || !vscode.workspace.isTrusted
					? []
					: [lens(t('Diagnose'), commandIds.diagnoseQuestion, finding.question.id)]),
				...(lost.length > 0
					? [
							lens(
								t('{0} annotations whose words this text no longer contains', lost.length),
								commandIds.openDiagnosis,
								finding.question.id,
							),
						]
					: []),
			];
		});
	}

	async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
		const found = await this.marksAt(document, new vscode.Range(position, position));
		const [first] = found;
		if (!first) {
			return undefined;
		}
		return new vscode.Hover(
			found.map(({ mark, finding }) => tooltip(mark, finding)),
			rangeOf(document, first.range),
		);
	}

	async provideCodeActions(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
		if (!vscode.workspace.isTrusted) {
			return [];
		}
		const actions: vscode.CodeAction[] = [];
		const add = (title: string, command: string, ...args: unknown[]): void => {
			const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
			action.command = { title, command, arguments: args };
			actions.push(action);
		};
		if (
			!range.isEmpty &&
			(await this.read(document)).records.some(({ base, answers }) =>
				answers.some(
					({ map }) =>
						map.toText(document.offsetAt(range.start) - base, document.offsetAt(range.end) - base) !== null,
				),
			)
		) {
			add(t('Annotate Missing Skill…'), commandIds.annotate);
		}
		const inView = await this.session.scope();
		for (const { mark, finding } of await this.marksAt(document, range)) {
			if (mark.kind === 'annotation') {
				const { student, round, questionId, id } = mark.annotation;
				const ref: AnnotationRef = { student, round, questionId, id };
				add(t('Change Skills of Annotation…'), commandIds.editAnnotation, ref);
				add(t('Dismiss Annotation'), commandIds.dismissAnnotation, ref);
			} else if (inView?.student === finding.scope.student && inView.round === finding.scope.round) {
				add(t('Change Missing Skills…'), commandIds.changeSkills, finding.question.id);
				add(t('Dispute Diagnosis'), commandIds.dispute, finding.question.id);
			}
			for (const skill of (mark.kind === 'annotation' ? mark.annotation.skills : finding.missing).slice(0, 3)) {
				add(t('Find More That Miss “{0}”', forLabel(skillLabel(skill.name))), commandIds.showMissing, {
					subject: skill.subject,
					name: skill.name,
				});
			}
		}
		const titles = new Set<string>();
		return actions.filter(({ title }) => !titles.has(title) && titles.add(title));
	}

	/** Returns the marks that a range touches, each with the first part that it touches. */
	private async marksAt(
		document: vscode.TextDocument,
		range: vscode.Range,
	): Promise<{ readonly mark: Mark; readonly finding: Finding; readonly range: readonly [number, number] }[]> {
		const shown = await this.read(document);
		if (shown.version !== document.version) {
			return [];
		}
		const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
		return shown.records.flatMap((record) =>
			marksOf(record).marks.flatMap((mark) => {
				const touched = mark.ranges.find(([start, end]) => start <= to && end >= from);
				return touched ? [{ mark, finding: record.finding, range: touched }] : [];
			}),
		);
	}

	dispose(): void {
		this.disposed = true;
		clearTimeout(this.timer);
		this.threads.dispose();
		this.annotated.dispose();
		this.wrongStep.dispose();
		this.disposables.forEach((disposable) => disposable.dispose());
		this.lensesChanged.dispose();
	}
}

function rangeOf(document: vscode.TextDocument, [from, to]: readonly [number, number]): vscode.Range {
	return new vscode.Range(document.positionAt(from), document.positionAt(to));
}

/** Returns a lens's text, such as `✗ 0/5 right · missing: solving equations, factoring`. The mark covers all samples. */
function summary(finding: Finding): string {
	const { answers } = finding;
	if (answers.length === 0) {
		return t('STAT: no answer of the student in view');
	}
	const counts = countAnswers(answers);
	const sign = answersGlyphs[answersMark(counts)];
	return forLabel(`${sign} ${t('{0}/{1} right', counts.right, counts.samples)} · ${diagnosisStatus(finding)}`);
}

function diagnosisStatus({ missing, disputed, diagnosis }: Finding): string {
	if (missing.length > 0) {
		return t('missing: {0}', missing.map(({ name }) => skillLabel(name)).join(', '));
	}
	if (disputed) {
		return t('disputed: nothing is missing');
	}
	return diagnosis ? t('no skill counts as missing') : t('not diagnosed');
}

function tooltip(mark: Mark, { diagnosis, missing }: Finding): vscode.MarkdownString {
	if (mark.kind === 'wrongStep') {
		return new Tooltip()
			.heading(t('First wrong step: {0}', mark.step + 1))
			.facts([
				[t('Missing'), missing.map(({ name }) => skillLabel(name)).join(', ')],
				[t('Teacher'), diagnosis?.model],
			])
			.raw(diagnosis?.reason ?? '', 1500).markdown;
	}
	const { annotation } = mark;
	const box = new Tooltip().heading(
		t('Missing: {0}', annotation.skills.map(({ name }) => skillLabel(name)).join(', ')),
	);
	if (annotation.note !== null) {
		box.raw(annotation.note, 1500);
	}
	return box.facts([
		[annotation.author, actionLabel(annotation.action)],
		[t('Counted'), annotation.counts ? t('yes') : t('no: the answer was disputed later')],
		[t('Place'), mark.moved ? t('the text was edited since; the words were found again here') : null],
	]).markdown;
}
