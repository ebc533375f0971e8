import * as vscode from 'vscode';
import type { Scope } from '../../core/scope.ts';
import { documentScheme } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { readStatUri } from '../documents/statUri.ts';
import { answersLines } from './answersLines.ts';
import type { ShownRecord } from './inlineReader.ts';
import { InlineReader } from './inlineReader.ts';
import { markdownRecords } from './markdownAnswers.ts';
import { MarkdownText } from './scanMarkdown.ts';
import type { JsonRecord } from './scanRecords.ts';
import { scanLine, scanRecords } from './scanRecords.ts';

/**
 * In characters. A longer line is not parsed as a record. A JSON or Markdown file must be read whole, so a larger one
 * gets a note instead.
 */
const longestLine = 1_000_000;
const longestWhole = 2_000_000;
/** Number of lines above and below the requested ones that are searched for a Markdown file's questions. */
const around = 400;

export interface ShownRecords {
	readonly scope: Scope | null;
	readonly records: readonly ShownRecord[];
	/** Whether nothing is shown in this document because it is too large to be read whole. */
	readonly tooLarge: boolean;
}

const nothing: ShownRecords = { scope: null, records: [], tooLarge: false };

/** File types that may contain records. */
const inlineFile = /\.(jsonl|ndjson|jsonlines|json|md|markdown)$/i;
const markdownFile = /\.(md|markdown)$/i;

/** Whether this document may contain questions or answers, judging only by its name. */
export function isInlineUri(uri: vscode.Uri): boolean {
	const what = readStatUri(uri);
	return uri.scheme === documentScheme
		? what?.kind === 'answers' || what?.kind === 'question'
		: inlineFile.test(uri.path);
}

/** Finds records in documents that contain the project's questions. Reads a few lines at a time. */
export class InlineDocuments {
	private readonly reader: Promise<InlineReader>;
	private readonly lines = new Map<string, JsonRecord | null>();
	private markdown: { readonly uri: string; readonly version: number; readonly text: MarkdownText } | undefined;
	private whole:
		{ readonly uri: string; readonly version: number; readonly records: readonly JsonRecord[] } | undefined;

	constructor(private readonly session: Pick<ProjectSession, 'parts' | 'scope'>) {
		this.reader = session.parts().then(({ store }) => new InlineReader(store));
	}

	/** Called when questions, answers, corrections or annotations have changed. */
	async forget(questions: boolean): Promise<void> {
		(await this.reader).forget(questions);
	}

	/** Returns the records in lines [from, to]. */
	async read(document: vscode.TextDocument, from: number, to: number): Promise<ShownRecords> {
		const reader = await this.reader;
		const what = readStatUri(document.uri);
		const scope =
			what?.kind === 'answers' ? { student: what.student, round: what.round } : await this.session.scope();
		if (!scope || !isInlineUri(document.uri)) {
			return nothing;
		}
		if (what?.kind === 'answers' || what?.kind === 'question') {
			const { store } = await this.session.parts();
			const question = await store.read('question', { id: what.id });
			if (!question) {
				return nothing;
			}
			const finding = await reader.finding(scope, question);
			if (what.kind === 'question') {
				return { scope, records: [{ base: 0, at: 0, finding, answers: [] }], tooLarge: false };
			}
			const texts = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line).text);
			const starts = texts.map((_, line) => startOf(document, line));
			const answers = answersLines(texts, starts, finding.answers).flatMap(({ sample, map }) => {
				const answer = finding.answers.find((one) => one.sample === sample);
				return answer ? [{ answer, map, edited: false }] : [];
			});
			return { scope, records: [{ base: 0, at: 0, finding, answers }], tooLarge: false };
		}
		if (/\.json$/i.test(document.uri.path)) {
			return this.readWhole(reader, scope, document, from, to);
		}
		if (markdownFile.test(document.uri.path)) {
			return this.readMarkdown(reader, scope, document, from, to);
		}
		const sources: { text: string; base: number; record: JsonRecord }[] = [];
		for (let line = Math.max(0, from); line <= Math.min(to, document.lineCount - 1); line++) {
			const { text } = document.lineAt(line);
			const record = text.length > longestLine ? null : this.scan(text);
			if (record) {
				sources.push({ text, base: startOf(document, line), record });
			}
		}
		return { scope, records: await reader.read(scope, sources), tooLarge: false };
	}

	private async readWhole(
		reader: InlineReader,
		scope: Scope,
		document: vscode.TextDocument,
		from: number,
		to: number,
	): Promise<ShownRecords> {
		const start = startOf(document, from);
		const end = to + 1 < document.lineCount ? startOf(document, to + 1) : Number.MAX_SAFE_INTEGER;
		if (startOf(document, document.lineCount) > longestWhole) {
			return { scope, records: [], tooLarge: true };
		}
		const text = document.getText();
		const uri = document.uri.toString();
		if (this.whole?.uri !== uri || this.whole.version !== document.version) {
			this.whole = { uri, version: document.version, records: scanRecords(text) };
		}
		const sources = this.whole.records
			.filter((record) => record.from < end && record.to > start)
			.map((record) => ({ text, base: 0, record }));
		return { scope, records: await reader.read(scope, sources), tooLarge: false };
	}

	/**
	 * Finds the questions in and around the requested lines, each with the answers between it and the next question.
	 */
	private async readMarkdown(
		reader: InlineReader,
		scope: Scope,
		document: vscode.TextDocument,
		from: number,
		to: number,
	): Promise<ShownRecords> {
		if (startOf(document, document.lineCount) > longestWhole) {
			return { scope, records: [], tooLarge: true };
		}
		const uri = document.uri.toString();
		if (this.markdown?.uri !== uri || this.markdown.version !== document.version) {
			this.markdown = { uri, version: document.version, text: new MarkdownText(document.getText()) };
		}
		return {
			scope,
			records: await markdownRecords(reader, scope, this.markdown.text, from, to + 1, around),
			tooLarge: false,
		};
	}

	private scan(text: string): JsonRecord | null {
		const known = this.lines.get(text);
		if (known !== undefined) {
			return known;
		}
		const record = text.trim() === '' ? null : scanLine(text);
		this.lines.set(text, record);
		if (this.lines.size > 4000) {
			this.lines.clear();
		}
		return record;
	}
}

/** Returns the start of a line; for a line past the last one, the end of the document. */
function startOf(document: vscode.TextDocument, line: number): number {
	return document.offsetAt(new vscode.Position(line, 0));
}
