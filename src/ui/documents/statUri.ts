import * as vscode from 'vscode';
import type { QuestionId } from '../../core/questions/question.ts';
import { documentScheme } from '../ids.ts';
import { oneLine } from '../kit/untrustedText.ts';

/** What a `stat:` document shows. Its URI contains everything needed to restore it after a restart. */
export type StatDocument =
	| { readonly kind: 'question'; readonly id: QuestionId }
	| { readonly kind: 'answers'; readonly id: QuestionId; readonly student: string; readonly round: number }
	| { readonly kind: 'card'; readonly name: string }
	| { readonly kind: 'why'; readonly name: string; readonly row: number }
	| { readonly kind: 'setAside'; readonly operation: string | null }
	| { readonly kind: 'job'; readonly id: string }
	| { readonly kind: 'skillHistory' }
	| { readonly kind: 'evaluation'; readonly id: string }
	| { readonly kind: 'quality'; readonly student: string; readonly round: number };

/**
 * Returns `stat:/STAT Studio/question/What is…?{…}`: the path determines the tab's title and the language (see
 * package.json), and the query identifies the content.
 */
export function statUri(what: StatDocument, title: string): vscode.Uri {
	// In a title, slashes, repeated dots and control characters would only be confusing.
	const name =
		oneLine(title, 60)
			.replace(/[\\/:?#%*"<>|]+/g, ' ')
			.replace(/\.{2,}/g, '…')
			.trim() || what.kind;
	return vscode.Uri.from({
		scheme: documentScheme,
		path: `/STAT Studio/${what.kind}/${name}`,
		query: JSON.stringify(what),
	});
}

/**
 * Parses a URI; returns undefined if it is not one of ours. Every field is checked, because a user may have typed it.
 */
export function readStatUri(uri: vscode.Uri): StatDocument | undefined {
	if (uri.scheme !== documentScheme) {
		return undefined;
	}
	let query: unknown;
	try {
		query = JSON.parse(uri.query);
	} catch {
		return undefined;
	}
	if (typeof query !== 'object' || query === null) {
		return undefined;
	}
	const { kind, id, student, round, name, row, operation } = query as Record<string, unknown>;
	if (kind === 'question' && typeof id === 'string') {
		return { kind, id };
	}
	if (kind === 'answers' && typeof id === 'string' && typeof student === 'string' && Number.isInteger(round)) {
		return { kind, id, student, round: Number(round) };
	}
	if (kind === 'skillHistory') {
		return { kind };
	}
	if (kind === 'quality' && typeof student === 'string' && Number.isInteger(round)) {
		return { kind, student, round: Number(round) };
	}
	if (kind === 'card' && typeof name === 'string') {
		return { kind, name };
	}
	if (kind === 'why' && typeof name === 'string' && Number.isInteger(row)) {
		return { kind, name, row: Number(row) };
	}
	if (kind === 'evaluation' && typeof id === 'string') {
		return { kind, id };
	}
	if (kind === 'job' && typeof id === 'string') {
		return { kind, id };
	}
	if (kind === 'setAside' && (operation === null || typeof operation === 'string')) {
		return { kind, operation };
	}
	return undefined;
}
