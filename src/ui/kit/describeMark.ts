import * as vscode from 'vscode';
import type { AnswersMark } from '../../core/questions/answersMark.ts';

/** Describes in a few words what the mark of a question's answers means. */
export function describeMark(mark: AnswersMark): string {
	switch (mark) {
		case 'unanswered':
			return vscode.l10n.t('not answered');
		case 'right':
			return vscode.l10n.t('every answer is right');
		case 'mixed':
			return vscode.l10n.t('some answers are right');
		case 'unsure':
			return vscode.l10n.t('no answer is known to be right, some are unsure');
		case 'wrong':
			return vscode.l10n.t('every answer is wrong');
	}
}
