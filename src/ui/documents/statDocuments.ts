import { errorText } from '../kit/describeError.ts';
import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { documentLanguage, documentScheme } from '../ids.ts';
import type { OpenProject } from '../session/openProject.ts';
import type { ProjectSession, SessionTopic } from '../session/projectSession.ts';
import type { JobsWatch } from '../session/jobsWatch.ts';
import { jobDocument } from './jobDocument.ts';
import type { Heading } from './documentText.ts';
import { headings } from './documentText.ts';
import type { StatDocument } from './statUri.ts';
import { readStatUri } from './statUri.ts';
import {
	answersDocument,
	cardDocument,
	problemDocument,
	questionDocument,
	setAsideDocument,
	whyDocument,
} from './projectDocuments.ts';

/** The store topics that each kind of document depends on. */
const topics: Record<StatDocument['kind'], readonly SessionTopic[]> = {
	question: ['questions', 'skills'],
	answers: ['questions', 'answers', 'diagnoses'],
	card: ['datasets'],
	why: ['datasets', 'diagnoses'],
	setAside: ['setAside'],
	job: [],
	skillHistory: ['skills'],
	quality: ['diagnoses', 'skills'],
	evaluation: ['evaluations'],
};

const setAsideShown = 2000;

/** Symbol kinds in the outline, by the level of a heading; deeper headings are strings. */
const symbolKinds: Record<number, vscode.SymbolKind> = {
	1: vscode.SymbolKind.File,
	2: vscode.SymbolKind.Module,
};

/** Serves `stat:` documents: read-only text with outline and folding, filled from the store and updated while open. */
export class StatDocuments
	implements
		vscode.TextDocumentContentProvider,
		vscode.DocumentSymbolProvider,
		vscode.FoldingRangeProvider,
		vscode.Disposable
{
	private readonly changed = new vscode.EventEmitter<vscode.Uri>();
	readonly onDidChange = this.changed.event;
	private readonly disposables: vscode.Disposable[];
	private listener: vscode.Disposable | undefined;

	constructor(
		private readonly project: OpenProject,
		private readonly log: vscode.LogOutputChannel,
		jobs: JobsWatch,
	) {
		const selector: vscode.DocumentSelector = { scheme: documentScheme, language: documentLanguage };
		this.disposables = [
			vscode.workspace.registerTextDocumentContentProvider(documentScheme, this),
			vscode.languages.registerDocumentSymbolProvider(selector, this, { label: vscode.l10n.t('STAT') }),
			vscode.languages.registerFoldingRangeProvider(selector, this),
			project.onDidChange((session) => this.follow(session)),
			jobs.onDidChange(() => this.update((kind) => kind === 'job')),
		];
		this.follow(project.session);
	}

	private follow(session: ProjectSession | null): void {
		this.listener?.dispose();
		this.listener = session?.onDidChange((changes) =>
			this.update((kind) => topics[kind].some((topic) => changes.has(topic))),
		);
		this.update(() => true);
	}

	private update(concerns: (kind: StatDocument['kind']) => boolean): void {
		for (const { uri } of vscode.workspace.textDocuments) {
			const what = readStatUri(uri);
			if (what && concerns(what.kind)) {
				this.changed.fire(uri);
			}
		}
	}

	async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
		const what = readStatUri(uri);
		const session = this.project.session ?? (await this.project.look());
		if (!what) {
			return problemDocument(vscode.l10n.t('This address names no document of STAT Studio.'));
		}
		if (!session) {
			return problemDocument(vscode.l10n.t('There is no STAT project in this window.'));
		}
		try {
			return await render(session, what, this.log);
		} catch (error) {
			const message = errorText(error);
			this.log.error(
				`showing ${what.kind}: ` +
					`${error instanceof StatError || !(error instanceof Error) ? message : (error.stack ?? message)}`,
			);
			return problemDocument(message);
		}
	}

	provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
		const symbols = (found: readonly Heading[]): vscode.DocumentSymbol[] =>
			found.map((heading) => {
				const symbol = new vscode.DocumentSymbol(
					heading.title || '—',
					'',
					symbolKinds[heading.level] ?? vscode.SymbolKind.String,
					new vscode.Range(heading.from, 0, heading.to, document.lineAt(heading.to).text.length),
					document.lineAt(heading.from).range,
				);
				symbol.children = symbols(heading.children);
				return symbol;
			});
		return symbols(headings(lines(document)));
	}

	provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
		const ranges = (found: readonly Heading[]): vscode.FoldingRange[] =>
			found.flatMap((heading) => [
				...(heading.to > heading.from ? [new vscode.FoldingRange(heading.from, heading.to)] : []),
				...ranges(heading.children),
			]);
		return ranges(headings(lines(document)));
	}

	dispose(): void {
		this.listener?.dispose();
		this.disposables.forEach((disposable) => disposable.dispose());
		this.changed.dispose();
	}
}

async function render(session: ProjectSession, what: StatDocument, log: vscode.LogOutputChannel): Promise<string> {
	const parts = await session.parts();
	const { store, datasets } = parts;
	switch (what.kind) {
		case 'question': {
			const question = await store.read('question', { id: what.id });
			return question
				? questionDocument(question)
				: problemDocument(vscode.l10n.t('This question is not in the project.'));
		}
		case 'answers': {
			const scope = { student: what.student, round: what.round };
			const question = await store.read('question', { id: what.id });
			if (!question) {
				return problemDocument(vscode.l10n.t('This question is not in the project.'));
			}
			const [answers, { diagnosis, correction }, annotations] = await Promise.all([
				store.read('answers', { ...scope, questionId: what.id }),
				store.read('diagnosis', { ...scope, questionId: what.id }),
				store.read('annotations', { ...scope, ids: [what.id] }),
			]);
			return answersDocument({ question, ...scope, answers, diagnosis, correction, annotations });
		}
		case 'card':
			return cardDocument(await datasets.card(what.name));
		case 'why': {
			const { why } = await import('../../workflow/datasets/why.ts');
			return whyDocument(what.name, await why(parts, { name: what.name, row: what.row }));
		}
		case 'job':
			return jobDocument(await session.hostParts(), what.id, log);
		case 'evaluation': {
			const entry = (await store.read('evaluations', { scope: null })).find(({ id }) => id === what.id);
			return entry
				? (await import('./evaluationDocument.ts')).evaluationDocument(entry)
				: problemDocument(vscode.l10n.t('This evaluation is not in the project.'));
		}
		case 'skillHistory':
			return (await import('./qualityDocuments.ts')).skillHistoryDocument(await store.read('skillEdits', {}));
		case 'quality': {
			const [{ teacherQuality }, { disagreements }, { qualityDocument }] = await Promise.all([
				import('../../workflow/diagnosis/teacherQuality.ts'),
				import('../../workflow/diagnosis/jury.ts'),
				import('./qualityDocuments.ts'),
			]);
			const scope = { student: what.student, round: what.round };
			return qualityDocument(await teacherQuality(parts, scope), await disagreements(parts, scope));
		}
		case 'setAside': {
			const { total, rows } = await store.read('setAside', {
				operation: what.operation,
				offset: 0,
				limit: setAsideShown,
			});
			return setAsideDocument(what.operation, total, rows);
		}
	}
}

function lines(document: vscode.TextDocument): string[] {
	return Array.from({ length: document.lineCount }, (_, at) => document.lineAt(at).text);
}
