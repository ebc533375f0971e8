import * as vscode from 'vscode';
import type { Annotation, AnnotationAction } from '../../core/diagnosis/annotation.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import { oneLine, withoutLinks } from '../kit/untrustedText.ts';

/** The id by which the menus in package.json recognise our comment threads. */
const commentControllerId = 'statAnnotations';

/** The annotation that a command acts on, from a thread's button or a quick fix. */
export interface AnnotationRef {
	readonly student: string;
	readonly round: number;
	readonly questionId: string;
	readonly id: string;
}

const refs = new WeakMap<object, AnnotationRef>();

/** Returns the annotation that a command was called with. */
export function annotationRef(argument: unknown): AnnotationRef | undefined {
	if (typeof argument !== 'object' || argument === null) {
		return undefined;
	}
	const { student, round, questionId, id } = argument as Record<string, unknown>;
	return (
		refs.get(argument) ??
		(typeof student === 'string' &&
		typeof round === 'number' &&
		typeof questionId === 'string' &&
		typeof id === 'string'
			? { student, round, questionId, id }
			: undefined)
	);
}

export interface AnnotationThread {
	readonly annotation: Annotation;
	readonly range: vscode.Range;
	/** Whether its words were found in a different place. */
	readonly moved: boolean;
}

/**
 * Shows one comment thread per visible annotation, with the annotation's history; a thread is reused as long as it does
 * not change.
 */
export class CommentThreads implements vscode.Disposable {
	private readonly controller = vscode.comments.createCommentController(
		commentControllerId,
		vscode.l10n.t('Missing skills'),
	);
	private readonly threads = new Map<string, Map<string, { readonly thread: vscode.CommentThread; state: string }>>();

	show(uri: vscode.Uri, threads: readonly AnnotationThread[]): void {
		const here =
			this.threads.get(uri.toString()) ??
			new Map<string, { readonly thread: vscode.CommentThread; state: string }>();
		this.threads.set(uri.toString(), here);
		const keep = new Set(threads.map(({ annotation }) => annotation.id));
		for (const [id, { thread }] of here) {
			if (!keep.has(id)) {
				thread.dispose();
				here.delete(id);
			}
		}
		for (const { annotation, range, moved } of threads) {
			const state = JSON.stringify([annotation.history.length, annotation.counts, moved]);
			const known = here.get(annotation.id);
			const thread = known?.thread ?? this.controller.createCommentThread(uri, range, []);
			if (!thread.range?.isEqual(range)) {
				thread.range = range;
			}
			if (known?.state === state) {
				continue;
			}
			thread.canReply = false;
			thread.collapsibleState = vscode.CommentThreadCollapsibleState.Collapsed;
			thread.contextValue = 'annotation';
			thread.label = annotation.counts
				? vscode.l10n.t('Missing skill')
				: vscode.l10n.t('Missing skill, not counted: the answer was disputed later');
			thread.comments = annotation.history.map((entry, at) => ({
				body: commentBody(entry, moved && at === annotation.history.length - 1),
				mode: vscode.CommentMode.Preview,
				author: { name: oneLine(entry.author, 80) },
				label: actionLabel(entry.action),
				timestamp: new Date(entry.at),
			}));
			refs.set(thread, {
				student: annotation.student,
				round: annotation.round,
				questionId: annotation.questionId,
				id: annotation.id,
			});
			here.set(annotation.id, { thread, state });
		}
	}

	/** Returns a document's threads. */
	of(uri: vscode.Uri): readonly vscode.CommentThread[] {
		return [...(this.threads.get(uri.toString())?.values() ?? [])].map(({ thread }) => thread);
	}

	close(uri: vscode.Uri): void {
		this.show(uri, []);
		this.threads.delete(uri.toString());
	}

	dispose(): void {
		this.controller.dispose();
	}
}

/** Untrusted words are added only as text. */
function commentBody(
	entry: { readonly skills: Annotation['skills']; readonly note: string | null },
	moved: boolean,
): vscode.MarkdownString {
	const body = new vscode.MarkdownString('', false).appendText(
		withoutLinks(entry.skills.map(({ name }) => skillLabel(name)).join(', ')),
	);
	if (entry.note !== null) {
		body.appendMarkdown('\n\n').appendText(withoutLinks(entry.note));
	}
	if (moved) {
		body.appendMarkdown('\n\n').appendText(
			vscode.l10n.t('The text was edited since; the words were found again here.'),
		);
	}
	return body;
}

export function actionLabel(action: AnnotationAction): string {
	switch (action) {
		case 'made':
			return vscode.l10n.t('annotated');
		case 'edited':
			return vscode.l10n.t('edited');
		case 'accepted':
			return vscode.l10n.t('accepted');
		case 'dismissed':
			return vscode.l10n.t('dismissed');
		case 'withdrawn':
			return vscode.l10n.t('withdrew');
	}
}
